"""Hostile and broken files: each is answered with a sentence, in little time and memory."""

import datetime as dt
import io
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from zhangfa.directory.sheet import LARGEST_FILE, Row, read_date, read_sheet
from zhangfa.refusal import Refusal

COLUMNS = {"code": ("代码",), "name": ("名称",), "on": ("日期",)}


def read(data: bytes):
    return read_sheet(data, "file", COLUMNS, ("code", "name"))


def refusal(data: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        read(data)
    return refused.value.sentence


def excel(*lines) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, dt.datetime.combine(cell, dt.time()), dates)
                else:
                    sheet.write(number, place, cell)
    return out.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


TEXT = "代码,名称\n370828,金乡县\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        ("\n\n" + TEXT).encode(),
        excel(("代码", "名称"), ("370828", "金乡县")),
        excel((), (), ("代码", "名称"), (), ("370828", "金乡县")),
    ],
)
def test_table_is_read_whatever_it_came_in(data):
    [row] = read(data).rows
    assert (row.text("code"), row.text("name")) == ("370828", "金乡县")


def test_columns_are_found_by_name_in_both_languages():
    [row] = read("名称,备注,CODE\n金乡县,无,370828\n".encode()).rows
    assert dict(row.cells) == {"name": "金乡县", "code": "370828"}


def test_line_numbers_are_those_of_the_file():
    assert [row.line for row in read(excel(("代码", "名称"), ("1", "甲"), (), ("2", "乙"))).rows] == [2, 4]
    assert [row.line for row in read('代码,名称\n1,"甲\n乙"\n2,丙\n'.encode()).rows] == [3, 4]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的。"),
        (b" \n ", "文件是空的。"),
        (b",,\n,,\n", "表中没有任何内容。"),
        ("代码,名称\n".encode(), "表中只有标题行，没有数据。"),
        ("编码,名称\n1,甲\n".encode(), "标题行缺少：代码。读到的标题是：编码、名称。"),
        ("代码,名称,代码\n1,甲,2\n".encode(), "“代码”一列出现了两次。"),
        ("代码,名称,身份证号\n1,甲,2\n".encode(), "表中有“身份证号”一列：目录不收身份证号，请删去这一列再上传。"),
        ("代码,名称\n1,\0\n".encode(), "文件里有空字节，不是 CSV 表格。请从 Excel 另存为 CSV（UTF-8）后再上传。"),
        (b"\xff\x00\xfe", "文字编码认不出来。请另存为 CSV（UTF-8）或 .xlsx 后再上传。"),
        (b"\xd0\xcf\x11\xe0rest", "这是旧版 Excel 文件（.xls）或加密文件。请另存为 .xlsx 或 CSV 后再上传。"),
        (b"PK\x03\x04broken", "这个 Excel 文件读不出来，可能已损坏或加了密码。请另存一份再上传。"),
        (archive({"a.txt": b"a"}), "这不是 Excel 工作簿（.xlsx）。"),
        (archive({"xl/workbook.xml": b"<a/>"}), "这个 Excel 文件读不出来，可能已损坏或加了密码。请另存一份再上传。"),
        (b"x" * (LARGEST_FILE + 1), "文件有 20 MB，超过 20 MB，没有读取。"),
        (("代码,名称\n" + '1,"' + "x" * 200_000 + '"\n').encode(), "第 2 行读不出来：可能少了一个引号。"),
        (
            ("代码,名称\n" + "," * 100).encode(),
            "表格超过 200000 行或 60 列，没有读取。请删去多余的行列，或分几次导入。",
        ),
    ],
)
def test_broken_file_is_refused_with_a_sentence(data, sentence):
    assert refusal(data) == sentence


BOMB = archive({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000})


def far_corner(cell: bytes) -> bytes:
    sheet = b'<worksheet><sheetData><row r="1"><c r="%s"><v>1</v></c></row></sheetData></worksheet>' % cell
    return archive({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": sheet})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (BOMB, "这个文件解压后过大"),
        (archive({f"{n}": b"" for n in range(600)}), "这个文件解压后过大"),
        (far_corner(b"XFD1"), "表格超过 200000 行或 60 列"),
        (far_corner(b"A1048576"), "表格超过 200000 行或 60 列"),
    ],
    ids=["zip bomb", "entries", "far column", "far row"],
)
def test_bomb_is_refused_in_little_time_and_memory(data, sentence):
    tracemalloc.start()
    begin = time.process_time()
    assert refusal(data).startswith(sentence)
    assert time.process_time() - begin < 2
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_entry_that_lies_about_its_size_is_refused():
    data = bytearray(archive({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 5_000_000}))
    size = (5_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    lie = bytes(data).replace(size, (5_000).to_bytes(4, "little"))
    assert refusal(lie) == "这个 Excel 文件读不出来，可能已损坏或加了密码。请另存一份再上传。"


@pytest.mark.parametrize(
    "cell", ["2026-11-02", "2026/11/2", "2026年11月2日", "20261102", dt.date(2026, 11, 2), dt.datetime(2026, 11, 2, 8)]
)
def test_date_is_read_in_every_usual_writing(cell):
    assert read_date(Row(2, {"on": cell}), "on") == dt.date(2026, 11, 2)


@pytest.mark.parametrize("cell", ["明天", "2026-02-30", "11/02/2026"])
def test_what_is_no_date_is_an_error(cell):
    with pytest.raises(ValueError, match=r".+"):
        read_date(Row(2, {"on": cell}), "on")


def test_date_cell_of_excel_is_a_date():
    [row] = read(excel(("代码", "名称", "日期"), ("1", "甲", dt.date(2026, 11, 2)))).rows
    assert read_date(row, "on") == dt.date(2026, 11, 2)


@pytest.mark.parametrize(("cell", "number"), [(370828003200, True), ("3.70828E+11", True), ("370828003200", False)])
def test_number_is_told_from_text(cell, number):
    [row] = read(excel(("代码", "名称"), (cell, "甲"))).rows
    assert row.is_number("code") is number
