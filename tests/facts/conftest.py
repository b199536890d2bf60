"""A mirror of its own for every test."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.facts.county import START, apply_measured, build_units

from zhangfa.charter.model import Charter
from zhangfa.log.seal import seal

NOW = START + dt.timedelta(days=400)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Path:
    """The folder the mirror is kept in."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path / "facts"


@pytest.fixture
def units(db: None) -> dict[str, int]:
    """A county of two towns and four villages."""
    return build_units()


@pytest.fixture
def charter(units: dict[str, int]) -> Charter:
    """The charter of the tests, in force."""
    return apply_measured()


@pytest.fixture
def sealing() -> object:
    """Seal everything that waits."""
    return lambda: seal(at=NOW)
