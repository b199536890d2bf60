"""Which days the demo county has behind it: a whole year, four finished quarters, and the days up to now."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from zhangfa.calendar.engine import current_calendar
from zhangfa.demo.simulation import SHANGHAI
from zhangfa.scores.period import Period, period_of, periods_within, previous

QUARTERS = 4
"""Finished quarters the demo tells in full; the running one stands behind them."""


@dataclass(frozen=True, slots=True)
class Span:
    """The demo's time. Everything is reckoned from ``end``, so that the demo is as fresh as the day it is loaded."""

    end: dt.datetime

    @property
    def today(self) -> dt.date:
        """The last day."""
        return self.end.astimezone(SHANGHAI).date()

    @property
    def year(self) -> Period:
        """The last finished year."""
        return period_of(dt.date(self.today.year - 1, 1, 1), "year")

    @property
    def start(self) -> dt.datetime:
        """The first moment: the finished year's first morning."""
        return dt.datetime.combine(self.year.start, dt.time(7), SHANGHAI)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Four finished quarters and the running one."""
        found = [period_of(self.today, "quarter")]
        while len(found) <= QUARTERS:
            before = previous(found[0])
            assert before is not None
            found.insert(0, before)
        return tuple(found)

    @property
    def halves(self) -> tuple[Period, ...]:
        """The half-years from the start to the running one."""
        whole = Period("", "", self.year.start, self.today, self.year.title)
        return periods_within(whole, "half-year")


def days_of(period: Period) -> int:
    """Count the days of a period."""
    return (period.end - period.start).days + 1


def months_of(period: Period) -> tuple[Period, ...]:
    """Return the months of a longer period."""
    return periods_within(period, "month")


def workday(day: dt.date) -> dt.date:
    """Return the day itself where people work on it, else the next on which they do."""
    calendar = current_calendar()
    return day if calendar.is_workday(day) else calendar.add_workdays(day, 1)


def in_office(day: dt.date, chance: random.Random) -> dt.datetime:
    """Return a moment in office hours of a day, or of the next working day."""
    minute = chance.choice((chance.randrange(510, 715), chance.randrange(840, 1060)))
    return dt.datetime.combine(workday(day), dt.time(minute // 60, minute % 60), SHANGHAI)


def some_day(period: Period, chance: random.Random, first: float = 0.0, last: float = 1.0) -> dt.date:
    """Return a day within a part of a period."""
    days = days_of(period)
    return period.start + dt.timedelta(days=min(days - 1, int(days * chance.uniform(first, last))))
