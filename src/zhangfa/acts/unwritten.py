"""An act ready to be written, and what may keep it from being written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zhangfa.acts.fold import RECORD_COLUMNS, TASK_COLUMNS, Row, Written, columns_of
from zhangfa.log.append import EventRow

_FIXED = (
    "id", "number", "charter", "charter_version", "register", "opened_at", "unit", "county", "town", "village", "grid",
)  # fmt: skip
MOVING = tuple(column for column in RECORD_COLUMNS if column not in _FIXED)
"""What an act may change; level columns move with the unit tree only (``rehoming``)."""
SELDOM = frozenset(("author", "about_person", "about_unit", "origin", "code_hash"))
"""Of them what only the end of retention changes; else their indexes are left alone."""
MOVING_OFTEN = tuple(column for column in MOVING if column not in SELDOM)
TASK_MOVING = tuple(c for c in TASK_COLUMNS if c not in ("id", "record", "charter", "register", "step", "opened_at"))


@dataclass(frozen=True, slots=True)
class Companion:
    """What a room that acts do not know writes with every act, in its transaction (the search index)."""

    sqlite: Callable[[Any, Writing], None]
    """Writes through the cursor."""
    postgresql: Callable[[Writing], tuple[str, list[Any]] | None]
    """Returns one more part of the act's statement; ``r`` yields the record's id if the act stands."""


companions: list[Companion] = []


def accompany(companion: Companion) -> None:
    """Let a room write beside every act; called once, when the rooms are made ready."""
    companions.append(companion)


class Raced(Exception):
    """Another act changed the record between reading and writing; nothing was written."""


class Clashed(Exception):
    """A uniqueness stood against the act; ``what`` is ``key``, ``id``, ``slot`` or ``booking``. Nothing was written."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Writing:
    """One event with its rows, ready to be written."""

    def __init__(
        self, event: EventRow, payload: Row, written: Written, tasks_before: Sequence[Row],
        secret: tuple[int, bytes] | None,
    ) -> None:  # fmt: skip
        self.event = event
        self.payload = payload
        """The event's payload as it was before it became text."""
        self.written = written
        self.record = columns_of(written.record)
        before = {task["id"]: task for task in tasks_before}
        self.task_rows = [{**before[id_], **columns} for id_, columns in (written.task_sets or {}).items()]
        self.secret = secret

    @property
    def moves_seldom(self) -> bool:
        """Whether the act changes one of the columns that seldom change."""
        return not SELDOM.isdisjoint(self.payload.get("record", ()))
