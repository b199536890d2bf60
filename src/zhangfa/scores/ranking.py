"""From totals to ranks and grades, within each group of those compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
    places = {value: Rank(place, len(totals), count) for value, place, count in _places(totals, ties)}
    return {key: places[value] for key, value in totals.items()}


def _places(totals: Mapping[str, Decimal], ties: Ties) -> Iterator[tuple[Decimal, Decimal, int]]:
    """Yield each total from the highest with its place and how many share it."""
    counts, ahead = Counter(totals.values()), 0
    for step, value in enumerate(sorted(counts, reverse=True), 1):
        count = counts[value]
        places = {
            "dense": Decimal(step),
            "average": Decimal(2 * ahead + count + 1) / 2,
            "competition": Decimal(ahead + 1),
        }
        yield value, places[ties], count
        ahead += count


def grade(totals: Mapping[str, Decimal], tiers: Sequence[Tier]) -> Mapping[str, str]:
    """Return the tier of each key of one group: the first whose conditions hold.

    Shares add up from the best tier down, and a share is *at most*: 20 % of 13 are 2, not 3. Those who share the last
    place inside all get it, so that equal totals never part. A tier without share or least total takes the rest.
    """
    limits, share = [], Fraction(0)
    for tier in tiers:
        share += Fraction(tier.share) if tier.share is not None else 0
        limits.append(int(share * len(totals)) if tier.share is not None else None)
    held = list(zip(tiers, limits, strict=True))
    found = {
        value: next((tier.id for tier, limit in held if _is_in(tier, limit, value, int(place) - 1)), "")
        for value, place, _ in (_places(totals, "competition") if tiers else ())
    }
    return {key: found[value] for key, value in totals.items() if found.get(value)}


def _is_in(tier: Tier, limit: int | None, value: Decimal, ahead: int) -> bool:
    return (limit is None or ahead < limit) and (tier.at_least is None or value >= tier.at_least)
