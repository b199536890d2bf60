"""A large installation for the benchmarks: Jining's places, a charter in force, some staff, very many records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bench.county import CHARTERS, SINCE
from bench.places import Places, make_places
from bench.record_filling import SHARES, Maker, Staff, act_out, fill_records, read_pattern

CHARTER = "residents-requests"


@dataclass(frozen=True, slots=True)
class Installation:
    """What was made."""

    places: Places
    people: dict[str, int]
    """Person ids: ``worker``, ``town``, ``office`` (county), ``prefecture``, ``specialist``."""
    records: int
    now: dt.datetime


def make_installation(records: int, *, counties: int, now: dt.datetime) -> Installation:
    """Migrate, make places and people, put the charter in force, act one record into each state, and fill."""
    from django.core.management import call_command

    from zhangfa.charter.engine import apply_charter

    call_command("migrate", verbosity=0)
    places = make_places(counties=counties)
    people = appoint_staff(places, now)
    path = CHARTERS / f"{CHARTER}.yaml"
    apply_charter(text=path.read_text(encoding="utf-8"), files={}, name=path.name, by=None, at=now, key="bench-charter")
    staff = Staff(people["worker"], people["office"], people["specialist"])
    grid, began = places.grids[0]["grid"], now - dt.timedelta(days=2)
    patterns = {
        state: read_pattern(act_out(state, grid, places.department, staff, at=began, key=f"pattern-{state}"))
        for state in SHARES
    }
    fill_records(Maker(patterns, places.grids, now, records))
    return Installation(places, people, records + len(patterns), now)


def appoint_staff(places: Places, now: dt.datetime) -> dict[str, int]:
    """Appoint one person for each kind of look; return their ids."""
    from zhangfa.directory.engine import appoint, create_person

    first = places.grids[0]
    posts = {
        "worker": ("grid-worker", first["grid"]),
        "town": ("town-office", first["town"]),
        "office": ("town-office", first["county"]),
        "prefecture": ("town-office", places.prefecture),
        "specialist": ("specialist", places.department),
    }
    found = {}
    for name, (role, unit) in posts.items():
        found[name] = create_person(code=f"B-{name}", name=name, by=None, at=now, key=f"p-{name}").pk
        appoint(person=found[name], role=role, unit=unit, since=SINCE, by=None, at=now, key=f"a-{name}")
    return found
