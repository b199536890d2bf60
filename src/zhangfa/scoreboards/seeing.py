"""What one reader may see of one score of one period at one place; everything else is absent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.desk.posted import read_id
from zhangfa.directory import tree
from zhangfa.directory.tree import UnitNow
from zhangfa.publishing import reading, rights, working
from zhangfa.publishing.models import DRAFT, Board, Standing
from zhangfa.refusal import Refusal
from zhangfa.scores.engine import Result, Scoring
from zhangfa.scores.gathering import Scored, Whose
from zhangfa.scores.period import Period


@dataclass(frozen=True)
class Place:
    """One score of one period at one place, whether or not there is a board of it."""

    charter: Charter
    score: Score
    area: UnitNow
    period: Period

    @property
    def address(self) -> tuple[str, str, str, str]:
        """What stands in the address of its pages."""
        return self.charter.id, self.score.id, self.area.code, self.period.id


@dataclass(frozen=True)
class Seen:
    """A board, or the running result that is not yet one, as one reader may see it."""

    place: Place
    actor: Actor
    at: dt.datetime
    scoring: Scoring
    board: Board | None
    """``None``: worked out just now from everything written so far, for whoever will sign it."""
    standings: Mapping[str, Standing]
    """By code, as they were signed; empty for a draft and for a running result."""
    codes: frozenset[str] | None
    """Whom the reader may see; ``None``: everybody on it."""
    signs: bool
    """Whether the reader signs this score at this place."""
    position: int
    whose: Mapping[str, Whose]
    """Who each code is."""

    @cached_property
    def seats(self) -> Mapping[str, str]:
        """The names of the units at which the people hold the post they are judged in, by code; empty for units."""
        if not self.place.score.of_post:
            return {}
        units = tree.units(one.unit for one in self.whose.values())
        return {code: units[one.unit].name for code, one in self.whose.items() if one.unit in units}

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """The results the reader may see, group by group from the best."""
        found = self.scoring.results
        return found if self.codes is None else tuple(one for one in found if one.key.code in self.codes)

    @cached_property
    def visible(self) -> Q:
        """The condition on Board for what the reader may see, worked out once a page."""
        return rights.visible(self.actor)

    @cached_property
    def is_public(self) -> bool:
        """Whether everybody may see it once it is shown."""
        publish = self.place.score.publish
        return publish is not None and rights.Rules(self.place.charter, self.place.score, publish).is_public

    @property
    def whole(self) -> bool:
        """Whether the reader sees everybody on it."""
        return self.codes is None


def place_of(charter: str, score: str, area: str, period: str, at: dt.datetime) -> Place:
    """Find what an address names, in the rules that judge its period.

    Raises:
        Http404: it names nothing that is there, or a time to come.
    """
    unit = tree.unit_by_code(area)
    subject = unit and working.find_subject(charter=charter, score=score, period=period, area=unit.id, at=at)
    if unit is None or not subject or subject.period.start > timezone.localtime(at).date():
        raise Http404
    return Place(subject.rules.charter, subject.rules.score, unit, subject.period)


def enter(request: HttpRequest, charter: str, score: str, area: str, period: str) -> Seen:
    """Return what the reader may see of a result.

    Raises:
        Http404: there is none, or none for this reader; both answer alike.
    """
    actor, at = request.actor, timezone.now()  # type: ignore[attr-defined]
    place = place_of(charter, score, area, period, at)
    edition = read_id(request.GET.get("edition"))
    board = reading.find_board(
        actor, charter=charter, score=score, period=period, area=place.area.id, edition=edition
    )  # fmt: skip
    signs = signs_at(actor, place)
    if board is not None:
        return of_board(place, board, actor, at, signs)
    if not signs or edition:
        raise Http404
    live = reading.live_scoring(charter=charter, score=score, period=period, area=place.area.id, at=at)
    _note(place, live.scoring, actor, at, None)
    return Seen(place, actor, at, live.scoring, None, {}, None, signs, live.position, live.whose)


def of_board(place: Place, board: Board, actor: Actor, at: dt.datetime, signs: bool) -> Seen:
    """Return a board the reader may see, in the rules it was made by."""
    rules = charters.at_version(board.charter, board.version)
    own = Place(rules, rules.scores[board.score], place.area, place.period)
    scored = _worked_out(board)
    scoring = scored.scoring
    if board.state == DRAFT:
        _note(own, scoring, actor, at, board.pk)
        return Seen(own, actor, at, scoring, board, {}, None, signs, board.position, scored.whose)
    rows = reading.visible_standings(board, actor, at=at)
    standings = {row.code: row.standing for row in rows if not row.erased}
    codes = None if len(standings) == len(scoring.results) else frozenset(standings)
    return Seen(own, actor, at, scoring, board, standings, codes, signs, board.position, scored.whose)


def _worked_out(board: Board) -> Scored:
    """Return a board's scoring; refused in a sentence where its facts are gone, as when their time was over."""
    try:
        return reading.scored_of(board)
    except reading.NotReproduced:
        sentence = _("这张榜依据的记录已按规定清除，或者与签发时不一致，现在不能逐项说明。")
        hint = _("签发时的名次还在日志里；请联系签发单位，用 zhangfa score verify 核对。")
        raise Refusal("not_now", sentence, hint=hint) from None


def _note(place: Place, scoring: Scoring, actor: Actor, at: dt.datetime, board: int | None) -> None:
    """Log that results of people were looked at before anybody signed them."""
    if place.score.of_post and place.score.publish is not None:
        rules = rights.Rules(place.charter, place.score, place.score.publish)
        people = [int(one.key.code) for one in scoring.results]
        reading.note_reading(actor=actor, people=people, rules=rules, area=place.area.id, board=board, at=at)


def signs_at(actor: Actor, place: Place) -> bool:
    """Whether the reader drafts and signs this score at this place."""
    return place.score.publish is not None and rights.holds_at(actor, place.score.publish.by, place.area.id)


def own_codes(actor: Actor, score: Score) -> frozenset[str]:
    """Return the codes under which the reader himself, or a unit he has a post at, may be scored."""
    if score.of_post:
        return frozenset({str(actor.person)})
    return frozenset(post.unit.code for post in actor.posts if post.unit.kind == score.of_kind)
