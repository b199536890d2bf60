"""One real server for all browser tests, on a small county of its own, and visitors who open pages on it.

Every page a visitor opens is watched: no request may leave the host, nothing may be complained of in the
console, and no page may be wider than the screen.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.visitor import CHROMIUM, Site, Visitor

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
Invite = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here; without Chromium it is skipped."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start the real server on a county made for it, stop it at the end."""
    data, port = tmp_path_factory.mktemp("county"), _free_port()
    environment = os.environ | {
        "DATA": str(data), "DATABASE_URL": "", "DEMO": "", "DOOR_WORK": "2000", "DOOR_PER_ADDRESS": "100",
        "PORT": str(port), "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    maker = [sys.executable, str(Path(__file__).with_name("small_county.py"))]
    door = subprocess.run(maker, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    log = (data / "server.log").open("w")
    command = [sys.executable, "-c", "from zhangfa.cli.command import main; main()", "run"]
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/healthz", server)
        yield Site(address, door)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium for a module; the other browser tests start their own."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def invite(site: Site, chromium: Browser) -> Iterator[Invite]:
    """Return a function that opens a browser of its own for somebody, signed in by account if one is named."""
    visitors: list[Visitor] = []

    def come(account: str = "", *, phone: bool = False, script: bool = True) -> Visitor:
        visitor = Visitor(site, chromium, phone=phone, script=script)
        visitors.append(visitor)
        if account:
            visitor.sign_in(account)
        return visitor

    yield come
    complaints = [complaint for visitor in visitors for complaint in visitor.leave()]
    assert complaints == []
