"""The year's working days, holidays and make-up days; the clerk uploads a new year's notice."""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhangfa.calendar.engine import current_calendar, upload_year
from zhangfa.calendar.text import Text
from zhangfa.calendar.workdays import WorkCalendar
from zhangfa.desk.clerks import demand_clerk, is_clerk
from zhangfa.desk.posted import form_key
from zhangfa.refusal import Refusal

FIRST_YEAR, LAST_YEAR = 2000, 2100
LARGEST_NOTICE = 100_000


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the sheet; ``kind`` is ``work``, ``rest``, ``holiday`` or ``makeup``."""

    date: dt.date
    kind: str
    name: Text | None
    today: bool


def show_calendar(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Show one year, this one unless asked."""
    today = timezone.localdate()
    year = min(max(year or today.year, FIRST_YEAR), LAST_YEAR)
    if request.method == "POST":
        return _upload(request, year)
    return _page(request, year)


def _page(
    request: HttpRequest, year: int, refused: Refusal | None = None, text: str = "", status: int = 200
) -> HttpResponse:
    calendar = current_calendar()
    months = [(month, _weeks(calendar, year, month)) for month in range(1, 13)]
    stretches = calendar.stretches(dt.date(year, 1, 1), dt.date(year, 12, 31))
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    context = {
        "year": year,
        "months": months,
        "announced": calendar.announced(year),
        "notice": calendar.notice(year),
        "holidays": [one for one in stretches if one.kind == "holiday"],
        "makeups": [one for one in stretches if one.kind == "workday"],
        "count": calendar.workdays_between(first - dt.timedelta(days=1), last),
        "clerk": is_clerk(request.actor),
        "refused": refused,
        "text": text,
    }
    return render(request, "desk/calendar.html", context, status=status)


def _weeks(calendar: WorkCalendar, year: int, month: int) -> list[list[Day | None]]:
    weeks = gregorian.Calendar().monthdatescalendar(year, month)
    return [[_day(calendar, day) if day.month == month else None for day in week] for week in weeks]


def _day(calendar: WorkCalendar, day: dt.date) -> Day:
    name, works = calendar.name_of(day), calendar.is_workday(day)
    kind = ("makeup" if works else "holiday") if name else ("work" if works else "rest")
    return Day(day, kind, name, day == timezone.localdate())


def _upload(request: HttpRequest, year: int) -> HttpResponse:
    demand_clerk(request.actor)
    file = request.FILES.get("file")
    text = file.read(LARGEST_NOTICE).decode("utf-8-sig", "replace") if file else request.POST.get("text", "")
    try:
        upload_year(
            text=text,
            year=year,
            notice=request.POST.get("notice", ""),
            by=request.actor.person,
            at=timezone.now(),
            key=form_key(request.POST),
        )
    except Refusal as fault:
        return _page(request, year, fault, text, status=422)
    messages.success(request, _("放假安排已存入，未办结事项的期限会按新日历重新推算。"))
    return redirect(request.path)
