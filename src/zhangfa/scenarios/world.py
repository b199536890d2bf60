"""The world a scenario is given: its units, people, posts and groups, made for it alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zhangfa.acts.actor import SYSTEM
from zhangfa.acts.models import Record
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Field
from zhangfa.directory import engine as directory
from zhangfa.directory import people
from zhangfa.directory.models import Post
from zhangfa.scenarios.papers import store_paper
from zhangfa.scenarios.reading import SHANGHAI, ScenarioProblem

BEGINNING = dt.date(2000, 1, 1)
EMPTY: Mapping[str, Field] = MappingProxyType({})


class World:
    """Names of the scenario file → ids of the database."""

    def __init__(self, serial: str, start: dt.datetime) -> None:
        self.serial = serial
        self.start = start
        self._units: dict[str, int] = {}
        self._people: dict[str, int] = {}

    def unit(self, name: str) -> int:
        """Return the unit of that nickname."""
        return self._look_up(self._units, name, "unit")

    def person(self, name: str) -> int:
        """Return the person of that nickname."""
        return self._look_up(self._people, name, "person")

    def person_or_unit(self, name: str) -> int:
        """Return whatever has that nickname."""
        return self._people[name] if name in self._people else self.unit(name)

    def name_of(self, person: int | None) -> str:
        """Return the nickname of a person; empty for nobody."""
        return next((name for name, number in self._people.items() if number == person), "")

    def is_person(self, name: str) -> bool:
        """Tell whether a nickname is a person's."""
        return name in self._people

    def each(self, names: object) -> dict[str, dict[str, Any]]:
        """Return unit → its own data: from a pattern such as ``h*``, a list, or a mapping."""
        if isinstance(names, str):
            found = [one for one in self._units if fnmatchcase(one, names)]
            if not found:
                raise ScenarioProblem(f"No unit is called like “{names}” here.")
            return {name: {} for name in found}
        if isinstance(names, Mapping):
            return {name: dict(own) for name, own in names.items()}
        return {name: {} for name in names} if isinstance(names, list) else {}

    def unit_name(self, unit: int) -> str:
        """Return the nickname of a unit; empty for one that is not of this world."""
        return next((name for name, number in self._units.items() if number == unit), "")

    def units_of(self, role: str) -> set[int]:
        """Return the units at which anybody holds a role."""
        return set(Post.objects.filter(role=role, person__in=self._people.values()).values_list("unit", flat=True))

    def _look_up(self, table: Mapping[str, int], name: str, kind: str) -> int:
        if name not in table:
            raise ScenarioProblem(f"No {kind} is called “{name}” here. Known: {', '.join(table) or 'none'}.")
        return table[name]

    def data(
        self, data: Mapping[str, Any], records: Mapping[str, Any], fields: Mapping[str, Field] = EMPTY
    ) -> dict[str, Any]:
        """Turn what the file writes into what a form sends.

        ``@name`` becomes an id; ``file:name.pdf`` a stored document; a table with fixed rows may be
        written as row id → columns, with ``*`` for every row.
        """
        return {name: self._value(self._rows(value, fields.get(name)), records) for name, value in data.items()}

    def _rows(self, value: Any, field: Field | None) -> Any:
        if field is None or field.type != "table" or not isinstance(value, Mapping):
            return value
        every = value.get("*", {})
        chosen = field.rows if "*" in value else [row for row in field.rows if row["id"] in value]
        return [{"id": row["id"], **every, **value.get(row["id"], {})} for row in chosen]

    def _value(self, value: Any, records: Mapping[str, Any]) -> Any:
        if isinstance(value, Mapping):
            return {name: self._value(each, records) for name, each in value.items()}
        if isinstance(value, list):
            return [self._value(each, records) for each in value]
        if isinstance(value, str) and value.startswith("@"):
            name = value[1:]
            return str(records[name].record) if name in records else self.person_or_unit(name)
        if isinstance(value, str) and value.startswith("file:"):
            return store_paper(value.removeprefix("file:"), by=SYSTEM, at=self.start)
        if isinstance(value, dt.datetime):
            return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).isoformat()
        return value if isinstance(value, bool | int) or value is None else str(value)

    def register_of(self, record: int) -> str:
        """Return the full key of a record's register."""
        return Record.objects.values_list("register", flat=True).get(pk=record)

    def register_opened_by(self, charter: str, step: str) -> str:
        """Return the only register of the charter that the step opens."""
        found = [
            register.id
            for register in charters.current(charter).registers.values()
            if step in register.steps and not register.steps[step].from_
        ]
        if len(found) != 1:
            raise ScenarioProblem(f"{len(found)} registers are opened by “{step}”; say which with `register:`.")
        return found[0]


def make_world(given: Mapping[str, Any], *, charter: str, serial: str, at: dt.datetime) -> World:
    """Create the given units, people and memberships of the charter's groups."""
    world = World(serial, at)
    for name, unit in given.get("units", {}).items():
        for one in [f"{name}{number + 1}" for number in range(unit["count"])] if "count" in unit else [name]:
            _found(world, one, unit, at)
    for name, person in given.get("people", {}).items():
        world._people[name] = people.create_person(
            code=f"{serial}-{name}", name=person.get("name", name), by=None, at=at, key=f"{serial}-person-{name}"
        ).pk
        for post in person.get("posts", []):
            _appoint(world, name, post, at)
    for number, (one, other) in enumerate(given.get("beside", [])):
        pair = {"unit": world.unit(one), "other": world.unit(other)}
        directory.set_beside(**pair, since=BEGINNING, by=None, at=at, key=f"{serial}-beside-{number}")
    for group, members in given.get("groups", {}).items():
        _gather(world, charter, group, members, at)
    return world


def _found(world: World, name: str, unit: Mapping[str, Any], at: dt.datetime) -> None:
    """Create a unit; one of several (``count``) is called by the nickname and its number."""
    title = unit.get("name", name) if "count" not in unit else name
    world._units[name] = directory.create_unit(
        code=str(unit.get("code", f"{world.serial}-{name}")),
        kind=unit["kind"],
        name=title,
        parent=world.unit(unit["in"]) if "in" in unit else None,
        since=unit.get("since", BEGINNING),
        by=None,
        at=at,
        key=f"{world.serial}-unit-{name}",
    ).id


def _appoint(world: World, name: str, post: str | Mapping[str, Any], at: dt.datetime) -> None:
    """Give a post written as ``grid-worker at g1`` or with ``role``, ``at``, ``since``, ``until``."""
    if isinstance(post, str):
        role, _, unit = post.partition(" at ")
        post = {"role": role, "at": unit}
    people.appoint(
        person=world.person(name),
        role=post["role"],
        unit=world.unit(post["at"]),
        since=post.get("since", BEGINNING),
        until=post.get("until"),
        by=None,
        at=at,
        key=f"{world.serial}-post-{name}-{post['role']}-{post['at']}",
    )


def _gather(world: World, charter: str, group: str, members: Any, at: dt.datetime) -> None:
    """Put units, each a nickname or with ``since`` and ``until``, into a group: a list of them, or part → list."""
    parts = members if isinstance(members, Mapping) else {"": members}
    for part, listed in parts.items():
        for number, member in enumerate(listed):
            one = {"unit": member} if isinstance(member, str) else member
            directory.join_group(
                unit=world.unit(one["unit"]),
                group=f"{charter}.{group}",
                part=str(part),
                since=one.get("since", BEGINNING),
                until=one.get("until"),
                by=None,
                at=at,
                key=f"{world.serial}-group-{group}-{part}-{number}",
            )


def charter_files(folder: Path) -> dict[str, str]:
    """Return the checklist files that stand beside the charters, by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv"))}
