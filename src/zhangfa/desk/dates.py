"""Dates and deadlines as people read them, in Shanghai's time."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _


def _local(value: dt.datetime | dt.date) -> dt.datetime | dt.date:
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value


def day(value: dt.datetime | dt.date | None) -> str:
    """Write a day: ``2026-11-22``; empty for none."""
    return _local(value).strftime("%Y-%m-%d") if value else ""


def moment(value: dt.datetime | None) -> str:
    """Write a moment, ``11-22 16:20`` this year and ``2025-11-22 16:20`` of another."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return local.strftime("%m-%d %H:%M" if local.year == timezone.localdate().year else "%Y-%m-%d %H:%M")


def ago(value: dt.datetime | None, now: dt.datetime | None = None) -> str:
    """Say how long ago something was, in one unit."""
    if value is None:
        return ""
    minutes = int(((now or timezone.now()) - value).total_seconds() // 60)
    if minutes < 1:
        return _("刚刚")
    if minutes < 60:
        return ngettext("%(n)s 分钟前", "%(n)s 分钟前", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)s 小时前", "%(n)s 小时前", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s 天前", "%(n)s 天前", minutes // 1440) % {"n": minutes // 1440}


@dataclass(frozen=True, slots=True)
class Due:
    """A due date in words, with its colour: ``late``, ``soon``, ``fine`` or ``none``."""

    tone: str
    words: str
    date: str


def due(value: dt.datetime | None, now: dt.datetime | None = None) -> Due:
    """Say how a deadline stands: overdue, due today or tomorrow, later, or without a date."""
    if value is None:
        return Due("none", _("无期限"), "")
    local, here = timezone.localtime(value), timezone.localtime(now or timezone.now())
    days = (local.date() - here.date()).days
    if value < here:
        return Due("late", _late_words(value, here), moment(value))
    if days == 0:
        return Due("soon", _("今天 %(time)s 到期") % {"time": local.strftime("%H:%M")}, moment(value))
    if days == 1:
        return Due("soon", _("明天到期"), day(value))
    return Due("fine", ngettext("还有 %(n)s 天", "还有 %(n)s 天", days) % {"n": days}, day(value))


def _late_words(value: dt.datetime, now: dt.datetime) -> str:
    hours = int((now - value).total_seconds() // 3600)
    if hours < 24:
        return _("已逾期") if hours < 1 else ngettext("逾期 %(n)s 小时", "逾期 %(n)s 小时", hours) % {"n": hours}
    return ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", hours // 24) % {"n": hours // 24}


def reckoned(due_why: str) -> str:
    """Return the sentence that explains a deadline, from the JSON a task carries; empty for none."""
    if not due_why:
        return ""
    why = json.loads(due_why).get("why") or {}
    english = (get_language() or "").startswith("en")
    return str((why.get("en") if english else None) or why.get("zh") or "")
