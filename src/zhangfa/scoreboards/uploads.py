"""Tables somebody uploads to try a score on: Excel or CSV, guarded, as the one CSV form that scoring reads."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.charter.fact_columns import fact_columns
from zhangfa.charter.model import Charter, Register
from zhangfa.directory.sheet import read_lines
from zhangfa.refusal import Refusal
from zhangfa.scores.book import HEADINGS
from zhangfa.scores.sheet import read_sheet
from zhangfa.scores.tabular import headings_of

EXACT = 10**15
"""From here on Excel no longer holds every whole number; such a cell is left for the reader to complain of."""
LONGEST_CELL = 5000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its heading, and the field it was read as (empty: not read)."""

    heading: str
    field: str
    title: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A table that could be opened."""

    content: bytes
    """As CSV in UTF-8, each line where it stood."""
    rows: int
    columns: tuple[Column, ...]


def open_units(data: bytes) -> Upload:
    """Open the file of units or people.

    Raises:
        Refusal: it is no table, or larger than a table may be.
    """
    titles = {"code": _("代码"), "name": _("名称"), "kind": _("类型"), "parent": _("上级"), "group": _("编组")}
    return _open(data, HEADINGS, titles)


def open_facts(data: bytes, charter: Charter, table: str) -> Upload:
    """Open a file with the facts of a table.

    Raises:
        Refusal: as :func:`open_units`.
    """
    register = charter.registers.get(table)
    headings = headings_of(fact_columns(charter, table), register)
    return _open(data, headings, {name: title_of_column(register, name, headings) for name in headings})


def title_of_column(register: Register | None, name: str, headings: Mapping[str, Sequence[str]]) -> str:
    """Name a column as a file should head it: the field's title, the engine's word, else the id."""
    held = register.fields.get(name) if register else None
    words = [held.title.zh] if held and held.title.zh else list(headings.get(name, ()))
    return words[0] if words else name


def _open(data: bytes, headings: Mapping[str, Sequence[str]], titles: Mapping[str, str]) -> Upload:
    lines = [(line, cells) for line, row in read_lines(data) if any(cells := [_written(cell) for cell in row])]
    if not lines:
        raise Refusal("fields", _("表中没有任何内容。"))
    heading = lines[0][1]
    found = read_sheet(_csv([(1, heading)]), "", headings).columns
    read = {word: name for name, word in found.items()}
    columns = tuple(Column(word, read.get(word, ""), titles.get(read.get(word, ""), "")) for word in heading if word)
    return Upload(_csv(lines), len(lines) - 1, columns)


def _csv(lines: Sequence[tuple[int, Sequence[str]]]) -> bytes:
    """Write the lines at their numbers: what was above or between stays as empty lines."""
    out = io.StringIO()
    writer, at = csv.writer(out, lineterminator="\n"), 0
    for line, cells in lines:
        out.write("\n" * (line - at - 1))
        writer.writerow(cells)
        at = max(line, at + 1)
    return out.getvalue().encode("utf-8", "replace")


def _written(cell: object) -> str:
    """Write a cell as a person would type it: whole numbers without a point, 15 digits of others, days as days."""
    if isinstance(cell, str):
        return " ".join(cell[:LONGEST_CELL].split())
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else f"{cell:.15g}"
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
