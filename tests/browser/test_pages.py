"""Every main page at both sizes: fits the screen, is labelled, has one heading and a language."""

from __future__ import annotations

import pytest
from tests.browser.conftest import Invite
from tests.browser.visitor import Visitor

PAGES = {
    "": ("/login/", "/d/{door}", "/f", "/f/lost", "/p/lecture-team/calendar"),
    "grid": (
        "/", "/registers/residents-requests.request/", "/registers/residents-requests.request/?view=board", "/doors/",
        "/calendar/", "/charters/", "/charters/residents-requests/", "/directory/", "/trust/", "/quarantine/",
        "/password/",
    ),
    "host": (
        "/", "/registers/lecture-team.lecture/", "/registers/lecture-team.lecture/?view=calendar",
        "/registers/lecture-team.lecture/new/order/", "/charters/lecture-team/",
    ),
    "org": ("/registers/leaders-handover.handover/", "/registers/leaders-handover.handover/new/open/"),
    "clerk": ("/", "/charters/residents-requests/edit/", "/charters/new/", "/directory/import/"),
}  # fmt: skip
FAULTS = """() => {
  const faults = [], say = (what, e) => faults.push(what + ': ' + e.outerHTML.slice(0, 90));
  const shown = e => e.type !== 'hidden' && !e.closest('[hidden]') && !e.matches('[aria-hidden=true]');
  const named = e => e.getAttribute('aria-label') || e.getAttribute('title') || e.textContent.trim() ||
    e.querySelector?.('img[alt], [aria-label]');
  for (const e of document.querySelectorAll('input, select, textarea'))
    if (shown(e) && !(e.labels?.length || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby')))
      say('no label', e);
  for (const e of document.querySelectorAll('a[href], button')) if (shown(e) && !named(e)) say('no name', e);
  for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) say('no alt', e);
  for (const e of document.querySelectorAll('[aria-describedby]'))
    for (const id of e.getAttribute('aria-describedby').split(' '))
      if (id && !document.getElementById(id)) say('described by nothing', e);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) faults.push('id twice: ' + id);
  if (document.querySelectorAll('h1').length !== 1) faults.push('h1: ' + document.querySelectorAll('h1').length);
  if (!document.documentElement.lang) faults.push('no language');
  if (!document.title) faults.push('no title');
  return faults;
}"""


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
@pytest.mark.parametrize("account", list(PAGES))
def test_main_pages_fit_the_screen_and_are_labelled(invite: Invite, account: str, phone: bool) -> None:
    visitor = invite(account, phone=phone)
    assert [fault for path in PAGES[account] for fault in faults_of(visitor, path)] == []


def faults_of(visitor: Visitor, path: str) -> list[str]:
    """Open a page and list what is wrong with it."""
    page = visitor.open(path.format(door=visitor.site.door))
    found = [f"{path}: {fault}" for fault in page.evaluate(FAULTS)]
    return found + ([f"{path}: {visitor.overflow()} px too wide"] if visitor.overflow() > 0 else [])


def test_form_can_be_filled_and_sent_by_keyboard_alone(invite: Invite) -> None:
    resident = invite()
    page = resident.open(f"/d/{resident.site.door}")
    go_to(resident, "category")
    page.keyboard.press("Space")
    go_to(resident, "content")
    page.keyboard.insert_text("键盘也能提，路灯不亮。")
    go_to(resident, "phone")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "the focused button shows where one is"
    with page.expect_navigation(url="**/f/receipt*"):
        page.keyboard.press("Enter")
    assert page.locator(".code").is_visible()


def go_to(visitor: Visitor, name: str) -> None:
    """Press the tab key until the field of that name has the focus."""
    for _ in range(30):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the tab key never reached {name}")
