"""Scores from a million and from twenty million events: against a query by hand, fresh, in little memory, and again.

Six indicators over five registers, Jining's 6,350 villages, twelve months. The twenty million are the million's own
files written twenty times under other numbers of records: a log of that length takes an hour to fill.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import statistics
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.by_hand import ByHand
from bench.log_filling import fill_rows
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
from bench.multiplying import TIMES, fold_all, multiply
from bench.scored import EVENTS, START, YEAR, Scene, apply_scored, make_events

if TYPE_CHECKING:
    from zhangfa.scores.engine import Scoring
    from zhangfa.scores.gathering import Scored

NOW = START + dt.timedelta(days=400)
COUNTY = "370828000000"
"""金乡县."""
TAIL = 1_000
LAST_DIGIT = Decimal("0.01")


def build() -> Scene:
    """Make Jining's places, the charter, a judge of the county, and the events of a year; seal them."""
    from django.core.management import call_command

    from zhangfa.demo.places import load_places
    from zhangfa.directory.engine import appoint, create_person
    from zhangfa.directory.models import Unit
    from zhangfa.log.seal import seal

    call_command("migrate", verbosity=0)
    load_places(at=START, by=None)
    apply_scored()
    judge = create_person(code="judge", name="考核员", by=None, at=START, key="judge").pk
    since, unit = dt.date(2020, 1, 1), Unit.objects.get(code=COUNTY).pk
    appoint(person=judge, role="judge", unit=unit, since=since, by=None, at=START, key="appoint")
    villages = tuple(Unit.objects.filter(kind="village").order_by("id").values_list("id", flat=True))
    scene = Scene(villages, (20_000 if is_smoke() else 1_000_000) // EVENTS)
    fill_rows(make_events(scene))
    seal(at=NOW)
    return scene


def mirror() -> None:
    """Make the mirror from the first event; a short one is given its snapshots, too."""
    from zhangfa.facts import mirror as facts

    facts.SNAPSHOT_AFTER = min(facts.SNAPSHOT_AFTER, 1_000) if is_smoke() else facts.SNAPSHOT_AFTER
    facts.rebuild(at=NOW)


def score(
    months: Sequence[int] = range(1, 13), *, within: int | None = None, as_of: int | None = None,
    threads: int | None = None,
) -> list[Scored]:  # fmt: skip
    """Score months of the year."""
    from zhangfa.charter.engine import current
    from zhangfa.scores.gathering import score_periods
    from zhangfa.scores.period import read_period

    charter = current("scored")
    periods = [read_period(f"{YEAR}-{month:02}", "month", {}) for month in months]
    rules = charter.scores["month"]
    return score_periods(charter=charter, score=rules, periods=periods, within=within, as_of=as_of, threads=threads)


def gather_only(as_of: int) -> None:
    """Read the cells of all months, without scoring them."""
    from zhangfa.charter.engine import current
    from zhangfa.facts.aggregate import gather
    from zhangfa.facts.query import Facts
    from zhangfa.scores.period import read_period

    charter = current("scored")
    periods = [read_period(f"{YEAR}-{month:02}", "month", {}) for month in range(1, 13)]
    with Facts(as_of=as_of) as facts:
        spans = [(one.start, one.end) for one in periods]
        gather(facts, charter=charter, score=charter.scores["month"], periods=spans)


def digest_of(scored: Sequence[Scored]) -> str:
    """Return one hash over the digests of all months."""
    return hashlib.sha256("".join(one.scoring.digest for one in scored).encode()).hexdigest()


def compare(scored: Sequence[Scored], rows: Sequence[tuple[Any, ...]]) -> None:
    """Hold the query by hand to the same cells, and to the same totals and ranks but for a last digit."""
    found = [_row(month, one.scoring, result) for month, one in enumerate(scored, 1) for result in one.scoring.results]
    assert len(found) == len(rows), (len(found), len(rows))
    theirs = {(row[0], row[2]): row for row in rows}
    other = 0
    for row in found:
        one = theirs[row[0], row[2]]
        assert row[3:15] == one[3:15], (row, one)
        assert abs(row[15] - one[15]) <= LAST_DIGIT, (row, one)
        other += row[15:] != one[15:]
    assert other * 100 <= len(rows), f"{other} of {len(rows)} totals or ranks differ"


def _row(month: int, scoring: Scoring, result: Any) -> tuple[Any, ...]:
    cells = scoring.cells_of(result.key.code).values()
    values = (part for cell in cells for part in (cell.value, cell.facts))
    rank = result.rank
    return (month, result.key.group, result.key.code, *values, result.rounded, int(rank.place), rank.of)


def measure_scoring(folder: Path, position: int, size: str, *, long: bool = False) -> list[Figure]:
    """Score twelve months against the query by hand and against a bare scan of the whole history.

    Grouping by 76,200 villages and months costs the same however few the facts: only a long log is held to the scan.
    """
    whole = partial(score, as_of=position)
    scored, bare = whole(), ByHand(folder)
    compare(scored, bare.score())
    runs = [whole, bare.score, partial(gather_only, position), bare.scan]
    ours, hand, gathered, scanned = interleave([partial(seconds, run) for run in runs])
    _, peak = in_new_process(whole)
    _, idle = in_new_process(int)
    median = statistics.median
    note = f"{median(ours):.2f} s against {median(hand):.2f} s; 6 indicators, 5 registers, 6,350 villages, 12 months"
    reading = f"{median(gathered):.2f} s against {median(scanned):.2f} s; history of every change"
    return [
        Figure("scoring", f"{size} events: whole scoring against a query by hand", median_ratio(ours, hand), "×",
               at_most=2, note=note),
        Figure("scoring", f"{size} events: cells from the snapshot against a scan of the history",
               median_ratio(gathered, scanned), "×", at_most=1 if long else None, note=reading),
        Figure("scoring", f"{size} events: the same with totals and ranks", median_ratio(ours, scanned), "×"),
        Figure("scoring", f"{size} events: most memory of a process that scores the year", peak, "MB",
               note=f"{idle:.0f} MB before"),
    ]  # fmt: skip


def measure_freshness(scene: Scene, position: int, county: int) -> list[Figure]:
    """Write a thousand events and score a county's month with and without them."""
    fill_rows(make_events(scene, first=scene.records, count=TAIL // EVENTS + 1))
    fresh, before = (partial(score, [3], within=county, as_of=as_of) for as_of in (None, position))
    assert fresh()[0].unsealed >= TAIL
    ours, mirrored = interleave([partial(seconds, fresh), partial(seconds, before)], rounds=9)
    more = statistics.median(a - b for a, b in zip(ours, mirrored, strict=True)) * 1000
    return [
        Figure("scoring", "1,000 events not mirrored yet: a score takes longer by", more, "ms", at_most=50),
        Figure("scoring", "a county's month with them, from the call to the ranks", statistics.median(ours) * 1000,
               "ms", note=f"{statistics.median(mirrored) * 1000:.0f} ms without"),
    ]  # fmt: skip


def measure_page() -> list[Figure]:
    """Open the county's scoreboard of a month as its judge, worked out anew, in a process that is warm."""
    from django.test import Client

    from zhangfa.directory.models import Account, Person
    from zhangfa.publishing.working import forget_kept

    judge = Person.objects.get(code="judge").pk
    account = Account.objects.create(username="judge", person_id=judge, must_change_password=False, password="!")
    client = Client(SERVER_NAME="localhost")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    _see(client)

    def anew() -> None:
        forget_kept()
        _see(client)

    first, again = interleave([partial(seconds, anew), partial(seconds, partial(_see, client))])
    note = f"{statistics.median(again):.2f} s when opened again"
    took = statistics.median(first)
    return [Figure("scoring", "a county's month, the page included", took, "s", at_most=1, note=note)]


def _see(client: Any) -> None:
    answer = client.get(f"/scores/scored/month/{COUNTY}/{YEAR}-03/")
    assert answer.status_code == 200, answer.status_code
    assert "鱼山街道".encode() in answer.content


def measure_again(position: int) -> list[Figure]:
    """Work the year out again from its position, with one thread and with two, and compare every byte."""
    once, other = (partial(score, as_of=position, threads=threads) for threads in (1, 2))
    digests = {digest_of(once()), digest_of(other())}
    assert len(digests) == 1, digests

    def verify() -> None:
        assert digest_of(once()) in digests

    took = statistics.median(seconds(verify) for _ in range(5))
    note = f"one thread and two give {digests.pop()[:16]}, whatever the database"
    return [Figure("scoring", "a year's twelve scores worked out again and compared", took, "s", note=note)]


def measure_what_if(county: int) -> Figure:
    """Rank a county's villages a thousand times under other weights."""
    from zhangfa.scores.stability import bands

    scoring = score([3], within=county)[0].scoring
    took = statistics.median(seconds(lambda: bands(scoring, draws=1000)) for _ in range(9))
    note = f"{len(scoring.results)} villages"
    return Figure("scoring", "a thousand draws of weights", took * 1000, "ms", at_most=300, note=note)


def main() -> None:
    """Fill, mirror, measure; then twenty times as much."""
    start_django()
    from django.db import connection

    from zhangfa.directory.models import Unit
    from zhangfa.facts.feed import sealed_size
    from zhangfa.facts.mirror import facts_folder

    scene = build()
    size, county = sealed_size(), Unit.objects.get(code=COUNTY).pk
    took, peak = in_new_process(mirror)
    report(
        Figure("scoring", "making the mirror", size / took, "events/s", note=f"{size:,} events, {peak:.0f} MB at most")
    )
    report(*measure_scoring(facts_folder(), size - 1, f"{size:,}"))
    report(*measure_again(size - 1), measure_what_if(county))
    report(*measure_page(), *measure_freshness(scene, size - 1, county))
    if connection.vendor == "sqlite":
        multiply(facts_folder())
        took, peak = in_new_process(fold_all)
        report(
            Figure(
                "scoring",
                f"folding the snapshots of {TIMES} × {size:,} events",
                took,
                "s",
                note=f"{peak:.0f} MB at most",
            )
        )
        report(*measure_scoring(facts_folder(), size - 1, f"{TIMES} × {size:,}", long=True))


if __name__ == "__main__":
    main()
