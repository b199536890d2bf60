"""Whole acts against a bare transaction of two INSERTs, with 1, 4 and 16 client processes.

The bare side writes an event row and a record row of the same size into tables of the same shape,
in one transaction, on the same database with the same durability, and does nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext

from bench.county import NOW, County, make_county
from bench.measuring import ROUNDS, Figure, interleave, is_smoke, median_ratio, report

PAYLOAD = '{"category":"safety","content":"' + "井盖不见了" * 12 + '","' + "x" * 1400 + '":1}'
RECORD = '{"category":"safety","content":"' + "井盖不见了" * 12 + '"}'
Work = Callable[[County, int, int], None]


def whole_acts(county: County, client: int, number: int) -> None:
    """Two acts: a resident submits, the grid worker accepts."""
    from zhangfa.acts.actor import PUBLIC, actor_of
    from zhangfa.acts.engine import take_step

    index = (client + number) % len(county.grids)
    key = f"{os.getpid()}-{time.monotonic_ns()}"
    register = "residents-requests.request"
    data = {"category": "safety", "content": "井盖不见了" * 12}
    opened = take_step(
        register=register, step="submit", by=PUBLIC, at=NOW, key=f"s{key}", unit=county.grids[index], data=data
    )
    worker = actor_of(county.workers[index], NOW.date())
    take_step(
        register=register,
        step="accept",
        by=worker,
        at=NOW,
        key=f"a{key}",
        record=opened.record,
        data={"category": "safety"},
    )


def bare_inserts(county: County, client: int, number: int) -> None:
    """Two transactions of two INSERTs each."""
    from django.db import connection, transaction

    for _ in range(2):
        key = time.monotonic_ns() * 64 + client
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bare_event (key, ts, payload) VALUES (%s, %s, %s)", [f"{os.getpid()}-{key}", NOW, PAYLOAD]
            )
            cursor.execute(
                "INSERT INTO bare_record (id, state, unit, updated_at, payload) VALUES (%s, 'submitted', %s, %s, %s)",
                [key, county.grids[number % len(county.grids)], NOW, RECORD],
            )


def make_bare_tables() -> None:
    """Create the two bare tables, with one index each as ours have several."""
    from django.db import connection

    serial = "bigserial" if connection.vendor == "postgresql" else "integer"
    stamp = "timestamptz" if connection.vendor == "postgresql" else "datetime"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bare_event (seq {serial} PRIMARY KEY, key varchar(80) UNIQUE, ts {stamp}, payload text)"
        )
        cursor.execute(
            "CREATE TABLE bare_record "
            f"(id bigint PRIMARY KEY, state varchar(48), unit bigint, updated_at {stamp}, payload text)"
        )


def _client(work: Work, county: County, number: int, length: float, start: object, results: object) -> None:
    work(county, number, 0)  # warm: connection, caches
    start.wait()  # type: ignore[attr-defined]
    done, longest, began = 0, 0.0, time.perf_counter()
    while (now := time.perf_counter()) - began < length:
        work(county, number, done)
        longest = max(longest, (time.perf_counter() - now) / 2)
        done += 1
    results.put((2 * done / (time.perf_counter() - began), longest))  # type: ignore[attr-defined]


def rate(work: Work, county: County, clients: int, length: float) -> tuple[float, float]:
    """Return acts per second over all clients and the longest wait of one act, in seconds."""
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
    return sum(each for each, _ in rates), max(longest for _, longest in rates)


class without_hashing:
    """Leave the leaf's SHA-256 out, to see what it costs."""

    def __enter__(self) -> None:
        from zhangfa.log import leaf

        self.kept = leaf.leaf_of_entry
        leaf.leaf_of_entry = lambda entry: b"\0" * 32  # type: ignore[assignment]

    def __exit__(self, *problem: object) -> None:
        from zhangfa.log import leaf

        leaf.leaf_of_entry = self.kept


def main() -> None:
    """Measure the ratios and the longest wait."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "zhangfa.settings"
    django.setup()
    from django.db import connection

    county = make_county()
    make_bare_tables()
    sqlite = connection.vendor == "sqlite"
    rounds, length = (2, 0.3) if is_smoke() else (ROUNDS, 2.0)
    waits: list[float] = []

    def measure(
        work: Work, clients: int, context: Callable[[], object] = nullcontext, note: bool = False
    ) -> Callable[[], float]:
        def run() -> float:
            with context():  # type: ignore[attr-defined]
                acts, longest = rate(work, county, clients, length)
            if note:
                waits.append(longest)
            return acts

        return run

    for clients in (1, 4, 16):
        ours, bare = interleave(
            [measure(whole_acts, clients, note=clients == 16), measure(bare_inserts, clients)], rounds
        )
        report(
            Figure(
                "acts",
                f"whole acts, {clients} clients",
                statistics.median(ours),
                "acts/s",
                note=f"bare {statistics.median(bare):,.0f}/s",
            ),
            Figure(
                "acts",
                f"ratio to bare, {clients} clients",
                median_ratio(ours, bare),
                "×",
                at_least=0.5 if sqlite else 1.0,
            ),
        )
    report(
        Figure(
            "acts",
            "longest wait of one act, 16 clients",
            statistics.median(waits),
            "s",
            at_most=0.5 if sqlite else None,
        )
    )
    hashed, plain = interleave([measure(whole_acts, 1), measure(whole_acts, 1, without_hashing)], rounds)
    report(Figure("acts", "hashing on against off", median_ratio(hashed, plain), "×", at_least=0.92))


if __name__ == "__main__":
    main()
