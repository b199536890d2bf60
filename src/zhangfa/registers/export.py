"""CSV and XLSX of exactly what a list shows: the same rows, columns and masks, written row by row."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import xlsxwriter
from django.db import transaction

from zhangfa.log.append import append_event
from zhangfa.registers.columns import Column, chosen_columns, lines_of
from zhangfa.registers.listing import Listing

BATCH = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX_ROWS = 1_048_575
BYTE_ORDER_MARK = "\ufeff"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 65536


def exported_rows(listing: Listing, columns: Sequence[Column], ids: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """Yield the title row, then the words of every row of ``ids``, in order."""
    yield tuple(column.title for column in columns)
    for start in range(0, len(ids), BATCH):
        rows = listing.rows(ids[start : start + BATCH])
        yield from (line.words for line in lines_of(rows, columns, listing.states))


def csv_parts(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a CSV file that Excel opens as UTF-8; no cell of it can become a formula."""
    yield BYTE_ORDER_MARK.encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([guarded(words) for words in row])
        if buffer.tell() > CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def guarded(words: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; plain numbers stay."""
    if words.startswith(FORMULA_STARTS) and not _is_number(words):
        return "'" + words
    return words


def _is_number(words: str) -> bool:
    bare = words.lstrip("+-").replace(",", "").replace(".", "", 1)
    return bare.isascii() and bare.isdigit() and words.count("+") + words.count("-") == 1


def xlsx_parts(rows: Iterable[Sequence[str]], columns: Sequence[Column], title: str) -> Iterator[bytes]:
    """Yield an XLSX file: numbers of number fields as numbers, all else as text, never a formula."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet(_sheet_name(title))
        sheet.freeze_panes(1, 1)
        bold = book.add_format({"bold": True, "bg_color": "#EEF1F4", "border": 1, "border_color": "#C9D1D9"})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 28 if column.id in ("label", "unit") else 17)
        for number, row in enumerate(islice(rows, XLSX_ROWS)):
            for place, words in enumerate(row):
                _write_cell(sheet, number, place, words, columns[place], bold)
        book.close()
        file.seek(0)
        while part := file.read(CHUNK):
            yield part


def _write_cell(sheet, number: int, place: int, words: str, column: Column, bold) -> None:
    if number == 0:
        sheet.write_string(number, place, words, bold)
    elif column.numeric and _plain_number(words):
        sheet.write_number(number, place, float(words))
    elif words:
        sheet.write_string(number, place, words[:32767])


def _plain_number(words: str) -> bool:
    """Say whether a double holds the number exactly enough: at most 15 digits, nothing but digits."""
    bare = words.lstrip("-").replace(".", "", 1)
    return bare.isascii() and bare.isdigit() and len(bare) <= 15


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "1"


def note_export(*, listing: Listing, kind: str, count: int, by: int, at: dt.datetime, key: str) -> None:
    """Append to the log who took what out: register, filter, columns and the number of records."""
    chosen = listing.chosen
    columns = [column.id for column in chosen_columns(listing.register, chosen.columns)]
    with transaction.atomic():
        append_event(
            key=key, ts=at, kind="export", charter=listing.key.partition(".")[0], register=listing.key, person=by,
            payload={"as": kind, "filter": chosen.address(), "columns": columns, "count": count},
        )  # fmt: skip
