"""The county of the tests of publishing with signed boards, and people who open its pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.cache import cache
from tests.publishing.county import County, build_county, fill_quarter
from tests.registers.conftest import enter

from zhangfa.publishing.working import forget_kept

BOARD = "/scores/beautiful-courtyard/town-quarter/u-jinxiang/2026-Q1/"
PEOPLE = "/scores/cadre-archive/quarter/u-jinxiang/2026-Q1/"

__all__ = ["BOARD", "PEOPLE", "County", "enter"]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    forget_kept()


@pytest.fixture
def county(db: None) -> County:
    """The county with its first quarter filled, its clock a little behind the pages' own."""
    made = build_county()
    fill_quarter(made)
    made.now = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    return made


@pytest.fixture
def drafted(county: County) -> County:
    """The county with a draft of the towns' quarter."""
    county.draft()
    return county


@pytest.fixture
def shown(county: County) -> County:
    """The county with both quarters signed, of the towns and of the officials."""
    county.sign(county.draft())
    county.sign(county.draft(by="org", charter="cadre-archive", score="quarter"), by="org")
    return county
