import hashlib
from datetime import datetime, timedelta, timezone

import pytest
from tests.log.events import AT, add_event

from zhangfa.log.append import EVENT_COLUMNS, append_event, event_columns, event_row, find_event
from zhangfa.log.leaf import leaf_of
from zhangfa.log.models import Event

pytestmark = pytest.mark.django_db


def test_append_event_stores_the_payload_and_its_leaf() -> None:
    appended = append_event(
        key="k1", ts=AT, kind="step", charter="c", version=2, register="c.r", record=7, step="ask",
        person=3, unit=9, payload={"b": 1, "a": "灯不亮"},
    )  # fmt: skip
    event = Event.objects.get(seq=appended.seq)
    entry = (
        '{"charter":"c","key":"k1","kind":"step","payload":{"a":"灯不亮","b":1},"person":3,"record":7,"register":"c.r",'
        '"step":"ask","suite":"sha256+aes256gcm","ts":"2026-11-22T06:42:00.000000Z","unit":9,"version":2}'
    )
    assert (event.payload, event.position, event.ts) == ('{"a":"灯不亮","b":1}', None, AT)
    assert bytes(event.leaf) == hashlib.sha256(b"\x00" + entry.encode()).digest() == appended.leaf
    assert not appended.repeated


def test_append_event_returns_the_earlier_event_of_a_key() -> None:
    first = add_event("same", record=1)
    second = append_event(key="same", ts=AT + timedelta(hours=1), kind="verb", payload={"other": True})
    assert second.repeated
    assert (second.seq, second.payload_text, second.leaf) == (first.seq, first.payload_text, first.leaf)
    assert Event.objects.count() == 1
    assert find_event("same") == second
    assert find_event("absent") is None


def test_event_row_has_the_columns_in_order() -> None:
    row = event_row(key="k", ts=AT, kind="verb", payload={})
    assert event_columns() == ", ".join(EVENT_COLUMNS)
    assert len(row.values) == len(EVENT_COLUMNS)
    assert row.values[-2:] == ("{}", row.leaf)


def test_leaf_of_is_the_same_in_every_zone() -> None:
    blank = {"charter": "", "version": 0, "register": "", "record": None, "step": "", "person": None, "unit": None}
    fields = {"key": "k", "kind": "step", **blank}
    there = datetime(2026, 11, 22, 14, 42, tzinfo=timezone(timedelta(hours=8)))
    assert leaf_of(ts=there, payload="{}", **fields) == leaf_of(ts=AT, payload="{}", **fields)
    with pytest.raises(ValueError, match="zone"):
        leaf_of(ts=datetime(2026, 11, 22), payload="{}", **fields)
