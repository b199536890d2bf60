"""Fold the log's events of kind ``honour`` and compare with the rows kept at hand: no title was moved aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from zhangfa.honours.changes import rows_of
from zhangfa.honours.models import Conferral, Holding
from zhangfa.honours.writing import KIND
from zhangfa.log.canonical import canonical
from zhangfa.log.models import Event
from zhangfa.log.problems import Problem

COLUMNS = (
    "charter", "version", "honour", "unit_id", "person_id", "place_id", "grade", "period", "since", "until", "ended",
    "how", "reason", "ended_reason", "sealed", "sealed_end", "board_id", "conferred_by", "conferred_at", "ended_by",
    "ended_at",
)  # fmt: skip
UNENDED = {"ended": None, "how": "", "ended_reason": "[]", "sealed_end": "", "ended_by": None, "ended_at": None}
Rows = dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the rows do not equal the log."""

    what: str
    logged: Any
    found: Any

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.what}: the log says {self.logged!r}, the table {self.found!r}"


def differences() -> Iterator[Difference]:
    """Yield every holding and conferral that differs from a replay; nothing when all is well."""
    holdings, conferrals = replayed()
    columns = ("id", *COLUMNS)
    held: Rows = {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in Holding.objects.values_list(*columns)}
    dealt: Rows = {
        id_: {"at": at, "notes": notes} for id_, at, notes in Conferral.objects.values_list("board_id", "at", "notes")
    }
    yield from _compare("holding", holdings, held)
    yield from _compare("conferral", conferrals, dealt)


def replayed() -> tuple[Rows, Rows]:
    """Return the holdings and conferrals as the log makes them, by id."""
    holdings: Rows = {}
    conferrals: Rows = {}
    events = Event.objects.filter(kind=KIND).order_by("seq")
    for event in events.values_list("charter", "version", "person", "ts", "payload").iterator(chunk_size=500):
        charter, version, by, at, text = event
        payload = orjson.loads(text)
        new, changed = rows_of(payload, charter=charter, version=version, by=by, at=at)
        for id_, columns in changed.items():
            holdings.setdefault(id_, {}).update(columns)
        holdings |= {id_: {**columns, **UNENDED} for id_, columns in new.items()}
        if "board" in payload:
            conferrals[payload["board"]] = {"at": at, "notes": canonical(payload["notes"])}
    return holdings, conferrals


def _compare(what: str, logged: Rows, found: Rows) -> Iterator[Difference]:
    for id_ in sorted(logged.keys() | found.keys()):
        one, other = logged.get(id_), found.get(id_)
        if one != other:
            first, second = one or {}, other or {}
            names = [name for name in first | second if first.get(name) != second.get(name)]
            yield Difference(f"{what} {id_}", _only(one, names), _only(other, names))


def _only(row: dict[str, Any] | None, names: list[str]) -> dict[str, Any] | None:
    return None if row is None else {name: row.get(name) for name in names}


def replay_problems() -> Iterator[Problem]:
    """Yield the differences as problems of the log's verification."""
    for one in differences():
        zh = f"称号 {one.what} 与日志重放的结果不同：日志为 {one.logged!r}，表中为 {one.found!r}。"
        yield Problem("V601", zh, f"Replaying the log gives other honours: {one}.")
