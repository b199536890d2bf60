"""A CSV file as a clerk saves it: headings in Chinese or English, UTF-8 or GB 18030, problems by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhangfa.charter.model import Text

MOST_ROWS = 2_000_000
CODECS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True, order=True)
class RowProblem:
    """One thing wrong in a file; ``line`` counts from 1, the heading included; 0 for the file as a whole."""

    file: str
    line: int
    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line by our names for its columns; cells are trimmed, empty ones left out."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose headings were understood."""

    name: str
    columns: Mapping[str, str]
    """Our name of each column found, with the heading it stands under."""
    lines: tuple[Line, ...]
    problems: tuple[RowProblem, ...] = ()

    def problem(self, line: int, column: str, said: Text) -> RowProblem:
        """Return a problem of this file."""
        return RowProblem(self.name, line, self.columns.get(column, column), said.zh, said.en or said.zh)


def read_sheet(data: bytes, name: str, headings: Mapping[str, Sequence[str]]) -> Sheet:
    """Read a CSV file; ``headings`` gives the words each of our columns may stand under. Others are ignored."""
    text = _decode(data)
    if text is None:
        return _unreadable(
            name, "文字编码认不出来，请另存为 CSV（UTF-8）", "The encoding is unknown: save it as CSV (UTF-8)"
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return _read(reader, name, headings)
    except csv.Error:
        line = reader.line_num
        return _unreadable(
            name, f"第 {line} 行读不出来，可能少了一个引号", f"Line {line} cannot be read: a quote may be missing"
        )


def _decode(data: bytes) -> str | None:
    for codec in CODECS:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _unreadable(name: str, zh: str, en: str) -> Sheet:
    return Sheet(name, {}, (), (RowProblem(name, 0, "", f"{zh}。", f"{en}."),))


def _read(reader: csv._reader, name: str, headings: Mapping[str, Sequence[str]]) -> Sheet:  # type: ignore[name-defined]
    heading = next((cells for cells in reader if any(cell.strip() for cell in cells)), None)
    if heading is None:
        return _unreadable(name, "文件是空的", "The file is empty")
    places, problems = _places(name, heading, headings)
    columns = {column: heading[place].strip() for column, place in places.items()}
    lines: list[Line] = []
    for cells in reader:
        if len(lines) >= MOST_ROWS:
            return _unreadable(name, f"超过 {MOST_ROWS} 行", f"There are more than {MOST_ROWS} lines")
        held = {column: cells[place].strip() for column, place in places.items() if place < len(cells)}
        if any(cell.strip() for cell in cells):
            lines.append(Line(reader.line_num, {column: cell for column, cell in held.items() if cell}))
    return Sheet(name, columns, tuple(lines), tuple(problems))


def _places(
    name: str, heading: Sequence[str], headings: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], list[RowProblem]]:
    words = {_plain(word): column for column, known in headings.items() for word in (*reversed(known), column)}
    places: dict[str, int] = {}
    problems: list[RowProblem] = []
    for place, cell in enumerate(heading):
        column = words.get(_plain(cell))
        if column is not None and column in places:
            zh, en = f"“{cell}”一列出现了两次", f"The column {cell!r} is there twice"
            problems.append(
                RowProblem(name, 1, cell.strip(), f"{zh}，只读了前一列。", f"{en}; only the first was read.")
            )
        elif column is not None:
            places[column] = place
    return places, problems


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")
