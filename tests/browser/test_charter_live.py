"""A clerk changes a charter in the browser; the door asks the new question without a restart."""

from __future__ import annotations

import time

from tests.browser.conftest import Invite

FIELD = "      lamp: {type: text, title: {zh: 路灯编号, en: Lamp post number}}\n"
ASKED, ASKS_MORE = (
    "asks: [category, content, photos, place, phone]",
    "asks: [category, content, photos, place, lamp, phone]",
)


def test_field_added_by_the_clerk_is_asked_at_the_door_within_two_seconds(invite: Invite) -> None:
    clerk, resident = invite("clerk"), invite(phone=True)
    assert "路灯编号" not in resident.open(f"/d/{resident.site.door}").inner_text("main")
    page = clerk.open("/charters/residents-requests/edit/")
    text = page.input_value("main textarea")
    misspelt = text.replace(ASKED, ASKS_MORE)
    page.fill("main textarea", misspelt)
    page.locator("main", has_text="但没有定义这个字段").wait_for()
    page.fill("main textarea", misspelt.replace("      department:\n", FIELD + "      department:\n", 1))
    page.locator("main", has_text="没有问题").wait_for()
    with page.expect_navigation():
        page.locator("button[value=confirm]").click()
    assert "新增字段 lamp（路灯编号）" in clerk.words()
    clerk.send()
    time.sleep(2)

    assert "路灯编号" in resident.open(f"/d/{resident.site.door}").inner_text("main")
    assert "第 2 版" in clerk.words()
