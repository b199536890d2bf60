from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scores.making import D, bands, indicator, matrix, scale, score
from tests.scores.test_compute import COURTYARDS, TOWNS
from tests.scores.test_laws import built, cases

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import Dimension
from zhangfa.scores.engine import compute, counted
from zhangfa.scores.matrix import Cell
from zhangfa.scores.why import explain

NOW = compute(COURTYARDS, matrix(TOWNS, ["rate", "checks", "rounds"]))


def test_why_shows_every_step_with_its_numbers():
    steps = explain(NOW, "鱼山").steps
    assert [(str(one.value), str(one.points), str(one.counts)) for one in steps] == [
        ("0.293", "58.60", "29.30"),
        ("92", "80.00", "32.00"),
        ("1", "100.00", "10.00"),
    ]
    assert steps[
        1
    ].said.zh == "checks：1 条事实，得 92；100 得 100 分，60 得 0 分，其间按比例 → 得 80 分；占 40%，计入 32 分。" or (
        steps[1].said.zh
        == "checks：1 条事实，得 92；100 得 100 分，60 得 0 分，其间按比例 → 得 80 分；占 40%，计入 32 分。"
    )


def test_why_says_how_far_the_next_rank_is():
    why = explain(NOW, "鱼山")
    assert (why.next.place, why.next.total, why.next.gap, why.behind) == (1, D("74.00"), D("2.70"), D("20.30"))
    # 2.695 points of the whole would round to 74.00: rate needs 58.6 + 5.39 = 63.99 points, so 0.31995, shown 0.32
    rate, checks, rounds = why.steps
    assert (rate.reach.points, rate.reach.value) == (D("63.99"), D("0.3200"))
    # checks: 80 + 6.7375 = 86.7375 points, so 60 + 0.867375 × 40 = 94.695
    assert (checks.reach.points, checks.reach.value) == (D("86.74"), D("94.6950"))
    assert rounds.reach is None  # already full


def test_the_first_has_nobody_ahead_and_the_last_nobody_behind():
    assert explain(NOW, "胡集").next is None
    assert explain(NOW, "羊山").behind is None


def test_why_of_the_unreported_says_so():
    found = compute(COURTYARDS, matrix({"马庙": ("0.5", None, 1)}, ["rate", "checks", "rounds"]))
    why = explain(found, "马庙")
    assert why.steps[1].said.zh == "checks：0 条事实，未上报，不是零分；因此不参加排名。"
    assert (why.next, why.steps[1].points) == (None, None)


def test_share_of_what_was_left_out_goes_to_the_rest():
    rule = score(indicator("a", 60), indicator("b", 40, missing="leave_out"))
    why = explain(compute(rule, matrix({"甲": (80, None)}, ["a", "b"])), "甲")
    assert [(one.share, one.counts) for one in why.steps] == [(1, 80), (0, None)]


def test_bands_name_the_nearest_end_that_would_do():
    one = indicator("x", 1, scale("bands", bands=bands((60, 0), (80, 60, True), (None, 100))))
    found = compute(score(one), matrix({"甲": (90,), "乙": (70,), "丙": (50,)}, ["x"]))
    second, third = (explain(found, code).steps[0].reach for code in "乙丙")
    assert (second.value, second.beyond, second.less) == (80, True, False)
    assert (third.value, third.beyond, third.less) == (60, False, False)


def test_a_malus_can_only_shrink_to_nothing():
    rule = score(indicator("debit", 0, scale("add", cap=-40)), indicator("credit", 0, scale("add", cap=5)), base=D(80))
    found = compute(rule, matrix({"甲": (0, 4), "乙": (-6, 0)}, ["debit", "credit"]))
    debit, credit = explain(found, "乙").steps
    assert (debit.reach, credit.reach) == (None, None)  # 10 behind: neither 6 nor 5 is enough
    found = compute(rule, matrix({"甲": (-2, 0), "乙": (-6, 0)}, ["debit", "credit"]))
    debit, credit = explain(found, "乙").steps
    assert (round(debit.reach.value, 2), round(credit.reach.value, 2)) == (-2, 4)


def test_inside_a_geometric_mean_parts_do_not_add_up_but_still_reach():
    rule = score(
        indicator("a", 1, dimension="d"), indicator("b", 1, dimension="d"),
        dimensions=[Dimension("d", Text("d"), D(1), "geometric")],
    )  # fmt: skip
    found = compute(rule, matrix({"甲": (60, 60), "乙": (36, 64)}, ["a", "b"]))
    first, second = explain(found, "乙").steps
    assert (first.counts, second.counts) == (None, None)
    # √(x × 64) must round to 60.00: x ≥ 59.995² / 64 = 56.24063; √(36 × y): y ≥ 99.98334
    assert (first.reach.value, second.reach.value) == (D("56.2407"), D("99.9834"))


RISING = st.sampled_from(
    [
        scale("target", target=100), scale("target", target=20, floor=120), scale("goalposts", low=-50, high=150),
        scale("given", given_max=120), scale("bands", bands=bands((0, 10), (50, 40, True), (None, 90))),
    ]
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(cases(), st.data())
def test_what_why_says_would_reach_the_next_rank_does(case, data):
    rule, held, keys = case
    indicators = {
        one.id: replace(one, scale=data.draw(RISING)) if one.weight else one for one in rule.indicators.values()
    }
    rule = replace(rule, indicators=indicators, ties="competition")
    found = compute(rule, built(rule, held, keys))
    for key in keys:
        why = explain(found, key.code)
        for step in why.steps:
            if why.next is None or step.reach is None or step.reach.value is None:
                continue
            nudge = (Decimal("-0.01") if step.reach.less else Decimal("0.01")) if step.reach.beyond else Decimal(0)
            changed = {**held, (key.code, step.indicator.id): Cell(step.reach.value + nudge, 1)}
            after = compute(rule, built(rule, changed, keys)).by_code[key.code]
            assert counted(rule, after) >= why.next.total
            assert after.rank.place <= why.next.place
