import csv
import io

import openpyxl
import pytest

from zhangfa.charter.model import Field, Text
from zhangfa.registers.columns import Column
from zhangfa.registers.export import csv_parts, guarded, xlsx_parts

PLAIN = Column("label", "事项")
AMOUNT = Column("amount", "数量", Field("amount", "int", Text("数量")))


def read_xlsx(rows, columns):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_parts(rows, columns, "诉求"))))
    return list(book.active.iter_rows())


@pytest.mark.parametrize("words", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_guarded_disarms_what_a_spreadsheet_would_run(words):
    assert guarded(words) == "'" + words


@pytest.mark.parametrize("words", ["井盖", "-1.5", "+2", "1,284", ""])
def test_guarded_leaves_words_and_numbers_alone(words):
    assert guarded(words) == words


def test_csv_begins_with_the_mark_excel_needs_and_reads_back():
    text = b"".join(csv_parts([("事项", "数量"), ("他说“好”, 然后\n走了", "3")])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["事项", "数量"], ["他说“好”, 然后\n走了", "3"]]


def test_csv_has_the_byte_order_mark():
    assert next(iter(csv_parts([("a",)]))).startswith(b"\xef\xbb\xbf")


def test_xlsx_keeps_long_numbers_as_text():
    cell = read_xlsx([("事项",), ("370828199001011234",)], [PLAIN])[1][0]
    assert (cell.value, cell.data_type) == ("370828199001011234", "s")


def test_xlsx_never_holds_a_formula():
    cell = read_xlsx([("事项",), ("=HYPERLINK(1)",)], [PLAIN])[1][0]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_xlsx_writes_numbers_of_number_fields_as_numbers():
    cells = read_xlsx([("事项", "数量"), ("7", "7"), ("8", "-")], [PLAIN, AMOUNT])
    assert [(cell.value, cell.data_type) for cell in cells[1]] == [("7", "s"), (7, "n")]
    assert cells[2][1].value == "-"
