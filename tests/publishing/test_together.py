"""Several people at once, with real commits on whichever database is set: one wins, and nothing is half done."""

from __future__ import annotations

from typing import Any

import pytest
from tests.publishing.county import County, build_county, fill_quarter, moment
from tests.threads import at_once

from zhangfa.log.models import Event
from zhangfa.publishing.clock import tick
from zhangfa.publishing.models import Board, Objection, Standing
from zhangfa.publishing.replay import differences
from zhangfa.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(transactional_db: None) -> County:
    """The county with its rows really committed."""
    made = build_county()
    fill_quarter(made)
    return made.at("2026-04-01 09:00")


def codes(answers: list[Any]) -> list[str]:
    """Return what came of each: ``done``, or the code of the refusal."""
    for one in answers:
        if isinstance(one, Exception) and not isinstance(one, Refusal):
            raise one
    return sorted(one.code if isinstance(one, Refusal) else "done" for one in answers)


def test_many_at_once(busy: County) -> None:
    drafts = at_once([lambda name=name: busy.draft(name) for name in ("chair", "deputy")])
    assert codes(drafts) == ["done", "done"]
    board = Board.objects.get()
    signed = at_once([lambda name=name: busy.sign(board, name) for name in ("chair", "deputy", "chair")])
    assert codes(signed) == ["changed", "changed", "done"]
    assert (Standing.objects.count(), Event.objects.filter(kind="score", step="sign").count()) == (3, 1)

    objecting = [
        lambda town=town: busy.object(board, town, f"w-{town}") for town in ("yushan", "huji", "mamiao", "huji")
    ]
    assert codes(at_once(objecting)) == ["done", "done", "done", "taken"]
    open_ones = list(Objection.objects.order_by("pk"))
    deciding = [
        lambda one=one, name=name: busy.decide(one, upheld=True, by=name)
        for one in open_ones
        for name in ("chair", "deputy")
    ]
    assert codes(at_once(deciding)) == ["changed"] * 3 + ["done"] * 3

    busy.supervise("mamiao", 100, "2026-03-20")
    revising = at_once([lambda name=name: busy.revise(board, name) for name in ("chair", "deputy")])
    assert codes(revising) == ["done", "not_now"]
    assert list(Board.objects.order_by("edition").values_list("state", flat=True)) == ["replaced", "shown"]

    late = moment("2026-05-01 09:00")
    ticked = at_once([lambda: tick(at=late)] * 3)
    assert Board.objects.get(edition=2).state == "locked"
    assert Event.objects.filter(kind="score", step="lock").count() == 1
    assert all(one.locked in (0, 1) for one in ticked)
    assert [str(one) for one in differences()] == []


def test_one_key_at_once_does_one_thing(busy: County) -> None:
    drafts = at_once([lambda: busy.draft(key="one")] * 3)
    assert {one.pk for one in drafts} == {Board.objects.get().pk}
    board = Board.objects.get()
    signed = at_once([lambda: busy.sign(board, key="two")] * 3)
    assert [one.state for one in signed] == ["shown"] * 3
    objected = at_once([lambda: busy.object(board, "huji", "w-huji", key="three")] * 3)
    assert {one.pk for one in objected} == {Objection.objects.get().pk}
    assert Event.objects.filter(kind="score").count() == 3
