"""What a locked board confers: by rank, quota, rule and grade; moving flags pass on; once for each board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.charter import engine as charters
from zhangfa.charter.honour_model import Grade, Honour
from zhangfa.charter.model import Charter, Text
from zhangfa.directory import tree
from zhangfa.expression import evaluate
from zhangfa.honours import says
from zhangfa.honours.changes import Changes, Ended, Given
from zhangfa.honours.held import current_of
from zhangfa.honours.models import LOST, MOVED, RENEWED, Conferral, Holding
from zhangfa.honours.places import Place, Result, Tie, best, place_all
from zhangfa.honours.pools import above_each
from zhangfa.honours.results import Seated, results_of
from zhangfa.honours.writing import Written, write_changes
from zhangfa.publishing.models import LOCKED, Board
from zhangfa.refusal import Refusal
from zhangfa.scores.period import Period, read_period
from zhangfa.scores.trying import shared_values

Note = tuple[str, tuple[int, ...], Text]


@dataclass(frozen=True, slots=True)
class Source:
    """A board as it is conferred from."""

    board: Board
    charter: Charter
    period: Period
    seated: Mapping[int, Seated]
    """Who stands on it, by id of the unit or person, with the unit each belongs to."""

    @property
    def title(self) -> Text:
        """The score's title."""
        return self.charter.scores[self.board.score].title

    @property
    def results(self) -> tuple[Result, ...]:
        """The rows."""
        return tuple(one.result for one in self.seated.values())


def confer_from_board(*, board: int, by: Actor, at: dt.datetime, key: str) -> Written:
    """Confer what a locked board earns, by the version of the charter it was made by.

    Raises:
        Refusal: the board is not locked.
    """
    found = Board.objects.filter(pk=board).first()
    if found is None or found.state != LOCKED:
        sentence = _("这张考核榜还没有锁定，不能据此授予称号。")
        raise Refusal("not_now", sentence, hint=_("请等公示期满、异议办结后再办。"))
    charter = charters.at_version(found.charter, found.version)
    period = read_period(found.period, charter.scores[found.score].every, charter.seasons)
    made = Source(found, charter, period, results_of(found))

    def make() -> Changes:
        if Conferral.objects.filter(pk=board).exists():
            return Changes("confer")
        return _changes(made)

    return write_changes(charter=charter, make=make, by=by.person, at=at, key=key, place=found.area_id)


def _changes(made: Source) -> Changes:
    given: list[Given] = []
    ended: list[Ended] = []
    notes: list[Note] = []
    for honour in made.charter.honours.values():
        if honour.from_ == made.board.score and honour.by != "award":
            won, left = _winners(honour, made)
            given += won
            notes += left
            ended += _ending(honour, made, won)
    return Changes("confer", tuple(given), tuple(ended), made.board.pk, tuple(notes))


def _winners(honour: Honour, made: Source) -> tuple[list[Given], list[Note]]:
    if honour.by == "rule":
        return list(_by_rule(honour, made)), []
    pools = _pools(honour, made) if honour.by == "quota" else None
    first, last = (honour.first, honour.last) if honour.by == "rank" else (1, honour.quota or 0)
    chosen, ties = best(place_all(made.results, pools), first, last)
    return [_placed(honour, one, made) for one in chosen], [_note(honour, tie, last, made) for tie in ties]


def _pools(honour: Honour, made: Source) -> Mapping[int, str]:
    """Return in which pool each takes part: that of the unit of kind ``per`` above it on the period's last day."""
    if not honour.per:
        return dict.fromkeys(made.seated, "")
    above = above_each({one.place for one in made.seated.values()}, honour.per, made.board.until)
    return {whose: str(above[one.place]) for whose, one in made.seated.items()}


def _placed(honour: Honour, place: Place, made: Source) -> Given:
    named = None
    if place.tied:
        named = Text("", "") if made.board.of_people else says.units_named(place.tied)
    reason = says.placed(made.title, made.period.title, place.first, place.last, place.of, named)
    return _given(honour, place.result, made, reason)


def _note(honour: Honour, tie: Tie, last: int, made: Source) -> Note:
    count = len(tie.whose)
    named = Text(f"{count} 人", f"{count} people") if made.board.of_people else says.units_named(tie.whose)
    whose = () if made.board.of_people else tie.whose
    return honour.id, whose, says.tied_out(honour, (tie.first, tie.last), last, named)


def _given(honour: Honour, result: Result, made: Source, reason: Text, grade: str = "") -> Given:
    whose, board = result.whose, made.board
    unit, person = (None, whose) if board.of_people else (whose, None)
    return Given(honour, made.seated[whose].place, reason, unit, person, grade, board.period, board.pk)


def _by_rule(honour: Honour, made: Source) -> Iterator[Given]:
    """Yield those ranked whom the rule, or the best grade whose standard is met, names."""
    for result in made.results:
        if not result.ranked:
            continue
        row = _row(result, made)
        grade = next((one for one in honour.grades if _reaches(one, result, row)), None)
        if grade is not None:
            reason = says.by_grade(grade, made.charter, made.title, made.period.title, result.total)
            yield _given(honour, result, made, reason, grade.id)
        elif honour.when is not None and evaluate(honour.when, row) is True:
            reason = says.by_rule(honour, made.charter, made.title, made.period.title, result.total)
            yield _given(honour, result, made, reason)


def _reaches(grade: Grade, result: Result, row: Mapping[str, object]) -> bool:
    if grade.at_least is not None and (result.total is None or result.total < grade.at_least):
        return False
    return grade.when is None or evaluate(grade.when, row) is True


def _row(result: Result, made: Source) -> Mapping[str, object]:
    """Return the row of the table ``score`` that a standard is judged on."""
    board, seated = made.board, made.seated[result.whose]
    owner = {"person": result.whose} if board.of_people else {"unit": seated.terms}
    return {
        **shared_values(made.charter, made.period), **owner, **seated.levels, "scheme": board.score,
        "period": board.period, "every": board.every, "since": board.since, "until": board.until,
        "dated": board.until, "total": result.total, "rank": None if result.rank is None else int(result.rank),
        "of": result.of, "tier": result.tier,
    }  # fmt: skip


def _ending(honour: Honour, made: Source, won: Sequence[Given]) -> Iterator[Ended]:
    """Yield the holdings that end: whose place a new one takes, flags that pass on, results that were corrected."""
    winners = {one.whose: one for one in won}
    to = Text("", "") if made.board.of_people else says.units_named(tuple(winners))
    for held in current_of(made.charter.id, honour):
        whose = held.person_id if made.board.of_people else held.unit_id
        now = winners.get(whose or 0)
        if now is not None:
            yield Ended(held, RENEWED, _renewal(honour, held, now, made))
        elif honour.moving and winners and _within(held, made):
            yield Ended(held, MOVED, says.moved_on(to))
        elif held.board_id and _is_corrected(held, made):
            yield Ended(held, LOST, says.corrected())


def _renewal(honour: Honour, held: Holding, now: Given, made: Source) -> Text:
    if held.grade and held.grade != now.grade:
        return says.regraded(says.titled(honour, held.grade), says.titled(honour, now.grade))
    return says.renewed(made.period.title)


def _within(held: Holding, made: Source) -> bool:
    return tree.reaches(made.board.area_id, held.place_id)


def _is_corrected(held: Holding, made: Source) -> bool:
    """Whether it rests on an earlier edition of the very board."""
    board, earlier = made.board, held.board
    assert earlier is not None
    same = (earlier.charter, earlier.score, earlier.period, earlier.area_id)
    return same == (board.charter, board.score, board.period, board.area_id) and earlier.edition < board.edition
