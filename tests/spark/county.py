"""A county in which every register with a score behind it has facts: written to the log as the engine words them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhangfa.charter import engine as charters
from zhangfa.charter.fact_columns import fact_columns
from zhangfa.charter.model import Charter, Field, Register
from zhangfa.directory import engine as directory
from zhangfa.log.append import append_event
from zhangfa.log.transaction import write_transaction

CHARTERS = Path(__file__).resolve().parents[2] / "charters"
START = dt.datetime(2026, 1, 5, 1, 0, tzinfo=dt.UTC)
SINCE = dt.date(2020, 1, 1)
BELOW = {"town": "county", "village": "town", "household": "village", "branch": "town", "department": "county"}
EACH = {"county": 1, "town": 3, "village": 2, "household": 3, "branch": 2, "department": 4}
"""How many units of a kind there are under each one above."""


class County:
    """Units of every kind, people in every role, and acts in every register of a charter."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.units: dict[str, list[int]] = {}
        self.people: dict[str, list[int]] = {}
        self.made = 0
        for kind in ("county", "town", "village", "household", "branch", "department"):
            above = self.units[BELOW[kind]] if kind in BELOW else [None]
            self.units[kind] = [self._unit(kind, parent) for parent in above for _ in range(EACH[kind])]

    def _unit(self, kind: str, parent: int | None) -> int:
        self.made += 1
        return directory.create_unit(
            code=f"{kind}-{self.made:03}", kind=kind, name=f"{kind} {self.made}", parent=parent, since=SINCE, by=None,
            at=START, key=f"unit-{self.made}",
        ).id  # fmt: skip

    def apply(self, name: str) -> Charter:
        """Put a shipped charter in force and give it holders of its roles."""
        files = {path.name: path.read_text("utf-8") for path in CHARTERS.glob("*.csv")}
        text = (CHARTERS / f"{name}.yaml").read_text("utf-8")
        charter = charters.apply_charter(
            text=text, files=files, name=f"{name}.yaml", by=None, at=START, key=name, in_force=dt.date(2000, 1, 1)
        ).charter
        for role in charter.roles.values():
            for unit in [one for kind in role.at for one in self.units.get(kind, ())]:
                self._appoint(role.id, unit)
        return charter

    def _appoint(self, role: str, unit: int) -> None:
        self.made += 1
        person = directory.create_person(
            code=f"p{self.made}", name=f"人{self.made}", by=None, at=START, key=f"person-{self.made}"
        )
        directory.appoint(
            person=person.pk, role=role, unit=unit, since=SINCE, by=None, at=START, key=f"post-{self.made}"
        )
        self.people.setdefault(role, []).append(person.pk)

    def write(self, charter: Charter, records: int) -> None:
        """Open so many records in each register, and change some of them."""
        with write_transaction():
            for register in charter.registers.values():
                for _ in range(records):
                    self._open(charter, register)

    def _open(self, charter: Charter, register: Register) -> None:
        pick = self.random
        record = 1000 + self.made
        units = [one for kind in register.unit for one in self.units.get(kind, ())] or self.units["village"]
        unit = pick.choice(units)
        everybody = [one for held in self.people.values() for one in held]
        about = {}
        if register.about == "person":
            about = {"about_person": pick.choice(self.people.get(register.about_role) or everybody)}
        elif register.about == "unit":
            about = {"about_unit": pick.choice(self.units.get(register.about_role) or self.units["village"])}
        state = pick.choice(list(register.states))
        owed = pick.sample(list(register.steps), min(3, len(register.steps)))
        payload: dict[str, Any] = {
            "by": {"kind": "system"}, "data": self._data(register),
            "record": {"state": state, "unit": unit, "closed": False, "number": f"N-{self.made}",
                       "author": pick.choice(everybody), **about},
            "meta": {"steps": dict.fromkeys(list(register.steps)[:1], 1)},
            "tasks": [self._task(record * 10 + at, step, unit) for at, step in enumerate(owed)],
            "properties": [[pick.choice(self.units[kind]), name, pick.choice(values)]
                           for kind, name, values in self._properties(charter)],
        }  # fmt: skip
        self._append(charter, register, record, payload)
        if pick.random() < 0.5:
            change = {"data": self._data(register), "record": {"state": pick.choice(list(register.states))}, "meta": {}}
            self._append(charter, register, record, change)

    def _append(self, charter: Charter, register: Register, record: int, payload: dict[str, Any]) -> None:
        self.made += 1
        at = START + dt.timedelta(minutes=self.random.randint(0, 510_000))
        append_event(
            key=f"act-{self.made}", ts=at, kind="step", charter=charter.id, version=charter.version,
            register=f"{charter.id}.{register.id}", record=record, step="x", payload=payload,
        )  # fmt: skip

    def _properties(self, charter: Charter) -> list[tuple[str, str, list[str]]]:
        """Return what units of the county have besides their names: the choices a table of units offers."""
        columns = fact_columns(charter, "unit")
        return [
            (kind, name, sorted(found.options))
            for name, found in columns.items()
            if found.options and name != "kind"
            for kind in ("household", "village")
        ]

    def _task(self, id_: int, step: str, unit: int) -> dict[str, Any]:
        done = self.random.random() < 0.6
        due = START + dt.timedelta(days=self.random.randint(0, 380))
        task = {"id": id_, "step": step, "role": "x", "unit": unit, "due_at": _moment(due)}
        late = dt.timedelta(days=self.random.randint(-5, 5))
        done_at = {"state": "done", "done_at": _moment(due + late), "on_time": late.days <= 0}
        return task | (done_at if done else {})

    def _data(self, register: Register) -> dict[str, Any]:
        return {one.id: self._value(one) for one in register.fields.values() if self.random.random() < 0.85}

    def _value(self, field: Field) -> Any:
        pick = self.random
        makers = {
            "text": lambda: pick.choice(["甲", "it's", "a\\b", "", "路口井盖"]),
            "int": lambda: pick.choice([0, 1, 2, 3, 12, 40, 100]),
            "decimal": lambda: str(Decimal(pick.randint(0, 10 ** (field.places + 2))).scaleb(-field.places)),
            "percent": lambda: str(Decimal(pick.randint(0, 10**field.places)).scaleb(-field.places)),
            "money": lambda: pick.randint(0, 10**9),
            "date": lambda: (dt.date(2025, 12, 20) + dt.timedelta(days=pick.randint(0, 390))).isoformat(),
            "datetime": lambda: _moment(START + dt.timedelta(hours=pick.randint(0, 9000))),
            "bool": lambda: pick.random() < 0.5,
            "choice": lambda: pick.choice([one.id for one in field.options]),
            "choices": lambda: pick.sample([one.id for one in field.options], 1),
            "unit": lambda: pick.choice(self.units["village"]),
        }
        return makers[field.type]() if field.type in makers else None


def _moment(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def shipped() -> Sequence[str]:
    """Return the names of the shipped charters that have scores."""
    return [path.stem for path in sorted(CHARTERS.glob("*.yaml")) if "\nscores:" in path.read_text("utf-8")]
