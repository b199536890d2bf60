"""Sealer and feed while eight processes write: nothing missed, nothing twice, then how fast both are alone.

Writers hold their transactions open for random times after their first event, so that what was written earlier
becomes visible later; some are rolled back. Two sealers and two readers of the feed work all the while. A record of
what each writer committed is kept apart from the database and compared with what each reader was given.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

from bench.county import make_county
from bench.log_filling import fill_log, take_acts
from bench.measuring import (
    Figure,
    in_new_process,
    interleave,
    is_smoke,
    median_ratio,
    report,
    seconds,
    start_django,
)

WRITERS = 8
PAGE = 500
HELD = (0.0, 0.0, 0.001, 0.005, 0.02, 0.08)
"""Seconds a transaction stays open; on SQLite, where writers queue, a twentieth of it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one writer committed, in its own order, and what it rolled back."""

    committed: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    saw: list[tuple[str, str]] = field(default_factory=list)
    """An event that stood in the log before a transaction began, and that transaction's first event."""


class _Undone(Exception):
    """Leave a transaction without committing."""


def write(number: int, until: float) -> Written:
    """Commit and roll back transactions of one to three events until the time is over."""
    from django.db import connection

    from zhangfa.log.append import append_event
    from zhangfa.log.transaction import write_transaction

    chance = random.Random(number)
    shorter = 20 if connection.vendor == "sqlite" else 1
    done = Written()
    count = 0
    while time.monotonic() < until:
        keys = [f"w{number}-{count + n}" for n in range(chance.randint(1, 3))]
        count += len(keys)
        undone = chance.random() < 0.1
        seen = last_key()
        try:
            with write_transaction():
                for key in keys:
                    append_event(key=key, ts=dt.datetime.now(dt.UTC), kind="step", payload={"by": {"kind": "public"}})
                    time.sleep(chance.choice(HELD) / shorter)
                if undone:
                    raise _Undone
        except _Undone:
            done.undone.extend(keys)
        else:
            done.committed.extend(keys)
            done.saw.append((seen, keys[0]))
    return done


def last_key() -> str:
    """Return the key of the newest event that everybody can see."""
    from zhangfa.log.models import Event

    return Event.objects.order_by("-seq").values_list("key", flat=True)[0]


def seal_on(_number: int, until: float) -> int:
    """Seal again and again until the time is over; return how many events."""
    from zhangfa.log.seal import seal

    total = 0
    while time.monotonic() < until:
        total += seal(at=dt.datetime.now(dt.UTC))
        time.sleep(0.005)
    return total


def follow(_number: int, until: float) -> list[str]:
    """Read the feed as it grows, then what is left; return the keys in the order they were given."""
    from zhangfa.log.seal import read_sealed

    found: list[str] = []
    last = -1
    while True:
        over = time.monotonic() > until
        events = read_sealed(last, PAGE)
        for event in events:
            assert event.position == last + 1, f"position {event.position} came after {last}"
            found.append(event.key)
            last = event.position
        if over and not events:
            return found
        time.sleep(0.003)


def _child(work: Callable[[int, float], Any], number: int, until: float, results: Any) -> None:
    results.put((work.__name__, number, work(number, until)))


def run_together(length: float) -> dict[str, list[Any]]:
    """Let writers, sealers and readers work side by side; sealers outlive writers, readers outlive sealers."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    now = time.monotonic()
    parts = [(write, WRITERS, now + length), (seal_on, 2, now + length + 0.5), (follow, 2, now + length + 1)]
    children = [
        context.Process(target=_child, args=(work, number, until, results))
        for work, count, until in parts
        for number in range(count)
    ]
    for child in children:
        child.start()
    found: dict[str, list[Any]] = {}
    for _ in children:
        name, _number, value = results.get(timeout=length + 120)
        found.setdefault(name, []).append(value)
    for child in children:
        child.join()
    return found


def compare(found: dict[str, list[Any]], before: int) -> list[Figure]:
    """Compare what was committed with what each reader was given."""
    committed = {key for written in found["write"] for key in written.committed}
    undone = {key for written in found["write"] for key in written.undone}
    missed = twice = ghosts = swapped = 0
    for given in found["follow"]:
        counted = Counter(given[before:])
        missed += len(committed - counted.keys())
        twice += sum(times - 1 for times in counted.values())
        ghosts += len(undone & counted.keys())
        place = {key: at for at, key in enumerate(given)}
        for written in found["write"]:
            pairs = [*pairwise(written.committed), *written.saw]
            swapped += sum(place[first] > place[then] for first, then in pairs if first in place and then in place)
    note = f"{len(committed):,} events of {WRITERS} writers, {len(undone):,} rolled back, 2 sealers, 2 readers"
    return [
        Figure("feed", "events missed", missed, "events", at_most=0, note=note),
        Figure("feed", "events given twice", twice, "events", at_most=0),
        Figure("feed", "rolled back, yet given", ghosts, "events", at_most=0),
        Figure("feed", "given before what its writer had seen", swapped, "events", at_most=0),
    ]


def seal_all() -> None:
    """Seal what waits."""
    from zhangfa.log.seal import seal

    seal(at=dt.datetime.now(dt.UTC))


def read_all(start: int, count: int) -> None:
    """Read the feed from a place on."""
    from zhangfa.log.seal import read_sealed

    last, given = start - 1, 0
    while events := read_sealed(last, PAGE):
        last, given = start - 1 + given + len(events), given + len(events)
    assert given == count, f"the feed gave {given} of {count}"


def fetch_bare(start: int, count: int) -> None:
    """Fetch the same columns of the same rows with the bare driver, page by page."""
    from django.db import connection

    from zhangfa.log.rows import LoggedEvent

    sign = "?" if connection.vendor == "sqlite" else "%s"
    page = (
        f"SELECT {', '.join(LoggedEvent._fields)} FROM log_event WHERE position > {sign} ORDER BY position LIMIT {PAGE}"
    )
    connection.ensure_connection()
    sqlite = connection.vendor == "sqlite"
    driver = sqlite3.connect(connection.settings_dict["NAME"]) if sqlite else connection.connection
    last, given = start - 1, 0
    while rows := driver.cursor().execute(page, [last]).fetchall():
        last, given = last + len(rows), given + len(rows)
    assert given == count, f"the driver gave {given} of {count}"


def measure_fetching(start: int, count: int) -> Figure:
    """Read the feed and fetch with the bare driver in turn."""
    ours, bare = interleave([partial(seconds, partial(read, start, count)) for read in (read_all, fetch_bare)])
    note = f"{count / statistics.median(bare):,.0f} events/s bare"
    return Figure(
        "feed", "feed against the bare driver's fetch", median_ratio(bare, ours), "×", at_least=0.35, note=note
    )


def measure_speed(count: int, start: int) -> list[Figure]:
    """Seal a long wait and read it as a feed, each in a process that does nothing else."""
    sealing, sealer = in_new_process(seal_all)
    reading, reader = in_new_process(partial(read_all, start, count))
    return [
        Figure("feed", "sealing, alone", count / sealing, "events/s", note=f"{count:,} events, {sealer:.0f} MB"),
        Figure(
            "feed", "reading the feed, alone", count / reading, "events/s", note=f"{PAGE} at a time, {reader:.0f} MB"
        ),
    ]


def main() -> None:
    """Show that nothing is missed or given twice, then measure."""
    start_django()
    from zhangfa.log.models import Event
    from zhangfa.log.seal import seal

    templates = take_acts(make_county())
    seal(at=dt.datetime.now(dt.UTC))
    report(*compare(run_together(1.0 if is_smoke() else 10.0), Event.objects.exclude(key__startswith="w").count()))
    count = 5_000 if is_smoke() else 100_000
    start = Event.objects.count()
    fill_log(templates, start=0, count=count)
    report(*measure_speed(count, start), measure_fetching(start, count))


if __name__ == "__main__":
    main()
