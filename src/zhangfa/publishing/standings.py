"""Standings in the clear, for whoever may read them; reading another person's is logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from zhangfa.acts.actor import Actor
from zhangfa.log.append import append_event
from zhangfa.log.models import Event
from zhangfa.log.secrets import ERASED, MARK, fetch_keys
from zhangfa.log.transaction import write_transaction
from zhangfa.publishing.models import REPLACED, Board, Standing
from zhangfa.publishing.rights import Rules, may_see_board, readable, rules_of

EVERY = 600
"""Seconds within which one person's reading of a board is logged once."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A standing in the clear; all from ``group`` on is empty, and ``erased`` true, once its key was destroyed."""

    standing: Standing
    group: str = ""
    status: str = ""
    total: Decimal | None = None
    rank: Decimal | None = None
    of: int | None = None
    tier: str = ""
    erased: bool = False

    @property
    def code(self) -> str:
        """The code by which the scoring knows it."""
        one = self.standing
        return one.unit.code if one.unit is not None else str(one.person_id)

    @property
    def name(self) -> str:
        """The name of the unit or person as it is now."""
        one = self.standing.unit or self.standing.person
        return one.name if one is not None else ""


def visible_standings(board: Board, actor: Actor, *, at: dt.datetime, note: bool = True) -> tuple[Seen, ...]:
    """Return the standings an actor may read, in order; reading another person's is logged (unless told not to).

    Of units all, best first. Of people their own, and the offices those below them, ranked ones first.
    """
    if not may_see_board(actor, board):
        return ()
    found = Standing.objects.filter(readable(actor, board)).select_related("unit", "person", "seat", "board")
    seen = open_standings(found.order_by("place", "pk"))
    if not board.of_people:
        return seen
    if note:
        people = [one.standing.person_id for one in seen]
        note_reading(actor=actor, people=people, rules=rules_of(board), area=board.area_id, board=board.pk, at=at)
    return tuple(sorted(seen, key=lambda one: (one.group, one.rank is None, one.rank or 0, one.standing.person_id)))


def my_standings(actor: Actor, *, limit: int = 100) -> tuple[Seen, ...]:
    """Return the standings of an actor as a person, the newest period first; their boards hang on them."""
    if actor.person is None:
        return ()
    mine = Standing.objects.filter(person=actor.person).exclude(board__state=REPLACED)
    return open_standings(mine.select_related("board__area", "person", "seat").order_by("-board__until")[:limit])


def open_standings(standings: Iterable[Standing]) -> tuple[Seen, ...]:
    """Return standings in the clear, all keys fetched by one query; who may read them is the caller's to know."""
    held = list(standings)
    keys = fetch_keys({one.board_id for one in held if one.sealed})
    return tuple(_open(one, keys) for one in held)


def _open(one: Standing, keys: Any) -> Seen:
    if not one.sealed:
        return Seen(one, one.group, one.status, one.points, one.rank_number, one.of, one.tier)
    values = keys.decrypt(one.board_id, f"standing {one.person_id}", {MARK: one.sealed})
    if values is ERASED:
        return Seen(one, erased=True)
    status, total, rank, of, tier, group = values
    return Seen(one, group, status, _number(total), _number(rank), of, tier)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def note_reading(
    *, actor: Actor, people: Iterable[int | None], rules: Rules, area: int, board: int | None, at: dt.datetime
) -> None:
    """Append a ``reading`` event for the results of other people, at most one per actor and board in ten minutes.

    For what is shown past ``visible_standings`` too: a draft, or (without ``board``) a running period.
    """
    others = sorted({one for one in people if one is not None and one != actor.person})
    if not others or actor.kind == "system":
        return
    slot, register = int(at.timestamp()) // EVERY, f"{rules.charter.id}.{rules.score.id}"
    with write_transaction():
        append_event(
            key=f"read:{actor.person}:{slot}:{len(others)}:{board or f'{area}@{register}'}"[:80], ts=at,
            kind="reading", charter=rules.charter.id, version=rules.charter.version, register=register, record=board,
            person=actor.person, unit=area, payload={"fields": [], "people": others, "by": {"kind": actor.kind}},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandingRead:
    """Somebody read a person's standing."""

    board: int
    person: int | None
    at: dt.datetime


def readings_of(person: int, limit: int = 200) -> list[StandingRead]:
    """Return who read a person's standings, the newest first."""
    mine = Standing.objects.filter(person=person).values("board")
    events = Event.objects.filter(kind="reading", record__in=mine).exclude(person=person).order_by("-seq")[:limit]
    return [
        StandingRead(one.record or 0, one.person, one.ts)
        for one in events
        if person in orjson.loads(one.payload).get("people", ())
    ]
