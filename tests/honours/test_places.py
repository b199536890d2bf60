"""Who takes which place: a tie takes all its places, and earns what the last of them earns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import Text
from zhangfa.honours.adjoining import beside_each, largest_together
from zhangfa.honours.changes import Given, holding_id
from zhangfa.honours.places import Result, Tie, best, place_all


def ranked(*ranks: str | None, group: str = "", start: int = 1) -> list[Result]:
    """Return results 1, 2, 3 … of these ranks."""
    return [
        Result(n, group, rank is not None, Decimal(100 - n), None if rank is None else Decimal(rank), len(ranks))
        for n, rank in enumerate(ranks, start=start)
    ]


def whose(results: list[Result], first: int, last: int, pools: dict[int, str] | None = None) -> list[int]:
    return [one.result.whose for one in best(place_all(results, pools), first, last)[0]]


def test_places_follow_ranks() -> None:
    results = ranked("1", "2", "3", "4")
    assert whose(results, 1, 3) == [1, 2, 3]
    assert whose(results, 2, 4) == [2, 3, 4]


def test_whoever_is_not_ranked_has_no_place() -> None:
    assert whose(ranked(None, "1", None, "2"), 1, 3) == [2, 4]


def test_a_tie_inside_counts_both_places() -> None:
    assert whose(ranked("1", "2", "2", "4"), 1, 3) == [1, 2, 3]


def test_a_tie_over_the_edge_leaves_all_of_it_out() -> None:
    chosen, ties = best(place_all(ranked("1", "2", "3", "3", "5")), 1, 3)
    assert [one.result.whose for one in chosen] == [1, 2]
    assert ties == (Tie((3, 4), 3, 4),)


def test_a_tie_over_the_edge_goes_to_the_next_honour() -> None:
    assert whose(ranked("1", "2", "3", "3", "5"), 4, 10) == [3, 4, 5]


def test_three_seven_and_ten_are_twenty_in_all_whatever_ties() -> None:
    results = ranked("1", "2", "3", "3", *map(str, range(5, 20)), "20", "20", "22")
    found = [whose(results, *span) for span in ((1, 3), (4, 10), (11, 20))]
    assert [len(one) for one in found] == [2, 8, 9]
    assert sum(len(one) for one in found) <= 20


def test_mean_and_dense_ranks_take_places_too() -> None:
    assert whose(ranked("1", "2.5", "2.5", "4"), 1, 3) == [1, 2, 3]
    assert whose(ranked("1", "2", "2", "3"), 1, 3) == [1, 2, 3]


def test_each_group_has_places_of_its_own() -> None:
    results = ranked("1", "2", group="a") + ranked("1", "2", group="b", start=11)
    assert whose(results, 1, 1) == [1, 11]


def test_a_pool_of_several_groups_goes_by_totals() -> None:
    results = ranked("1", "2", group="a") + ranked("1", "2", group="b", start=11)
    assert whose(results, 1, 3, {1: "", 2: "", 11: "", 12: ""}) == [1, 2, 11]


@given(st.lists(st.integers(1, 6), max_size=30), st.integers(1, 12))
def test_a_quota_is_never_exceeded_and_equals_never_parted(totals: list[int], quota: int) -> None:
    ranks = [1 + sum(other > total for other in totals) for total in totals]
    results = [Result(n, "", True, Decimal(t), Decimal(r)) for n, (t, r) in enumerate(zip(totals, ranks, strict=True))]
    chosen, ties = best(place_all(results), 1, quota)
    inside = {one.result.whose for one in chosen}
    assert len(inside) <= quota
    for one in results:
        assert {other.whose in inside for other in results if other.rank == one.rank} == {one.whose in inside}
    missing = min(quota, len(results)) - len(inside)
    assert (missing > 0) == bool(ties)


@pytest.mark.parametrize(
    ("units", "pairs", "largest"),
    [
        ([], [], 0),
        ([1, 2, 3], [], 1),
        ([1, 2, 3], [(1, 2), (3, 2)], 3),
        ([1, 3], [(1, 2), (3, 2)], 1),
        ([1, 2, 3, 4, 5], [(1, 2), (4, 5), (5, 3)], 3),
    ],
)
def test_largest_together(units: list[int], pairs: list[tuple[int, int]], largest: int) -> None:
    assert largest_together(units, beside_each(pairs)) == largest


def test_a_thousand_holdings_of_one_moment_have_ids_of_their_own() -> None:
    at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    honour = Honour("lane", Text("最美街巷"), "rule", of_kind="lane")
    many = [Given(honour, unit, Text("符合"), unit) for unit in range(20_000)]
    assert len({holding_id(one, at, "review", place) for place, one in enumerate(many)}) == 20_000
