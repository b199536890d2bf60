"""The county of publishing's tests, with a folder of its own for every test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from tests.publishing.county import County, build_county, fill_quarter

from zhangfa.publishing.working import forget_kept


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    settings.CONFIG = replace(settings.CONFIG, data=tmp_path)  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    cache.clear()
    forget_kept()


@pytest.fixture
def county(db: None) -> County:
    """The county on Wednesday 1 April 2026, the first quarter filled."""
    made = build_county()
    fill_quarter(made)
    return made.at("2026-04-01 09:00")
