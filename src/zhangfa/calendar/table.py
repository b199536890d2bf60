"""The package's own table of working days, and the CSV form in which a year is uploaded."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
from collections import defaultdict
from importlib.resources import files
from typing import Literal, cast

from zhangfa.calendar.text import Text
from zhangfa.calendar.workdays import SpecialDay, WorkCalendar, Year

COLUMNS = ("date", "kind", "name_zh", "name_en")


@functools.cache
def load_builtin_calendar() -> WorkCalendar:
    """Read the years that ship with the package (2018 to 2026), each with its notice's number."""
    days: dict[int, list[SpecialDay]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(_read("workdays.csv"))):
        one = read_row(row)
        days[year_of(one)].append(one)
    notices = {int(row["year"]): row["notice"] for row in csv.DictReader(io.StringIO(_read("notices.csv")))}
    return WorkCalendar(Year(year, notice, tuple(days[year])) for year, notice in notices.items())


def year_of(day: SpecialDay) -> int:
    """Return the year whose notice names this day: New Year's holiday may begin in December."""
    return day.day.year + (day.day.month == 12)


def read_row(row: dict[str, str]) -> SpecialDay:
    """Read one row of the table.

    Raises:
        ValueError: a date or a kind that is none.
    """
    if row["kind"] not in ("holiday", "workday"):
        raise ValueError(row["kind"])
    kind = cast(Literal["holiday", "workday"], row["kind"])
    return SpecialDay(dt.date.fromisoformat(row["date"]), kind, Text(row["name_zh"], row["name_en"] or row["name_zh"]))


def write_rows(days: tuple[SpecialDay, ...]) -> list[list[str]]:
    """Write days as the table's rows."""
    return [[one.day.isoformat(), one.kind, one.name.zh, one.name.en] for one in days]


def _read(name: str) -> str:
    return files("zhangfa.calendar").joinpath(name).read_text("utf-8")
