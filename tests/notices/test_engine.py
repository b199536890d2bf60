"""Tellings reach people once."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.acts.county import County, build_county, moment

from zhangfa.acts.clock import tick
from zhangfa.acts.models import Outbox
from zhangfa.notices.engine import count_unread, deliver, mark_read, notices_of, take_lease
from zhangfa.notices.words import say

NOW = moment("2026-03-04 09:00")


@pytest.fixture
def late(db: None) -> County:
    """A county in which one request was not accepted in time."""
    county = build_county()
    county.request()
    tick(at=NOW)
    return county


def test_deliver_tells_every_holder_of_the_role_once(late: County) -> None:
    first, second = deliver(at=NOW), deliver(at=NOW)

    assert (first.notices, second.notices) == (1, 0)
    [notice] = notices_of(late.people["office"])
    assert say(notice).endswith("的“受理”已超过期限。")
    assert notices_of(late.people["other-office"]) == []


def test_take_lease_leaves_leased_tellings_alone_until_they_lapse(late: County) -> None:
    assert len(take_lease(at=NOW)) == 1
    assert take_lease(at=NOW) == []

    assert deliver(at=NOW + dt.timedelta(minutes=2)).notices == 1
    assert Outbox.objects.get().attempts == 2


def test_mark_read_counts_down(late: County) -> None:
    deliver(at=NOW)
    office = late.people["office"]

    assert count_unread(office) == 1
    assert mark_read(person=office, at=NOW) == 1
    assert count_unread(office) == 0
