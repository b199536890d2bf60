"""Who holds which post, on which day. Rights come from these and from nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from zhangfa.directory.memory import held
from zhangfa.directory.models import Person, Post
from zhangfa.directory.tree import UnitNow, ancestors, find_unit, units

CLERK = "charter-clerk"
"""The engine's own role: whoever holds it at a county puts charters in force and uploads calendars."""


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A role at a unit, from a day until (not including) another."""

    role: str
    unit: UnitNow
    id: int = 0
    since: dt.date = dt.date.min
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    person: int
    role: str
    unit: int
    since: dt.date
    until: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


_COLUMNS = ("id", "person_id", "role", "unit_id", "since", "until")


def posts_held(person: int, on: dt.date) -> tuple[PostHeld, ...]:
    """Return the posts a person holds on a day, at units that exist on it, in order of role and unit."""
    rows = [row for row in _posts_of(person) if row.holds_on(on)]
    at = units(row.unit for row in rows)
    return tuple(
        PostHeld(row.role, at[row.unit], row.id, row.since, row.until)
        for row in rows
        if row.unit in at and at[row.unit].exists_on(on)
    )


def holders(role: str, unit_id: int, on: dt.date) -> list[int]:
    """Return the persons whose post of this role reaches the unit on a day, the nearest first."""
    found = find_unit(unit_id)
    if found is None:
        return []
    chain = (found, *ancestors(unit_id))
    rows = [row for one in chain if one.exists_on(on) for row in _posts_at(role, one.id) if row.holds_on(on)]
    return list(dict.fromkeys(row.person for row in rows))


def people_of(role: str, unit_id: int, on: dt.date) -> list[int]:
    """Return the persons who hold this role at the unit or anywhere below it on a day, in order of their names."""
    reached = Q(unit_id=unit_id)
    found = find_unit(unit_id)
    if found is None:
        return []
    if found.kind in ("county", "town", "village", "grid"):
        reached |= Q(**{f"unit__{found.kind}": unit_id})
    posts = Post.objects.filter(Q(until=None) | Q(until__gt=on), reached, role=role, since__lte=on)
    return list(Person.objects.filter(posts__in=posts).distinct().order_by("pinyin", "id").values_list("id", flat=True))


def search_people(text: str, limit: int = 20) -> list[Person]:
    """Find people by a part of the name, by pinyin initials, or by the start of the staff number."""
    word = text.strip()
    if not word:
        return []
    fits = Q(name__contains=word)
    if word.isascii():
        fits |= Q(pinyin__startswith=word.upper()) | Q(code__startswith=word)
    return list(Person.objects.filter(fits).order_by("pinyin", "id")[:limit])


def is_clerk(person: int, on: dt.date) -> bool:
    """Tell whether a person may put charters in force on that day."""
    return any(post.role == CLERK for post in posts_held(person, on))


def two_factor_needed(person: int, on: dt.date | None = None) -> bool:
    """Tell whether a person must sign in with two factors: for a role whose charter asks it, and for the clerk.

    It asks for every post that has not ended: a right that begins tomorrow is guarded today (or from day ``on``).
    """
    day = on or timezone.localdate()
    roles = {row.role for row in _posts_of(person) if row.until is None or day < row.until}
    return bool(roles) and not roles.isdisjoint(_guarded_roles())


def _guarded_roles() -> Iterable[str]:
    # Read here and not at the top: charters are loaded by a room that writes to the log, as this one does.
    from zhangfa.charter.engine import all_current

    charters = all_current().values()
    return {CLERK} | {role.id for charter in charters for role in charter.roles.values() if role.two_factor}


def _posts_of(person: int) -> tuple[_Row, ...]:
    known = held().posts
    if person not in known:
        rows = Post.objects.filter(person_id=person).order_by("role", "unit_id", "since").values_list(*_COLUMNS)
        known[person] = tuple(_Row(*row) for row in rows)
    found: tuple[_Row, ...] = known[person]
    return found


def _posts_at(role: str, unit_id: int) -> tuple[_Row, ...]:
    known = held().holders
    if (role, unit_id) not in known:
        rows = Post.objects.filter(role=role, unit_id=unit_id).order_by("since", "id").values_list(*_COLUMNS)
        known[role, unit_id] = tuple(_Row(*row) for row in rows)
    found: tuple[_Row, ...] = known[role, unit_id]
    return found
