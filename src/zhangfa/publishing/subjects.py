"""What a board is of: a score of a period at a place, under the version of its charter that judges it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhangfa.acts.naming import SHANGHAI
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter
from zhangfa.directory import tree
from zhangfa.publishing.models import Board
from zhangfa.publishing.rights import Rules, rules_of
from zhangfa.scores.period import NoPeriod, Period, read_period


@dataclass(frozen=True, slots=True)
class Subject:
    """What a board is of: a score of a period at a place, under one version of its charter."""

    rules: Rules
    period: Period
    area: int


def find_subject(*, charter: str, score: str, period: str, area: int, at: dt.datetime) -> Subject | None:
    """Return what these words name: by the version in force on the period's last day, else by the one in force now."""
    try:
        now = charters.current(charter, at.astimezone(SHANGHAI).date())
        when = read_period(period, now.scores[score].every, now.seasons)
    except (charters.UnknownCharter, KeyError, NoPeriod):
        return None
    version = _then(now, score, when)
    one = version.scores[score]
    if one.publish is None or tree.find_unit(area) is None:
        return None
    return Subject(Rules(version, one, one.publish), when, area)


def _then(now: Charter, score: str, when: Period) -> Charter:
    """Return the version that judges a period; one begun before the mechanism was written down is judged by today's."""
    try:
        then = charters.current(now.id, when.end)
    except charters.UnknownCharter:
        return now
    held = then.scores.get(score)
    return then if held is not None and held.publish is not None and held.every == when.every else now


def subject_of(board: Board) -> Subject:
    """Return what a board is of."""
    rules = rules_of(board)
    when = read_period(board.period, rules.score.every, rules.charter.seasons)
    return Subject(rules, when, board.area_id)
