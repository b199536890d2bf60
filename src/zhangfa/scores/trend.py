"""How one unit or person fared over the periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.scores.engine import Result, Scoring


@dataclass(frozen=True, slots=True)
class Point:
    """One period; ``None`` where the key was not scored in it. Changes: since the last period it was ranked in."""

    period: str
    result: Result | None
    total_change: Decimal | None = None
    places_gained: Decimal | None = None


def trace(scorings: Sequence[Scoring], code: str) -> tuple[Point, ...]:
    """Return a key's points in the order of the scorings, which the caller gives from the oldest."""
    points: list[Point] = []
    last: Result | None = None
    for scoring in scorings:
        result = scoring.by_code.get(code)
        points.append(_point(scoring.period, result, last))
        last = result if result is not None and result.rank else last
    return tuple(points)


def _point(period: str, result: Result | None, last: Result | None) -> Point:
    if result is None or last is None or result.rank is None or last.rank is None:
        return Point(period, result)
    change = None if result.rounded is None or last.rounded is None else result.rounded - last.rounded
    return Point(period, result, change, last.rank.place - result.rank.place)
