"""The calendar in force: the package's years, and those that were uploaded."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhangfa.calendar.models import CalendarYear
from zhangfa.calendar.table import load_builtin_calendar, read_row, write_rows
from zhangfa.calendar.upload import read_year
from zhangfa.calendar.workdays import WorkCalendar, Year
from zhangfa.log.append import append_event, find_event
from zhangfa.log.canonical import canonical
from zhangfa.log.transaction import write_transaction
from zhangfa.refusal import Refusal

LOOK_EVERY = 1.0
"""Seconds between two looks at the database, so that every process has a new year within two."""


@dataclass(frozen=True, slots=True)
class _Known:
    stamp: tuple[int | None, dt.datetime | None]
    looked: float
    calendar: WorkCalendar


_known: _Known | None = None


def current_calendar() -> WorkCalendar:
    """Return the calendar in force; at most two seconds old."""
    global _known
    now = time.monotonic()
    if _known is None or now - _known.looked > LOOK_EVERY:
        stamp = _stamp()
        fresh = _known is not None and _known.stamp == stamp
        _known = _Known(stamp, now, _known.calendar if _known and fresh else _build())
    return _known.calendar


def calendar_at(moment: dt.datetime) -> WorkCalendar:
    """Return the calendar as it was uploaded by a moment, for what must come out the same for ever."""
    now = current_calendar()
    last = _known.stamp[1] if _known else None
    return now if last is None or last <= moment else _build(moment)


def forget() -> None:
    """Read the calendar anew at the next question."""
    global _known
    _known = None


def upload_year(*, text: str, year: int, notice: str = "", by: int | None, at: dt.datetime, key: str) -> Year:
    """Put a year's holidays and make-up days in force, from CSV text with the columns of ``table.COLUMNS``.

    The upload stands for its year, in place of the package's own or of an earlier upload.
    Open deadlines are reckoned anew by the clock (``acts``), never closed ones.

    Raises:
        Refusal: with a sentence for every row that is wrong.
    """
    uploaded = read_year(text, _checked(year), notice.strip()[:80])
    days = write_rows(uploaded.days)
    with write_transaction():
        if find_event(key) is None:
            payload = {"act": "upload_year", "year": year, "notice": uploaded.notice, "days": days}
            append_event(key=key, ts=at, kind="calendar", payload=payload, person=by)
            fold(payload, at)
            transaction.on_commit(forget)
    forget()
    return uploaded


def fold(payload: Mapping[str, Any], at: dt.datetime) -> None:
    """Write what a ``calendar`` event says: for a new upload, and for a replayed one."""
    CalendarYear.objects.create(
        year=payload["year"], notice=payload["notice"], days=canonical(payload["days"]), uploaded_at=at
    )


def _checked(year: int) -> int:
    if not 2000 <= year <= 2200:
        sentence = _("%(year)d 不是可以上传的年份。") % {"year": year}
        raise Refusal("fields", sentence, fields={"year": sentence})
    return year


def _stamp() -> tuple[int | None, dt.datetime | None]:
    row = CalendarYear.objects.aggregate(last=Max("id"), at=Max("uploaded_at"))
    return row["last"], row["at"]


def _build(upto: dt.datetime | None = None) -> WorkCalendar:
    calendar = load_builtin_calendar()
    uploads = CalendarYear.objects.order_by("id")
    for row in uploads if upto is None else uploads.filter(uploaded_at__lte=upto):
        days = (dict(zip(("date", "kind", "name_zh", "name_en"), day, strict=True)) for day in json.loads(row.days))
        calendar = calendar.with_year(Year(row.year, row.notice, tuple(map(read_row, days))))
    return calendar
