"""Words for people: moments and spans."""

from __future__ import annotations

import pytest
from tests.acts.county import moment

from zhangfa.acts.words import say_end


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-12-10 09:00", "2026-12-10 11:00", "11:00"),
        ("2026-12-10 23:00", "2026-12-11 01:00", "2026年12月11日 01:00"),
    ],
)
def test_the_end_of_a_span_names_its_day_only_where_it_is_another(start: str, end: str, words: str) -> None:
    assert say_end(moment(start), moment(end)) == words
