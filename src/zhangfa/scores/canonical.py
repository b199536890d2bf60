"""The one byte string of a scoring: what is hashed, compared and kept."""

from __future__ import annotations

from decimal import Decimal

from zhangfa.charter.score_model import Indicator, Scale
from zhangfa.log.canonical import canonical_bytes
from zhangfa.scores.combine import homes
from zhangfa.scores.engine import Result, Scoring
from zhangfa.scores.exact import plain

FORM = "zhangfa-score-1"
"""Name of this form; another layout gets another name, and the old one is still written for old scores."""


def write_scoring(scoring: Scoring) -> bytes:
    """Return canonical JSON: rules, facts and results; every number is plain decimal text."""
    score, home = scoring.score, homes(scoring.score)
    return canonical_bytes(
        {
            "form": FORM,
            "score": score.id,
            "period": scoring.period,
            "base": plain(score.base),
            "combine": score.combine,
            "precision": score.precision,
            "rank_on": score.rank_on,
            "ties": score.ties,
            "too_few": dict(score.too_few),
            "indicators": [_indicator(one, home[one.id]) for one in score.indicators.values()],
            "dimensions": [[one.id, plain(one.weight), one.combine, one.parent] for one in score.dimensions.values()],
            "tiers": [[one.id, _number(one.share), _number(one.at_least)] for one in score.tiers],
            "results": [_result(scoring, one) for one in scoring.results],
        }
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _indicator(one: Indicator, dimension: str) -> dict[str, object]:
    return {
        "id": one.id,
        "from": one.from_,
        "where": one.where.source if one.where else "",
        "value": one.value.source,
        "key": one.key,
        "weight": plain(one.weight),
        "transform": one.transform,
        "missing": one.missing,
        "dimension": dimension,
        "scale": _scale(one.scale),
    }


def _scale(scale: Scale) -> dict[str, object]:
    numbers = {name: _number(getattr(scale, name)) for name in ("target", "floor", "low", "high", "cap", "given_max")}
    bands = [[_number(band.upto), plain(band.points), band.closed] for band in scale.bands]
    return {"kind": scale.kind, **numbers, "bands": bands, "given_trim": scale.given_trim}


def _result(scoring: Scoring, one: Result) -> list[object]:
    """Return group, code, status, values, facts, total, full total, rank, of how many, tier and gaps."""
    place = scoring.matrix.places[one.key.code]
    cells = [scoring.matrix.cells[indicator][place] for indicator in scoring.score.indicators]
    return [
        one.key.group,
        one.key.code,
        one.status,
        [_number(cell.value) for cell in cells],
        [cell.facts for cell in cells],
        None if one.rounded is None else f"{one.rounded:f}",
        _number(one.full),
        plain(one.rank.place) if one.rank else None,
        one.rank.of if one.rank else None,
        one.tier,
        [one.missing, one.vetoed_by, one.too_few],
    ]
