"""Words of this room in both languages; nothing here needs a catalogue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """Return the English words for an ``en`` code, else the Chinese."""
        return self.en if code.startswith("en") else self.zh


def write_day(day: dt.date, near: int = 0) -> Text:
    """Write a day; the year is left out when it is ``near``."""
    en, zh = f"{day.day} {MONTHS[day.month - 1]}", f"{day.month}月{day.day}日"
    return Text(zh, en) if day.year == near else Text(f"{day.year}年{zh}", f"{en} {day.year}")


def write_moment(moment: dt.datetime) -> Text:
    """Write a local date and time to the minute."""
    day = write_day(moment.date())
    return Text(f"{day.zh}{moment:%H:%M}", f"{day.en} {moment:%H:%M}")


def write_span(first: dt.date, last: dt.date, near: int = 0) -> Text:
    """Write a stretch of days, both included, as briefly as it stays clear: ``10–17 Feb``."""
    start, end = write_day(first, near), write_day(last, near)
    if first == last:
        return start
    if (first.year, first.month) == (last.year, last.month):
        return Text(f"{start.zh}至{last.day}日", f"{first.day}–{end.en}")
    if first.year == last.year:
        tail = f"{last.month}月{last.day}日"
        return Text(f"{start.zh}至{tail}", f"{write_day(first, first.year).en} – {end.en}")
    return Text(f"{start.zh}至{end.zh}", f"{start.en} – {end.en}")


def join(parts: list[Text], zh: str, en: str) -> Text:
    """Join texts, with a separator of each language."""
    return Text(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
