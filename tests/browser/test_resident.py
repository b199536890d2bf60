"""The resident's story: ask at the door, be answered, say whether it is really solved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.conftest import Invite
from tests.browser.visitor import Visitor

MISSING = {True: "村口的井盖不见了，晚上看不清。", False: "桥头的井盖不见了，晚上看不清。"}


def ask(resident: Visitor, words: str, photo: Path | None = None) -> str:
    """Fill the door's form in and send it; return the follow-up code."""
    page = resident.open(f"/d/{resident.site.door}")
    page.locator("label", has_text="公共设施").click()
    page.fill("textarea[name=content]", words)
    if photo:
        page.set_input_files("#photos", photo)
    with page.expect_navigation(url="**/f/receipt*"):
        page.locator("main button[type=submit]").click()
    return page.inner_text(".code")


def follow(resident: Visitor, code: str) -> Page:
    """Open the request by its code."""
    page = resident.open("/f")
    page.fill("[name=code]", code)
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    return page


def say(page: Page, step: str, *, choose: str = "", words: str = "") -> None:
    """Answer one of the forms on the request's page."""
    form = page.locator(f"form[action*='{step}']")
    if not form.is_visible():
        page.locator("summary", has_text="要求返工").click()
    if choose:
        form.locator("label", has_text=choose).first.click()
    if words:
        form.locator("textarea").last.fill(words)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()


def take(staff: Visitor, words: str, step: str, **answers: str) -> None:
    """Open the task with those words on the workbench and take a step on its record."""
    page = staff.open("/")
    page.locator(".todo-title", has_text=words).click()
    page.wait_for_url("**/records/*/")
    staff.page.goto(page.url + step + "/")
    for name, value in answers.items():
        field = staff.page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            staff.page.check(f"[name={name}][value={value}]")
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    staff.send()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_request_goes_from_the_door_to_the_resident_s_verdict(invite: Invite, tmp_path: Path, script: bool) -> None:
    words = MISSING[script]
    Image.effect_noise((1600, 1200), 20).convert("RGB").save(tmp_path / "hole.jpg")
    resident, grid = invite(phone=True, script=script), invite("grid", phone=True, script=script)
    specialist = invite("specialist", phone=True, script=script)

    code = ask(resident, words, tmp_path / "hole.jpg")
    if not script:
        release(grid, words)
    take(grid, words, "accept")
    take(grid, words, "refer", department="县住建局")
    take(specialist, words, "resolve", solved="solved", result="井盖已换新。")
    page = follow(resident, code)
    expect(page.locator("h1")).to_have_text("现在：待居民评价")
    say(page, "reopen", words="井盖高出路面，骑车会翻。")
    expect(page.locator("h1")).to_have_text("现在：办理中")
    take(grid, words, "resolve", solved="solved", result="已重新找平。")
    say(follow(resident, code), "confirm", choose="解决了一部分")

    expect(page.locator("h1")).to_have_text("现在：已办结")
    said = resident.words()
    assert "已解决" in said, "the office's verdict stands"
    assert "解决了一部分" in said, "and so does the resident's"


def release(grid: Visitor, words: str) -> None:
    """Let through a request that came without the puzzle solved."""
    page = grid.open("/quarantine/")
    page.locator("tr", has_text=words).locator("[name=chosen]").check()
    with page.expect_navigation():
        page.locator("button[value=release]").click()


def test_wrong_phone_number_is_told_and_nothing_typed_is_lost(invite: Invite) -> None:
    resident = invite(phone=True)
    page = resident.open(f"/d/{resident.site.door}")
    page.locator("label", has_text="安全隐患").click()
    page.fill("textarea[name=content]", "电线垂到路面上了。")
    page.fill("[name=phone]", "123")
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()

    assert page.inner_text("#phone-error") == "请填写 11 位手机号，或带区号的座机号。"
    assert page.input_value("textarea[name=content]") == "电线垂到路面上了。"
    assert page.input_value("[name=phone]") == "123"
    assert page.is_checked("[name=category][value=safety]")


def test_wrong_code_says_no_more_than_that_nothing_was_found(invite: Invite) -> None:
    resident = invite(phone=True)
    page = follow(resident, "AAAA-BBBB-CCCC-DDDD")
    assert "没有查到。" in page.inner_text("main [role=alert]")
    assert page.url.endswith("/f")


def test_first_page_of_the_door_weighs_under_60_kb(invite: Invite) -> None:
    resident, weights = invite(phone=True), list[int]()
    resident.page.on("response", lambda answer: weights.append(len(answer.body())))
    resident.open(f"/d/{resident.site.door}")
    resident.page.wait_for_load_state("networkidle")
    assert 0 < sum(weights) < 60_000
