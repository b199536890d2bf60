"""What one indicator alone would have to be for a total to be reached, everything else as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhangfa.charter.score_model import Indicator, Score
from zhangfa.scores.combine import Node, grow_tree, total
from zhangfa.scores.engine import Scoring
from zhangfa.scores.exact import FULL, HUNDRED, NOTHING, round_away, undo_ln
from zhangfa.scores.scaling import Peers, ends_of, scale

FINE = 10**6
"""Points are tried in millionths."""
MOST = 10**6
"""No bonus or malus is tried beyond a million points."""
SHOWN = 4
"""Decimals of the value named, rounded to the better side."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The change of one indicator that would do."""

    points: Decimal
    """The points it would need; two decimals, rounded up."""
    value: Decimal | None
    """The value that gives them; ``None`` where it depends on the others too."""
    beyond: bool = False
    """Whether the value must lie beyond, not at, this number (the open end of a band)."""
    less: bool = False
    """Whether less is better."""


def reach(scoring: Scoring, code: str, one: Indicator, goal: Decimal) -> Reach | None:
    """Return what would lift a key to ``goal``, or ``None`` where this indicator alone cannot."""
    if one.scale.kind == "veto" or not (one.weight or one.scale.kind == "add"):
        return None
    score, points, tree = scoring.score, scoring.points_of(code), grow_tree(scoring.score)
    if points[one.id] is None and one.weight:
        return None
    needed = _least_points(_meets(score, tree, points, one.id, goal), points[one.id] or NOTHING, _most(one))
    if needed is None:
        return None
    cell = scoring.cells_of(code)[one.id].value
    found = _as_value(one, needed, scoring.peers_of(code)[one.id], cell)
    return Reach(_round_up(needed, 2), *found)


def _meets(
    score: Score, tree: Node, points: Mapping[str, Fraction | None], name: str, goal: Decimal
) -> Callable[[Fraction], bool]:
    places = score.precision if score.rank_on == "rounded" else FULL

    def meets(tried: Fraction) -> bool:
        whole = total(score, tree, {**points, name: tried}).total
        return whole is not None and round_away(whole, places) >= goal

    return meets


def _most(one: Indicator) -> Fraction:
    if one.scale.kind != "add":
        return HUNDRED
    return Fraction(MOST) if one.scale.cap is None else max(Fraction(one.scale.cap), NOTHING)


def _least_points(meets: Callable[[Fraction], bool], own: Fraction, most: Fraction) -> Fraction | None:
    """Return the least points that meet the goal, to a millionth: totals never fall when points rise."""
    if not meets(most):
        return None
    low, high = int(own * FINE), int(most * FINE)
    while low < high:
        middle = (low + high) // 2
        if meets(Fraction(middle, FINE)):
            high = middle
        else:
            low = middle + 1
    return Fraction(high, FINE)


def _as_value(one: Indicator, needed: Fraction, peers: Peers, own: Decimal | None) -> tuple[Decimal | None, bool, bool]:
    """Return the value that gives these points, whether it must lie beyond it, and whether less is better."""
    if one.scale.kind == "add":
        return _round_up(needed, SHOWN), False, False
    if one.scale.kind in ("minmax", "rank"):
        return None, False, False
    if one.scale.kind == "bands":
        return _nearest_band(one, needed, own)
    low, high = map(Fraction, ends_of(one))
    value = low + (high - low) * needed / 100
    return _settle(one, value, needed, peers, low > high), False, low > high


def _settle(one: Indicator, value: Fraction, needed: Fraction, peers: Peers, less: bool) -> Decimal:
    """Return the value with few decimals on the better side; a logarithm is undone, and nudged where it was cut."""
    if one.transform != "ln":
        return -_round_up(-value, SHOWN) if less else _round_up(value, SHOWN)
    found = undo_ln(value)
    step = Decimal(1).scaleb(-SHOWN) * (-1 if less else 1)
    rounded = -_round_up(-Fraction(found), SHOWN) if less else _round_up(Fraction(found), SHOWN)
    enough = scale(one, rounded, peers)
    return rounded if enough is not None and enough >= needed else rounded + step


def _nearest_band(one: Indicator, needed: Fraction, own: Decimal | None) -> tuple[Decimal | None, bool, bool]:
    """Return the end of the nearest band that gives enough, seen from the value now."""
    ends = _entrances(one, needed, own or Decimal(0))
    if not ends:
        return None, False, False
    end, beyond, less = min(ends, key=lambda found: (abs(found[0] - (own or 0)), found[2]))
    return end, beyond, less


def _entrances(one: Indicator, needed: Fraction, own: Decimal) -> list[tuple[Decimal, bool, bool]]:
    found: list[tuple[Decimal, bool, bool]] = []
    lower: tuple[Decimal, bool] | None = None
    for band in one.scale.bands:
        if band.points >= needed:
            if lower is not None and own <= lower[0]:
                found.append((lower[0], lower[1], False))
            if band.upto is not None and own >= band.upto:
                found.append((band.upto, not band.closed, True))
        lower = None if band.upto is None else (band.upto, band.closed)
    return found


def _round_up(value: Fraction, places: int) -> Decimal:
    whole = -((-value.numerator * 10**places) // value.denominator)
    return Decimal(whole).scaleb(-places)
