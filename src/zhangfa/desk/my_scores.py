"""What scores mean to one person: where he or his unit stands, and what waits for his signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.acts.actor import Actor
from zhangfa.acts.naming import SHANGHAI
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.publishing import reading
from zhangfa.publishing.models import DRAFT, LOCKED, SHOWN, Board, Standing
from zhangfa.publishing.rights import published
from zhangfa.scores.exact import plain
from zhangfa.scores.period import MONTHS, Period, of_season, period_of, previous, read_period

MOST_ON_DESK = 4
MOST = 400
"""Standings of one's own units looked back at."""


@dataclass(frozen=True, slots=True)
class MyScore:
    """The newest standing of the reader, or of a unit he has a post at, with the ones before it."""

    charter: Charter
    score: Score
    board: Board
    period: Period
    now: reading.Seen
    before: tuple[reading.Seen, ...]
    """The newest first."""

    @property
    def moved(self) -> Decimal | None:
        """Places gained since it was last ranked; below zero: lost."""
        last = next((one.rank for one in self.before if one.rank is not None), None)
        return None if last is None or self.now.rank is None else last - self.now.rank

    @property
    def rank_words(self) -> str:
        """The rank as plain text, such as 2 or 2.5."""
        return "" if self.now.rank is None else plain(self.now.rank)

    @property
    def address(self) -> tuple[str, str, str, str, str]:
        """What stands in the address of its why page."""
        board = self.board
        return board.charter, board.score, board.area.code, board.period, self.now.code


@dataclass(frozen=True, slots=True)
class ToSign:
    """A finished period of a score somebody signs, without a signed result."""

    charter: Charter
    score: Score
    area: str
    area_name: str
    period: Period
    drafted: bool

    @property
    def address(self) -> tuple[str, str, str, str]:
        """What stands in the address of its board."""
        return self.charter.id, self.score.id, self.area, self.period.id


@dataclass(frozen=True, slots=True)
class Judged:
    """What the workbench says of scores."""

    scores: tuple[MyScore, ...] = ()
    """Where the reader or his unit stands, the newest first."""
    signing: tuple[ToSign, ...] = ()
    objections: int = 0
    """How many objections wait for his decision or revision."""


def judged_of(actor: Actor, at: dt.datetime) -> Judged:
    """Gather what scores mean to the reader; nothing is asked of the database where none concerns him."""
    if not knows_scores(actor):
        return Judged()
    scores = tuple(my_scores(actor)[:MOST_ON_DESK])
    return Judged(scores, tuple(to_sign(actor, at)), len(reading.inbox_of(actor)))


def knows_scores(actor: Actor) -> bool:
    """Whether any score in force concerns the person: as signer, as reader, or as one of those scored."""
    held = {post.role for post in actor.posts}
    return bool(held) and any(held & {*rules.readers, rules.score.of_post} for rules in published())


def my_scores(actor: Actor) -> list[MyScore]:
    """Return where the reader stands, the newest result of each score first."""
    held: dict[tuple[object, ...], list[reading.Seen]] = {}
    for one in (*reading.my_standings(actor), *_of_my_units(actor)):
        board = one.standing.board
        if not one.erased:
            held.setdefault((board.charter, board.score, board.area_id, one.code), []).append(one)
    found = [_mine(each) for each in held.values()]
    return sorted(found, key=lambda one: (-one.period.end.toordinal(), one.address))


def _of_my_units(actor: Actor) -> Sequence[reading.Seen]:
    units = {post.unit.id for post in actor.posts}
    if not units:
        return ()
    boards = reading.visible_boards(actor).filter(of_people=False, state__in=(SHOWN, LOCKED)).order_by()
    mine = Standing.objects.filter(unit__in=units, board__in=boards.values("pk"))
    return reading.open_standings(mine.select_related("board__area", "unit").order_by("-board__until")[:MOST])


def _mine(each: Sequence[reading.Seen]) -> MyScore:
    board = each[0].standing.board
    rules = reading.rules_of(board)
    period = read_period(board.period, rules.score.every, rules.charter.seasons)
    return MyScore(rules.charter, rules.score, board, period, each[0], tuple(each[1:]))


def to_sign(actor: Actor, at: dt.datetime) -> list[ToSign]:
    """Return the finished periods the reader has to draft or sign, the latest of each score and place."""
    asked = list(_finished(actor, at.astimezone(SHANGHAI).date()))
    states = _states(asked) if asked else {}
    found = []
    for place, period in asked:
        state = states.get((place.charter.id, place.score.id, place.area.id, period.id))
        if state in (None, DRAFT):
            area = place.area
            found.append(ToSign(place.charter, place.score, area.code, area.name, period, state == DRAFT))
    return found


def _states(asked: Sequence[tuple[reading.Place, Period]]) -> dict[tuple[str, str, int, str], str]:
    rows = Board.objects.filter(
        charter__in={place.charter.id for place, _ in asked}, area__in={place.area.id for place, _ in asked},
        period__in={period.id for _, period in asked},
    ).order_by("edition")  # fmt: skip
    return {(row.charter, row.score, row.area_id, row.period): row.state for row in rows}


def _finished(actor: Actor, today: dt.date) -> Iterator[tuple[reading.Place, Period]]:
    for place in reading.signing_places(actor):
        period = last_finished(place.charter, place.score, today)
        if period is not None and was_in_force(place.charter.id, period.end):
            yield place, period


def last_finished(charter: Charter, score: Score, today: dt.date) -> Period | None:
    """Return the newest period of a score that is over; of a season, the season once it is."""
    if score.every in MONTHS:
        return previous(period_of(today, score.every))
    season = charter.seasons.get(score.every)
    return of_season(season) if season is not None and season.end < today else None


def was_in_force(charter: str, day: dt.date) -> bool:
    """Whether any version of a charter was in force on a day."""
    try:
        charters.current(charter, day)
    except charters.UnknownCharter:
        return False
    return True
