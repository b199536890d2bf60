"""The demo county: Jinxiang in Jining, with real places; a year and more of work that is judged."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from zhangfa.charter import engine as charters
from zhangfa.charter.models import CharterVersion
from zhangfa.demo.awards import Ceremonies
from zhangfa.demo.boards import Press
from zhangfa.demo.case import day_of
from zhangfa.demo.judged import judged_stories
from zhangfa.demo.people import ACCOUNTS, load_people
from zhangfa.demo.places import load_places
from zhangfa.demo.simulating import daily_stories
from zhangfa.demo.simulation import Stage, Tally, tell
from zhangfa.demo.span import Span
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


def unfinished() -> Path:
    """Return the file that stands in the data folder while the county is being loaded, and after a load broke off."""
    return Path(settings.DATA) / "demo-county-unfinished"


def load_county(*, say: Say, now: dt.datetime | None = None) -> Tally:
    """Load places, people and charters, then let the days pass through the write path."""
    span = Span(now or dt.datetime.now(dt.UTC))
    start = span.start
    unfinished().touch()
    say("Places: Jining's 12 counties, 158 towns and 6,350 villages")
    load_places(at=start, by=None)
    say("People with posts, all made up")
    load_people(at=start, by=None, password=PASSWORD)
    put_charters_in_force(at=start)
    days = (span.today - start.date()).days
    say(f"{days} days of work and what it is judged by, through the write path: a minute or two")
    chance = random.Random(SEED)
    lately = Stage(chance, span.end - dt.timedelta(days=DAYS), span.end, "demo")
    stories = [*daily_stories(lately, REQUESTS), *judged_stories(Stage(chance, start, span.end, "demo"), span)]
    pauses = [*Press(span).pauses(), *Ceremonies(span).pauses()]
    tally = tell(stories, end=span.end, ticks_from=start, progress=Counting(say), pauses=pauses)
    unfinished().unlink()
    return tally


class Counting:
    """Say every few thousand acts how many there are."""

    def __init__(self, say: Say, every: int = 5000) -> None:
        self.say, self.every, self.acts = say, every, 0

    def __call__(self, acts: int) -> None:
        """Count some more."""
        before, self.acts = self.acts, self.acts + acts
        if self.acts // self.every > before // self.every:
            self.say(f"  {self.acts} acts")


def put_charters_in_force(*, at: dt.datetime, folder: Path = CHARTERS) -> None:
    """Put every charter of the folder in force from the day of ``at``, so that what happened since counts."""
    for path in sorted(folder.glob("*.yaml")):
        charters.apply_charter(
            text=path.read_text(encoding="utf-8"), files=charter_files(folder), name=path.name, by=None, at=at,
            key=f"demo:charter:{path.stem}", in_force=day_of(at),
        )  # fmt: skip


def describe_accounts() -> str:
    """Say the demo's accounts and their one password, for the terminal."""
    width = max(len(account.username) for account in ACCOUNTS)
    lines = [f"    {account.username:<{width}}  {account.zh}  ·  {account.en}" for account in ACCOUNTS]
    return "\n".join([f"  Demo accounts, all with the password  {PASSWORD}", *lines])
