from __future__ import annotations

import importlib.util

import pytest
from bench.measuring import Figure, interleave, median_ratio, quantile
from bench.running import BENCHES, describe, write_results


def test_quantile_is_a_value_that_was_measured():
    times = [float(n) for n in range(1, 101)]
    assert (quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1.0)) == (50.0, 99.0, 100.0)
    assert quantile([7.0], 0.99) == 7.0


def test_interleave_turns_the_order_each_round():
    asked: list[str] = []
    runs = [lambda: asked.append("ours") or 1.0, lambda: asked.append("bare") or 2.0]
    assert interleave(runs, rounds=3) == [[1.0] * 3, [2.0] * 3]
    assert asked == ["ours", "bare", "bare", "ours", "ours", "bare"]


def test_median_ratio_compares_within_rounds():
    assert median_ratio([10, 1, 30], [10, 2, 10]) == 1


@pytest.mark.parametrize(
    ("value", "bounds", "kept"),
    [
        (0.5, {"at_least": 0.5}, True),
        (0.49, {"at_least": 0.5}, False),
        (20, {"at_most": 20}, True),
        (21, {"at_most": 20}, False),
        (5, {}, None),
    ],
)
def test_figure_knows_whether_its_bound_is_kept(value, bounds, kept):
    assert Figure("b", "w", value, "ms", **bounds).kept is kept


def test_write_results_shows_every_figure_with_its_bound(tmp_path):
    figures = [Figure("acts", "ratio", 0.4, "×", at_least=0.5, note="bare 9/s"), Figure("lists", "p99", 12, "ms")]
    write_results(figures, tmp_path / "RESULTS.md")
    lines = (tmp_path / "RESULTS.md").read_text("utf-8").splitlines()
    assert lines[-2:] == [
        "| acts | ratio (bare 9/s) | 0.4 × | ≥ 0.5 | **no** |",
        "| lists | p99 | 12 ms | – | – |",
    ]
    assert "✗" in describe(figures[0])


def test_write_results_keeps_what_did_not_run_again(tmp_path):
    path = tmp_path / "RESULTS.md"
    write_results([Figure("lists · sqlite", "p99", 12, "ms"), Figure("lists · sqlite", "p50", 2, "ms")], path)
    write_results([Figure("acts · sqlite", "ratio", 0.4, "×")], path)
    write_results([Figure("lists · sqlite", "p99", 11, "ms")], path)
    assert path.read_text("utf-8").splitlines()[-2:] == [
        "| acts · sqlite | ratio | 0.4 × | – | – |",
        "| lists · sqlite | p99 | 11 ms | – | – |",
    ]


def test_every_bench_is_a_module_that_runs():
    for bench in BENCHES:
        assert importlib.util.find_spec(f"bench.{bench.name}")
        assert set(bench.databases) <= {"sqlite", "postgres"}
