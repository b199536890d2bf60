"""Scores of scores: what was scored before, as rows of the table ``score`` for a longer period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhangfa.charter.model import Charter
from zhangfa.charter.resolve.judged import values_allowed
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.scores.engine import Scoring
from zhangfa.scores.period import MONTHS, Period, periods_within

Row = Mapping[str, object]
SCORE = "score"


def earlier_rows(scoring: Scoring, period: Period) -> list[Row]:
    """Return a scoring as rows; who was not ranked has no total, so that an average leaves the period out."""
    score = scoring.score
    owner = "unit" if score.of_kind else "person"
    rows: list[Row] = []
    for one in scoring.results:
        whose = {"kind": score.of_kind, "name": one.key.name, "code": one.key.code} if score.of_kind else one.key.code
        rows.append({
            "scheme": score.id, owner: whose, "period": period.id, "every": period.every, "since": period.start,
            "until": period.end, "dated": period.end, "total": one.rounded if one.rank else None,
            "rank": int(one.rank.place) if one.rank else None, "of": one.rank.of if one.rank else None,
            "tier": one.tier,
        })  # fmt: skip
    return rows


def needed_scores(charter: Charter, score: Score, period: Period) -> Iterator[tuple[Score, Period]]:
    """Yield the scores and periods within a period that its indicators over ``score`` read."""
    seen: set[tuple[str, str]] = set()
    for one in over_scores(score):
        allowed = values_allowed(one.where.tree, "scheme") if one.where else None
        for name in sorted(allowed or ()):
            for part in _parts(charter.scores[name], period):
                if (name, part.id) not in seen:
                    seen.add((name, part.id))
                    yield charter.scores[name], part


def over_scores(score: Score) -> tuple[Indicator, ...]:
    """Return the indicators whose facts are scores."""
    return tuple(one for one in score.indicators.values() if one.from_ == SCORE)


def _parts(score: Score, period: Period) -> tuple[Period, ...]:
    return periods_within(period, score.every) if score.every in MONTHS else ()
