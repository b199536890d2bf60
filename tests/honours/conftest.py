"""A county with lanes and households and a mirror of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.honours.county import Honoured, build_honoured

from zhangfa.publishing.working import forget_kept


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    forget_kept()


@pytest.fixture
def county(db: None) -> Honoured:
    """The county on Wednesday 1 April 2026."""
    return build_honoured()
