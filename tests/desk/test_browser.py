"""Pages as a browser sees them: no complaint of the policy, no overflow, forms that keep what was typed."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.utils import timezone
from tests.desk.conftest import PASSWORD, World

from zhangfa.acts.actor import PUBLIC
from zhangfa.acts.engine import take_step

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = ((1440, 900), (390, 844))
ADDRESSES = ("/", "/calendar/", "/charters/", "/charters/residents-requests/", "/directory/", "/trust/")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


@pytest.fixture
def page(tmp_path) -> Iterator[object]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        context = play.chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=CHROMIUM, args=FLAGS, locale="zh-CN"
        )
        yield context.new_page()
        context.close()


def sign_in(page, server: str) -> None:
    page.goto(f"{server}/login/")
    page.fill("#f-username", "p1")
    page.fill("#f-password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{server}/")


@pytest.mark.django_db(transaction=True)
def test_pages_fit_both_screens_and_the_policy(live_server, world: World, page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    sign_in(page, live_server.url)
    wide = []
    for address in ADDRESSES:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(live_server.url + address)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wide += [(address, width, over)] if over > 0 else []
    assert (wide, complaints) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_tree_opens_by_a_tap_and_the_phone_menu_without_a_script(live_server, world: World, page) -> None:
    sign_in(page, live_server.url)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/directory/")
    page.locator("summary", has_text="鱼山街道").locator(".twist").click()
    page.wait_for_selector("text=东关社区")
    page.locator(".offcanvas-menu > summary").click()
    assert page.locator(".offcanvas-menu nav >> text=日历").is_visible()


@pytest.mark.django_db(transaction=True)
def test_typed_form_survives_the_end_of_the_session(live_server, world: World, page) -> None:
    made = take_step(
        register="residents-requests.request", step="submit", by=PUBLIC, at=timezone.now(), key="ask",
        unit=world.units["东关一网格"], data={"category": "facility", "content": "路口井盖缺失"},
    )  # fmt: skip
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/records/{made.number}/decline/")
    page.fill("main textarea", "不属于本网格的事情，请向物业反映。")
    cookies = [cookie for cookie in page.context.cookies() if cookie["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.fill("#f-username", "p1")
    page.fill("#f-password", PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/continue/")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**/records/{made.number}/")
    assert "不属于本网格的事情，请向物业反映。" in page.inner_text("main")
