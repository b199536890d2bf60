"""What holds for every score, whatever its rules and facts."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scores.making import D, indicator, scale, score

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import LOGARITHMIC, Dimension, Indicator, Score, unlogarithmic
from zhangfa.scores.engine import compute
from zhangfa.scores.exact import round_away
from zhangfa.scores.matrix import Cell, Key, Matrix, as_columns, build_matrix
from zhangfa.scores.scaling import scale as points_of

FEW = settings(max_examples=40, deadline=None)
decimals = st.decimals(-200, 200, places=2)
SCALES = [
    scale("target", target=100), scale("target", target=90, floor=40), scale("minmax"),
    scale("goalposts", low=-50, high=150), scale("rank"), scale("given", given_max=120),
]  # fmt: skip
"""The rising ones: more is better."""


@st.composite
def rules(draw: st.DrawFn) -> Score:
    count = draw(st.integers(1, 5))
    home = draw(st.booleans())
    parts = [
        indicator(
            f"i{n}", draw(st.integers(1, 60)), draw(st.sampled_from(SCALES)),
            dimension="d" if home and n % 2 else "", missing=draw(st.sampled_from(["show", "leave_out"])),
        )
        for n in range(count)
    ]  # fmt: skip
    parts.append(indicator("bonus", 0, scale("add", cap=10)))
    dimensions = [
        Dimension("d", Text("d"), D(draw(st.integers(1, 9))), draw(st.sampled_from(["arithmetic", "geometric"])))
    ]
    ties = draw(st.sampled_from(["competition", "dense", "average"]))
    return score(*parts, dimensions=dimensions, ties=ties, rank_on=draw(st.sampled_from(["rounded", "full"])))


def cells(rule: Score, draw: st.DrawFn, count: int) -> dict[tuple[str, str], Cell]:
    return {
        (f"u{place}", one): Cell(value, 1)
        for place in range(count)
        for one in rule.indicators
        if (value := draw(st.none() | decimals)) is not None
    }


@st.composite
def cases(draw: st.DrawFn) -> tuple[Score, dict[tuple[str, str], Cell], list[Key]]:
    rule, count = draw(rules()), draw(st.integers(1, 7))
    keys = [Key(draw(st.sampled_from(["", "x"])), f"u{place}") for place in range(count)]
    return rule, cells(rule, draw, count), keys


def built(rule: Score, held: dict[tuple[str, str], Cell], keys: list[Key]) -> Matrix:
    return build_matrix(keys, tuple(rule.indicators), held)


@FEW
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_facts_and_keys_changes_nothing(case: tuple[Score, dict, list[Key]], chance: random.Random) -> None:
    rule, held, keys = case
    shuffled, turned = list(held.items()), list(keys)
    chance.shuffle(shuffled)
    chance.shuffle(turned)
    first, second = compute(rule, built(rule, held, keys)), compute(rule, built(rule, dict(shuffled), turned))
    assert first.digest == second.digest


@FEW
@given(cases(), st.integers(1, 1000))
def test_scaling_all_weights_changes_no_total(case: tuple[Score, dict, list[Key]], times: int) -> None:
    rule, held, keys = case
    heavier = replace(
        rule,
        indicators={one.id: replace(one, weight=one.weight * times) for one in rule.indicators.values()},
        dimensions={one.id: replace(one, weight=one.weight * times) for one in rule.dimensions.values()},
    )
    matrix = built(rule, held, keys)
    assert [one.full for one in compute(rule, matrix).results] == [one.full for one in compute(heavier, matrix).results]


@FEW
@given(cases(), st.data())
def test_doing_better_never_costs_anything(case: tuple[Score, dict, list[Key]], data: st.DataObject) -> None:
    rule, held, keys = case
    if not held:
        return
    code, name = data.draw(st.sampled_from(sorted(held)))
    better = Cell(held[code, name].value + data.draw(st.decimals(0, 50, places=2)), 1)
    before = compute(rule, built(rule, held, keys)).by_code[code]
    after = compute(rule, built(rule, {**held, (code, name): better}, keys)).by_code[code]
    assert before.status == after.status
    if before.full is not None and after.full is not None and before.rank and after.rank:
        assert after.full >= before.full
        assert after.rank.place <= before.rank.place


@FEW
@given(cases())
def test_ranks_follow_totals_within_each_group(case: tuple[Score, dict, list[Key]]) -> None:
    rule, held, keys = case
    ranked = [one for one in compute(rule, built(rule, held, keys)).results if one.rank]
    for one in ranked:
        for other in ranked:
            if one.key.group == other.key.group:
                counted = "rounded" if rule.rank_on == "rounded" else "full"
                ahead = getattr(one, counted) > getattr(other, counted)
                assert ahead == (one.rank.place < other.rank.place)


@FEW
@given(cases())
def test_points_of_a_scale_stay_between_nothing_and_all(case: tuple[Score, dict, list[Key]]) -> None:
    rule, held, keys = case
    found = compute(rule, built(rule, held, keys))
    for key in keys:
        assert all(points is None or 0 <= points <= 100 for points in found.points_of(key.code).values())


def can_log(one: Indicator) -> bool:
    return one.scale.kind in LOGARITHMIC and not unlogarithmic(one.scale)


@FEW
@given(cases(), st.sampled_from(["", "ln"]))
def test_columns_scale_as_single_values_do(case: tuple[Score, dict, list[Key]], transform: str) -> None:
    rule, held, keys = case
    fit = {one.id: transform if can_log(one) else "" for one in rule.indicators.values()}
    rule = replace(rule, indicators={one.id: replace(one, transform=fit[one.id]) for one in rule.indicators.values()})
    found = compute(rule, built(rule, held, keys))
    for key in keys:
        peers, cells = found.peers_of(key.code), found.cells_of(key.code)
        singly = {one.id: points_of(one, cells[one.id].value, peers[one.id]) for one in rule.indicators.values()}
        assert found.points_of(key.code) == singly


@FEW
@given(cases())
def test_totals_of_columns_are_those_of_single_keys(case: tuple[Score, dict, list[Key]]) -> None:
    rule, held, keys = case
    found = compute(rule, built(rule, held, keys))
    for one in found.results:
        exact = found.total_of(one.key.code).total
        assert one.full == (None if exact is None else round_away(exact, 10))
        assert one.rounded == (None if exact is None else round_away(exact, 2))


@FEW
@given(cases(), st.data())
def test_numbers_beyond_64_bits_are_counted_as_small_ones_are(case: tuple, data: st.DataObject) -> None:
    rule, held, keys = case
    large = st.decimals(-(10**17), 10**17, places=10)
    found = compute(rule, built(rule, {one: Cell(data.draw(large), 1) for one in held}, keys))
    for key in keys:
        peers, cells = found.peers_of(key.code), found.cells_of(key.code)
        singly = {one.id: points_of(one, cells[one.id].value, peers[one.id]) for one in rule.indicators.values()}
        assert found.points_of(key.code) == singly
        exact = found.total_of(key.code).total
        assert found.by_code[key.code].full == (None if exact is None else round_away(exact, 10))


def test_cells_held_as_columns_are_the_cells_themselves() -> None:
    cells = (Cell(D("0.50"), 3), Cell(None, 2, False), Cell(D(-7), 1))
    assert list(as_columns(cells)) == list(cells)
    assert as_columns(cells) == cells


def test_digest_is_the_same_under_every_hash_seed() -> None:
    code = (
        "from tests.scores.making import *; from zhangfa.scores.engine import compute;"
        "table = {'甲': (1, 2), '乙': (3, None), '丙': (5, 6)};"
        "print(compute(score(indicator('a', 1), indicator('b', 2)), matrix(table, ['a', 'b'])).digest)"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "src:.", "LC_ALL": locale, "TZ": zone},
        ).stdout
        for seed, locale, zone in (("0", "C", "UTC"), ("1", "C.UTF-8", "Asia/Shanghai"))
    }  # fmt: skip
    assert len(seen) == 1


def test_digest_changes_with_any_value() -> None:
    rule = score(indicator("a", 1))
    one, other = ({("u", "a"): Cell(Decimal(value), 1)} for value in ("80.0000001", "80.0000002"))
    keys = [Key("", "u")]
    assert compute(rule, built(rule, one, keys)).digest != compute(rule, built(rule, other, keys)).digest
