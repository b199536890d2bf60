"""Why somebody stands where they stand: each step with its numbers, and what would reach the next rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import Indicator
from zhangfa.scores.combine import grow_tree, shares
from zhangfa.scores.engine import Result, Scoring, counted
from zhangfa.scores.exact import NOTHING, round_away
from zhangfa.scores.reach import Reach, reach
from zhangfa.scores.says import say_scale, say_step

SHOWN = 2
"""Decimals of points in sentences."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one indicator does to the total."""

    indicator: Indicator
    facts: int
    value: Decimal | None
    points: Decimal | None
    """0 to 100 where it is weighted, else as added; two decimals."""
    share: Fraction
    """Its part of the whole weight, dimensions multiplied down, left-out parts spread; 0 for bonus and malus."""
    counts: Decimal | None
    """What it puts into the total; ``None`` inside a geometric mean, whose parts do not add up."""
    scale: Text
    """How the value becomes points, in words with its numbers."""
    said: Text
    """The whole step in one sentence."""
    reach: Reach | None
    """What this indicator alone would have to be to reach the next rank; ``None`` where it alone cannot."""


@dataclass(frozen=True, slots=True)
class Next:
    """The rank ahead: the nearest total that is better."""

    place: Decimal
    total: Decimal
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer for one unit or person."""

    result: Result
    base: Decimal
    dimensions: Mapping[str, Decimal | None]
    steps: tuple[Step, ...]
    next: Next | None
    """``None`` for the first, and for who is not ranked."""
    behind: Decimal | None
    """How far the next one below is; ``None`` for the last."""


def explain(scoring: Scoring, code: str) -> Why:
    """Return why a key stands where it stands.

    Raises:
        KeyError: the score is not about this key.
    """
    result = scoring.by_code[code]
    ahead, behind = _neighbours(scoring, result)
    found = scoring.total_of(code)
    dimensions = {one: _shown(value) for one, value in found.dimensions.items()}
    parts = _parts(scoring, code)
    steps = tuple(_step(scoring, code, one, parts.get(one.id), ahead) for one in scoring.score.indicators.values())
    return Why(result, scoring.score.base, dimensions, steps, ahead, behind)


def contributions(scoring: Scoring, code: str) -> Mapping[str, Decimal | None]:
    """Return what each indicator puts into a key's total; ``None`` where nothing, or what cannot be told apart."""
    parts, points = _parts(scoring, code), scoring.points_of(code)
    held = scoring.score.indicators.values()
    return {one.id: _shown(_counts(scoring, one, points[one.id], parts.get(one.id))) for one in held}


def _neighbours(scoring: Scoring, result: Result) -> tuple[Next | None, Decimal | None]:
    own = counted(scoring.score, result)
    if result.rank is None or own is None:
        return None, None
    group = [one for one in scoring.results if one.key.group == result.key.group and one.rank]
    others = [(value, one) for one in group if (value := counted(scoring.score, one)) is not None]
    ahead = min(((value, one) for value, one in others if value > own), key=lambda pair: pair[0], default=None)
    below = max((value for value, _ in others if value < own), default=None)
    behind = None if below is None else own - below
    if ahead is None or ahead[1].rank is None:
        return None, behind
    return Next(ahead[1].rank.place, ahead[0], ahead[0] - own), behind


def _parts(scoring: Scoring, code: str) -> Mapping[str, Fraction]:
    """Return each indicator's share of the weight for this key, with what was left out spread over the rest."""
    tree, missing = grow_tree(scoring.score), set(scoring.by_code[code].missing)
    optional = {leaf.id for leaf in tree.indicators() if leaf.leave_out}
    return shares(tree.without(missing & optional))


def _step(scoring: Scoring, code: str, one: Indicator, share: Fraction | None, ahead: Next | None) -> Step:
    cell, points = scoring.cells_of(code)[one.id], scoring.points_of(code)[one.id]
    counts = _counts(scoring, one, points, share)
    scale = say_scale(one, scoring.peers_of(code)[one.id])
    found = reach(scoring, code, one, ahead.total) if ahead else None
    said = say_step(one, cell, _shown(points), share, _shown(counts), scale)
    return Step(one, cell.facts, cell.value, _shown(points), share or NOTHING, _shown(counts), scale, said, found)


def _counts(scoring: Scoring, one: Indicator, points: Fraction | None, share: Fraction | None) -> Fraction | None:
    if one.scale.kind == "add":
        return points or NOTHING
    if points is None or share is None or not grow_tree(scoring.score).adds_up(one.id):
        return None
    return points * share


def _shown(value: Fraction | None) -> Decimal | None:
    return None if value is None else round_away(value, SHOWN)
