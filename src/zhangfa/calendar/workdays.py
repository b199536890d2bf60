"""The calendar of working days: weekends, statutory holidays and make-up days (调休).

The facts come from the yearly notice of the General Office of the State Council. A year without a
notice has weekends only, and everything reckoned in it is provisional.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from zhangfa.calendar.text import Text, write_span

DAY = dt.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One day of a notice: a day off, or a weekend day that is worked."""

    day: dt.date
    kind: Literal["holiday", "workday"]
    name: Text
    """The festival's name, for a make-up day too."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive special days of one kind and festival, both ends included."""

    first: dt.date
    last: dt.date
    kind: Literal["holiday", "workday"]
    name: Text


@dataclass(frozen=True, slots=True)
class Year:
    """What one year's notice says."""

    year: int
    notice: str
    """The notice's number, such as ``国办发明电〔2025〕7号``."""
    days: tuple[SpecialDay, ...]
    """In order; the first ones may lie in the December before."""


class WorkCalendar:
    """Which days are worked. Never changes; :meth:`with_year` returns another one."""

    __slots__ = ("_days", "_off_weekdays", "_on_weekends", "_special", "_years")

    def __init__(self, years: Iterable[Year] = ()) -> None:
        self._years: Mapping[int, Year] = {year.year: year for year in sorted(years, key=lambda one: one.year)}
        self._special: Mapping[dt.date, SpecialDay] = {d.day: d for year in self._years.values() for d in year.days}
        special = sorted(self._special.values(), key=lambda one: one.day)
        self._days = [d.day for d in special]
        self._off_weekdays = [d.day for d in special if d.kind == "holiday" and d.day.weekday() < SATURDAY]
        self._on_weekends = [d.day for d in special if d.kind == "workday" and d.day.weekday() >= SATURDAY]

    def is_workday(self, day: dt.date) -> bool:
        """Tell whether offices work on this day."""
        special = self._special.get(day)
        return special.kind == "workday" if special else day.weekday() < SATURDAY

    def name_of(self, day: dt.date) -> Text | None:
        """Name the holiday, or the make-up day; None on an ordinary day."""
        special = self._special.get(day)
        if special is None:
            return None
        if special.kind == "holiday":
            return special.name
        return Text(f"{special.name.zh}调休上班", f"make-up working day for {special.name.en}")

    def announced(self, year: int) -> bool:
        """Tell whether the State Council's notice for this year is known."""
        return year in self._years

    def notice(self, year: int) -> str:
        """Return the number of the year's notice; empty when unknown."""
        return self._years[year].notice if year in self._years else ""

    def years(self) -> tuple[Year, ...]:
        """Return every known year, in order."""
        return tuple(self._years.values())

    def add_workdays(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th working day after ``day`` (before it when n < 0); ``day`` itself is not counted."""
        for _ in range(-n):
            day -= DAY
            while not self.is_workday(day):
                day -= DAY
        return self._after(day, n) if n > 0 else day

    def _after(self, day: dt.date, n: int) -> dt.date:
        """Jump as many days as are still missing, which never is too far, and count what the jump brought."""
        reached, missing = day, n
        while missing:
            reached += dt.timedelta(days=missing)
            missing = n - self._count(day, reached)
        return reached

    def workdays_between(self, a: dt.date, b: dt.date) -> int:
        """Count the working days after ``a`` up to and including ``b``; negative when ``b`` is earlier.

        The inverse of :meth:`add_workdays`: the day ``a`` itself is never counted.
        """
        if b < a:
            return -self._count(b - DAY, a - DAY)
        return self._count(a, b)

    def special_days(self, first: dt.date, last: dt.date) -> Iterator[SpecialDay]:
        """Yield the notice's days from ``first`` to ``last``, both included, in order."""
        place = slice(bisect_left(self._days, first), bisect_right(self._days, last))
        yield from (self._special[day] for day in self._days[place])

    def stretches(self, first: dt.date, last: dt.date) -> tuple[Stretch, ...]:
        """Gather the notice's days from ``first`` to ``last`` into stretches, in order."""
        found: list[Stretch] = []
        for one in self.special_days(first, last):
            before = found[-1] if found else None
            if before and (before.last + DAY, before.kind, before.name) == (one.day, one.kind, one.name):
                found[-1] = Stretch(before.first, one.day, one.kind, one.name)
            else:
                found.append(Stretch(one.day, one.day, one.kind, one.name))
        return tuple(found)

    def with_year(self, year: Year) -> WorkCalendar:
        """Return a calendar in which this notice stands for its year."""
        return WorkCalendar([*(one for one in self._years.values() if one.year != year.year), year])

    def _count(self, a: dt.date, b: dt.date) -> int:
        weekdays = _weekdays_until(b) - _weekdays_until(a)
        return weekdays - _within(self._off_weekdays, a, b) + _within(self._on_weekends, a, b)


def _weekdays_until(day: dt.date) -> int:
    """Count Mondays to Fridays up to and including a day, from 1 January of year 1 (a Monday)."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _within(days: list[dt.date], a: dt.date, b: dt.date) -> int:
    return bisect_right(days, b) - bisect_right(days, a)


def say_stretch(one: Stretch, near: int) -> Text:
    """Say what a stretch is; the year is left out when it is ``near``: ``10–17 Feb Spring Festival``."""
    span = write_span(one.first, one.last, near)
    if one.kind == "workday":
        return Text(f"{span.zh}调休上班", f"{span.en} worked")
    return Text(f"{span.zh}{one.name.zh}放假", f"{span.en} {one.name.en}")
