"""A moment comes back from either database as the log wrote it, to the microsecond."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.acts.county import County

from zhangfa.acts.replay import replay_and_compare
from zhangfa.acts.store import load, read_moment
from zhangfa.acts.values.scalars import iso


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02 01:00:00+00", "2026-03-02T01:00:00Z"),
        ("2026-03-02 01:00:00.5+00", "2026-03-02T01:00:00.500000Z"),
        ("2026-03-02 01:00:00.000012+00", "2026-03-02T01:00:00.000012Z"),
        ("2026-03-02 01:00:00.500000", "2026-03-02T01:00:00.500000Z"),
    ],
)
def test_a_moment_is_read_from_a_databases_text(text: str, moment: str) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize("microsecond", [0, 1, 120, 500_000, 999_999])
def test_a_record_is_read_with_the_moment_it_was_opened(county: County, microsecond: int) -> None:
    county.now = county.now.astimezone(dt.UTC).replace(microsecond=microsecond)
    opened = county.request()
    found = load(opened.record)
    assert found is not None
    row, tasks = found
    assert row["opened_at"] == row["updated_at"] == tasks[0]["opened_at"] == iso(county.now)
    county.on("accept", "wang", opened)
    assert replay_and_compare() == []
