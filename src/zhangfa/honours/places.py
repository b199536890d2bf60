"""Who comes by an honour of a result: places, quotas and ties, rules and grades. Pure.

A tie takes all its places, and whoever is in it earns what the *last* of these places earns. So a quota or a printed
number of awards is never exceeded, those tied are never told apart, and nobody falls between two ranks: of ranks
1-2-3-3 the two thirds take the places 3 and 4, and come by what the fourth comes by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Result:
    """One unit or person of a result."""

    whose: int
    group: str = ""
    ranked: bool = True
    total: Decimal | None = None
    rank: Decimal | None = None
    of: int | None = None
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The places somebody takes in a pool; ``first`` and ``last`` differ in a tie."""

    result: Result
    first: int
    last: int
    of: int
    tied: tuple[int, ...] = ()
    """Who else takes them."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Those who share places on both sides of an edge, so that none of them came in."""

    whose: tuple[int, ...]
    first: int
    last: int


def place_all(results: Iterable[Result], pools: Mapping[int, str] | None = None) -> tuple[Place, ...]:
    """Return the places of those ranked, within each pool (who is in which; else the group), the best first.

    Within one group ranks decide; in a pool of several groups, whose ranks say nothing of one another, totals do.
    """
    ranked = [one for one in results if one.ranked and one.rank is not None]
    by_pool: dict[str, list[Result]] = {}
    for one in ranked:
        by_pool.setdefault(one.group if pools is None else pools.get(one.whose, ""), []).append(one)
    return tuple(place for _name, pool in sorted(by_pool.items()) for place in _placed(pool))


def _placed(pool: Sequence[Result]) -> Iterable[Place]:
    within_one = len({one.group for one in pool}) == 1

    def key(one: Result) -> Decimal:
        return (one.rank or Decimal(0)) if within_one else -(one.total or Decimal(0))

    before = 0
    for _key, same in groupby(sorted(pool, key=key), key=key):
        tied = tuple(same)
        ids = tuple(one.whose for one in tied)
        for one in tied:
            others = tuple(other for other in ids if other != one.whose)
            yield Place(one, before + 1, before + len(tied), len(pool), others)
        before += len(tied)


def best(places: Iterable[Place], first: int, last: int) -> tuple[tuple[Place, ...], tuple[Tie, ...]]:
    """Return who takes a place from ``first`` to ``last``, and the ties that reach over its end."""
    found = list(places)
    chosen = tuple(one for one in found if first <= one.last <= last)
    over = [one for one in found if first <= one.first <= last < one.last]
    ties = dict.fromkeys(Tie(tuple(sorted((one.result.whose, *one.tied))), one.first, one.last) for one in over)
    return chosen, tuple(ties)
