"""The demo county: Jinxiang in Jining, with real places and ninety simulated days."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

from zhangfa.charter import engine as charters
from zhangfa.charter.models import CharterVersion
from zhangfa.demo.people import ACCOUNTS, load_people
from zhangfa.demo.places import load_places
from zhangfa.demo.simulating import simulate
from zhangfa.demo.simulation import Tally
from zhangfa.scenarios.world import charter_files

PASSWORD = "jinxiang-demo"
"""Of the demo's accounts only; no other installation has any account by default."""
DAYS = 90
REQUESTS = 800
SEED = 3708
CHARTERS = Path(__file__).resolve().parents[3] / "charters"
Say = Callable[[str], None]


def is_loaded() -> bool:
    """Whether the database already holds a county."""
    return CharterVersion.objects.exists()


def load_county(*, say: Say, now: dt.datetime | None = None) -> Tally:
    """Load places, people and charters, then let ninety days pass through the write path."""
    now = now or dt.datetime.now(dt.UTC)
    start = now - dt.timedelta(days=DAYS)
    say("Places: Jining's 12 counties, 158 towns and 6,350 villages")
    load_places(at=start, by=None)
    say("People with posts, all made up")
    load_people(at=start, by=None, password=PASSWORD)
    put_charters_in_force(at=start)
    say(f"{DAYS} days of requests, lectures and hand-overs, simulated through the write path")
    return simulate(start=start, end=now, requests=REQUESTS, chance=random.Random(SEED), prefix="demo")


def put_charters_in_force(*, at: dt.datetime, folder: Path = CHARTERS) -> None:
    """Put every charter of the folder in force."""
    for path in sorted(folder.glob("*.yaml")):
        charters.apply_charter(
            text=path.read_text(encoding="utf-8"), files=charter_files(folder), name=path.name, by=None, at=at,
            key=f"demo:charter:{path.stem}",
        )  # fmt: skip


def describe_accounts() -> str:
    """Say the demo's accounts and their one password, for the terminal."""
    width = max(len(account.username) for account in ACCOUNTS)
    lines = [f"    {account.username:<{width}}  {account.zh}  ·  {account.en}" for account in ACCOUNTS]
    return "\n".join([f"  Demo accounts, all with the password  {PASSWORD}", *lines])
