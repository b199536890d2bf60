"""A record as it stands, with the charter version it lives under: what every rule of an act looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhangfa.acts.fold import Row
from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.once import once_per_version
from zhangfa.acts.store import load
from zhangfa.acts.values.scalars import from_iso
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter, Register, Step
from zhangfa.directory import tree
from zhangfa.directory.tree import UnitNow

OWED = ("open", "paused")
NO_SHEET: Mapping[str, Any] = {}
RETENTION = "~keep"
"""The step name of the task that waits for the end of a closed record's retention."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One record (or one about to be opened) at one moment."""

    charter: Charter
    register: Register
    record: Row
    """The row with payload and meta parsed; of a record about to be opened only what is known."""
    tasks: tuple[Row, ...]
    at: dt.datetime
    sheet: Mapping[str, Any] = field(default_factory=dict)
    """Values on the sheet of the step being taken, by field id."""

    @property
    def key(self) -> str:
        """The register's full key."""
        return f"{self.charter.id}.{self.register.id}"

    @property
    def payload(self) -> Mapping[str, Any]:
        """The record's stored values."""
        payload: Mapping[str, Any] = self.record["payload"]
        return payload

    @property
    def meta(self) -> Mapping[str, Any]:
        """The engine's own facts about the record."""
        meta: Mapping[str, Any] = self.record["meta"]
        return meta

    @property
    def state(self) -> str:
        """The state it is in; empty for a record about to be opened."""
        return str(self.record["state"])

    @property
    def unit(self) -> UnitNow:
        """The unit that owns the record."""
        return tree.unit(self.record["unit"])

    @property
    def today(self) -> dt.date:
        """The day of the act in Shanghai."""
        return self.at.astimezone(SHANGHAI).date()

    @property
    def opened_at(self) -> dt.datetime:
        """When the record was opened; now for one about to be opened."""
        opened = self.record.get("opened_at")
        return from_iso(opened) if opened else self.at

    def owed(self, step: str) -> tuple[Row, ...]:
        """The open tasks of a step."""
        return tuple(task for task in self.tasks if task["step"] == step and task["state"] in OWED)

    def steps_here(self) -> tuple[Step, ...]:
        """The steps the charter offers in this state, in its order."""
        return steps_from(self.charter, self.register, self.state)

    def having(self, **changes: Any) -> Situation:
        """Return the same situation with columns of the record changed."""
        return self.of({**self.record, **changes}, self.sheet)

    def of(self, record: Row, sheet: Mapping[str, Any] = NO_SHEET) -> Situation:
        """Return the same situation with this row in the record's place."""
        return Situation(self.charter, self.register, record, self.tasks, self.at, sheet)


@once_per_version
def steps_from(charter: Charter, register: Register, state: str) -> tuple[Step, ...]:
    """Return the steps possible in a state."""
    return tuple(step for step in register.steps.values() if state and state in step.from_)


def situation_of(record: int, at: dt.datetime) -> Situation | None:
    """Load a record under the charter version it lives under."""
    found = load(record)
    return situation_from(*found, at) if found else None


def situation_from(row: Row, tasks: tuple[Row, ...], at: dt.datetime) -> Situation:
    """Put a loaded row under its charter version."""
    charter = charters.at_version(row["charter"], row["charter_version"])
    register = charter.registers[row["register"].partition(".")[2]]
    return Situation(charter, register, row, tasks, at)


def unopened(
    charter: Charter, register: Register, at: dt.datetime, *, unit: int, author: int | None, about: int | None
) -> Situation:
    """Return the situation of a record about to be opened under this charter."""
    row: dict[str, Any] = {
        "id": 0, "state": "", "unit": unit, "author": author, "version": 0, "payload": {}, "meta": {},
        "code_hash": None,
        "about_person": about if register.about == "person" else None,
        "about_unit": about if register.about == "unit" else None,
    }  # fmt: skip
    return Situation(charter, register, row, (), at)
