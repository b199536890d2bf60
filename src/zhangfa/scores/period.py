"""The stretch of days a score is about: a month, quarter, half-year, year or season, both ends included."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from zhangfa.charter.model import Season, Text

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
FORMS = {
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "half-year": re.compile(r"(\d{4})-H([12])"),
    "year": re.compile(r"(\d{4})"),
}
WRITTEN = {"month": "{year}-{part:02}", "quarter": "{year}-Q{part}", "half-year": "{year}-H{part}", "year": "{year}"}
SAID_ZH = {
    "month": "{year}年{part}月",
    "quarter": "{year}年第{part}季度",
    "half-year": "{year}年{half}半年",
    "year": "{year}年",
}
NAMES = """January February March April May June July August September October November December""".split()  # noqa: SIM905
DAY = dt.timedelta(days=1)


class NoPeriod(ValueError):
    """What was written is no period of the kind the score is made for."""

    def __init__(self, written: str, every: str, example: str) -> None:
        super().__init__(written)
        self.said = Text(
            f"“{written}”不是这项考核的周期（{every}）。请写成 {example} 这样。",
            f"{written!r} is no period of this score, which is made every {every}. Write it as {example}.",
        )


@dataclass(frozen=True, slots=True)
class Period:
    """Days ``start`` to ``end``; ``id`` is how it is written in commands and in the log."""

    id: str
    every: str
    start: dt.date
    end: dt.date
    title: Text

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.start <= day <= self.end


def read_period(written: str, every: str, seasons: Mapping[str, Season]) -> Period:
    """Read ``2026-09``, ``2026-Q3``, ``2026-H1``, ``2026`` or the id of a season.

    Raises:
        NoPeriod: it is of another kind, or no period at all.
    """
    if every in seasons and written == every:
        return of_season(seasons[every])
    form = FORMS.get(every)
    match = form.fullmatch(written) if form else None
    if match is None or not 1 <= int(match[1]) <= 9998:
        raise NoPeriod(written, every, _example(every))
    return _numbered(every, int(match[1]), int(match[2]) if every != "year" else 1)


def _example(every: str) -> str:
    known = every if every in WRITTEN else ""
    return WRITTEN[known].format(year=2026, part=1) if known else every


def period_of(day: dt.date, every: str) -> Period:
    """Return the period of that kind in which a day lies."""
    return _numbered(every, day.year, (day.month - 1) // MONTHS[every] + 1)


def of_season(season: Season) -> Period:
    """Return a season as a period."""
    return Period(season.id, season.id, season.start, season.end, season.title)


def previous(period: Period) -> Period | None:
    """Return the period before; a season has none."""
    return period_of(period.start - DAY, period.every) if period.every in MONTHS else None


def following(period: Period) -> Period | None:
    """Return the period after; a season has none."""
    return period_of(period.end + DAY, period.every) if period.every in MONTHS else None


def periods_within(period: Period, every: str) -> tuple[Period, ...]:
    """Return the shorter periods a longer one is made of, such as the months of a quarter."""
    found, day = [], period.start
    while day <= period.end:
        found.append(period_of(day, every))
        day = found[-1].end + DAY
    return tuple(found)


def _numbered(every: str, year: int, part: int) -> Period:
    months = MONTHS[every]
    start = dt.date(year, (part - 1) * months + 1, 1)
    over = part * months
    end = dt.date(year + over // 12, over % 12 + 1, 1) - DAY
    return Period(WRITTEN[every].format(year=year, part=part), every, start, end, _title(every, year, part))


def _title(every: str, year: int, part: int) -> Text:
    zh = SAID_ZH[every].format(year=year, part=part, half="上" if part == 1 else "下")
    if every == "month":
        return Text(zh, f"{NAMES[part - 1]} {year}")
    if every == "year":
        return Text(zh, str(year))
    return Text(zh, f"Q{part} {year}" if every == "quarter" else f"{'first' if part == 1 else 'second'} half of {year}")
