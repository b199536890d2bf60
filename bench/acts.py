"""Whole acts against a bare transaction of two INSERTs, with 1, 4 and 16 client processes.

The bare side (``bench.bare_inserts``) writes rows of the same size into tables with the same columns and indexes, in
one transaction of the same database with the same durability, as often as ours acts.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.bare_inserts import bare_inserts, make_bare_tables
from bench.county import NOW, County, make_county
from bench.measuring import ROUNDS, Figure, interleave, is_smoke, median_ratio, report, start_django

REGISTER = "residents-requests.request"
CONTENT = "井盖不见了" * 12
WARM = 300
"""Pairs of acts after which SQLite's write-ahead log has been full once."""
KEEP = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT 1 FROM log_event").fetchall()
input()
"""
Work = Callable[[County, int, int], Iterator[None]]
"""Does one act (or transaction) up to each ``yield``."""


def whole_acts(county: County, client: int, number: int) -> Iterator[None]:
    """Two acts: a resident submits, the grid worker accepts."""
    from zhangfa.acts.actor import PUBLIC, actor_of
    from zhangfa.acts.engine import take_step

    index = (client + number) % len(county.grids)
    key = f"{os.getpid()}-{time.monotonic_ns()}"
    data = {"category": "safety", "content": CONTENT}
    opened = take_step(
        register=REGISTER, step="submit", by=PUBLIC, at=NOW, key=f"s{key}", unit=county.grids[index], data=data
    )
    yield
    worker, asked = actor_of(county.workers[index], NOW.date()), {"category": "safety"}
    take_step(register=REGISTER, step="accept", by=worker, at=NOW, key=f"a{key}", record=opened.record, data=asked)
    yield


def do(work: Work, county: County, times: int) -> None:
    """Do a work so often."""
    for number in range(times):
        for _ in work(county, 0, number):
            pass


@dataclass(frozen=True, slots=True)
class Rate:
    """Acts a second over all clients, and the longest that any act took, in seconds."""

    acts: float
    longest: float


def _client(work: Work, county: County, number: int, length: float, start: object, results: object) -> None:
    for _ in work(county, number, 0):  # connection and caches
        pass
    start.wait()  # type: ignore[attr-defined]
    acts, rounds, longest = 0, 0, 0.0
    began = last = time.perf_counter()
    while last - began < length:
        rounds += 1
        for _ in work(county, number, rounds):
            now = time.perf_counter()
            acts, longest, last = acts + 1, max(longest, now - last), now
    results.put(Rate(acts / (last - began), longest))  # type: ignore[attr-defined]


def rate(work: Work, county: County, clients: int, length: float) -> Rate:
    """Let so many processes do a work for so many seconds."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(clients), context.Queue()
    processes = [
        context.Process(target=_client, args=(work, county, number, length, start, results))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    rates = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return Rate(sum(each.acts for each in rates), max(each.longest for each in rates))


@contextmanager
def settled_log(county: County) -> Iterator[None]:
    """On SQLite measure as in a server that has run for a while, whose write-ahead log has its full length.

    A growing file makes each commit several times slower, and the log is deleted with the last connection; so it is
    written full once, and a process that does nothing else holds a connection open.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        do(whole_acts, county, WARM)
        yield
        return
    command = [sys.executable, "-c", KEEP, str(connection.settings_dict["NAME"])]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as keeper:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
        do(whole_acts, county, WARM)
        connection.close()
        yield
        keeper.communicate(b"\n")


@contextmanager
def without_hashing() -> Iterator[None]:
    """Leave the leaf's SHA-256 out, to see what it costs."""
    from zhangfa.log import leaf

    kept, leaf.leaf_of_entry = leaf.leaf_of_entry, lambda entry: b"\0" * 32
    yield
    leaf.leaf_of_entry = kept


def compare(county: County, clients: int, rounds: int, length: float, at_least: float) -> float:
    """Measure both sides with so many clients; return the longest that any of our acts took."""
    longest: list[float] = []
    starved: list[float] = []

    def run(work: Work, waits: list[float]) -> float:
        found = rate(work, county, clients, length)
        waits.append(found.longest)
        return found.acts

    ours, bare = interleave([lambda: run(whole_acts, longest), lambda: run(bare_inserts, starved)], rounds)
    many = f"{clients} client{'s' if clients > 1 else ''}"
    note = f"bare {statistics.median(bare):,.0f}/s, its longest {max(starved):.2f} s"
    report(
        Figure("acts", f"whole acts, {many}", statistics.median(ours), "acts/s", note=note),
        Figure("acts", f"ratio to bare, {many}", median_ratio(ours, bare), "×", at_least=at_least),
    )
    return max(longest)


def compare_hashing(county: County, rounds: int, length: float) -> None:
    """Measure what hashing every event costs, with one client."""

    def plain() -> float:
        with without_hashing():
            return rate(whole_acts, county, 1, length).acts

    on, off = interleave([lambda: rate(whole_acts, county, 1, length).acts, plain], rounds)
    report(Figure("acts", "hashing on against off", median_ratio(on, off), "×", at_least=0.92))


def main() -> None:
    """Measure the ratios and the longest wait."""
    start_django()
    from django.db import connection

    county = make_county()
    do(whole_acts, county, 1)
    make_bare_tables()
    sqlite = connection.vendor == "sqlite"
    rounds, length = (1, 0.3) if is_smoke() else (ROUNDS, 2.0)
    with settled_log(county):
        for clients in (1, 4, 16):
            longest = compare(county, clients, rounds, length, 0.5 if sqlite else 1.0)
        report(Figure("acts", "longest act, 16 clients", longest, "s", at_most=0.5 if sqlite else None))
        compare_hashing(county, rounds, length)


if __name__ == "__main__":
    main()
