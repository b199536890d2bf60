"""Several writers at once: a quota holds, a flag has one holder, and a clock that two processes run does all once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.honours.county import COURTYARD, build_honoured
from tests.threads import at_once

from zhangfa.honours import clock
from zhangfa.honours.models import Holding
from zhangfa.honours.replay import differences
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> list[object]:
    """Run everything at once; return what each returned or refused, and fail on anything else."""
    found = at_once(list(works))
    for one in found:
        if isinstance(one, Exception) and not isinstance(one, Refusal):
            raise one
    return found


def test_the_last_of_a_quota_goes_to_one_of_many_writers() -> None:
    county = build_honoured()
    names = county.lane("l1", 15)
    for name in names[:8]:
        county.award("ten-best", name)
    keys = {name: county.key() for name in names[8:]}
    found = together(*(lambda name=name: county.award("ten-best", name, key=keys[name]) for name in names[8:]))
    refused = [one for one in found if isinstance(one, Refusal)]
    assert (len(found) - len(refused), {one.code for one in refused}) == (2, {"guard"})
    assert Holding.objects.filter(honour="ten-best", ended=None).count() == 10
    assert list(differences()) == []


def test_one_act_sent_by_many_threads_is_done_once() -> None:
    county = build_honoured()
    found = together(*(lambda: county.award("ten-best", "east-1", key="once") for _ in range(4)))
    assert len({one.pk for one in found if isinstance(one, Holding)}) == 1
    assert Event.objects.filter(kind="honour").count() == 1


def test_two_awards_to_one_household_are_one() -> None:
    county = build_honoured()
    keys = [county.key() for _ in range(3)]
    found = together(*(lambda key=key: county.award("ten-best", "east-1", key=key) for key in keys))
    assert sorted(type(one).__name__ for one in found) == ["Holding", "Refusal", "Refusal"]


def test_a_clock_in_two_processes_reviews_once() -> None:
    county = build_honoured()
    for name in county.lane("l1"):
        county.plaque(name)
    ticked = together(*(lambda: clock.tick(at=county.now) for _ in range(2)))
    assert sum(one.conferred for one in ticked if isinstance(one, clock.Ticked)) == 1
    assert Holding.objects.filter(charter=COURTYARD, honour="lane").count() == 1
    assert list(differences()) == []


def test_an_award_and_its_withdrawal_leave_one_end() -> None:
    county = build_honoured()
    held = county.award("ten-best", "east-1")
    keys = [county.key() for _ in range(3)]
    found = together(*(lambda key=key: county.withdraw(held, key=key) for key in keys))
    assert sorted(type(one).__name__ for one in found) == ["Holding", "Refusal", "Refusal"]
    assert Event.objects.filter(kind="honour", step="withdraw").count() == 1
