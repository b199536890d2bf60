"""Boards, standings and objections as plain rows: what the log's events carry and what the tables are made of.

One meaning both ways: a change is written to the tables and replayed from the log by the same functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhangfa.acts.values.scalars import from_iso, iso
from zhangfa.publishing.models import Board, Objection, Standing

Row = Mapping[str, Any]
BOARD = (
    "id", "charter", "version", "score", "every", "period", "since", "until", "area", "edition", "state", "of_people",
    "changes", "position", "digest", "charter_digest", "sources", "drafted_by", "drafted_at", "signed_by", "signed_at",
    "objections_until", "why", "locked_at",
)  # fmt: skip
UNIT_STANDING = ("unit", "status", "total", "rank", "of", "tier", "group", "contested_on")
"""One row of an event about units; who only wants the result reads the first six."""
PERSON_STANDING = ("person", "seat", "sealed", "contested_on")
OBJECTION = (
    "id", "indicator", "text", "by", "at", "due", "due_why", "state", "reason", "decided_by", "decided_at", "unit",
    "person",
)  # fmt: skip
MOMENTS = frozenset({"drafted_at", "signed_at", "objections_until", "locked_at", "at", "due", "decided_at"})
DAYS = frozenset({"since", "until"})
KEYS = {"area": "area_id", "unit": "unit_id", "person": "person_id", "seat": "seat_id"}
"""Columns that point at another table."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one event does to a board: the row after it, and what is new beside it."""

    board: Row
    standings: tuple[Sequence[Any], ...] = ()
    """Rows of ``UNIT_STANDING`` or ``PERSON_STANDING``."""
    objection: Row | None = None
    """Its row after the event."""
    replaces: int | None = None
    """The board whose place this edition takes."""
    told: tuple[int, ...] = ()
    """The people who are told of it."""

    def payload(self) -> dict[str, Any]:
        """Return what the event carries."""
        found: dict[str, Any] = {"board": dict(self.board)}
        if self.standings:
            found["people" if self.board["of_people"] else "rows"] = [list(row) for row in self.standings]
        if self.objection is not None:
            found["objection"] = dict(self.objection)
        if self.replaces is not None:
            found["replaces"] = self.replaces
        if self.told:
            found["told"] = list(self.told)
        return found


def board_row(board: Board) -> dict[str, Any]:
    """Return a board as the log writes it."""
    return _read(board, BOARD)


def objection_row(objection: Objection) -> dict[str, Any]:
    """Return an objection as the log writes it; whose it is stands in it, and not which row of a table."""
    whose = {"unit": objection.standing.unit_id, "person": objection.standing.person_id}
    return _read(objection, OBJECTION[:-2]) | whose


def _read(found: Any, columns: Sequence[str]) -> dict[str, Any]:
    return {one: _plain(getattr(found, KEYS.get(one, one))) for one in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def columns_of(row: Row) -> dict[str, Any]:
    """Return a row as the ORM takes it."""
    return {KEYS.get(one, one): _typed(one, value) for one, value in row.items()}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in MOMENTS:
        return from_iso(value)
    return dt.date.fromisoformat(value) if name in DAYS else value


def standing_of(board: Row, row: Sequence[Any], place: int) -> Standing:
    """Return an unsaved standing from its row of an event."""
    if board["of_people"]:
        person = dict(zip(PERSON_STANDING, row, strict=True))
        return Standing(board_id=board["id"], **columns_of(person))
    unit = dict(zip(UNIT_STANDING, row, strict=True))
    unit |= {name: unit[name] or "" for name in ("total", "rank")}
    return Standing(board_id=board["id"], place=place, **columns_of(unit))


STANDING = (
    "unit_id", "person_id", "seat_id", "place", "group", "status", "total", "rank", "of", "tier", "sealed",
    "contested_on",
)  # fmt: skip
"""Columns of a standing's table that a replay compares."""


def standing_columns(standing: Standing) -> dict[str, Any]:
    """Return what a replay compares of a standing."""
    return {one: getattr(standing, one) for one in STANDING}
