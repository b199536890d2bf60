"""A charter changed behind the log's back is found."""

import datetime as dt
from pathlib import Path

import pytest

from zhangfa.charter.engine import apply_charter
from zhangfa.charter.models import CharterVersion
from zhangfa.charter.verify import check_charters

TEXT = (Path(__file__).parents[2] / "charters" / "lecture-team.yaml").read_text("utf-8")


@pytest.fixture
def applied(db: None) -> CharterVersion:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    apply_charter(text=TEXT, files={}, name="lecture-team.yaml", by=None, at=at, key="charter")
    return CharterVersion.objects.get()


def test_a_charter_as_applied_is_sound(applied: CharterVersion) -> None:
    assert list(check_charters()) == []


@pytest.mark.parametrize(
    "change", [{"text": TEXT + "\n#"}, {"in_force": dt.date(2020, 1, 1)}, {"version": 9}, {"files": '{"a":"b"}'}]
)
def test_a_charter_changed_afterwards_is_told(applied: CharterVersion, change: dict[str, object]) -> None:
    CharterVersion.objects.update(**change)
    assert [problem.code for problem in check_charters()] == ["V401"]


def test_a_charter_removed_afterwards_is_told(applied: CharterVersion) -> None:
    CharterVersion.objects.all().delete()
    assert [problem.code for problem in check_charters()] == ["V401"]
