"""The door in a real browser: the puzzle solved, photos shrunk, drafts kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright
from tests.acts.county import build_county
from tests.doors.conftest import KINDS

from zhangfa.acts.models import Record
from zhangfa.attachments.models import Attachment
from zhangfa.doors.door_codes import codes_for
from zhangfa.doors.models import Quarantined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture
def door(transactional_db: None) -> str:
    county = build_county(timezone.localtime().strftime("%Y-%m-%d %H:%M"))
    Attachment.objects.all().delete()
    unit = county.units["g1"]
    return codes_for(charter="residents-requests", door="request", units=[unit], at=county.now)[unit]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as play:
        yield play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)


def phone(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()


def test_request_goes_through_with_shrunk_photo_and_draft(
    door: str, browser: Browser, live_server: object, tmp_path: Path
) -> None:
    from PIL import Image

    Image.effect_noise((3000, 2000), 20).convert("RGB").save(tmp_path / "big.jpg")
    page, wrong = phone(browser), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server}/d/{door}")
    page.get_by_text("安全隐患").click()
    page.fill("textarea", KINDS["content"])
    page.reload()
    assert page.input_value("textarea") == KINDS["content"]
    page.set_input_files("#photos", tmp_path / "big.jpg")
    page.wait_for_selector("#photos-shown img")
    page.wait_for_function("document.querySelector('#photos').files[0].name === 'big.jpg'")
    page.click("button[type=submit]")
    page.wait_for_url("**/f/receipt*")

    assert wrong == []
    assert (Record.objects.count(), Quarantined.objects.count()) == (1, 0)
    kept = json.loads(Record.objects.get().payload)["photos"][0]
    assert kept["size"] < (tmp_path / "big.jpg").stat().st_size
    assert page.evaluate("localStorage.length") == 0


def test_link_with_the_code_behind_the_hash_opens_the_request(door: str, browser: Browser, live_server: object) -> None:
    page = phone(browser)
    page.goto(f"{live_server}/d/{door}")
    page.get_by_text("其他", exact=True).click()
    page.fill("textarea", KINDS["content"])
    page.click("button[type=submit]")
    page.wait_for_url("**/f/receipt*")
    code = page.inner_text(".code").replace("-", "")
    other = phone(browser)
    other.goto(f"{live_server}/f#{code}")
    other.wait_for_url("**/f/case")

    assert "现在：待受理" in other.inner_text("h1")
