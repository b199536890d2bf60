"""Who was in a group of a charter on a day, from the log alone, up to any position of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from zhangfa.facts.query import Facts

MEMBERS = "SELECT unit, part FROM membership WHERE grouping = ? AND since <= ? AND (until IS NULL OR until > ?)"


def members_on(facts: Facts, group: str, on: dt.date) -> Mapping[int, str]:
    """Return the units in a group (``charter.group``) on a day, each with its part of it; empty where it has none."""
    facts.places()
    return dict(facts.connection.execute(MEMBERS, [group, on, on]).fetchall())
