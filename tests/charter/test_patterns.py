"""Which regular expressions a charter may hold."""

import pytest

from zhangfa.charter.resolve.patterns import pattern_fault


@pytest.mark.parametrize(
    "pattern", ["[A-Z]{2}-\\d{1,6}", "(ab|cd)?x+", "1[3-9]\\d{9}", "(\\d+\\.){1,3}\\d+", "第[一二三]号"]
)
def test_plain_patterns_are_taken(pattern):
    assert pattern_fault(pattern) == ""


@pytest.mark.parametrize("pattern", ["(a+)+", "(a*)*b", "((ab)+c?)+", "(a|b+)*", "(?:x{1,99}y?){2,}", "(?=(a+)+)b"])
def test_repeats_within_repeats_are_refused(pattern):
    assert pattern_fault(pattern) == "nested"


def test_what_is_no_pattern_is_said_by_its_own_words():
    assert "unterminated" in pattern_fault("[a-")
