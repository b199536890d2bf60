"""A small county for the tests of acts: units, people with posts, four charters in force."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from zhangfa.acts.actor import PUBLIC, Actor, actor_of
from zhangfa.acts.engine import Outcome, take_step
from zhangfa.attachments.models import Attachment
from zhangfa.charter import engine as charters
from zhangfa.directory.memory import forget
from zhangfa.directory.models import LEVELS, Person, Post, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHARTERS = Path(__file__).parents[2] / "charters"
EVERYTHING = Path(__file__).parent / "everything.yaml"
LONG_AGO = dt.date(2000, 1, 1)
FILES = {path.name: path.read_text(encoding="utf-8") for path in CHARTERS.glob("*.csv")}
FILE = {"hash": "0" * 64, "name": "讲稿.pdf", "type": "application/pdf", "size": 10}

UNITS = (
    ("jining", "prefecture", None), ("jinxiang", "county", "jining"), ("yushan", "town", "jinxiang"),
    ("huji", "town", "jinxiang"), ("east", "village", "yushan"), ("west", "village", "yushan"), ("g1", "grid", "east"),
    ("g2", "grid", "east"), ("g3", "grid", "west"), ("water", "department", "jinxiang"),
    ("roads", "department", "jinxiang"), ("yutai", "county", "jining"), ("other", "town", "yutai"),
)  # fmt: skip
PEOPLE = {
    "wang": ["grid-worker g1"], "li": ["grid-worker g1", "grid-worker g2"], "zhao": ["grid-worker g3"],
    "specialist": ["specialist water"], "roads-specialist": ["specialist roads"], "office": ["town-office yushan"],
    "other-office": ["town-office huji"], "organiser": ["org-office jinxiang"], "outgoing": ["leader water"],
    "incoming": [], "reviewer": ["reviewer roads"], "l1": ["lecture-office jinxiang"],
    "l2": ["lecture-office jinxiang"],
    "l3": ["lecture-office jinxiang"], "l4": ["lecture-office jinxiang"], "lecturer": ["lecturer jinxiang"],
    "lecturer2": ["lecturer jinxiang"], "host": ["host yushan"], "host2": ["host huji"], "stranger": [],
    "k1": ["keeper east"], "k2": ["keeper east"], "boss": ["office yushan"], "e1": ["expert jinxiang"],
    "e2": ["expert jinxiang"], "e3": ["expert jinxiang"], "e4": ["expert jinxiang"], "m1": ["member yushan"],
    "m2": ["member yushan"], "m3": ["member yushan"],
}  # fmt: skip


def moment(text: str) -> dt.datetime:
    """Read a moment of Shanghai's clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class County:
    """Names → ids, and a clock that the test sets."""

    now: dt.datetime
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    keys: itertools.count[int] = field(default_factory=itertools.count)
    prefix: str = "k"

    def actor(self, name: str) -> Actor:
        """Return a person, or the public."""
        return PUBLIC if name == "public" else actor_of(self.people[name], self.now.astimezone(SHANGHAI).date())

    def key(self) -> str:
        """Return a key never used before."""
        return f"{self.prefix}-{next(self.keys)}"

    def take(self, register: str, step: str, by: str, *, key: str = "", **rest: object) -> Outcome:
        """Take a step by the name of the actor."""
        data = rest.pop("data", {})
        unit = rest.pop("unit", None)
        return take_step(
            register=register, step=step, by=self.actor(by), at=self.now, key=key or self.key(), data=data,  # type: ignore[arg-type]
            unit=self.units[unit] if isinstance(unit, str) else None, **rest,  # type: ignore[arg-type]
        )  # fmt: skip

    def request(self, content: str = "路口井盖缺失", unit: str = "g1", **more: object) -> Outcome:
        """Submit a resident's request."""
        data = {"category": "safety", "content": content, **more}
        return self.take("residents-requests.request", "submit", "public", unit=unit, data=data)

    def on(self, step: str, by: str, record: Outcome, **data: object) -> Outcome:
        """Take a step on a request."""
        return self.take("residents-requests.request", step, by, record=record.record, data=data)


def build_county(now: str = "2026-03-02 09:00") -> County:
    """Create the county and put the three charters in force."""
    county = County(now=moment(now))
    Attachment.objects.create(hash=FILE["hash"], type=FILE["type"], size=FILE["size"], stored_at=county.now)
    for name in ("residents-requests", "leaders-handover", "lecture-team"):
        apply_text(county, (CHARTERS / f"{name}.yaml").read_text(encoding="utf-8"), name)
    apply_text(county, EVERYTHING.read_text(encoding="utf-8"), "everything")
    _create_units(county)
    _create_people(county)
    forget()
    return county


def _create_units(county: County) -> None:
    """Create the units straight in their tables: many small events would only make the tests slow."""
    made: dict[str, Unit] = {}
    for number, (name, kind, parent) in enumerate(UNITS, start=1):
        levels = {level: getattr(made[parent], level) for level in LEVELS} if parent else {}
        levels |= {kind: number} if kind in LEVELS else {}
        above = made[parent] if parent else None
        made[name] = Unit(pk=number, code=f"u-{name}", kind=kind, name=name, parent=above, since=LONG_AGO, **levels)
        county.units[name] = number
    Unit.objects.bulk_create(made.values())


def _create_people(county: County) -> None:
    people = [Person(pk=number, code=f"p-{name}", name=name) for number, name in enumerate(PEOPLE, start=1)]
    Person.objects.bulk_create(people)
    county.people = {person.name: person.pk for person in people}
    for name, posts in PEOPLE.items():
        for post in posts:
            appoint(county, name, *post.split())


def appoint(county: County, name: str, role: str, unit: str) -> None:
    """Give somebody a post."""
    Post.objects.create(person_id=county.people[name], role=role, unit_id=county.units[unit], since=LONG_AGO)


def apply_text(county: County, text: str, name: str) -> None:
    """Put a charter in force since 2000."""
    charters.apply_charter(
        text=text,
        files=FILES,
        name=f"{name}.yaml",
        by=None,
        at=county.now,
        key=f"charter-{name}-{len(text)}",
        in_force=LONG_AGO,
    )
