"""Boards, lists and calendars for everybody."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.refusal import Refusal
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter, Door
from zhangfa.doors.door_frame import now, public_page, show
from zhangfa.doors.showing import Shown, show_records, write_calendar
from zhangfa.settings import CONFIG


@public_page
def board(request: HttpRequest, charter: str, door: str) -> HttpResponse:
    """Show a door's calendar, list or directory."""
    found, shows = _door(charter, door)
    language = get_language() or "zh-hans"
    shown = show_records(charter=found, door=shows, at=now(), language=language)
    context = {
        "title": _title(found, shows, language),
        "summary": found.summary.in_language(language) if found.summary else "",
        "kind": shows.as_,
        "months": _months(shown) if shows.as_ == "calendar" else [],
        "shown": shown,
        "feed": f"{CONFIG.public_url}{reverse('board-feed', args=[charter, door])}",
    }
    return show(request, "board.html", context)


@public_page
def feed(request: HttpRequest, charter: str, door: str) -> HttpResponse:
    """Answer with the door's calendar as an iCalendar feed."""
    found, shows = _door(charter, door)
    if shows.as_ != "calendar":
        raise Refusal("not_found", _("没有找到这个日历。"))
    language = get_language() or "zh-hans"
    shown = show_records(charter=found, door=shows, at=now(), language=language)
    host = urlsplit(CONFIG.public_url).hostname or "localhost"
    body = write_calendar(title=_title(found, shows, language), shown=shown, host=host)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _door(charter: str, door: str) -> tuple[Charter, Door]:
    found = charters.all_current().get(charter)
    shows = found.doors.get(door) if found else None
    if found is None or shows is None or not shows.shows:
        raise Refusal("not_found", _("没有找到这个公开页面。"), hint=_("请核对地址，或向发给您地址的单位询问。"))
    return found, shows


def _title(charter: Charter, door: Door, language: str) -> str:
    return door.title.in_language(language) or charter.registers[door.shows].title.in_language(language)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a calendar."""

    day: int
    weekday: str
    hours: str
    shown: Shown


def _months(shown: list[Shown]) -> list[tuple[str, list[Entry]]]:
    """Group a calendar's entries by month."""

    def month(each: Shown) -> str:
        local = timezone.localtime(each.starts)
        return _("%(year)d年%(month)d月") % {"year": local.year, "month": local.month}

    return [(name, [_entry(each) for each in entries]) for name, entries in itertools.groupby(shown, month)]


def _entry(each: Shown) -> Entry:
    weekdays = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    starts = timezone.localtime(each.starts)
    ends = timezone.localtime(each.ends) if each.ends else None
    hours = "" if each.all_day else f"{starts:%H:%M}" + (f"–{ends:%H:%M}" if ends else "")
    return Entry(starts.day, weekdays[starts.weekday()], hours, each)
