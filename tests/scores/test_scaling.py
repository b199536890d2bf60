from decimal import Decimal as Dec
from fractions import Fraction

import numpy as np
import pytest
from tests.scores.making import D, bands, indicator, scale

from zhangfa.expression.series import series_of
from zhangfa.scores.columns import scale_column
from zhangfa.scores.matrix import given
from zhangfa.scores.scaling import Peers, peers_of
from zhangfa.scores.scaling import scale as points_of


def points(one, value, peers=()):
    return points_of(one, None if value is None else D(value), peers_of(one, [D(peer) for peer in peers]))


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        ({"target": 100, "floor": 60}, 80, 50),  # half the way from 60 to 100
        ({"target": 100, "floor": 60}, 60, 0),
        ({"target": 100, "floor": 60}, 30, 0),  # never below nothing
        ({"target": 100, "floor": 60}, 130, 100),  # never above all
        ({"target": "0.5"}, "0.25", 50),
        ({"target": 3, "floor": 12}, 3, 100),  # days to answer: less is better
        ({"target": 3, "floor": 12}, 9, Fraction(100, 3)),
        ({"target": 0, "floor": 10}, "2.5", 75),
    ],
)
def test_target_counts_in_proportion(words, value, expected):
    assert points(indicator("x", 1, scale("target", **words)), value) == expected


def test_nothing_reported_has_no_points():
    assert points(indicator("x", 1), None) is None


def test_goalposts_may_be_turned_round():
    assert points(indicator("x", 1, scale("goalposts", low=200, high=100)), 125) == 75


def test_minmax_places_a_value_between_the_least_and_the_best():
    one = indicator("x", 1, scale("minmax"))
    assert [points(one, value, [10, 20, 50]) for value in (10, 20, 50)] == [0, 25, 100]


@pytest.mark.parametrize("kind", ["minmax", "rank"])
def test_a_value_of_minus_a_hundred_sets_a_standard_like_any_other(kind):
    one = indicator("x", 1, scale(kind))
    column = scale_column(one, series_of([D(-100), D(0), D(100)]), np.ones(3, bool), [range(3)])
    assert [points(one, value, [-100, 0, 100]) for value in (-100, 0, 100)] == [0, 50, 100]
    assert [column.at(place) for place in range(3)] == [0, 50, 100]


def test_minmax_puts_nobody_behind_where_all_are_equal():
    assert points(indicator("x", 1, scale("minmax")), 7, [7, 7]) == 100


def test_rank_gives_equal_values_the_better_place():
    one = indicator("x", 1, scale("rank"))
    assert [points(one, value, [9, 7, 7, 1]) for value in (9, 7, 1)] == [100, Fraction(200, 3), 0]


def test_rank_alone_counts_all():
    assert points(indicator("x", 1, scale("rank")), 7, [7]) == 100


@pytest.mark.parametrize(("value", "expected"), [("59.99", 0), (60, 60), ("79.9", 60), (80, 60), ("80.01", 100)])
def test_band_ends_belong_where_they_say(value, expected):
    one = indicator("x", 1, scale("bands", bands=bands((60, 0), (80, 60, True), (None, 100))))
    assert points(one, value) == expected


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ((60, 0), (80, 60)),  # 80 and above falls into none
        ((80, 60), (60, 0), (None, 100)),  # upside down
        ((60, 0), (60, 50), (None, 100)),  # the same end twice
        ((60, 0, True), (60, 50), (None, 100)),  # 60 in neither or both
        ((None, 0), (None, 100)),
    ],
)
def test_bands_with_a_gap_or_an_overlap_cannot_be_built(rows):
    with pytest.raises(ValueError, match=r"[Bb]and"):
        scale("bands", bands=bands(*rows))


def test_one_number_may_be_a_band_of_its_own():
    one = indicator("x", 1, scale("bands", bands=bands((0, 10), (0, 50, True), (None, 90))))
    assert [points(one, value) for value in (-1, 0, 1)] == [10, 50, 90]


@pytest.mark.parametrize(
    ("cap", "value", "expected"), [(20, 25, 20), (20, 5, 5), (20, -3, 0), (-40, -50, -40), (-40, -6, -6), (-40, 6, 0)]
)
def test_add_keeps_to_its_side_and_its_cap(cap, value, expected):
    assert points(indicator("x", 0, scale("add", cap=cap)), value) == expected


def test_add_without_cap_counts_as_it_is():
    assert points(indicator("x", 0, scale("add")), "-7.5") == D("-7.5")


def test_given_marks_count_out_of_the_highest():
    assert points(indicator("x", 1, scale("given", given_max=20)), 17) == 85


def test_given_marks_leave_out_the_highest_and_the_lowest():
    cell = given([D(mark) for mark in (60, 90, 92, 91, 100)], 1)
    assert (cell.value, cell.facts) == (Dec("91.0000000000"), 5)


def test_given_marks_too_few_to_trim_are_not_reported():
    assert given([D(80), D(90)], 1).reported is False


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("target", {}), ("target", {"target": 5, "floor": 5}), ("target", {"target": 0}), ("goalposts", {"low": 1}),
        ("goalposts", {"low": 1, "high": 1}), ("given", {}),
    ],
)  # fmt: skip
def test_scales_that_cannot_be_reckoned_cannot_be_built(kind, words):
    with pytest.raises(ValueError, match="must"):
        scale(kind, **words)


def test_logarithm_spreads_small_values_out():
    # between 1 and 100 the middle by logarithm is 10
    one = indicator("x", 1, scale("goalposts", low=1, high=100), transform="ln")
    assert round(float(points(one, 10)), 12) == 50.0
    assert [points(one, value) for value in (1, 100, 1000)] == [0, 100, 100]


def test_zero_has_no_logarithm_and_counts_like_the_least():
    assert points(indicator("x", 1, scale("goalposts", low=1, high=100), transform="ln"), 0) == 0
    assert points(indicator("x", 1, scale("goalposts", low=100, high=1), transform="ln"), -5) == 100
    one = indicator("x", 1, scale("minmax"), transform="ln")
    assert [points(one, value, [0, 2, 8]) for value in (0, 2, 4, 8)] == [0, 0, points(one, 4, [2, 8]), 100]


@pytest.mark.parametrize(
    "of", [scale("target", target=5), scale("goalposts", low=0, high=9), scale("rank"), scale("add")]
)
def test_scale_without_a_logarithm_cannot_have_one(of):
    with pytest.raises(ValueError, match="no logarithm"):
        indicator("x", 1 if of.kind != "add" else 0, of, transform="ln")


def test_only_scales_among_peers_gather_them():
    assert peers_of(indicator("x", 1), [D(1)]) == Peers()
