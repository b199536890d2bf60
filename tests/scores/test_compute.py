"""Scores worked out by hand, as a clerk would on paper."""

from fractions import Fraction

import pytest
from tests.scores.making import D, indicator, matrix, scale, score

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import Dimension, Tier
from zhangfa.scores.engine import compute


def places(scoring):
    return {one.key.code: None if one.rank is None else str(one.rank.place) for one in scoring.results}


def totals(scoring):
    return {one.key.code: None if one.rounded is None else str(one.rounded) for one in scoring.results}


# Beautiful courtyards, quarterly ranking of towns (weights 50 / 40 / 10):
#            built of all   random checks   rounds done     courtyards 50      checks 40          rounds 10     total
#            target 0.5     100, floor 60   target 1
# 鱼山街道    0.293          92              1               58.6 → 29.30       80 → 32.00         100 → 10      71.30
# 胡集镇      0.500          75              0.9             100  → 50.00       37.5 → 15.00       90  → 9       74.00
# 羊山镇      0.410          58              1               82   → 41.00       0 → 0              100 → 10      51.00
COURTYARDS = score(
    indicator("rate", 50, scale("target", target="0.5")),
    indicator("checks", 40, scale("target", target=100, floor=60)),
    indicator("rounds", 10, scale("target", target=1)),
)
TOWNS = {"鱼山": ("0.293", 92, 1), "胡集": ("0.5", 75, "0.9"), "羊山": ("0.41", 58, 1)}


def test_towns_are_ranked_as_on_paper():
    found = compute(COURTYARDS, matrix(TOWNS, ["rate", "checks", "rounds"]))
    assert totals(found) == {"胡集": "74.00", "鱼山": "71.30", "羊山": "51.00"}
    assert places(found) == {"胡集": "1", "鱼山": "2", "羊山": "3"}


# Cadre archive: base 80, bonus up to 20, malus down to −40:
# 甲 80 + 9 − 0 = 89 · 乙 80 + 20 (of 23) − 3 = 97 · 丙 80 + 0 − 40 (of −46) = 40 · 丁 nothing recorded: 80
def test_base_bonus_and_malus_keep_their_caps():
    archive = score(
        indicator("credit", 0, scale("add", cap=20)), indicator("debit", 0, scale("add", cap=-40)), base=D(80)
    )
    table = {"甲": (9, None), "乙": (23, -3), "丙": (None, -46), "丁": (None, None)}
    found = compute(archive, matrix(table, ["credit", "debit"]))
    assert totals(found) == {"乙": "97.00", "甲": "89.00", "丁": "80.00", "丙": "40.00"}


def test_not_reported_is_neither_zero_nor_ranked():
    found = compute(COURTYARDS, matrix({**TOWNS, "马庙": ("0.5", None, 1)}, ["rate", "checks", "rounds"]))
    result = found.by_code["马庙"]
    assert (result.status, result.rounded, result.rank, result.missing) == ("not_reported", None, None, ("checks",))
    assert found.points_of("马庙")["rate"] == 100
    assert found.by_code["胡集"].rank.of == 3


def test_weight_of_a_part_left_out_is_spread_over_the_others():
    # weights 60 and 40; without the second the first counts alone: 80, not 48
    rule = score(indicator("a", 60), indicator("b", 40, missing="leave_out"))
    found = compute(rule, matrix({"甲": (80, None), "乙": (80, 50)}, ["a", "b"]))
    assert totals(found) == {"甲": "80.00", "乙": "68.00"}
    assert found.by_code["甲"].missing == ("b",)


def test_everything_left_out_is_not_reported():
    rule = score(indicator("a", 60, missing="leave_out"))
    assert compute(rule, matrix({"甲": (None,)}, ["a"])).by_code["甲"].status == "not_reported"


def test_too_few_facts_are_not_ranked_and_set_no_standard():
    rule = score(indicator("a", 1, scale("minmax")), too_few={"a": 3})
    found = compute(rule, matrix({"甲": ((50, 9),), "乙": ((70, 3),), "丙": ((99, 2),)}, ["a"]))
    assert places(found) == {"乙": "1", "甲": "2", "丙": None}
    assert (found.by_code["乙"].full, found.by_code["丙"].status) == (100, "too_few")


def test_too_few_may_be_asked_of_all_facts_together():
    rule = score(indicator("a", 1), indicator("b", 1), too_few={"*": 5})
    found = compute(rule, matrix({"甲": ((50, 2), (50, 2)), "乙": ((40, 2), (40, 3))}, ["a", "b"]))
    assert places(found) == {"乙": "1", "甲": None}


def test_veto_takes_the_rank_and_says_why():
    rule = score(indicator("a", 1), indicator("accident", 0, scale("veto")))
    found = compute(rule, matrix({"甲": (99, 1), "乙": (50, 0), "丙": (60, None)}, ["a", "accident"]))
    assert places(found) == {"丙": "1", "乙": "2", "甲": None}
    assert (found.by_code["甲"].status, found.by_code["甲"].vetoed_by) == ("vetoed", ("accident",))


# Dimensions: 党建 60 = (学习 1 : 组织 3) arithmetic, 实绩 40 geometric of 产业 4 and 服务 9 → 6
# 学习 80, 组织 60 → 65; total = (65×60 + 6×40) / 100 = 41.4
def test_dimensions_nest_and_combine_their_own_way():
    party, results = Dimension("party", Text("党建"), D(60)), Dimension("results", Text("实绩"), D(40), "geometric")
    rule = score(
        indicator("study", 1, dimension="party"), indicator("order", 3, dimension="party"),
        indicator("industry", 5, dimension="results"), indicator("service", 5, dimension="results"),
        dimensions=[party, results],
    )  # fmt: skip
    found = compute(rule, matrix({"甲": (80, 60, 4, 9)}, ["study", "order", "industry", "service"])).total_of("甲")
    assert found.dimensions == {"party": 65, "results": 6}
    assert found.total == Fraction(414, 10)


def test_dimension_inside_a_dimension():
    outer = Dimension("outer", Text("外"), D(50))
    inner = Dimension("inner", Text("内"), D(1), parent="outer", indicators=("a", "b"))
    rule = score(indicator("a", 1), indicator("b", 1), indicator("c", 1, dimension="outer"), indicator("d", 50),
                 dimensions=[outer, inner])  # fmt: skip
    # inner (100+0)/2 = 50, outer (50+70)/2 = 60, whole (60+20)/2 = 40
    assert compute(rule, matrix({"甲": (100, 0, 70, 20)}, list("abcd"))).by_code["甲"].full == 40


def test_geometric_mean_lets_nothing_make_up_for_zero():
    rule = score(indicator("a", 1), indicator("b", 1), combine="geometric")
    found = compute(rule, matrix({"甲": (0, 100), "乙": (64, 36), "丙": (100, 100)}, ["a", "b"]))
    assert totals(found) == {"丙": "100.00", "乙": "48.00", "甲": "0.00"}


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("competition", "1 2 2 4"), ("dense", "1 2 2 3"), ("average", "1 2.5 2.5 4")],
)
def test_ties_are_counted_as_declared(ties, expected):
    rule = score(indicator("a", 1), ties=ties)
    found = compute(rule, matrix({"甲": (90,), "丙": (80,), "乙": (80,), "丁": (70,)}, ["a"]))
    assert " ".join(str(one.rank.place) for one in found.results) == expected


def test_rounding_goes_away_from_zero_at_the_half():
    rule = score(indicator("a", 1), indicator("b", 0, scale("add")), precision=1)
    found = compute(rule, matrix({"甲": ("80.25", 0), "乙": ("80.35", 0), "丙": (0, "-0.25")}, ["a", "b"]))
    assert totals(found) == {"甲": "80.3", "乙": "80.4", "丙": "-0.3"}


@pytest.mark.parametrize(
    ("rank_on", "expected"), [("rounded", {"甲": "1", "乙": "1"}), ("full", {"甲": "2", "乙": "1"})]
)
def test_ranks_are_given_on_the_rounded_or_the_full_value(rank_on, expected):
    rule = score(indicator("a", 1), precision=1, rank_on=rank_on)
    assert places(compute(rule, matrix({"甲": ("80.31",), "乙": ("80.32",)}, ["a"]))) == expected


def test_groups_are_compared_only_with_themselves():
    rule = score(indicator("a", 1, scale("minmax")))
    table, groups = (
        {"甲": (10,), "乙": (20,), "丙": (1,), "丁": (3,)},
        {"甲": "平原", "乙": "平原", "丙": "山区", "丁": "山区"},
    )
    found = compute(rule, matrix(table, ["a"], groups))
    assert places(found) == {"丁": "1", "丙": "2", "乙": "1", "甲": "2"}
    assert totals(found)["丁"] == "100.00"


def test_tiers_by_share_are_at_most_and_never_part_equals():
    tiers = (Tier("A", Text("优秀"), D("0.2")), Tier("B", Text("良好"), D("0.5")), Tier("C", Text("一般")))
    rule = score(indicator("a", 1), tiers=tiers)
    # 13 towns: 20 % are 2.6, so 2; 70 % are 9.1, so 9. Second and third are equal: both come in.
    marks = [99, 95, 95, 90, 89, 88, 87, 86, 85, 84, 83, 82, 81]
    found = compute(rule, matrix({f"{n:02}": (mark,) for n, mark in enumerate(marks)}, ["a"]))
    assert "".join(one.tier for one in found.results) == "AAABBBBBBCCCC"


def test_tiers_by_total():
    tiers = (
        Tier("blue", Text("蓝牌"), at_least=D(95)),
        Tier("plain", Text(""), at_least=D(70)),
        Tier("red", Text("红牌")),
    )
    rule = score(indicator("a", 1), tiers=tiers)
    found = compute(rule, matrix({"甲": (95,), "乙": ("94.99",), "丙": ("69.99",), "丁": (None,)}, ["a"]))
    assert {one.key.code: one.tier for one in found.results} == {"甲": "blue", "乙": "plain", "丙": "red", "丁": ""}


def test_indicator_of_no_weight_only_informs():
    found = compute(score(indicator("a", 1), indicator("b", 0)), matrix({"甲": (70, 90)}, ["a", "b"]))
    assert (found.by_code["甲"].full, found.points_of("甲")["b"]) == (70, 90)
