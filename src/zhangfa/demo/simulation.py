"""Drive the real write path as simulated offices and residents would, from a seed.

Every case is a story: a Python generator that yields the moment of its next act and then does it.
All stories share one queue ordered by time, and the clock ticks between them, so lateness, silence
and reminders come about by themselves.
"""

from __future__ import annotations

import datetime as dt
import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from zhangfa.acts.clock import tick
from zhangfa.acts.refusal import Refusal
from zhangfa.log.transaction import write_transaction
from zhangfa.notices.engine import deliver_together, mark_all_read
from zhangfa.publishing import clock as publishing
from zhangfa.publishing.models import SHOWN, Board

SHANGHAI = ZoneInfo("Asia/Shanghai")
Story = Iterator[dt.datetime]
TICK_HOURS = (8, 20)
LATELY = dt.timedelta(days=100)
"""Days before the end in which the clock ticks at both hours."""
READ_AFTER = dt.timedelta(days=4)


@dataclass(slots=True)
class Tally:
    """What a simulation did: stories begun, acts refused by their sentence's code."""

    stories: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    ticks: int = 0


@dataclass(slots=True)
class Stage:
    """Where stories are told: one source of chance, one stretch of days, one prefix for keys."""

    chance: random.Random
    start: dt.datetime
    end: dt.datetime
    prefix: str

    def some_moment(self) -> dt.datetime:
        """Return a moment of the stretch at which people are awake."""
        day = self.start.date() + dt.timedelta(days=self.chance.randrange((self.end - self.start).days))
        return self.on(day)

    def on(self, day: dt.date) -> dt.datetime:
        """Return a moment between 7:00 and 21:00 of a day."""
        minute = round(self.chance.triangular(7 * 60, 21 * 60, 10 * 60))
        return dt.datetime.combine(day, dt.time(minute // 60 % 24, minute % 60), SHANGHAI)

    def at_work(self, after: dt.datetime, hours: float) -> dt.datetime:
        """Return a moment about so many hours later, moved into 8:00–18:00."""
        moment = after + dt.timedelta(hours=self.chance.expovariate(1 / hours))
        local = moment.astimezone(SHANGHAI)
        if local.hour < 8:
            local = local.replace(hour=8, minute=self.chance.randrange(60))
        elif local.hour >= 18:
            local = (local + dt.timedelta(days=1)).replace(hour=8, minute=self.chance.randrange(60))
        return max(local, after + dt.timedelta(minutes=1))


Pause = tuple[dt.datetime, Callable[[dt.datetime], None]]
"""A moment at which what was told is committed, and what is then done outside the stories."""


def tell(
    stories: Iterable[tuple[str, Story]],
    *,
    end: dt.datetime,
    ticks_from: dt.datetime,
    progress: Callable[[int], None] = lambda done: None,
    pauses: Sequence[Pause] = (),
) -> Tally:
    """Tell all stories in the order of their moments until ``end``; tick the clock twice a day, long ago once.

    One write transaction spans the stretch from one pause to the next: each is told altogether or not at all.
    """
    tally = Tally()
    queue: list[tuple[dt.datetime, int, str, Story]] = []
    for number, (name, story) in enumerate(stories):
        tally.stories[name] += 1
        _advance(queue, number, name, story, tally)
    since = ticks_from
    for moment, work in sorted(pauses, key=lambda pause: pause[0]):
        if since <= moment < end:
            _tell_until(queue, since, moment, end, tally, progress)
            work(moment)
            since = moment
    _tell_until(queue, since, end, end, tally, progress)
    return tally


def _tell_until(
    queue: list[tuple[dt.datetime, int, str, Story]],
    since: dt.datetime,
    end: dt.datetime,
    last: dt.datetime,
    tally: Tally,
    progress: Callable[[int], None],
) -> None:
    with write_transaction():
        for moment in _ticks(since, end, last):
            while queue and queue[0][0] <= moment:
                _, number, name, story = heapq.heappop(queue)
                _advance(queue, number, name, story, tally)
                progress(1)
            tick(at=moment)
            if Board.objects.filter(state=SHOWN).exists():
                publishing.tick(at=moment)
            _read_notices(moment)
            tally.ticks += 1


def _advance(
    queue: list[tuple[dt.datetime, int, str, Story]], number: int, name: str, story: Story, tally: Tally
) -> None:
    """Let a story do its act and say when it goes on; a refusal ends it and is counted."""
    try:
        heapq.heappush(queue, (next(story), number, name, story))
    except StopIteration:
        pass
    except Refusal as refusal:
        tally.refused[f"{name}: {refusal.code}"] += 1


def _read_notices(moment: dt.datetime) -> None:
    """Let people read what they were told more than a few days ago, and deliver what is new."""
    mark_all_read(before=moment - READ_AFTER, at=moment)
    deliver_together(at=moment)


def _ticks(start: dt.datetime, end: dt.datetime, last: dt.datetime) -> Iterator[dt.datetime]:
    day = start.astimezone(SHANGHAI).date()
    lately = (last - LATELY).astimezone(SHANGHAI).date()
    while True:
        for hour in TICK_HOURS if day >= lately else TICK_HOURS[-1:]:
            moment = dt.datetime.combine(day, dt.time(hour), SHANGHAI)
            if moment > end:
                yield end
                return
            if moment >= start:
                yield moment
        day += dt.timedelta(days=1)
