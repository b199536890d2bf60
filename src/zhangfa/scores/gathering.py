"""From the facts in the log to a scoring: who is scored, the cells, and scores of earlier scores.

Everything comes from the log up to one position, units and posts included as they stood on the period's last day, so
that the same position gives the same bytes on any database. Only names are looked up beside it; they are not hashed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.expression import evaluate
from zhangfa.facts import cells as gathered
from zhangfa.facts.aggregate import Collected, gather
from zhangfa.facts.counting import Counter
from zhangfa.facts.query import Facts, retried
from zhangfa.scores.earlier import SCORE, Row, earlier_rows, needed_scores, over_scores
from zhangfa.scores.engine import Scoring, compute
from zhangfa.scores.matrix import Cell, Cells, Matrix
from zhangfa.scores.period import Period
from zhangfa.scores.roster import Roster, Whose, find_rosters
from zhangfa.scores.trying import fold, shared_values

DEEPEST = 4
"""How many scores may rest on one another: month, quarter, half-year, year."""
Locked = Mapping[tuple[str, str], Sequence[Scoring]]
"""Earlier scores that can no longer change, by id of the score and the period; each perhaps of one place only."""
NONE: Locked = MappingProxyType({})


@dataclass(frozen=True)
class Scored:
    """A scoring with what it was made from."""

    scoring: Scoring
    position: int
    """The last sealed event that counted."""
    unsealed: int
    """Events that counted and had no position yet; with 0 the scoring can be made again from the position."""
    whose: Mapping[str, Whose]
    """By the code of each key."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is the same for a score and the earlier ones it rests on."""

    charter: Charter
    others: Mapping[str, Charter] | None
    within: int | None
    locked: Locked


def score_period(
    *, charter: Charter, score: Score, period: Period, as_of: int | None = None, threads: int | None = None,
    others: Mapping[str, Charter] | None = None, within: int | None = None, locked: Locked = NONE,
    counter: Counter | None = None,
) -> Scored:  # fmt: skip
    """Work out a score of a period from the facts up to a position (all that was written so far unless given).

    ``within`` is the unit at or below which those scored are; ``locked`` are earlier scores that enter as they stand;
    ``counter`` counts the facts, DuckDB unless given.

    Raises:
        NoSuchFacts: an indicator asks for a table that nothing fills.
        NotSealed: nothing is sealed at ``as_of``.
        RecursionError: scores rest on one another more than four deep.
    """
    return score_periods(
        charter=charter, score=score, periods=[period], as_of=as_of, threads=threads, others=others, within=within,
        locked=locked, counter=counter,
    )[0]  # fmt: skip


def score_periods(
    *, charter: Charter, score: Score, periods: Sequence[Period], as_of: int | None = None, threads: int | None = None,
    others: Mapping[str, Charter] | None = None, within: int | None = None, locked: Locked = NONE,
    counter: Counter | None = None,
) -> list[Scored]:  # fmt: skip
    """Work out a score of several periods; the facts of all are read at once, and as of the same moment."""
    asking = _Asking(charter, others, within, locked)

    def score_all() -> list[Scored]:
        with Facts(as_of=as_of, threads=threads, counter=counter) as facts:
            return _score(facts, asking, score, periods, 0)

    found: list[Scored] = retried(score_all)
    return found


def _score(facts: Facts, asking: _Asking, score: Score, periods: Sequence[Period], depth: int) -> list[Scored]:
    if depth > DEEPEST:
        raise RecursionError(f"score {score.id!r} rests on scores more than {DEEPEST} deep")
    rosters = find_rosters(facts, asking.charter, score, [one.end for one in periods], within=asking.within)
    own = replace(score, indicators={one.id: one for one in score.indicators.values() if one.from_ != SCORE})
    keys = None if asking.within is None else np.unique(np.concatenate([one.ids for one in rosters])).tolist()
    found = gather(
        facts, charter=asking.charter, score=own, periods=[(one.start, one.end) for one in periods],
        others=asking.others, keys=keys,
    )  # fmt: skip
    earlier = _Earlier(facts, asking, score, periods, depth)
    scored = []
    for period, roster, collected in zip(periods, rosters, found, strict=True):
        matrix = _matrix(score, roster, collected, earlier.cells(period, roster))
        scoring = compute(score, matrix, period=period.id)
        scored.append(Scored(scoring, facts.position, facts.unsealed, roster.whose))
    return scored


def _matrix(score: Score, roster: Roster, found: Collected, earlier: Mapping[str, Sequence[Cell]]) -> Matrix:
    cells = {name: _spread(roster, column, found.nothing[name]) for name, column in found.columns.items()}
    return Matrix(roster.keys, tuple(score.indicators), {**cells, **earlier})


def _spread(roster: Roster, column: gathered.Cells, nothing: object) -> Cells:
    """Give each key its cell; where there is no fact, what the expression makes of none (a count 0, a mean nothing)."""
    here, places = roster.places(column.keys)
    facts = np.zeros(len(roster.keys), dtype=np.int64)
    facts[places] = column.facts[here]
    return Cells(column.series.take(here).spread(len(roster.keys), places, nothing), facts)


class _Earlier:
    """Earlier scores that a score's indicators read: the locked ones as they stand, else worked out again.

    What is worked out again comes from the same facts, and only for those that no locked score speaks of.
    """

    def __init__(self, facts: Facts, asking: _Asking, score: Score, periods: Sequence[Period], depth: int) -> None:
        self.facts, self.asking, self.score, self.depth = facts, asking, score, depth
        self.periods = periods
        self._again: dict[str, Mapping[str, Scoring]] = {}

    def cells(self, period: Period, roster: Roster) -> Mapping[str, Sequence[Cell]]:
        """Return the cells of the indicators over earlier scores, each in the order of the keys."""
        over = over_scores(self.score)
        if not over:
            return {}
        charter, locked = self.asking.charter, self.asking.locked
        rows: list[Row] = []
        for each, part in needed_scores(charter, self.score, period):
            held = locked.get((each.id, part.id), ())
            rows += [row for scoring in held for row in earlier_rows(scoring, part)]
            settled = {code for scoring in held for code in scoring.by_code}
            if not settled or roster.whose.keys() - settled:
                now = earlier_rows(self._worked_out(each)[part.id], part)
                rows += [row for row in now if _code_of(row) not in settled]
        codes = [key.code for key in roster.keys]
        return {one.id: _fold_rows(charter, one, rows, period, codes) for one in over}

    def _worked_out(self, score: Score) -> Mapping[str, Scoring]:
        """Work an earlier score out for all its periods that anything here reads."""
        if score.id not in self._again:
            needed = (one for period in self.periods for one in needed_scores(self.asking.charter, self.score, period))
            parts = list(dict.fromkeys(part for each, part in needed if each.id == score.id))
            found = _score(self.facts, self.asking, score, parts, self.depth + 1)
            self._again[score.id] = {part.id: one.scoring for part, one in zip(parts, found, strict=True)}
        return self._again[score.id]


def _fold_rows(
    charter: Charter, one: Indicator, rows: Sequence[Row], period: Period, codes: Sequence[str]
) -> tuple[Cell, ...]:
    shared = shared_values(charter, period)
    held: dict[str, list[Row]] = {code: [] for code in codes}
    for row in rows:
        if (code := _code_of(row)) in held and (one.where is None or evaluate(one.where, {**shared, **row}) is True):
            held[code].append(row)
    return tuple(fold(charter, one, held[code], period) for code in codes)


def _code_of(row: Row) -> str:
    whose = row.get("unit", row.get("person"))
    return str(whose["code"]) if isinstance(whose, Mapping) else str(whose)
