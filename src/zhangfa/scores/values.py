"""What stands in a cell as the value an expression reads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from zhangfa.charter.model import Text
from zhangfa.expression import NameType
from zhangfa.scores.book import Book
from zhangfa.scores.exact import plain

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?")
CLOCK = re.compile(r"[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?.*")
YES = frozenset({"是", "有", "true", "yes", "y", "1", "√", "✓"})
NO = frozenset({"否", "无", "false", "no", "n", "0", "×"})
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
"""China has had one offset and no summer time since 1991; files carry local times."""


class NotRead(ValueError):
    """A cell that cannot be read; ``said`` is the sentence for whoever filled it in."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Text(zh, en)


def read_value(cell: str, wanted: NameType, options: Mapping[str, str], book: Book) -> object:
    """Return the value of a cell; ``options`` gives the ids of a choice by their titles.

    Raises:
        NotRead: it does not fit the type.
    """
    if wanted.kind in ("unit", "person"):
        return _find(cell, wanted.kind, book)
    if wanted.kind == "list":
        return [_choose(part.strip(), wanted, options) for part in re.split(r"[、,，;；|]", cell) if part.strip()]
    if wanted.kind == "text":
        return _choose(cell, wanted, options)
    reader = READERS.get(wanted.kind)
    return cell if reader is None else reader(cell, wanted)


def _choose(cell: str, wanted: NameType, options: Mapping[str, str]) -> str:
    if wanted.options is None or cell in wanted.options:
        return cell
    if cell in options:
        return options[cell]
    known = "、".join(list(options)[:12] or wanted.options[:12])
    raise NotRead(f"“{cell}”不在可选项里：{known}。", f"{cell!r} is none of {known}.")


def _find(cell: str, kind: str, book: Book) -> object:
    entry = book.find(cell)
    if entry is None and kind == "person":
        return cell
    if entry is None:
        several = len(book.by_name.get(cell, ()))
        if several > 1:
            raise NotRead(
                f"有 {several} 个单位叫“{cell}”，请写代码。", f"{several} units are called {cell!r}: write the code."
            )
        raise NotRead(f"单位表里没有“{cell}”。", f"{cell!r} is not in the file of units.")
    return entry.code if kind == "person" else {"kind": entry.kind, "name": entry.name, "code": entry.code}


def _number(cell: str, wanted: NameType) -> Decimal:
    text = cell.replace(",", "").replace("，", "").replace("％", "%")
    share = text.endswith("%")
    try:
        value = Decimal(text.rstrip("%"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise NotRead(f"“{cell}”不是数。", f"{cell!r} is no number.")
    return value / 100 if share else value


def _decimal(cell: str, wanted: NameType) -> Decimal:
    value = _number(cell, wanted)
    cut = round(value, wanted.scale)
    if cut != value:
        raise NotRead(f"“{cell}”的小数超过 {wanted.scale} 位。", f"{cell!r} has more than {wanted.scale} decimals.")
    return cut


def _int(cell: str, wanted: NameType) -> int:
    value = _number(cell, wanted)
    if value != int(value):
        raise NotRead(f"“{plain(value)}”不是整数。", f"{plain(value)} is no whole number.")
    return int(value)


def _date(cell: str, wanted: NameType) -> dt.date:
    match = DAY.match(cell)
    try:
        if match:
            return dt.date(*map(int, match.groups()))
    except ValueError:
        pass
    raise NotRead(f"“{cell}”不是日期，请写成 2026-11-22。", f"{cell!r} is no date; write it as 2026-11-22.")


def _moment(cell: str, wanted: NameType) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(cell)
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    except ValueError:
        day = _date(cell, wanted)
    match = DAY.match(cell)
    rest = cell[match.end() :] if match else ""
    clock = CLOCK.fullmatch(rest)
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    try:
        return dt.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        raise NotRead(f"“{cell}”不是时间。", f"{cell!r} is no date and time.")


def _time(cell: str, wanted: NameType) -> dt.time:
    try:
        return dt.time.fromisoformat(cell.zfill(5))
    except ValueError:
        raise NotRead(f"“{cell}”不是钟点，请写成 08:30。", f"{cell!r} is no time of day; write it as 08:30.")


def _yes_or_no(cell: str, wanted: NameType) -> bool:
    if cell.lower() in YES | NO:
        return cell.lower() in YES
    raise NotRead(f"“{cell}”请写“是”或“否”。", f"Write yes or no instead of {cell!r}.")


READERS: dict[str, Callable[[str, NameType], object]] = {
    "int": _int, "decimal": _decimal, "date": _date, "datetime": _moment, "bool": _yes_or_no, "time": _time,
}  # fmt: skip
