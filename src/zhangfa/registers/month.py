"""A month of a register: records on their days, with holidays and make-up working days marked."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from zhangfa.acts.models import Record
from zhangfa.calendar.engine import current_calendar
from zhangfa.charter.model import Field, Register, Text
from zhangfa.registers.listing import Listing
from zhangfa.registers.narrowing import ZONE, payload_sql, start_of
from zhangfa.registers.search import is_open_field

MOST = 600
"""Records one month shows at most; more are said to be more."""
DEADLINES = Text("期限", "Due")


@dataclass(frozen=True, slots=True)
class Entry:
    """A record on one day: when it starts, if the register says so, and until when."""

    record: Record
    time: str
    until: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the page."""

    date: dt.date
    inside: bool
    """Whether it belongs to the month shown."""
    today: bool
    works: bool
    name: str
    """Name of the holiday or of the make-up working day."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday, what it is dated by, and its neighbours."""

    first: dt.date
    weeks: tuple[tuple[Day, ...], ...]
    dated_by: Text
    more: bool
    before: str
    after: str


def date_field(register: Register) -> tuple[Field | None, Field | None]:
    """Return the field a calendar goes by and the one that ends it: as booked, as dated, else the first date."""
    if register.never_two:
        return register.fields.get(register.never_two[1]), register.fields.get(register.never_two[2])
    if register.dated_by in register.fields:
        return register.fields[register.dated_by], None
    dated = [each for each in register.fields.values() if each.type in ("date", "datetime") and is_open_field(each)]
    return (dated[0] if dated else None), None


def month_of(listing: Listing, first: dt.date) -> Month:
    """Return the month's page; a register without dates goes by its open deadlines."""
    start, end = date_field(listing.register)
    monday = first - dt.timedelta(days=first.weekday())
    following = (first + dt.timedelta(days=32)).replace(day=1)
    last = following + dt.timedelta(days=-following.weekday() % 7)
    rows = listing.between(_within(start, monday, last), MOST + 1)
    by_day: dict[dt.date, list[Entry]] = defaultdict(list)
    for row in rows[:MOST]:
        day, entry = _entry(row, start, end)
        by_day[day].append(entry)
    today = listing.at.astimezone(ZONE).date()
    days = [_day(monday + dt.timedelta(days=n), first, today, by_day) for n in range((last - monday).days)]
    weeks = tuple(tuple(days[n : n + 7]) for n in range(0, len(days), 7))
    previous = (first - dt.timedelta(days=1)).strftime("%Y-%m")
    return Month(
        first, weeks, start.title if start else DEADLINES, len(rows) > MOST, previous, following.strftime("%Y-%m")
    )


def _within(field: Field | None, first: dt.date, last: dt.date) -> Q:
    """Return the condition of records whose date lies from one day until another."""
    if field is None:
        return Q(due_at__gte=start_of(first), due_at__lt=start_of(last), closed=False)
    bounds: Sequence[str] = (first.isoformat(), last.isoformat())
    if field.type == "datetime":
        bounds = [start_of(day).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for day in (first, last)]
    value, name = payload_sql(field)
    sql = f"({value} >= %s AND {value} < %s)"
    return Q(RawSQL(sql, [name, bounds[0], name, bounds[1]], output_field=BooleanField()))


def _entry(row: Record, start: Field | None, end: Field | None) -> tuple[dt.date, Entry]:
    if start is None:
        due = row.due_at.astimezone(ZONE)
        return due.date(), Entry(row, "" if (due.hour, due.minute) == (23, 59) else due.strftime("%H:%M"), "")
    stored = json.loads(row.payload)
    if start.type == "date":
        return dt.date.fromisoformat(stored[start.id]), Entry(row, "", "")
    begins = dt.datetime.fromisoformat(stored[start.id]).astimezone(ZONE)
    ends = stored.get(end.id) if end else None
    until = dt.datetime.fromisoformat(ends).astimezone(ZONE).strftime("%H:%M") if ends else ""
    return begins.date(), Entry(row, begins.strftime("%H:%M"), until)


def _day(date: dt.date, first: dt.date, today: dt.date, by_day: dict[dt.date, list[Entry]]) -> Day:
    calendar = current_calendar()
    name = calendar.name_of(date)
    words = name.in_language(get_language() or "zh-hans") if name else ""
    entries = tuple(sorted(by_day.get(date, ()), key=lambda entry: (entry.time, entry.record.id)))
    return Day(date, date.month == first.month, date == today, calendar.is_workday(date), words, entries)
