"""The county of publishing's tests with a signed board of today, and people who open its pages."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone
from tests.publishing.county import SHANGHAI, County
from tests.registers.conftest import enter

from zhangfa.publishing.models import Board

WHAT_IF = "/scores/beautiful-courtyard/town-quarter/u-jinxiang/2026-Q1/what-if/"


def sign_today(county: County) -> Board:
    """Draft and sign the towns' board of the first quarter a little while ago, so that objections are open."""
    county.now = (timezone.now() - timezone.timedelta(minutes=5)).astimezone(SHANGHAI)
    return county.sign(county.draft())


def visitors(county: County, *names: str) -> list[Client]:
    """Return browsers of these people."""
    return [enter(county, name) for name in names]  # type: ignore[arg-type]
