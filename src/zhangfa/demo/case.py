"""One record under way in a story, and who acts on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhangfa.acts.actor import Actor, actor_of
from zhangfa.acts.engine import Outcome, take_step
from zhangfa.demo.simulation import SHANGHAI
from zhangfa.directory.posts import holders


@dataclass(slots=True)
class Case:
    """One record under way in a story, and the keys of its acts."""

    register: str
    key: str
    record: int | None = None
    code: str | None = None
    acts: int = 0

    def take(
        self, step: str, by: Actor, at: dt.datetime, unit: int | None = None, about: int | None = None, **data: object
    ) -> Outcome:
        """Take a step of this record the way a form would."""
        self.acts += 1
        outcome = take_step(
            register=self.register, step=step, by=by, at=at, key=f"{self.key}-{self.acts}", record=self.record,
            unit=unit, about=about, data=data, code=self.code,
        )  # fmt: skip
        self.record = outcome.record
        self.code = self.code or outcome.code
        return outcome


def day_of(at: dt.datetime) -> dt.date:
    """Return the day in Shanghai."""
    return at.astimezone(SHANGHAI).date()


def holder(role: str, unit: int, at: dt.datetime) -> Actor:
    """Return the nearest holder of a role whose post reaches the unit."""
    return acting(holders(role, unit, day_of(at))[0], at)


def acting(person: int, at: dt.datetime) -> Actor:
    """Return a person with the posts of that day."""
    return actor_of(person, day_of(at))
