"""How records stand: the colour of each state."""

from __future__ import annotations

import pytest
from tests.acts.county import County

from zhangfa.charter.engine import register
from zhangfa.registers.standing import states_of, tones_of


@pytest.mark.parametrize(
    ("key", "tones"),
    [
        ("lecture-team.lecture", {"ordered": "open", "confirmed": "soon", "answered": "done", "cancelled": "plain"}),
        ("leaders-handover.handover", {"filed": "done", "ended": "plain"}),
        ("residents-requests.request", {"closed": "done", "refused": "plain", "resolved": "soon"}),
        ("lecture-team.topic", {"retired": "done"}),
    ],
)
def test_the_end_aimed_at_is_green_and_other_ends_are_grey(county: County, key: str, tones: dict[str, str]):
    assert tones_of(register(key)[1], states_of(key)).items() >= tones.items()
