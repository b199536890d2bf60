"""Reckon and move the deadline of a task; the calculation is stored beside the date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson

from zhangfa.acts.fold import Row
from zhangfa.acts.values.scalars import from_iso, iso
from zhangfa.calendar.deadline import CLOCK, SHANGHAI, Deadline, Extension, Pause, reckon_deadline
from zhangfa.calendar.engine import current_calendar
from zhangfa.calendar.workdays import WorkCalendar
from zhangfa.charter.model import Duration

NO_DEADLINE: dict[str, Any] = {"due_at": None, "due_why": "", "provisional": False}


def deadline_columns(within: Duration | None, received: dt.datetime) -> dict[str, Any]:
    """Return the deadline columns of a new task; without ``within`` it has no due date."""
    if within is None:
        return dict(NO_DEADLINE)
    if within.unit in CLOCK:
        return columns_of(reckon_deadline(received=received, within=within, calendar=current_calendar()))
    received = received.astimezone(SHANGHAI)
    columns, before, after = _reckon_day(received.date(), within, current_calendar())
    return {**columns, "due_why": f"{before}{iso(received)}{after}"}


@lru_cache(maxsize=4096)
def _reckon_day(day: dt.date, within: Duration, calendar: WorkCalendar) -> tuple[dict[str, Any], str, str]:
    """Reckon once for a day what is reckoned in days: the same for all received on it, but for the moment noted."""
    deadline = reckon_deadline(received=dt.datetime.combine(day, dt.time(), SHANGHAI), within=within, calendar=calendar)
    columns = columns_of(deadline)
    before, after = columns["due_why"].split(f'"received":"{iso(deadline.received)}"')
    return columns, f'{before}"received":"', f'"{after}'


def columns_of(deadline: Deadline) -> dict[str, Any]:
    """Return the columns that keep a deadline."""
    return {
        "due_at": iso(deadline.due),
        "due_why": orjson.dumps(deadline.to_json(), option=orjson.OPT_SORT_KEYS).decode(),
        "provisional": deadline.provisional,
    }


def read_deadline(task: Row) -> Deadline | None:
    """Return the deadline a task keeps, with its calculation."""
    return Deadline.from_json(orjson.loads(task["due_why"])) if task["due_why"] else None


def reckon_again(task: Row, *, pauses: Sequence[Pause] = (), extensions: Sequence[Extension] = ()) -> dict[str, Any]:
    """Return the task's deadline columns reckoned anew with today's calendar and further pauses or extensions."""
    kept = read_deadline(task)
    if kept is None:
        return {}
    return columns_of(
        reckon_deadline(
            received=kept.received,
            within=kept,
            calendar=current_calendar(),
            paused=(*kept.pauses, *pauses),
            extended=(*kept.extensions, *extensions),
        )
    )


def moment_after(within: Duration, start: dt.datetime) -> str:
    """Return the moment so long after a start, as ISO text."""
    due: str = deadline_columns(within, start)["due_at"]
    return due


def is_on_time(task: Row, at: dt.datetime) -> bool | None:
    """Whether the task is done by its deadline; ``None`` where it has none."""
    return None if task["due_at"] is None else at <= from_iso(task["due_at"])
