"""The pages of scores in a real browser: charts drawn under the policy, tables beside them, an objection made."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Invite
from tests.browser.test_pages import faults_of

from zhangfa.scores.period import period_of, previous

QUARTER = previous(period_of(dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date(), "quarter")).id
BOARD = f"/scores/beautiful-courtyard/town-quarter/370828/{QUARTER}/"
WHY = f"{BOARD}why/370828003/"
DRAWN = "() => [...document.querySelectorAll('[data-chart]')].map(e => !!e.querySelector('canvas'))"
PAGES = ("/scores/", "/scores/mine/", BOARD, WHY, f"{WHY}activities/", f"{BOARD}stability/", f"{BOARD}trend/")


def drawn(page: Page) -> list[bool]:
    """Return for each chart of the page whether there is a picture in it."""
    page.wait_for_load_state("load")
    return list(page.evaluate(DRAWN))


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_pages_of_scores_fit_the_screen_and_are_labelled(invite: Invite, phone: bool) -> None:
    visitor = invite("town-women", phone=phone)
    assert [fault for path in (*PAGES, f"{WHY}object/") for fault in faults_of(visitor, path)] == []


def test_charts_are_drawn_under_the_policy(invite: Invite) -> None:
    visitor = invite("women")
    assert drawn(visitor.open(BOARD)) == [True]
    assert drawn(visitor.open(f"{BOARD}stability/")) == [True]
    assert drawn(visitor.open(WHY)) == [True]


def test_without_script_the_tables_say_it_all(invite: Invite) -> None:
    visitor = invite("women-two", script=False)
    visitor.open(BOARD)
    assert visitor.page.locator("table.standings tbody tr").count() == 2
    visitor.open(f"{BOARD}stability/")
    assert visitor.page.locator("table.standings tbody tr").count() == 2


def test_a_town_objects_with_its_deadline_in_sight(invite: Invite) -> None:
    visitor = invite("town-women", phone=True)
    page = visitor.open(WHY)
    assert "怎么算的" in visitor.words()
    page.locator("a", has_text="提出异议").first.click()
    page.select_option("[name=indicator]", label="创建活动")
    page.fill("[name=text]", "有一次活动没有计入。")
    visitor.send()
    assert "有一次活动没有计入。" in visitor.words()


def test_the_public_board_is_light_and_needs_no_account(invite: Invite) -> None:
    visitor = invite(phone=True)
    sizes: list[int] = []
    visitor.page.on("response", lambda answer: sizes.append(len(answer.body())))
    visitor.open("/b/beautiful-courtyard/town-quarter/")
    assert visitor.page.locator("table.ranks tbody tr").count() == 2
    assert sum(sizes) < 60_000
    assert visitor.overflow() <= 0
