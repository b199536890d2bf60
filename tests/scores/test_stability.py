import random
import time
from fractions import Fraction

from tests.scores.making import D, indicator, matrix, scale, score

from zhangfa.charter.model import Text
from zhangfa.charter.score_model import Dimension
from zhangfa.scores.engine import compute
from zhangfa.scores.stability import bands


def rule(**words):
    return score(indicator("a", 50), indicator("b", 50), **words)


def test_one_who_is_better_in_everything_stands_firm():
    found = bands(compute(rule(), matrix({"甲": (90, 90), "乙": (60, 60)}, ["a", "b"])))
    assert [(one.key.code, one.high, one.low, one.ahead, one.blurred) for one in found] == [
        ("甲", 1, 1, 1, False),
        ("乙", 2, 2, None, False),
    ]


def test_equal_weights_of_opposites_are_a_toss_up():
    # 甲 is better in a, 乙 in b, as much: which is ahead hangs on the weights alone
    first, second = bands(compute(rule(), matrix({"甲": (90, 50), "乙": (50, 90)}, ["a", "b"])))
    assert (first.place, second.place) == (1, 1)
    assert (first.high, first.low) == (1, 2)
    assert first.blurred
    assert Fraction(2, 5) < first.ahead < Fraction(3, 5)


def test_the_same_seed_gives_the_same_bands():
    chance = random.Random(3)
    table = {str(n): (chance.randint(0, 100), chance.randint(0, 100)) for n in range(20)}
    found = compute(rule(), matrix(table, ["a", "b"]))
    assert bands(found) == bands(found)
    assert bands(found, seed=2) != bands(found)


def test_without_any_spread_every_ranking_is_the_charters():
    chance = random.Random(4)
    table = {str(n): (chance.randint(0, 100), chance.randint(0, 100) if n % 3 else None) for n in range(30)}
    spare = score(
        indicator("a", 50), indicator("b", 30, missing="leave_out"), indicator("c", 0, scale("add")), base=D(7)
    )
    found = compute(spare, matrix({code: (*row, 1) for code, row in table.items()}, ["a", "b", "c"]))
    for one in bands(found, draws=20, spread=Fraction(0)):
        assert {one.high, one.low, one.best, one.worst} == {one.place}
        assert one.place == found.by_code[one.key.code].rank.place


def test_dimensions_and_geometric_means_have_bands_too():
    dimensions = [Dimension("d", Text("d"), D(40), "geometric")]
    nested = score(
        indicator("a", 60), indicator("b", 1, dimension="d"), indicator("c", 1, dimension="d"), dimensions=dimensions
    )
    found = compute(nested, matrix({"甲": (50, 0, 100), "乙": (50, 60, 60), "丙": (50, 64, 36)}, list("abc")))
    assert [one.key.code for one in bands(found, spread=Fraction(0), draws=20)] == ["乙", "丙", "甲"]
    assert [(one.best, one.worst) for one in bands(found)] == [(1, 1), (2, 2), (3, 3)]


def test_groups_have_bands_of_their_own_and_the_unranked_none():
    table = {"甲": (90, 90), "乙": (60, 60), "丙": (10, 10), "丁": (5, None)}
    found = compute(rule(), matrix(table, ["a", "b"], {"丙": "山区", "丁": "山区"}))
    assert {one.key.code: one.low for one in bands(found)} == {"甲": 1, "乙": 2, "丙": 1}


def test_a_thousand_rankings_of_all_villages_are_quick():
    chance = random.Random(5)
    table = {f"{n:03}": [D(chance.randint(0, 10000)) / 100 for _ in range(6)] for n in range(660)}
    found = compute(score(*(indicator(one, 10) for one in "abcdef")), matrix(table, list("abcdef")))
    bands(found)
    spent = min(_time(lambda: bands(found)) for _ in range(3))
    assert spent < 0.3


def _time(work):
    start = time.process_time()
    work()
    return time.process_time() - start
