"""The checker lets a logarithm stand only where the scale has one."""

from pathlib import Path

import pytest

from zhangfa.charter.load import load_charter

JUDGED = (Path(__file__).parents[1] / "charter/good/judged.yaml").read_text()
DEPTH = "goalposts: {low: 10, high: 300}, weight: 5, transform: ln"


@pytest.mark.parametrize(
    ("written", "code", "word"),
    [
        ("goalposts: {low: 0, high: 300}, weight: 5, transform: ln", "C274", "low"),
        ("target: 300, weight: 5, transform: ln", "C274", "floor"),
        ("rank: peers, weight: 5, transform: ln", "C121", "transform"),
    ],
)
def test_logarithm_without_positive_ends_is_a_problem(written, code, word):
    assert DEPTH in JUDGED
    loaded = load_charter(JUDGED.replace(DEPTH, written), name="judged.yaml")
    assert [(one.code, word in one.en) for one in loaded.problems] == [(code, True)]


def test_logarithm_with_positive_ends_is_none():
    assert load_charter(JUDGED, name="judged.yaml").problems == ()
