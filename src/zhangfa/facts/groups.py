"""Who was in a group of a charter on a day, from the log alone, up to any position of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from zhangfa.facts.query import Facts, retried

MEMBERS = "SELECT unit, part FROM membership WHERE grouping = ? AND since <= ? AND (until IS NULL OR until > ?)"


def parts_of(*, group: str, on: dt.date, as_of: int | None = None) -> Mapping[int, str]:
    """Return the units in a group (``charter.group``) on a day, each with its part of it; empty where it has none."""

    def look() -> Mapping[int, str]:
        with Facts(as_of=as_of) as facts:
            return members_on(facts, group, on)

    found: Mapping[int, str] = retried(look)
    return found


def members_on(facts: Facts, group: str, on: dt.date) -> Mapping[int, str]:
    """Return the same in an open session."""
    facts.places()
    return dict(facts.connection.execute(MEMBERS, [group, on, on]).fetchall())
