"""Date functions. A moment counts as the day it falls on by Beijing time (UTC+8)."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Protocol

from zhangfa.expression.faults import EvaluationError

BEIJING = dt.timezone(dt.timedelta(hours=8))
"""China's one civil time, without summer time since 1992."""


class WorkdayCounter(Protocol):
    """What ``__calendar__`` must be."""

    def workdays_between(self, a: dt.date, b: dt.date, /) -> int:
        """Count the working days after ``a`` up to and including ``b``."""
        ...


def day_of(moment: dt.date) -> dt.date:
    """Return the day of a moment by Beijing time; a day is itself."""
    if not isinstance(moment, dt.datetime):
        return moment
    return moment.astimezone(BEIJING).date() if moment.tzinfo else moment.date()


def year(moment: dt.date) -> int:
    """Return the year."""
    return day_of(moment).year


def quarter(moment: dt.date) -> int:
    """Return the quarter, 1 to 4."""
    return (day_of(moment).month + 2) // 3


def month(moment: dt.date) -> int:
    """Return the month."""
    return day_of(moment).month


def day(moment: dt.date) -> int:
    """Return the day of the month."""
    return day_of(moment).day


def weekday(moment: dt.date) -> int:
    """Return the day of the week; 1 is Monday (ISO 8601)."""
    return day_of(moment).isoweekday()


def add_days(moment: dt.date, count: int) -> dt.date:
    """Return the day so many days later."""
    try:
        return day_of(moment) + dt.timedelta(days=count)
    except OverflowError:
        raise _outside() from None


def add_months(moment: dt.date, count: int) -> dt.date:
    """Return the same day so many months later, or that month's last day."""
    start = day_of(moment)
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise _outside()
    return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def days_between(first: dt.date, second: dt.date) -> int:
    """Return the days from the first to the second; negative where the second is earlier."""
    return (day_of(second) - day_of(first)).days


def workdays_between(first: dt.date, second: dt.date, counter: WorkdayCounter) -> int:
    """Return the working days from the first to the second by the calendar handed in."""
    return counter.workdays_between(day_of(first), day_of(second))


def _outside() -> EvaluationError:
    return EvaluationError("日期超出范围", "A date is out of range")
