"""From totals to ranks and grades, within each group of those compared."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhangfa.charter.score_model import Tier, Ties


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among those ranked: 1 is best; an average of places may be a half."""

    place: Decimal
    of: int
    """How many were ranked in the group."""
    tied: int
    """How many share this value, itself included."""


def rank(totals: Mapping[str, Decimal], ties: Ties) -> Mapping[str, Rank]:
    """Return the rank of each key of one group, the highest total first.

    ``competition``: 1 2 2 4. ``dense``: 1 2 2 3. ``average``: 1 2.5 2.5 4.
    """
    falling = sorted(-value for value in totals.values())
    steps = sorted(set(falling))
    return {key: _place(-value, falling, steps, ties) for key, value in totals.items()}


def _place(value: Decimal, falling: Sequence[Decimal], steps: Sequence[Decimal], ties: Ties) -> Rank:
    ahead, upto = bisect_left(falling, value), bisect_right(falling, value)
    if ties == "dense":
        place = Decimal(bisect_left(steps, value) + 1)
    elif ties == "average":
        place = Decimal(ahead + 1 + upto) / 2
    else:
        place = Decimal(ahead + 1)
    return Rank(place, len(falling), upto - ahead)


def grade(totals: Mapping[str, Decimal], tiers: Sequence[Tier]) -> Mapping[str, str]:
    """Return the tier of each key of one group: the first whose conditions hold.

    Shares add up from the best tier down, and a share is *at most*: 20 % of 13 are 2, not 3. Those who share the last
    place inside all get it, so that equal totals never part. A tier without share or least total takes the rest.
    """
    falling = sorted(-value for value in totals.values())
    limits, share = [], Fraction(0)
    for tier in tiers:
        share += Fraction(tier.share) if tier.share is not None else 0
        limits.append(int(share * len(falling)) if tier.share is not None else None)
    found = {}
    for key, value in totals.items():
        ahead = bisect_left(falling, -value)
        for tier, limit in zip(tiers, limits, strict=True):
            if (limit is None or ahead < limit) and (tier.at_least is None or value >= tier.at_least):
                found[key] = tier.id
                break
    return found
