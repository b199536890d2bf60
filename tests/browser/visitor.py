"""Somebody in front of a browser: a resident on a phone, a clerk at a desk."""

from __future__ import annotations

import base64
import hmac
import re
import shutil
import struct
import time
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, StorageState
from tests.browser.small_county import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
DESK, PHONE = (1440, 900), (390, 844)
ANSWERED = re.compile(r"status of (401|404|422|429)")
"""Refusals are answers; the browser notes them in the console all the same."""
SEND = "main form[method=post] button.btn-primary[type=submit]"


@dataclass
class Site:
    """The server under test, the code on its one door, and what its visitors' browsers keep."""

    address: str
    door: str
    kept: dict[str, StorageState] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


class Visitor:
    """A browser of its own, watched for requests to other hosts and complaints in the console."""

    def __init__(self, site: Site, browser: Browser, *, phone: bool, script: bool) -> None:
        self.site, self.complaints = site, list[str]()
        self._make = lambda state: browser.new_context(
            viewport=dict(zip(("width", "height"), PHONE if phone else DESK, strict=True)),
            locale="zh-CN", is_mobile=phone, has_touch=phone, java_script_enabled=script, storage_state=state,
        )  # fmt: skip
        self.context = self._make(None)
        self.page = self._watched()

    def _watched(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")

    def _note_console(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not ANSWERED.search(said.text):
            self.complaints.append(f"{self.page.url}: {said.text}")

    def leave(self) -> list[str]:
        """Close the browser; return what was complained of."""
        self.context.close()
        return self.complaints

    def open(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.site.address + path)
        return self.page

    def send(self) -> Page:
        """Press the form's own button and wait for the answer."""
        with self.page.expect_navigation():
            self.page.locator(SEND).first.click()
        return self.page

    def words(self) -> str:
        """Return what the page says."""
        return self.page.inner_text("main")

    def sign_in(self, account: str) -> None:
        """Sign in with password and, where asked, a second factor; once for all tests."""
        if account in self.site.kept:
            self.context.close()
            self.context = self._make(self.site.kept[account])
            self.page = self._watched()
            return
        self.open("/login/")
        self.type_password(account)
        if "/two-factor/" in self.page.url:
            self.site.secrets[account] = self.page.inner_text("main code").strip()
            self.page.fill("[name=code]", one_time_code(self.site.secrets[account]))
            self.send()
        self.site.kept[account] = self.context.storage_state()

    def type_password(self, account: str, password: str = PASSWORD) -> None:
        """Fill the log-in form in and send it."""
        self.page.fill("[name=username]", account)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.locator("main button[type=submit]").first.click()

    def lose_session(self) -> None:
        """Let the session end as it does after a long while."""
        others = [cookie for cookie in self.context.cookies() if cookie["name"] != "sessionid"]
        self.context.clear_cookies()
        self.context.add_cookies(others)

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def one_time_code(secret: str, *, ahead: int = 0) -> str:
    """Reckon the code an authenticator shows now for a secret (RFC 6238), or some half minutes ahead."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"
