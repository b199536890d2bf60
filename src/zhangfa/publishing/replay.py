"""Fold the log's events of kind ``score`` and compare with the rows kept at hand: nobody moved a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson

from zhangfa.log.models import Event
from zhangfa.log.problems import Problem
from zhangfa.publishing.models import REPLACED, Board, Objection, Standing
from zhangfa.publishing.rows import Row, board_row, columns_of, objection_row, standing_columns, standing_of

Whose = tuple[int | None, int | None]
"""Id of the unit or of the person."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the rows do not equal the log."""

    board: int
    what: str
    logged: Any
    found: Any

    def __str__(self) -> str:
        """Say it in one line."""
        return f"board {self.board}: {self.what}: the log says {self.logged!r}, the table {self.found!r}"


@dataclass
class Replayed:
    """One board as its events make it."""

    board: dict[str, Any] = field(default_factory=dict)
    standings: dict[Whose, dict[str, Any]] = field(default_factory=dict)
    objections: dict[int, dict[str, Any]] = field(default_factory=dict)

    def apply(self, payload: Mapping[str, Any]) -> None:
        """Put one event on top of what stood."""
        self.board = dict(payload["board"])
        rows = payload.get("rows") or payload.get("people") or ()
        for place, row in enumerate(rows):
            standing = standing_of(self.board, row, place)
            self.standings[standing.unit_id, standing.person_id] = standing_columns(standing)
        if objection := payload.get("objection"):
            self.objections[objection["id"]] = objection


def differences() -> Iterator[Difference]:
    """Yield every place where boards, standings and objections differ from a replay; nothing when all is well."""
    replaced = _replaced()
    seen: set[int] = set()
    events = Event.objects.filter(kind="score").order_by("record", "seq").values_list("record", "payload")
    for board, part in groupby(events.iterator(chunk_size=500), key=lambda row: row[0]):
        replayed = Replayed()
        for _board, payload in part:
            replayed.apply(orjson.loads(payload))
        if board in replaced:
            replayed.board |= {"state": REPLACED, "changes": replaced[board]}
        seen.add(int(board or 0))
        yield from _compare(int(board or 0), replayed)
    for unknown in Board.objects.exclude(pk__in=seen).values_list("pk", flat=True):
        yield Difference(unknown, "board", None, "stands in the table")


def _replaced() -> dict[int, int]:
    """Return which boards a later edition took the place of, and their count of changes since."""
    payloads = Event.objects.filter(kind="score", step="revise").values_list("payload", flat=True)
    read = map(orjson.loads, payloads.iterator())
    return {one["replaces"]: one["board"]["changes"] for one in read}


def _compare(id_: int, replayed: Replayed) -> Iterator[Difference]:
    stored = Board.objects.filter(pk=id_).first()
    yield from _rows(id_, "board", replayed.board, board_row(stored) if stored else None)
    standings = {(one.unit_id, one.person_id): standing_columns(one) for one in Standing.objects.filter(board=id_)}
    for whose in sorted(replayed.standings.keys() | standings.keys(), key=str):
        yield from _rows(id_, _name(whose), replayed.standings.get(whose), standings.get(whose))
    held = Objection.objects.filter(board=id_).select_related("standing")
    objections = {one.pk: objection_row(one) for one in held}
    for one in sorted(replayed.objections.keys() | objections.keys()):
        yield from _rows(id_, f"objection {one}", replayed.objections.get(one), objections.get(one))


def _name(whose: Whose) -> str:
    unit, person = whose
    return f"standing of unit {unit}" if unit is not None else f"standing of person {person}"


def _rows(board: int, what: str, logged: Row | None, found: Row | None) -> Iterator[Difference]:
    if logged is None or found is None:
        if logged is not found:
            yield Difference(board, what, logged and dict(logged), found and dict(found))
        return
    said, stands = columns_of(logged), columns_of(found)
    names = sorted(name for name in {*said, *stands} if said.get(name, ...) != stands.get(name, ...))
    if names:
        yield Difference(board, what, {one: logged.get(one) for one in names}, {one: found.get(one) for one in names})


def replay_problems() -> Iterator[Problem]:
    """Yield the differences as problems of the log's verification."""
    for one in differences():
        zh = f"考核榜 {one.board} 的 {one.what} 与日志重放的结果不同：日志为 {one.logged!r}，表中为 {one.found!r}。"
        yield Problem("V501", zh, f"Replaying the log gives other rows: {one}.")
