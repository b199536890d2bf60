"""What was never stated is said, not left out."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from tests.acts.county import County
from tests.registers.conftest import enter
from tests.registers.test_papers import text_of

from zhangfa.acts.clock import tick
from zhangfa.acts.models import Record

SILENT = "未填写（期满自动办结）"


@pytest.fixture
def resolved(county: County) -> str:
    """A request resolved twenty days ago; its resident has not answered yet."""
    county.now = dt.datetime.now(dt.UTC) - dt.timedelta(days=20)
    made = county.request()
    county.on("accept", "wang", made, category="safety")
    county.on("resolve", "wang", made, solved="solved", result="井盖已换新")
    return made.number


def fact(page: str, title: str) -> str:
    found = re.search(rf"<dt>{title}</dt><dd[^>]*>(.*?)</dd>", page, re.S)
    return re.sub(r"<[^>]+>", "", found.group(1)).strip() if found else ""


def test_a_record_closed_by_silence_says_what_was_never_stated(county: County, resolved: str):
    tick(at=dt.datetime.now(dt.UTC))
    assert Record.objects.get(number=resolved).state == "closed"
    client = enter(county, "wang")
    page = client.get(f"/records/{resolved}/").content.decode()
    assert (fact(page, "办理认定"), fact(page, "居民认定")) == ("已解决", SILENT)
    # Optional facts of the same step, and those of steps nobody owed, stay away.
    assert "满意度" not in page
    assert "居民异议" not in page
    assert "还有什么没解决" not in page
    assert SILENT in text_of(client.get(f"/records/{resolved}/print.pdf").content)


def test_a_record_still_waiting_says_nothing_of_silence(county: County, resolved: str):
    assert "居民认定" not in enter(county, "wang").get(f"/records/{resolved}/").content.decode()


def test_an_appeal_never_made_is_said_and_the_verdict_not_asked_stays_away(county: County):
    county.now = dt.datetime.now(dt.UTC) - dt.timedelta(days=20)
    made = county.request()
    county.on("decline", "wang", made, decline_reason="不归本网格")
    tick(at=dt.datetime.now(dt.UTC))
    page = enter(county, "wang").get(f"/records/{made.number}/").content.decode()
    assert fact(page, "居民异议") == "未填写（期满未提异议）"
    assert "居民认定" not in page
