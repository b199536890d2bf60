"""How firm the ranks are: the same facts under a thousand slightly different sets of weights.

Weights are a judgement, so each is drawn within ±10 % of itself and the ranking made anew. The band of a unit is
where 90 of 100 rankings put it. Whole numbers throughout (a millionth of a point), one fixed seed, and a generator
whose sequence Python promises never to change: the same facts give the same bands.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhangfa.scores.combine import Node, added_by, grow_tree
from zhangfa.scores.engine import Scoring, counted
from zhangfa.scores.matrix import Key

Whole: TypeAlias = NDArray[np.int64]
POINT = 10**6
"""Parts a point is counted in."""
SHARE = 10**8
"""Parts the whole weight is counted in."""
STEPS = 10**4
"""Parts a weight's change is counted in."""
EDGE = 20
"""One in this many rankings may lie outside the band on either side."""


@dataclass(frozen=True, slots=True)
class Band:
    """Where one key stands in most of the rankings."""

    key: Key
    place: int
    """Its place under the charter's own weights, ties as 1-2-2-4."""
    high: int
    low: int
    """90 of 100 rankings put it from ``high`` (the better) to ``low``."""
    best: int
    worst: int
    ahead: Fraction | None
    """In what share of the rankings it is not behind the next one; ``None`` for the last."""
    blurred: bool
    """Whether the next one's band overlaps: then the difference between the two says little."""


def bands(
    scoring: Scoring, *, draws: int = 1000, seed: int = 1, spread: Fraction = Fraction(1, 10)
) -> tuple[Band, ...]:
    """Return the band of every ranked key, in the order of the results."""
    factors = _draw_factors(grow_tree(scoring.score), draws, seed, spread)
    groups: dict[str, list[str]] = {}
    for one in scoring.results:
        if one.rank:
            groups.setdefault(one.key.group, []).append(one.key.code)
    return tuple(band for codes in groups.values() for band in _band_group(scoring, codes, factors, draws))


def _draw_factors(tree: Node, draws: int, seed: int, spread: Fraction) -> Mapping[str, Whole]:
    """Draw a factor per weight and ranking, evenly within the spread; ids of nodes are unique in a score."""
    chance, width = random.Random(seed), int(spread * STEPS)
    nodes = sorted(_nodes(tree))
    return {
        node: np.array([STEPS - width + chance.randrange(2 * width + 1) for _ in range(draws)], dtype=np.int64)
        for node in nodes
    }


def _nodes(node: Node) -> list[str]:
    return [name for child in node.children for name in (_name(child), *_nodes(child))]


def _name(node: Node) -> str:
    return f"{'d' if node.children else 'i'}:{node.id}"


def _band_group(scoring: Scoring, codes: list[str], factors: Mapping[str, Whole], draws: int) -> list[Band]:
    totals = _totals(scoring, codes, factors, draws)
    if scoring.score.rank_on == "rounded":
        totals = _round(totals, scoring.score.precision)
    ranks = np.sort(_rank(totals), axis=0)
    edge = draws // EDGE
    high, low, best, worst = (ranks[at].tolist() for at in (edge, draws - 1 - edge, 0, draws - 1))
    ahead = [Fraction(int(count), draws) for count in (totals[:, :-1] >= totals[:, 1:]).sum(axis=0)]
    own = _own_places(scoring, codes)
    blurred = [low[at] >= high[at + 1] for at in range(len(codes) - 1)]
    columns = zip(codes, own, high, low, best, worst, [*ahead, None], [*blurred, False], strict=True)
    return [Band(scoring.by_code[code].key, *rest) for code, *rest in columns]


def _own_places(scoring: Scoring, codes: list[str]) -> list[int]:
    """Return the places of codes that stand from the best to the last; equal ones share the better place."""
    firsts: dict[Decimal | None, int] = {}
    return [firsts.setdefault(counted(scoring.score, scoring.by_code[code]), at) for at, code in enumerate(codes, 1)]


def _totals(scoring: Scoring, codes: list[str], factors: Mapping[str, Whole], draws: int) -> Whole:
    """Return totals by ranking and key. Keys that miss the same parts are worked out together."""
    tree, added = grow_tree(scoring.score), added_by(scoring.score)
    totals = np.empty((draws, len(codes)), dtype=np.int64)
    alike: dict[frozenset[str], list[int]] = {}
    points = [scoring.points_of(code) for code in codes]
    fixed = [_parts(sum((one[name] or Fraction(0) for name in added), Fraction(scoring.score.base))) for one in points]
    for at, code in enumerate(codes):
        alike.setdefault(frozenset(scoring.by_code[code].missing), []).append(at)
    for missing, places in alike.items():
        leaves = {leaf.id: np.array([_parts(points[at].get(leaf.id)) for at in places]) for leaf in tree.indicators()}
        weighted = _work_out(tree, leaves, factors, missing) if tree.children else np.zeros((draws, 1), np.int64)
        totals[:, places] = weighted + np.array([fixed[at] for at in places])
    return totals


def _parts(points: Fraction | None) -> int:
    return 0 if points is None else round(points * POINT)


def _work_out(node: Node, leaves: Mapping[str, Whole], factors: Mapping[str, Whole], missing: frozenset[str]) -> Whole:
    if not node.children:
        return leaves[node.id][None, :]
    held = [child for child in node.children if any(leaf.id not in missing for leaf in child.indicators())]
    whole = sum((child.weight for child in held), Fraction(0))
    weights = [max(round(child.weight / whole * POINT), 1) * factors[_name(child)] for child in held]
    shares = [weight * SHARE // sum(weights) for weight in weights]
    values = [_work_out(child, leaves, factors, missing) for child in held]
    if node.combine == "geometric":
        return _geometric(values, shares)
    summed: Whole = sum(value * share[:, None] for value, share in zip(values, shares, strict=True))  # type: ignore[assignment]
    return summed // SHARE


def _geometric(values: list[Whole], shares: list[Whole]) -> Whole:
    """The one place with floating point: good to a millionth of a point, which is all that is kept."""
    logs = np.zeros((1, 1))
    with np.errstate(divide="ignore"):
        for value, share in zip(values, shares, strict=True):
            logs = logs + np.log(np.maximum(value, 0) / POINT) * (share[:, None] / SHARE)
    power: Whole = np.rint(np.exp(logs) * POINT).astype(np.int64)
    return power


def _round(totals: Whole, places: int) -> Whole:
    step = POINT // 10 ** min(places, 6)
    rounded: Whole = np.sign(totals) * ((np.abs(totals) + step // 2) // step * step)
    return rounded


def _rank(totals: Whole) -> Whole:
    falling = np.sort(-totals, axis=1)
    return np.stack([np.searchsorted(row, -own) + 1 for row, own in zip(falling, totals, strict=True)])
