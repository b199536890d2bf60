"""A small county made through the engines in a database of its own; prints the code on its grid's door.

Run as a program with ``DATA`` set, before a server is started on the same folder.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

try:
    from tests.browser import scored_county
except ImportError:  # run as a program, from anywhere
    import scored_county

from zhangfa.cli.start import start_django

ROOT = Path(__file__).resolve().parents[2]
SINCE = dt.date(2020, 1, 1)
PASSWORD = "jade-mountain-42"
UNITS = (
    ("370828", "county", "金乡县", None),
    ("370828003", "town", "鱼山街道", "370828"),
    ("370828109", "town", "马庙镇", "370828"),
    ("370828003251", "village", "李庄村", "370828003"),
    ("370828003251001", "grid", "第一网格", "370828003251"),
    ("370828-D12", "department", "县住建局", "370828"),
    ("370828003251901", "household", "一号院", "370828003251"),
    ("370828109201", "village", "马庙村", "370828109"),
    ("370828109201901", "household", "一号院", "370828109201"),
)
PEOPLE = (
    ("grid", "黄志刚", "grid-worker", "370828003251001"),
    ("specialist", "许霞", "specialist", "370828-D12"),
    ("org", "周敏", "org-office", "370828"),
    ("leader-out", "何伟", "leader", "370828003"),
    ("leader-in", "徐文静", "leader", "370828109"),
    ("lectures", "曾宪法", "lecture-office", "370828"),
    ("jury-two", "高立新", "lecture-office", "370828"),
    ("jury-three", "梁海涛", "lecture-office", "370828"),
    ("lecturer", "曹超", "lecturer", "370828"),
    ("host", "朱刚", "host", "370828003"),
    ("clerk", "何勇", "charter-clerk", "370828"),
)


def make_county(at: dt.datetime) -> str:
    """Make places, people with accounts, charters and a topic on offer; return the door's code."""
    from zhangfa.doors.door_codes import codes_for

    units = make_places(at)
    people = make_people(at, units)
    put_charters_in_force(at)
    offer_topic(at, units["370828"], people)
    scored_county.judge_towns(at, units, people)
    grid = units["370828003251001"]
    return codes_for(charter="residents-requests", door="request", units=[grid], at=at)[grid]


def make_places(at: dt.datetime) -> dict[str, int]:
    """Make the units; return their ids by code."""
    from zhangfa.directory.engine import create_unit

    made: dict[str, int] = {}
    for code, kind, name, parent in UNITS:
        unit = create_unit(
            code=code, kind=kind, name=name, parent=made[parent] if parent else None, since=SINCE,
            by=None, at=at, key=f"unit:{code}",
        )  # fmt: skip
        made[code] = unit.id
    return made


def make_people(at: dt.datetime, units: dict[str, int]) -> dict[str, int]:
    """Make people with posts and accounts; return their ids by account."""
    from django.contrib.auth.hashers import make_password

    from zhangfa.directory.engine import appoint, create_account, create_person

    hashed, made = make_password(PASSWORD), dict[str, int]()
    for account, name, role, unit in (*PEOPLE, *scored_county.PEOPLE):
        person = create_person(code=account, name=name, by=None, at=at, key=f"person:{account}").pk
        appoint(
            person=person, role=role, unit=units[unit], since=SINCE, by=None, at=at, key=f"post:{account}"
        )  # fmt: skip
        create_account(
            person=person, username=account, hashed=hashed, must_change=False, by=None, at=at, key=f"account:{account}"
        )
        made[account] = person
    return made


def put_charters_in_force(at: dt.datetime) -> None:
    """Put the repository's three first charters in force."""
    from zhangfa.charter.engine import apply_charter

    files = {path.name: path.read_text("utf-8") for path in (ROOT / "charters").glob("*.csv")}
    for name in ("residents-requests", "leaders-handover", "lecture-team"):
        text = (ROOT / "charters" / f"{name}.yaml").read_text("utf-8")
        apply_charter(text=text, files=files, name=f"{name}.yaml", by=None, at=at, key=f"charter:{name}")


def offer_topic(at: dt.datetime, county: int, people: dict[str, int]) -> None:
    """Propose a topic and pass its trial, so that it can be ordered."""
    from django.utils import timezone

    from zhangfa.acts.actor import actor_of
    from zhangfa.acts.engine import take_step
    from zhangfa.scenarios.papers import store_paper

    today = timezone.localdate(at)
    lecturer = actor_of(people["lecturer"], today)
    script = store_paper("讲稿.pdf", by=lecturer, at=at)
    asked = {"name": "从王杰精神谈起", "theme": "wangjie", "lecturer": people["lecturer"], "outline": [script]}
    made = take_step(
        register="lecture-team.topic", step="draft", by=lecturer, at=at, key="topic", unit=county, data=asked
    )
    for judge in ("lectures", "jury-two", "jury-three"):
        take_step(
            register="lecture-team.topic", step="trial", by=actor_of(people[judge], today), at=at,
            key=f"trial:{judge}", record=made.record, data={"mark": "9.0", "cleared": "true", "advice": ""},
        )  # fmt: skip


if __name__ == "__main__":
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    sys.stdout.write(make_county(dt.datetime.now(dt.UTC)))
