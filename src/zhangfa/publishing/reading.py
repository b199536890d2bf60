"""Look at boards: what one may see, who stands where, and the scoring behind it. Every list passes ``rights``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson

from zhangfa.acts.actor import Actor
from zhangfa.charter.engine import at_version
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.directory.tree import UnitNow
from zhangfa.facts.aggregate import facts_behind as _facts_behind
from zhangfa.publishing.disputes import inbox_of, may_object, objection_words, objections_of, words_of
from zhangfa.publishing.models import REPLACED, Board
from zhangfa.publishing.rights import may_see_board, may_sign, published, rules_of, visible
from zhangfa.publishing.standings import (
    Seen,
    StandingRead,
    my_standings,
    note_reading,
    open_standings,
    readings_of,
    visible_standings,
)
from zhangfa.publishing.times import deadline_of, time_of
from zhangfa.publishing.working import NotReproduced, live_scoring, scored_of, scoring_of, subject_of

__all__ = [
    "NotReproduced", "OfScore", "Place", "Seen", "StandingRead", "boards_of", "deadline_of", "facts_behind",
    "find_board", "inbox_of", "live_scoring", "may_object", "may_see_board", "may_sign", "my_standings",
    "newest_board", "note_reading", "objection_words", "objections_of", "open_standings", "readings_of", "rules_of",
    "scored_of", "scoring_of", "signing_places", "subject_of", "time_of", "visible_boards", "visible_standings",
    "words_of",
]  # fmt: skip


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


def facts_behind(board: Board, code: str, indicator: str, *, limit: int = 1000) -> tuple[int, ...]:
    """Return the records that made one cell of a board, as of its position."""
    subject, scored = subject_of(board), scored_of(board)
    others = {one.id: one for one in _other_charters(board)}
    return _facts_behind(
        charter=subject.rules.charter, score=subject.rules.score, indicator=indicator, key=scored.whose[code].id,
        period=(subject.period.start, subject.period.end), as_of=board.position, limit=limit, others=others,
    )  # fmt: skip


def _other_charters(board: Board) -> list[Charter]:
    return [at_version(id_, version) for id_, version in orjson.loads(board.sources).get("charters", {}).items()]
