"""Periods ranked anew: places before and after, bands, ties that claim no difference."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.scores.making import indicator, matrix, score

from zhangfa.scoreboards.comparing import compare
from zhangfa.scores.engine import Scoring, compute
from zhangfa.scores.period import period_of, previous
from zhangfa.scores.whatif import Changes

RULES = score(indicator("a", 60), indicator("b", 40))
NOW = period_of(dt.date(2026, 8, 1), "quarter")
BEFORE = previous(NOW)


def scoring(**table: tuple[object, object]) -> Scoring:
    return compute(RULES, matrix(table, ["a", "b"]))


def test_each_period_is_ranked_anew() -> None:
    scorings = [(NOW, scoring(x=(90, 10), y=(50, 80))), (BEFORE, scoring(x=(10, 90), y=(50, 80)))]
    found = compare(scorings, Changes(weights={"a": Decimal(10)}), {})
    # y: (50 × 10 + 80 × 40) / 50 = 74; x: (90 × 10 + 10 × 40) / 50 = 26; before: y 74, x (100 + 3600) / 50 = 74
    assert [(one.code, one.total, one.was_total, one.gained) for one in found.lines] == [
        ("y", "74.00", "62.00", 0),
        ("x", "26.00", "58.00", 0),
    ]
    assert [one.places[1].place for one in found.lines if one.places[1]] == ["1", "1"]


def test_equal_ranks_are_not_said_to_be_blurred() -> None:
    tied = compare([(NOW, scoring(x=(50, 50), y=(50, 50), z=(10, 10)))], Changes(), {})
    assert (tied.blurred, [bool(one.span and one.span.blurred) for one in tied.lines]) == (0, [False] * 3)


def test_ranks_that_weights_would_swap_are() -> None:
    near = compare([(NOW, scoring(x=(90, 10), y=(55, 62)))], Changes(), {})
    assert (near.blurred, near.lines[0].span.words if near.lines[0].span else "") == (1, "1–2")


def test_a_period_whose_rules_lack_what_is_tried_is_left_empty() -> None:
    other = compute(score(indicator("b", 40)), matrix({"x": (1,), "y": (2,)}, ["b"]))
    found = compare([(NOW, scoring(x=(90, 10), y=(50, 80))), (BEFORE, other)], Changes(weights={"a": Decimal(1)}), {})
    assert [one.places[1] for one in found.lines] == [None, None]


def test_taking_one_out_names_who_moves_most() -> None:
    # x 90 × 0.6 + 10 × 0.4 = 58, y 54; without a: y 60 before x 10; without b nothing moves
    found = compare([(NOW, scoring(x=(90, 10), y=(50, 60)))], Changes(), {})
    told = [(one.up, one.down, one.best.key.code if one.best else "") for one in found.removals]
    assert told == [(1, 1, "y"), (0, 0, "")]
