"""The county of publishing with lanes of ten households, and short ways to honours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.publishing.county import CHARTERS, LONG_AGO, County, build_county, moment

from zhangfa.charter import engine as charters
from zhangfa.directory import engine as directory
from zhangfa.honours import clock, engine, reading
from zhangfa.honours.held import opened
from zhangfa.honours.models import Holding

COURTYARD = "beautiful-courtyard"
MARKS = [{"id": n, "mark": 25} for n in range(1, 5)]


@dataclass
class Honoured(County):
    """With verbs of honours."""

    def award(self, honour: str, whom: str, by: str = "chair", *, charter: str = COURTYARD, **rest: Any) -> Holding:
        """Award an honour to a unit or a person by name."""
        whose = {"person": self.people[whom]} if whom in self.people else {"unit": self.units[whom]}
        words = {"reason": "经评选", "key": self.key(), **whose, **rest}
        return engine.award(charter=charter, honour=honour, by=self.actor(by), at=self.now, **words)

    def withdraw(self, held: Holding, by: str = "chair", **rest: Any) -> Holding:
        """Take an honour back."""
        words = {"reason": "不再符合", "key": self.key(), **rest}
        return engine.withdraw(holding=held.pk, by=self.actor(by), at=self.now, **words)

    def tick(self, at: str = "") -> clock.Ticked:
        """Let the clock look, at a moment if told."""
        if at:
            self.at(at)
        ticked = clock.tick(at=self.now)
        assert ticked.failed == 0
        return ticked

    def holders(self, honour: str, charter: str = COURTYARD) -> list[str]:
        """Return the names of who holds an honour, in order."""
        running = opened(Holding.objects.filter(charter=charter, ended=None).select_related("unit", "person"), honour)
        return sorted((one.unit or one.person).name for one in running)  # type: ignore[union-attr]

    def seen(self, by: str, **words: Any) -> list[tuple[str, str]]:  # type: ignore[override]
        """Return what somebody sees of a unit's or person's honours: (holder, honour)."""
        found = reading.honours_of(actor=self.actor(by), at=self.now, **words)
        return [(one.name, one.honour) for one in found]

    def plaque(self, household: str) -> int:
        """Let a household join and be granted its plaque."""
        made = self.take(
            f"{COURTYARD}.courtyard", "apply", self.woman(household), unit=household,
            data={"agreed": True, "standard": MARKS},
        )  # fmt: skip
        self.take(f"{COURTYARD}.courtyard", "name", "w-yushan", record=made.record, data={"standard": MARKS})
        return int(made.record)

    def remove(self, record: int) -> None:
        """Take a plaque down."""
        self.take(f"{COURTYARD}.courtyard", "warn", "w-yushan", record=record, data={"reason": "杂物堆积"})
        self.take(f"{COURTYARD}.courtyard", "remove", "w-yushan", record=record)

    def woman(self, _household: str) -> str:
        """Return who enters households of the village."""
        return "v-east"

    def add(self, name: str, kind: str, parent: str) -> None:
        """Add a unit."""
        self.units[name] = directory.create_unit(
            code=f"u-{name}", kind=kind, name=name, parent=self.units[parent], since=LONG_AGO, by=None, at=self.now,
            key=f"unit-{name}",
        ).id  # fmt: skip

    def lane(self, name: str, households: int = 10, village: str = "east") -> list[str]:
        """Add a lane with so many households; return their names."""
        self.add(name, "lane", village)
        names = [f"{name}-{n}" for n in range(1, households + 1)]
        for one in names:
            self.add(one, "household", name)
        return names

    def beside(self, one: str, other: str) -> None:
        """Say that two units lie side by side."""
        directory.set_beside(
            unit=self.units[one], other=self.units[other], since=dt.date(2026, 1, 1), by=None, at=self.now,
            key=self.key(),
        )  # fmt: skip

    def charter(self, text: str, name: str, files: dict[str, str] | None = None) -> None:
        """Put a charter in force since last year."""
        charters.apply_charter(
            text=text, name=f"{name}.yaml", files=files or {}, by=None, at=moment("2025-12-01 09:00"),
            key=f"apply-{name}-{len(text)}", in_force=dt.date(2025, 12, 1),
        )  # fmt: skip


def build_honoured(now: str = "2026-04-01 09:00") -> Honoured:
    """Build it upon the county of publishing."""
    made = build_county(now)
    return Honoured(made.now, made.units, made.people, made.keys)


def shipped(name: str) -> tuple[str, dict[str, str]]:
    """Return the text of a charter of ours, and its files."""
    files = {path.name: path.read_text(encoding="utf-8") for path in Path(CHARTERS).glob("*.csv")}
    return (CHARTERS / f"{name}.yaml").read_text(encoding="utf-8"), files
