"""The first page of a filtered list with its capped count, at a million records: what the database is asked for it.

The database's part is the time in statements and fetches of all that ``registers.listing`` does for a page and a count
as one actor sees them, the gate's questions included; the whole is said beside it. Each round looks through other
offices' eyes.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bench.database_clock import database_clock
from bench.installation import Installation, make_installation
from bench.measuring import Figure, is_smoke, quantile, report, seconds, start_django
from bench.record_filling import REGISTER, THINGS

if TYPE_CHECKING:
    from zhangfa.acts.actor import Actor
    from zhangfa.registers.filters import Filter

COMMON, SOME, RARE = THINGS[0], THINGS[12], THINGS[-1]
Choose = Callable[[int | None], "Filter"]


@dataclass(frozen=True, slots=True)
class Office:
    """A kind of actor: the role, the level of the unit, the level a unit filter names, and the bound in ms."""

    name: str
    role: str
    level: str
    below: str
    at_most: float


OFFICES = (
    Office("prefecture", "town-office", "prefecture", "county", 50),
    Office("county office", "town-office", "county", "town", 20),
    Office("town office", "town-office", "town", "village", 20),
    Office("grid worker", "grid-worker", "grid", "grid", 20),
)


def filters() -> dict[str, Choose]:
    """Return the filters by name; each is made for a unit below the actor's."""
    from zhangfa.registers.filters import Filter

    return {
        "none": lambda unit: Filter(),
        "one open state": lambda unit: Filter(states=("submitted",)),
        "closed": lambda unit: Filter(states=("closed",)),
        "unit": lambda unit: Filter(unit=unit),
        "overdue": lambda unit: Filter(due="late"),
        "due this week": lambda unit: Filter(due="week"),
        "a category": lambda unit: Filter(fields=(("category", "safety"),)),
        f"search {COMMON}": lambda unit: Filter(q=COMMON),
        f"search {SOME}": lambda unit: Filter(q=SOME),
        f"search {RARE}": lambda unit: Filter(q=RARE),
        f"search {COMMON} in a unit": lambda unit: Filter(q=COMMON, unit=unit),
        f"search {COMMON}, one open state": lambda unit: Filter(q=COMMON, states=("accepted",)),
    }


def look_through(office: Office, made: Installation, chance: random.Random) -> tuple[Actor, int | None]:
    """Return an actor of the office somewhere, and a unit below his."""
    from zhangfa.acts.actor import Actor
    from zhangfa.directory import tree
    from zhangfa.directory.posts import PostHeld

    place = chance.choice(made.places.grids)
    ids = {**place, "prefecture": made.places.prefecture}
    post = PostHeld(office.role, tree.unit(ids[office.level]))
    return Actor("person", made.people["worker"], (post,)), ids[office.below]


def first_page(actor: Actor, chosen: Filter, at: dt.datetime) -> int:
    """Ask for the first page and the capped count; return how many rows the page has."""
    from zhangfa.charter import engine as charters
    from zhangfa.registers.listing import Listing

    register = charters.register(REGISTER)[1]
    listing = Listing(REGISTER, register, register.states, chosen, actor, at)
    page, count = listing.page(), listing.count()
    assert min(count, len(page.rows)) == min(count, 25), f"{len(page.rows)} rows, but {count} counted"
    return len(page.rows)


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of one first page: the database's part, and with the making of statements and rows."""

    database: float
    whole: float


def measure(office: Office, made: Installation, rounds: int) -> dict[str, list[Took]]:
    """Return what every round took, by filter."""
    chance = random.Random(office.name)
    times: dict[str, list[Took]] = {name: [] for name in filters()}
    for _ in range(rounds):
        for name, choose in filters().items():
            actor, unit = look_through(office, made, chance)
            with database_clock() as clock:
                whole = seconds(partial(first_page, actor, choose(unit), made.now))
            times[name].append(Took(1000 * clock.seconds, 1000 * whole))
    return times


def figures(office: Office, times: dict[str, list[Took]]) -> list[Figure]:
    """Say the median and the 99th percentile over all filters, and the slowest of them."""
    every = [took for many in times.values() for took in many]
    database, whole = [took.database for took in every], [took.whole for took in every]
    slow = sorted(
        ((quantile([took.database for took in many], 0.99), name) for name, many in times.items()), reverse=True
    )
    slowest = "slowest: " + ", ".join(f"{name} {p99:.1f}" for p99, name in slow[:3])
    beside = f"{len(every)} pages; in all {quantile(whole, 0.5):.1f}"
    return [
        Figure("lists", f"{office.name}, database's part, median", quantile(database, 0.5), "ms", note=beside),
        Figure(
            "lists", f"{office.name}, database's part, p99", quantile(database, 0.99), "ms", at_most=office.at_most,
            note=f"in all {quantile(whole, 0.99):.1f}; {slowest}",
        ),
    ]  # fmt: skip


def say(office: Office, times: dict[str, list[Took]]) -> None:
    """Print a line for each filter."""
    for name, many in times.items():
        words = [
            f"{part} p50 {quantile(values, 0.5):6.1f} p99 {quantile(values, 0.99):6.1f}"
            for part, values in (("database", [t.database for t in many]), ("whole", [t.whole for t in many]))
        ]
        print(f"{office.name:14} {name:24} {'  '.join(words)} ms", flush=True)


def main() -> None:
    """Fill, then look at lists through every kind of eyes."""
    start_django()
    records, counties, warm, rounds = (10_000, 1, 1, 3) if is_smoke() else (1_000_000, 12, 10, 40)
    made = make_installation(records, counties=counties, now=dt.datetime.now(dt.UTC))
    for office in OFFICES:
        measure(office, made, warm)  # a server that has run for a while has what is looked at often in memory
        times = measure(office, made, rounds)
        say(office, times)
        report(*figures(office, times))


if __name__ == "__main__":
    main()
