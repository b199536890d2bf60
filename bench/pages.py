"""Whole pages over HTTP from the real server, signed in and under rights, at a million records.

Also the page behind a resident's code with everything it loads, a new charter version reaching every worker, and the
time a second start takes to its first answer. The bare side is Django with one constant view in the same server.
"""

from __future__ import annotations

import datetime as dt
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from bench.browsing import Browser, Taken, take_pages
from bench.county import CHARTERS
from bench.installation import CHARTER, Installation, make_installation
from bench.measuring import Figure, interleave, is_smoke, median_ratio, quantile, report, start_django
from bench.record_filling import REGISTER, THINGS
from bench.serving import ROOT, Server, bare_server, our_server

PASSWORD = "a-benchmark-only-9"
LOADS = re.compile(r'(?:<link[^>]+href|<script[^>]+src|<img[^>]+src)="([^"#]+)"')
INNER = re.compile(r"url\([\"']?([^)\"'#]+)")
APPLY = """
import sys, pathlib, datetime as dt
from bench.measuring import start_django
start_django()
from zhangfa.charter.engine import apply_charter
path = pathlib.Path(sys.argv[1])
now = dt.datetime.now(dt.UTC)
text, key = path.read_text("utf-8"), f"live-{now.timestamp()}"
apply_charter(text=text, name=path.name, by=None, at=now, key=key, in_force=now.date())
print(dt.datetime.now(dt.UTC).timestamp(), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page to be measured: whose, where."""

    name: str
    username: str
    path: str


def open_accounts(made: Installation) -> dict[str, str]:
    """Open an account for each person; return the second factor's code of now by account."""
    from django.contrib.auth.hashers import make_password
    from django_otp.oath import TOTP
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from zhangfa.directory.engine import create_account

    hashed, codes = make_password(PASSWORD), {}
    for name, person in made.people.items():
        account = create_account(
            person=person, username=name, hashed=hashed, must_change=False, by=None, at=made.now, key=f"account-{name}"
        )
        if name in ("town", "office", "prefecture"):
            device = TOTPDevice.objects.create(user=account, name="bench", confirmed=True)
            clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
            clock.time = time.time()
            codes[name] = f"{clock.token():06d}"
    return codes


def pages_of(made: Installation) -> tuple[Shown, ...]:
    """Return the pages that are measured."""
    from zhangfa.acts.models import Record

    number = Record.objects.filter(grid=made.places.grids[0]["grid"], state="accepted").values_list("number").first()
    town = made.places.grids[0]["town"]
    return (
        Shown("list, county office", "office", f"/registers/{REGISTER}/"),
        Shown("list, grid worker", "worker", f"/registers/{REGISTER}/"),
        Shown("workbench, grid worker", "worker", "/"),
        Shown("record, grid worker", "worker", f"/records/{number[0]}/"),
        Shown("list filtered by state and unit", "office", f"/registers/{REGISTER}/?state=closed&unit={town}"),
        Shown("list, search of two characters", "office", f"/registers/{REGISTER}/?q={quote(THINGS[12][:2])}"),
        Shown("workbench, county office", "office", "/"),
    )


def figure_of(name: str, taken: Taken, connections: int) -> Figure:
    """Say the median of one page, with the 99th percentile and the rate."""
    many = f"{name}, {connections} connection{'s' if connections > 1 else ''}, median"
    note = f"p99 {quantile(taken.times, 0.99):.1f} ms, {taken.rate:.0f} pages/s"
    return Figure("pages", many, quantile(taken.times, 0.5), "ms", note=note)


def measure_pages(server: Server, shown: tuple[Shown, ...], codes: dict[str, str]) -> dict[str, Browser]:
    """Sign everybody in and measure each page at 1 and 16 connections."""
    browsers = {name: Browser(server.port) for name in {page.username for page in shown}}
    for name, browser in browsers.items():
        browser.sign_in(name, PASSWORD, codes.get(name, ""))
    count = 16 if is_smoke() else 320
    for page in shown:
        take_pages(browsers[page.username], page.path, connections=4, count=4 if is_smoke() else 32)
        for connections in (1, 16):
            taken = take_pages(browsers[page.username], page.path, connections=connections, count=count)
            report(figure_of(page.name, taken, connections))
    return browsers


def measure_against_bare(server: Server, browser: Browser, path: str, workers: int, threads: int) -> Figure:
    """Compare a page's rate with that of a constant page of the same length."""
    size = browser.get(path).wire
    count = 16 if is_smoke() else 320
    with bare_server(workers, threads, size) as bare:
        stranger = Browser(bare.port)
        ours, theirs = interleave(
            [
                lambda: take_pages(browser, path, connections=4, count=count).rate,
                lambda: take_pages(stranger, "/", connections=4, count=count * 4).rate,
            ],
            1 if is_smoke() else 5,
        )
    note = f"{size:,} bytes, bare {statistics.median(theirs):,.0f} pages/s"
    return Figure("pages", "list against a bare constant page", median_ratio(ours, theirs), "×", note=note)


def load_everything(port: int, path: str) -> tuple[int, int, float]:
    """Load a page as a phone would the first time: return bytes sent, things loaded, and milliseconds."""
    browser = Browser(port, packed=True)
    began = time.perf_counter()
    page = browser.get(path)
    assert page.status == 200, f"{path} answered {page.status}"
    waiting, seen, total = [urljoin(path, one) for one in LOADS.findall(page.text)], {path}, page.wire
    while waiting:
        one = waiting.pop()
        if one in seen or one.startswith("data:"):
            continue
        seen.add(one)
        answer = browser.get(one)
        assert answer.status == 200, f"{one} answered {answer.status}"
        total += answer.wire
        if one.partition("?")[0].endswith(".css"):
            waiting += [urljoin(one, inner) for inner in INNER.findall(answer.text)]
    return total, len(seen), 1000 * (time.perf_counter() - began)


def measure_door(server: Server, code: str) -> list[Figure]:
    """Measure the page behind a printed code: with all it loads, and alone."""
    path = f"/d/{code}"
    loads = [load_everything(server.port, path) for _ in range(2 if is_smoke() else 9)]
    total, things, _ = loads[0]
    alone = take_pages(Browser(server.port), path, connections=1, count=16 if is_smoke() else 160)
    note = f"{things} files, packed as sent"
    return [
        Figure("pages", "door's first page, everything it loads", total / 1000, "kB", note=note),
        Figure("pages", "door's first page, everything it loads", statistics.median(row[2] for row in loads), "ms"),
        figure_of("door's page itself", alone, 1),
    ]


def measure_live(server: Server, code: str, workers: int) -> Figure:
    """Apply changed charters in another process; how long does any worker still show the old title?"""
    text = (CHARTERS / f"{CHARTER}.yaml").read_text(encoding="utf-8")
    delays = []
    for version in range(2, 3 if is_smoke() else 5):
        title = f"民情小微码第{version}版"
        changed = text.replace("version: 1", f"version: {version}", 1).replace("zh: 民情小微码", f"zh: {title}")
        delays.append(_time_to_live(server, f"/d/{code}", changed, title))
    note = f"{workers} worker{'s' if workers > 1 else ''}, the slowest of {len(delays)}"
    return Figure("pages", "new charter version live in every worker", max(delays), "s", at_most=2, note=note)


def _time_to_live(server: Server, path: str, text: str, title: str) -> float:
    """Poll over new connections, which go to any worker, until the new title stood for two seconds without a break."""
    from django.conf import settings

    file = settings.DATA / f"{CHARTER}.yaml"
    file.write_text(text, encoding="utf-8")
    child = subprocess.Popen([sys.executable, "-c", APPLY, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    stale = asked = 0.0
    fresh_since = None
    while fresh_since is None or asked - fresh_since < 2:
        asked = time.time()
        if title in Browser(server.port).get(path).text:
            fresh_since = fresh_since or asked
        else:
            stale, fresh_since = time.time(), None
        assert child.poll() in (None, 0), "applying the charter failed"
        time.sleep(0.01)
    applied = float(child.communicate()[0])
    return max(0.0, stale - applied)


def main() -> None:
    """Fill, serve, measure."""
    start_django()
    from django.db import connection, connections

    from zhangfa.doors.door_codes import codes_for

    sqlite = connection.vendor == "sqlite"
    workers, threads = (1, 4) if sqlite else (2, 1)
    records, counties = (3_000, 1) if is_smoke() else (1_000_000, 12)
    made = make_installation(records, counties=counties, now=dt.datetime.now(dt.UTC))
    grid = made.places.grids[0]["grid"]
    code = codes_for(charter=CHARTER, door="request", units=[grid], at=made.now)[grid]
    codes, shown = open_accounts(made), pages_of(made)
    connections.close_all()
    with our_server(workers) as server:
        report(Figure("pages", "second start to the first answer", server.ready_after, "s", at_most=5))
        browsers = measure_pages(server, shown[:4] if is_smoke() else shown, codes)
        report(measure_against_bare(server, browsers["office"], shown[0].path, workers, threads))
        report(*measure_door(server, code))
        report(measure_live(server, code, workers))


if __name__ == "__main__":
    main()
