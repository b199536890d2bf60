"""Reading a table somebody uploads, Excel or CSV, without trusting a byte of it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

from zhangfa.refusal import Refusal

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 200
"""How many times an entry may grow; a sheet of equal rows reaches about 60."""
MOST_ENTRIES = 500
MOST_ROWS = 200_000
MOST_COLUMNS = 60
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb"""<[a-zA-Z:]*(?:c|row)\s[^>]*?\br=["']([A-Za-z]{0,9})(\d{1,12})["']""")

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, by the names its columns have for us; text is trimmed."""

    line: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return a cell as text; empty when the column or the cell is missing."""
        value = self.cells.get(column, "")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value).strip()

    def is_number(self, column: str) -> bool:
        """Tell whether Excel holds this cell as a number, or a CSV shows it as one that lost its digits."""
        value = self.cells.get(column, "")
        if isinstance(value, str):
            return re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", value.strip()) is not None
        return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose header was understood."""

    name: str
    digest: str
    """SHA-256 of the file, hex."""
    columns: frozenset[str]
    rows: tuple[Row, ...]


def read_sheet(data: bytes, name: str, columns: Mapping[str, Sequence[str]], required: Iterable[str]) -> Sheet:
    """Read a table; ``columns`` gives, for each of our names, the headings it may stand under.

    Raises:
        Refusal: as :func:`read_lines`, a heading missing, no rows.
    """
    lines = read_lines(data)
    heading = next(((line, cells) for line, cells in lines if any(_filled(cell) for cell in cells)), None)
    if heading is None:
        _refuse(_("表中没有任何内容。"))
    places = _places(heading[1], columns, required)
    rows = tuple(
        Row(line, {column: cells[place] for column, place in places.items() if place < len(cells)})
        for line, cells in lines
        if line > heading[0] and any(_filled(cell) for cell in cells)
    )
    if not rows:
        _refuse(_("表中只有标题行，没有数据。"))
    return Sheet(name, hashlib.sha256(data).hexdigest(), frozenset(places), rows)


def read_lines(data: bytes) -> list[tuple[int, list[Cell]]]:
    """Read the lines of a table, Excel or CSV, each with its number in the file.

    Raises:
        Refusal: too large, not a table, an archive that unpacks to too much.
    """
    if len(data) > LARGEST_FILE:
        _refuse(_("文件有 %(size)d MB，超过 20 MB，没有读取。") % {"size": len(data) // 1024 // 1024})
    if not data.strip():
        _refuse(_("文件是空的。"))
    if data.startswith(OLD_EXCEL):
        _refuse(_("这是旧版 Excel 文件（.xls）或加密文件。请另存为 .xlsx 或 CSV 后再上传。"))
    return _read_excel(data) if data.startswith(b"PK") else _read_csv(data)


def read_date(row: Row, column: str) -> dt.date | None:
    """Return a cell as a date, None when empty.

    Raises:
        ValueError: it is no date.
    """
    value = row.cells.get(column, "")
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = row.text(column)
    if not text:
        return None
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text)
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if match is None:
        raise ValueError(text)
    return dt.date(*map(int, match.groups()))


def _refuse(sentence: str) -> NoReturn:
    raise Refusal("fields", sentence, hint=_("没有写入任何内容。"), fields={"file": sentence})


def _filled(cell: object) -> bool:
    return bool(str(cell).strip())


def _places(heading: Sequence[Cell], columns: Mapping[str, Sequence[str]], required: Iterable[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(heading):
        word = str(cell).strip().lstrip("\ufeff").lower().replace(" ", "_")
        if "身份证" in word:
            _refuse(_("表中有“%(column)s”一列：目录不收身份证号，请删去这一列再上传。") % {"column": cell})
        for column, words in columns.items():
            if word == column or word in words:
                if column in places:
                    _refuse(_("“%(column)s”一列出现了两次。") % {"column": cell})
                places[column] = place
    missing = [columns[column][0] for column in required if column not in places]
    if missing:
        found = "、".join(str(cell).strip()[:20] for cell in heading[:MOST_COLUMNS] if _filled(cell))
        facts = {"missing": "、".join(missing), "found": found}
        _refuse(_("标题行缺少：%(missing)s。读到的标题是：%(found)s。") % facts)
    return places


def _read_csv(data: bytes) -> list[tuple[int, list[Cell]]]:
    text = _decode(data)
    if "\0" in text:
        _refuse(_("文件里有空字节，不是 CSV 表格。请从 Excel 另存为 CSV（UTF-8）后再上传。"))
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ",")
    lines: list[tuple[int, list[Cell]]] = []
    try:
        for cells in reader:
            if len(lines) > MOST_ROWS or len(cells) > MOST_COLUMNS:
                _refuse_extent()
            lines.append((reader.line_num, list(cells)))
    except csv.Error:
        _refuse(_("第 %(line)d 行读不出来：可能少了一个引号。") % {"line": reader.line_num})
    return lines


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs: tuple[str, ...] = ("utf-16",)
    else:
        codecs = ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    _refuse(_("文字编码认不出来。请另存为 CSV（UTF-8）或 .xlsx 后再上传。"))


def _read_excel(data: bytes) -> list[tuple[int, list[Cell]]]:
    _guard_archive(data)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        _refuse(_("这个 Excel 文件读不出来，可能已损坏或加了密码。请另存一份再上传。"))
    return list(enumerate(table, start=1))


def _guard_archive(data: bytes) -> None:
    """Look into the archive before a library does: how many entries, how large, how far the cells reach."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                _refuse(_("这个文件解压后过大，不像一张表格，没有读取。"))
            for entry in entries:
                if entry.file_size > max(entry.compress_size, 1) * LARGEST_RATIO and entry.file_size > 1_000_000:
                    _refuse(_("这个文件解压后过大，不像一张表格，没有读取。"))
            if "xl/workbook.xml" not in archive.namelist():
                _refuse(_("这不是 Excel 工作簿（.xlsx）。"))
            for entry in entries:
                # Reading checks the sizes the headers claim: an entry that lies fails its checksum.
                content = archive.read(entry)
                if entry.filename.startswith("xl/worksheets/"):
                    _guard_extent(content)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        _refuse(_("这个 Excel 文件读不出来，可能已损坏或加了密码。请另存一份再上传。"))


def _guard_extent(content: bytes) -> None:
    # A single cell at the far corner makes the reader lay out every cell before it: 17 thousand million.
    for letters, number in _CELL.findall(content):
        if int(number) > MOST_ROWS or _column_number(letters) > MOST_COLUMNS:
            _refuse_extent()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _refuse_extent() -> NoReturn:
    words = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
    _refuse(_("表格超过 %(rows)d 行或 %(columns)d 列，没有读取。请删去多余的行列，或分几次导入。") % words)
