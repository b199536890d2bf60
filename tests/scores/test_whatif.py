import pytest
from tests.scores.making import D, indicator, matrix, scale, score
from tests.scores.test_compute import COURTYARDS, TOWNS

from zhangfa.scores.engine import compute
from zhangfa.scores.trend import trace
from zhangfa.scores.whatif import Changes, recompute, remove_one

NOW = compute(COURTYARDS, matrix(TOWNS, ["rate", "checks", "rounds"]), period="2026-Q3")


def order(scoring):
    return [one.key.code for one in scoring.results]


def test_other_weights_name_winners_and_losers():
    # 20, 70, 10: 鱼山 11.72 + 56 + 10 = 77.72; 胡集 20 + 26.25 + 9 = 55.25; 羊山 16.4 + 0 + 10 = 26.4
    tried = recompute(NOW, Changes(weights={"rate": D(20), "checks": D(70)}))
    assert [str(one.rounded) for one in tried.after.results] == ["77.72", "55.25", "26.40"]
    assert [(one.key.code, one.gained) for one in tried.gainers] == [("鱼山", 1)]
    assert [(one.key.code, one.gained) for one in tried.losers] == [("胡集", -1)]
    assert order(NOW) == ["胡集", "鱼山", "羊山"]


def test_other_target_and_floor():
    # target 0.293: 鱼山 reaches it, so 50 + 32 + 10 = 92, and 胡集 stays at 74
    tried = recompute(NOW, Changes(targets={"rate": D("0.293")}))
    assert str(tried.after.by_code["鱼山"].rounded) == "92.00"
    # floor 50: 羊山's 58 counts (58 − 50) / 50 = 16 points, times 40 % 6.4
    tried = recompute(NOW, Changes(floors={"checks": D(50)}))
    assert str(tried.after.by_code["羊山"].rounded) == "57.40"


def test_weight_of_nothing_is_the_indicator_taken_out():
    by_weight = recompute(NOW, Changes(weights={"checks": D(0)})).after
    removed = recompute(NOW, Changes(removed=frozenset({"checks"}))).after
    assert [one.full for one in by_weight.results] == [one.full for one in removed.results]


def test_remove_one_shows_what_hangs_on_each_indicator():
    table = remove_one(NOW)
    assert {one: order(tried.after) for one, tried in table.items()} == {
        "rate": ["鱼山", "胡集", "羊山"],
        "checks": ["胡集", "羊山", "鱼山"],
        "rounds": ["胡集", "鱼山", "羊山"],
    }


def test_remove_one_needs_two():
    assert remove_one(compute(score(indicator("a", 1)), matrix({"甲": (1,)}, ["a"]))) == {}


@pytest.mark.parametrize(
    "changes",
    [
        Changes(weights={"rait": D(1)}),
        Changes(removed=frozenset({"rait"})),
        Changes(dimensions={"d": D(1)}),
        Changes(targets={"rate": D(0)}),
        Changes(weights={"rate": D(-1)}),
    ],
)
def test_impossible_changes_are_mistakes(changes):
    with pytest.raises(ValueError, match=r"rait|has no d|target|negative"):
        recompute(NOW, changes)


def test_scale_without_target_has_none_to_change():
    found = compute(score(indicator("a", 1, scale("minmax"))), matrix({"甲": (1,)}, ["a"]))
    with pytest.raises(ValueError, match="no target"):
        recompute(found, Changes(targets={"a": D(1)}))


def test_trend_compares_with_the_last_ranked_period():
    rule = score(indicator("a", 1))
    tables = [{"甲": (70,), "乙": (80,)}, {"甲": (None,), "乙": (81,)}, {"甲": (90,), "乙": (82,)}, {"乙": (82,)}]
    found = [compute(rule, matrix(one, ["a"]), period=str(n)) for n, one in enumerate(tables, 1)]
    points = trace(found, "甲")
    assert [one.period for one in points] == ["1", "2", "3", "4"]
    assert [one.total_change for one in points] == [None, None, 20, None]
    assert [one.places_gained for one in points] == [None, None, 1, None]
    assert [one.result is None for one in points] == [False, False, False, True]
