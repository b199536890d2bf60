"""Signing in: a second factor for offices, a pause after wrong passwords, the language."""

from __future__ import annotations

import time

from tests.browser.conftest import Invite
from tests.browser.visitor import one_time_code


def test_office_needs_a_second_factor_to_see_anything(invite: Invite) -> None:
    office = invite()
    office.open("/login/")
    office.type_password("lectures")
    page = office.open("/registers/lecture-team.lecture/")
    assert "/two-factor/" in page.url
    page.fill("[name=code]", "000000")
    office.send()
    assert "验证码不对" in page.inner_text(".form-error")
    time.sleep(1.1)  # guessing is slowed down: a second after the first wrong code
    page.fill("[name=code]", one_time_code(page.inner_text("main code").strip()))
    office.send()
    assert "备用码" in office.words()
    office.open("/registers/lecture-team.lecture/")
    assert page.inner_text("h1") == "宣讲"


def test_wrong_passwords_pause_one_account_and_no_other(invite: Invite) -> None:
    stranger = invite()
    for _ in range(5):
        stranger.open("/login/")
        stranger.type_password("jury-two", "guess")
    said = stranger.words()
    assert "暂停" in said or "稍后" in said
    stranger.open("/login/")
    stranger.type_password("jury-two")
    assert stranger.page.locator("[name=password]").count() == 1, "the right password waits like the wrong ones"
    stranger.open("/login/")
    stranger.type_password("specialist")
    assert stranger.page.inner_text("h1") == "工作台"


def test_language_is_switched_on_every_page_and_kept(invite: Invite) -> None:
    reader = invite()
    reader.open("/login/")
    reader.type_password("lecturer")
    reader.page.get_by_role("button", name="English").locator("visible=true").first.click()
    reader.page.wait_for_selector("html[lang=en]")
    for path in ("/", "/charters/", "/registers/lecture-team.topic/"):
        assert reader.open(path).locator("html").get_attribute("lang") == "en"
    assert reader.page.inner_text("h1") == "Topic"
