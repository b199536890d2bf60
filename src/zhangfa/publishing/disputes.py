"""Objections as they are looked at: who may object until when, what was said, what waits to be decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import orjson

from zhangfa.acts.actor import Actor
from zhangfa.calendar.deadline import Deadline
from zhangfa.log.secrets import Keyring, fetch_keys
from zhangfa.publishing.models import OPEN, SHOWN, UPHELD, Board, Objection, Standing
from zhangfa.publishing.rights import is_scored, may_sign, rules_of
from zhangfa.publishing.times import time_of


def may_object(actor: Actor, board: Board, standing: Standing, at: dt.datetime) -> Deadline | None:
    """Return until when the actor may object to a standing, with the calculation; None where he may not."""
    if board.state != SHOWN or not is_scored(actor, standing, rules_of(board)):
        return None
    standing.board = board
    deadline = time_of(standing)
    return deadline if deadline is not None and at <= deadline.due else None


def objections_of(actor: Actor, board: Board) -> tuple[Objection, ...]:
    """Return the objections to a board an actor may read: who signs all, others those of what they speak for."""
    found = Objection.objects.filter(board=board).select_related("standing__unit", "standing__person").order_by("at")
    if may_sign(actor, board):
        return tuple(found)
    rules = rules_of(board)
    return tuple(one for one in found if one.by == actor.person or is_scored(actor, one.standing, rules))


def inbox_of(actor: Actor) -> tuple[Objection, ...]:
    """Return the objections an actor has to decide, and those upheld that wait for a revision, earliest due first."""
    waiting = Objection.objects.filter(board__state=SHOWN, state__in=(OPEN, UPHELD), board__area__in=_areas(actor))
    found = waiting.select_related("board__area", "standing__unit", "standing__person").order_by("due", "pk")
    return tuple(one for one in found if may_sign(actor, one.board))


def _areas(actor: Actor) -> list[int]:
    return sorted({post.unit.id for post in actor.posts})


Words = tuple[str | None, str | None]
"""What was objected and the reason decided by; None where there is none, or it was erased."""


def words_of(objections: Iterable[Objection]) -> Mapping[int, Words]:
    """Return the words of objections in the clear by id, the keys of all fetched by one query."""
    held = list(objections)
    keys = fetch_keys({one.board_id for one in held})
    return {one.pk: (_read(keys, one, "objection", one.text), _read(keys, one, "reason", one.reason)) for one in held}


def objection_words(objection: Objection) -> Words:
    """Return the words of one objection."""
    return words_of([objection])[objection.pk]


def _read(keys: Keyring, one: Objection, field: str, stored: str) -> str | None:
    value = keys.decrypt(one.board_id, f"{field} {one.pk}", orjson.loads(stored)) if stored else None
    return value if isinstance(value, str) else None
