"""Trials, objections and honours in a real browser: sliders rank anew, forms work without script, pages fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Invite
from tests.browser.test_pages import faults_of
from tests.browser.test_scores import BOARD

WHAT_IF = f"{BOARD}what-if/"
TEN_BEST = "/scores/honours/beautiful-courtyard/ten-best/"
FILES = Path(__file__).resolve().parents[1] / "scores" / "county"
PAGES = (
    WHAT_IF, f"{WHAT_IF}?w.daily=80&out=rate", "/scores/rule/beautiful-courtyard/town-quarter/?w.rate=40&w.daily=40",
    "/scores/objections/", "/scores/honours/", TEN_BEST, f"{TEN_BEST}award/",
    "/scores/honours/beautiful-courtyard/lane/", "/scores/try/",
)  # fmt: skip


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_pages_fit_the_screen_and_are_labelled(invite: Invite, phone: bool) -> None:
    visitor = invite("women", phone=phone)
    assert [fault for path in PAGES for fault in faults_of(visitor, path)] == []


def test_a_slider_ranks_anew_and_the_address_follows(invite: Invite) -> None:
    page = invite("women").open(WHAT_IF)
    expect(page.locator("#trial")).to_contain_text("章程现在的规则")
    page.locator("[data-slides=f-w-daily]").fill("80")
    expect(page.locator("#trial")).to_contain_text("日常工作：权重 30 → 80")
    expect(page.locator("#f-w-daily")).to_have_value("80")
    expect(page.locator("#told-w-daily")).to_have_text("原 30")
    expect(page).to_have_url(re.compile(r"what-if/\?w\.daily=80$"))
    page.fill("#f-w-daily", "viel")
    expect(page.locator("#told-w-daily")).to_contain_text("不能用")


def test_without_script_the_form_leads_to_an_address_to_share(invite: Invite) -> None:
    visitor = invite("women-two", script=False, phone=True)
    page = visitor.open(WHAT_IF)
    page.fill("#f-w-daily", "80")
    page.locator("main .trial-form button[type=submit]").click()
    assert page.url.endswith("what-if/?w.daily=80")
    assert "日常工作：权重 30 → 80" in visitor.words()
    assert visitor.overflow() <= 0


def test_last_years_tables_are_tried_on_a_phone(invite: Invite) -> None:
    visitor = invite("women", phone=True)
    page = visitor.open("/scores/try/")
    page.locator("summary", has_text="自己的章程文件").click()
    page.set_input_files("#f-files", FILES / "courtyards.yaml")
    visitor.send()
    page.select_option("#f-score", "quarter")
    with page.expect_navigation():
        page.locator("button", has_text="换成这一项").click()
    page.fill("#f-period", "2026-Q3")
    for name, file in (("units", "units"), ("facts.courtyard", "courtyards"), ("facts.visit", "visits")):
        page.set_input_files(f"[name='{name}']", FILES / f"{file}.csv")
    page.locator("button[value=try]").click()
    expect(page.locator("main")).to_contain_text("81.25", timeout=20_000)
    assert "“四十四”不是数。这一行没有计入。" in visitor.words()
    assert visitor.overflow() <= 0
