"""How well a unit of the demo works: made up from its code, drifting from quarter to quarter, never random twice."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

SEED = 659
LEVELS = (0.52, 0.6, 0.68, 0.74, 0.8, 0.86, 0.92)
DRIFTS = (-0.04, -0.01, 0.0, 0.02, 0.03, 0.05)
DAYS_A_QUARTER = 91


@dataclass(frozen=True, slots=True)
class Merit:
    """A unit's own level and how it changes."""

    level: float
    drift: float
    begins: dt.date

    def on(self, day: dt.date) -> float:
        """Return how well it works on a day, from 0 to 1."""
        quarters = (day - self.begins).days / DAYS_A_QUARTER
        return min(0.98, max(0.3, self.level + self.drift * quarters))


def merit_of(code: str, begins: dt.date) -> Merit:
    """Return the merit of a unit; the same code always has the same."""
    chance = random.Random(f"{SEED}-{code}")
    return Merit(chance.choice(LEVELS), chance.choice(DRIFTS), begins)
