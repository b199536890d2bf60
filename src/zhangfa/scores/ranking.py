"""From totals to ranks and grades, within each group of those compared; all groups at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from zhangfa.charter.score_model import Tier, Ties
from zhangfa.expression.series import Mask, Series, Wholes


class Rank(NamedTuple):
    """A place among those ranked: 1 is best; an average of places may be a half."""

    place: Decimal
    of: int
    """How many were ranked in the group."""
    tied: int
    """How many share this value, itself included."""


@dataclass(frozen=True, slots=True)
class Order:
    """Keys group after group, the highest total first, then those not ranked in the order they came."""

    places: Wholes
    """Where each key stood before."""
    ranks: Sequence[Rank | None]
    ahead: Wholes
    """How many of its group are better than each."""
    of: Wholes
    """How many are ranked in the group of each."""


def rank(totals: Series, ranked: Mask, groups: Collection[range], ties: Ties) -> Order:
    """Put keys into order; ``groups`` are their places, one after the other.

    ``competition``: 1 2 2 4. ``dense``: 1 2 2 3. ``average``: 1 2.5 2.5 4.
    """
    sizes = [len(group) for group in groups]
    group = np.repeat(np.arange(len(sizes)), sizes)
    start = np.repeat(np.array([one.start for one in groups], dtype=np.int64), sizes)
    falling = np.where(ranked, -np.unique(totals.wholes, return_inverse=True)[1], 0)
    order = np.lexsort((falling, ~ranked, group))
    kept = ranked[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(group) != 0) | (np.diff(falling[order]) != 0) | (kept[1:] != kept[:-1])
    alike = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    tied = np.diff([*starts, len(order)])[alike]
    ahead = starts[alike] - start
    of = np.bincount(group[ranked], minlength=len(sizes))[group]
    halves = {"competition": 2 * ahead + 2, "dense": 2 * (alike - alike[start]) + 2, "average": 2 * ahead + tied + 1}
    return Order(order, _ranks(halves[ties], of, tied, kept), ahead, of)


def _ranks(halves: Wholes, of: Wholes, tied: Wholes, kept: Mask) -> list[Rank | None]:
    """Return the ranks; equal ones are one and the same."""
    wide = len(kept) + 1
    distinct, which = np.unique(np.where(kept, (halves * wide + of) * wide + tied, -1), return_inverse=True)
    known = [
        None if one < 0 else Rank(Decimal(one // wide // wide) / 2, one // wide % wide, one % wide)
        for one in distinct.tolist()
    ]
    return [known[one] for one in which.tolist()]


def grade(order: Order, totals: Sequence[Decimal | None], tiers: Sequence[Tier]) -> list[str]:
    """Return the tier of each key in this order, with its total: the first whose conditions hold.

    Shares add up from the best tier down, and a share is *at most*: 20 % of 13 are 2, not 3. Those who share the last
    place inside all get it, so that equal totals never part. A tier without share or least total takes the rest.
    """
    upto, share = [], Fraction(0)
    for tier in tiers:
        share += Fraction(tier.share) if tier.share is not None else 0
        upto.append(share if tier.share is not None else None)
    held = list(zip(tiers, upto, strict=True))
    rows = zip(order.ranks, totals, order.ahead.tolist(), order.of.tolist(), strict=True)
    return [
        next((tier.id for tier, most in held if _is_in(tier, most, value, ahead, of)), "")
        if ranks and value is not None
        else ""
        for ranks, value, ahead, of in rows
    ]


def _is_in(tier: Tier, most: Fraction | None, value: Decimal, ahead: int, of: int) -> bool:
    return (most is None or ahead < int(most * of)) and (tier.at_least is None or value >= tier.at_least)
