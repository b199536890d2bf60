"""Look at boards: what one may see, who stands where, and the scoring behind it. Every list passes ``rights``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from zhangfa.acts.actor import Actor
from zhangfa.calendar.deadline import Deadline
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.directory.tree import UnitNow
from zhangfa.facts.aggregate import facts_behind as _facts_behind
from zhangfa.log.append import append_event
from zhangfa.log.models import Event
from zhangfa.log.secrets import ERASED, MARK, fetch_keys
from zhangfa.log.transaction import write_transaction
from zhangfa.publishing.models import OPEN, REPLACED, SHOWN, UPHELD, Board, Objection, Standing
from zhangfa.publishing.rights import (
    is_scored,
    may_see_board,
    may_sign,
    published,
    readable,
    rules_of,
    visible,
)
from zhangfa.publishing.times import deadline_of, time_of
from zhangfa.publishing.working import NotReproduced, live_scoring, scored_of, scoring_of, subject_of

__all__ = [
    "NotReproduced", "OfScore", "Place", "Seen", "boards_of", "deadline_of", "facts_behind", "find_board",
    "inbox_of", "live_scoring", "may_object", "may_see_board", "may_sign", "my_standings", "newest_board",
    "objection_words", "objections_of", "readings_of", "rules_of", "scored_of", "scoring_of", "signing_places",
    "subject_of", "time_of", "visible_boards", "visible_standings",
]  # fmt: skip
EVERY = 600
"""Seconds within which one person's reading of a board is logged once."""


@dataclass(frozen=True, slots=True)
class OfScore:
    """The boards of one score that somebody may see, the newest period first."""

    charter: Charter
    score: Score
    boards: tuple[Board, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody signs a score."""

    charter: Charter
    score: Score
    area: UnitNow


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


def visible_boards(actor: Actor, *, editions: bool = False) -> Any:
    """Return the query of the boards an actor may see; replaced editions only when asked for."""
    found = Board.objects.filter(visible(actor)).select_related("area")
    return found if editions else found.exclude(state=REPLACED)


def boards_of(actor: Actor, on: dt.date | None = None, *, limit: int = 500) -> tuple[OfScore, ...]:
    """Return the newest boards an actor may see, grouped by score as it is in force (or was, where it no longer is)."""
    boards = visible_boards(actor).order_by("-until", "charter", "score", "area__code")[:limit]
    held: dict[tuple[str, str], list[Board]] = {}
    for board in boards:
        held.setdefault((board.charter, board.score), []).append(board)
    now = {(one.charter.id, one.score.id): one for one in published(on)}
    found = [(now.get(key) or rules_of(part[0]), part) for key, part in sorted(held.items())]
    return tuple(OfScore(rules.charter, rules.score, tuple(part)) for rules, part in found)


def find_board(
    actor: Actor, *, charter: str, score: str, period: str, area: int, edition: int | None = None
) -> Board | None:
    """Return a board the actor may see, the newest edition unless told which; None for absent and denied alike."""
    named = visible_boards(actor, editions=True).filter(charter=charter, score=score, period=period, area=area)
    found: Board | None = (named if edition is None else named.filter(edition=edition)).order_by("-edition").first()
    return found


def newest_board(board: Board) -> Board:
    """Return the newest edition of a board."""
    same = Board.objects.filter(charter=board.charter, score=board.score, period=board.period, area=board.area_id)
    return same.order_by("-edition")[0]


def signing_places(actor: Actor, on: dt.date | None = None) -> tuple[Place, ...]:
    """Return the scores and areas an actor signs for, by the charters in force."""
    return tuple(
        Place(rules.charter, rules.score, post.unit)
        for rules in published(on)
        for post in actor.posts
        if post.role == rules.publish.by
    )


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
        _note_reading(board, actor, [one.standing.person_id for one in seen], at)
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


def _note_reading(board: Board, actor: Actor, people: Iterable[int | None], at: dt.datetime) -> None:
    """Append a ``reading`` event, at most one per actor and board in ten minutes."""
    others = sorted(one for one in people if one is not None and one != actor.person)
    if not others or actor.kind == "system":
        return
    slot = int(at.timestamp()) // EVERY
    with write_transaction():
        append_event(
            key=f"read:{board.pk}:{actor.person}:{slot}:{len(others)}", ts=at, kind="reading", charter=board.charter,
            version=board.version, register=f"{board.charter}.{board.score}", record=board.pk, person=actor.person,
            unit=board.area_id, payload={"fields": [], "people": others, "by": {"kind": actor.kind}},
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


def objection_words(objection: Objection) -> tuple[str | None, str | None]:
    """Return the text and the reason of an objection in the clear; None where there is none, or it was erased."""
    keys = fetch_keys([objection.board_id])
    named = (("objection", objection.text), ("reason", objection.reason))
    text, reason = (
        keys.decrypt(objection.board_id, f"{field} {objection.pk}", orjson.loads(value)) if value else None
        for field, value in named
    )
    return (None if text is ERASED else text, None if reason is ERASED else reason)  # type: ignore[return-value]


def facts_behind(board: Board, code: str, indicator: str, *, limit: int = 1000) -> tuple[int, ...]:
    """Return the records that made one cell of a board, as of its position."""
    subject, scored = subject_of(board), scored_of(board)
    others = {one.id: one for one in _other_charters(board)}
    return _facts_behind(
        charter=subject.rules.charter, score=subject.rules.score, indicator=indicator, key=scored.whose[code].id,
        period=(subject.period.start, subject.period.end), as_of=board.position, limit=limit, others=others,
    )  # fmt: skip


def _other_charters(board: Board) -> list[Charter]:
    from zhangfa.charter.engine import at_version

    return [at_version(id_, version) for id_, version in orjson.loads(board.sources).get("charters", {}).items()]
