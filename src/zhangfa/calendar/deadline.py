"""Deadlines, each with the sentence that shows how it was reckoned.

The day of receipt is not counted; hours and minutes run from the moment itself; a month ends on the
day of the same number, or on its last day (Civil Code of the PRC, art. 201 and 202). A deadline in
days, working days, weeks or months ends with its last day, 23:59:59 in Shanghai.
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from zhangfa.calendar.text import Text, join, write_day, write_moment, write_span
from zhangfa.calendar.workdays import DAY, Stretch, WorkCalendar, say_stretch

SHANGHAI = ZoneInfo("Asia/Shanghai")
END_OF_DAY = dt.time(23, 59, 59)
MONTHS = {"months": 1, "quarters": 3, "years": 12}
CLOCK = {"minutes": dt.timedelta(minutes=1), "hours": dt.timedelta(hours=1)}
UNITS: Mapping[str, tuple[str, str, str]] = {
    "minutes": ("分钟", "minute", "minutes"),
    "hours": ("小时", "hour", "hours"),
    "days": ("天", "day", "days"),
    "workdays": ("个工作日", "working day", "working days"),
    "weeks": ("周", "week", "weeks"),
    "months": ("个月", "month", "months"),
    "quarters": ("个季度", "quarter", "quarters"),
    "years": ("年", "year", "years"),
}


class Length(Protocol):
    """Anything with an amount and one of the ``UNITS``: a charter's Duration, an Extension."""

    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> str: ...


class Pause(NamedTuple):
    """A time that does not count: from the day it began to the day before it ended."""

    start: dt.datetime
    end: dt.datetime
    reason: str = ""


class Extension(NamedTuple):
    """More time, added at the end."""

    amount: int
    unit: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due, and every fact that made it so."""

    received: dt.datetime
    due: dt.datetime
    amount: int
    unit: str
    stretches: tuple[Stretch, ...] = ()
    """Holidays and make-up days between receipt and due day; only where working days were counted."""
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    unannounced: tuple[int, ...] = field(default=())
    """Years that were counted by weekends alone, because no notice was known."""

    @property
    def provisional(self) -> bool:
        """Whether a notice still to come may move it."""
        return bool(self.unannounced)

    @property
    def why(self) -> Text:
        """The calculation in one sentence."""
        return explain(self)

    def to_json(self) -> dict[str, object]:
        """Return the facts and the sentence as JSON values; moments in UTC."""
        why = self.why
        return {
            "received": _write(self.received),
            "due": _write(self.due),
            "amount": self.amount,
            "unit": self.unit,
            "stretches": [
                [s.first.isoformat(), s.last.isoformat(), s.kind, s.name.zh, s.name.en] for s in self.stretches
            ],
            "pauses": [[_write(one.start), _write(one.end), one.reason] for one in self.pauses],
            "extensions": [list(one) for one in self.extensions],
            "unannounced": list(self.unannounced),
            "provisional": self.provisional,
            "why": {"zh": why.zh, "en": why.en},
        }

    @classmethod
    def from_json(cls, value: str | Mapping[str, Any]) -> Deadline:
        """Read back what :meth:`to_json` wrote, as JSON values or as JSON text."""
        data: Mapping[str, Any] = json.loads(value) if isinstance(value, str) else value
        return cls(
            received=_read(data["received"]),
            due=_read(data["due"]),
            amount=data["amount"],
            unit=data["unit"],
            stretches=tuple(
                Stretch(dt.date.fromisoformat(first), dt.date.fromisoformat(last), kind, Text(zh, en))
                for first, last, kind, zh, en in data["stretches"]
            ),
            pauses=tuple(Pause(_read(start), _read(end), reason) for start, end, reason in data["pauses"]),
            extensions=tuple(Extension(*one) for one in data["extensions"]),
            unannounced=tuple(data["unannounced"]),
        )


def reckon_deadline(
    *,
    received: dt.datetime,
    within: Length,
    calendar: WorkCalendar,
    paused: Sequence[tuple[dt.datetime, dt.datetime] | Pause] = (),
    extended: Sequence[Extension] = (),
) -> Deadline:
    """Reckon when something received at a moment is due.

    ``paused`` holds ended pauses only: while one lasts there is no due date; reckon again when it ends.

    Raises:
        ValueError: a unit that is not one of ``UNITS``, or a moment without time zone.
    """
    pauses = tuple(sorted(Pause(*one) for one in paused))
    moments = (received, *(moment for one in pauses for moment in one[:2]))
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("A deadline needs moments with a time zone.")
    due = start = received.astimezone(SHANGHAI)
    for leg in (within, *extended):
        due = _add(due, leg, calendar, pauses)
    counted = any(leg.unit == "workdays" for leg in (within, *extended))
    return Deadline(
        received=start,
        due=due,
        amount=within.amount,
        unit=within.unit,
        stretches=calendar.stretches(start.date() + DAY, due.date()) if counted else (),
        pauses=tuple(one for one in pauses if one.end > start and one.start < due),
        extensions=tuple(extended),
        unannounced=_unannounced(start.date(), due.date(), calendar) if counted else (),
    )


def explain(deadline: Deadline) -> Text:
    """Say in one sentence how a deadline was reckoned."""
    by_clock = deadline.unit in CLOCK
    parts = [_say_received(deadline, by_clock), _say_length(deadline)]
    if deadline.stretches:
        near = deadline.received.year
        parts.append(join([say_stretch(one, near) for one in deadline.stretches], "、", ", "))
    parts += [_say_pause(one) for one in deadline.pauses]
    parts += [_say_extension(one) for one in deadline.extensions]
    reckoned = join(parts, "；", "; ")
    due = write_moment(deadline.due) if deadline.due.time() != END_OF_DAY else write_day(deadline.due.date())
    doubt = _say_doubt(deadline.unannounced)
    return Text(f"{reckoned.zh} → {due.zh}{doubt.zh}", f"{reckoned.en} → {due.en}{doubt.en}")


def _add(start: dt.datetime, leg: Length, calendar: WorkCalendar, pauses: Sequence[Pause]) -> dt.datetime:
    if leg.unit in CLOCK:
        return _add_clock(start, leg.amount * CLOCK[leg.unit], pauses)
    day = start.date()
    if leg.unit in MONTHS:
        last = _add_months(day, leg.amount * MONTHS[leg.unit])
        return _end(_count_days(last, _paused_days(day, last, pauses), pauses))
    if leg.unit == "workdays":
        return _end(_count_days(day, leg.amount, pauses, calendar))
    if leg.unit not in ("days", "weeks"):
        raise ValueError(f"A deadline is not reckoned in {leg.unit!r}.")
    return _end(_count_days(day, leg.amount * (7 if leg.unit == "weeks" else 1), pauses))


def _count_days(day: dt.date, n: int, pauses: Sequence[Pause], calendar: WorkCalendar | None = None) -> dt.date:
    """Return the n-th day after ``day`` that is not paused (and is worked, where a calendar is given)."""
    if not pauses and n > 0:
        return calendar.add_workdays(day, n) if calendar else day + n * DAY
    while n > 0:
        day += DAY
        if (calendar is None or calendar.is_workday(day)) and not _is_paused(day, pauses):
            n -= 1
    return day


def _add_clock(start: dt.datetime, length: dt.timedelta, pauses: Sequence[Pause]) -> dt.datetime:
    due = start + length
    reached = start
    for one in pauses:
        begin, end = max(one.start, reached), max(one.end, reached)
        if begin < due:
            due += end - begin
            reached = end
    return due


def _add_months(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _is_paused(day: dt.date, pauses: Sequence[Pause]) -> bool:
    return any(_local(one.start) <= day < _local(one.end) for one in pauses)


def _paused_days(after: dt.date, last: dt.date, pauses: Sequence[Pause]) -> int:
    return sum(_is_paused(after + n * DAY, pauses) for n in range(1, (last - after).days + 1))


def _unannounced(first: dt.date, last: dt.date, calendar: WorkCalendar) -> tuple[int, ...]:
    return tuple(year for year in range(first.year, last.year + 1) if not calendar.announced(year))


def _local(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()


def _end(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, END_OF_DAY, SHANGHAI)


def _write(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _read(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(SHANGHAI)


def _say_received(deadline: Deadline, by_clock: bool) -> Text:
    if by_clock:
        moment = write_moment(deadline.received)
        return Text(f"{moment.zh}收到", f"received {moment.en}")
    day = write_day(deadline.received.date())
    return Text(f"{day.zh}收到，当日不计", f"received {day.en}, not counted")


def _say_length(length: Length) -> Text:
    zh, one, many = UNITS[length.unit]
    return Text(f"{length.amount}{zh}", f"{length.amount} {one if length.amount == 1 else many}")


def _say_pause(one: Pause) -> Text:
    first, until = _local(one.start), _local(one.end)
    span = write_span(first, max(first, until - DAY))
    why = Text(f"（{one.reason}）", f" ({one.reason})") if one.reason else Text("", "")
    return Text(f"{span.zh}中止，不计{why.zh}", f"paused {span.en}{why.en}")


def _say_extension(one: Extension) -> Text:
    length = _say_length(one)
    why = Text(f"（{one.reason}）", f" ({one.reason})") if one.reason else Text("", "")
    return Text(f"延长{length.zh}{why.zh}", f"extended by {length.en}{why.en}")


def _say_doubt(years: tuple[int, ...]) -> Text:
    if not years:
        return Text("", "")
    zh, en = "、".join(map(str, years)), ", ".join(map(str, years))
    return Text(f"（暂定：{zh}年放假安排尚未公布）", f" (provisional: the holidays of {en} are not announced yet)")
