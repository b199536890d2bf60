"""Counts of open and overdue records, by unit below and by register, through the one gate of rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from zhangfa.acts.actor import Actor
from zhangfa.acts.gate import visible
from zhangfa.acts.models import Record
from zhangfa.acts.words import title_of
from zhangfa.charter.engine import all_current
from zhangfa.charter.model import Charter
from zhangfa.directory import tree
from zhangfa.directory.models import LEVELS

FRESH_SECONDS = 60
MOST_WARNINGS = 8
MOST_UNITS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """How many records are open and overdue; ``address`` leads to their list where there is one."""

    title: str
    open: int
    late: int
    address: str = ""
    unit: int | None = None


def keys_of(actor: Actor) -> list[str]:
    """Return the registers of the charters in which the person holds a role."""
    roles = {post.role for post in actor.posts}
    return [f"{charter.id}.{name}" for charter in _mine(roles) for name in charter.registers]


def _mine(roles: set[str]) -> Iterator[Charter]:
    return (charter for charter in all_current().values() if roles & charter.roles.keys())


def _open(actor: Actor, key: str, at: dt.datetime) -> QuerySet[Record]:
    """Return the open records of a register that the person may see, in the states the index knows."""
    charter, _dot, name = key.partition(".")
    states = [state.id for state in all_current()[charter].registers[name].states.values() if not state.final]
    return Record.objects.filter(visible(actor, key, at), register=key, state__in=states, closed=False)


def _tally(at: dt.datetime) -> dict[str, Count]:
    return {"open": Count("id"), "late": Count("id", filter=Q(due_at__lt=at))}


def units_below(actor: Actor, at: dt.datetime) -> list[Line]:
    """Count open and overdue records by the units right below the person's first area post.

    Remembered for a minute: it is a glance, and the lists behind it are exact.
    """
    area = next((post.unit for post in actor.posts if post.unit.kind in LEVELS[:-1]), None)
    if area is None:
        return []
    kept = f"glance:{actor.person}:{','.join(f'{post.role}@{post.unit.id}' for post in actor.posts)}"
    found = cache.get(kept)
    if found is None:
        found = _count_below(actor, area, at)
        cache.set(kept, found, FRESH_SECONDS)
    return found


def _count_below(actor: Actor, area: tree.UnitNow, at: dt.datetime) -> list[Line]:
    level = LEVELS[LEVELS.index(area.kind) + 1]
    totals: dict[int, list[int]] = {}
    for key in keys_of(actor):
        rows = _open(actor, key, at).filter(**{area.kind: area.id}).exclude(**{level: None})
        # Grouped by a sum, not by the column: else SQLite walks the column's index through the whole register.
        for row in rows.order_by().annotate(below=F(level) + 0).values("below").annotate(**_tally(at)):
            total = totals.setdefault(row["below"], [0, 0])
            total[0] += row["open"]
            total[1] += row["late"]
    names = tree.units(totals)
    lines = [Line(names[unit].name, *total, reverse("unit", args=[unit]), unit) for unit, total in totals.items()]
    return sorted(lines, key=lambda line: (-line.late, -line.open, line.title))[:MOST_UNITS]


def registers_at(actor: Actor, unit: int, at: dt.datetime) -> list[Line]:
    """Count the open and overdue records at or below one unit, for each register the person sees."""
    found = tree.unit(unit)
    here = Q(**{found.kind: unit}) if found.kind in LEVELS else Q(unit=unit)
    lines = []
    for key in keys_of(actor):
        tally = _open(actor, key, at).filter(here).order_by().aggregate(**_tally(at))
        charter, _dot, name = key.partition(".")
        title = title_of(all_current()[charter].registers[name].title)
        if tally["open"]:
            lines.append(Line(title, tally["open"], tally["late"], _list_address(key, unit), unit))
    return lines


def _list_address(key: str, unit: int) -> str:
    try:
        return f"{reverse('register', args=[key])}?unit={unit}"
    except NoReverseMatch:
        return ""


def warned(actor: Actor, at: dt.datetime) -> list[Record]:
    """Return the latest open records under a warning that the person may see."""
    found: list[Record] = []
    for key in keys_of(actor):
        # Literals, not parameters: only so SQLite sees that its index of just these records will do.
        rows = Record.objects.filter(visible(actor, key, at)).extra(where=["NOT closed", "warning <> ''"])
        found += rows.order_by("-updated_at")[:MOST_WARNINGS]
    return sorted(found, key=lambda record: record.updated_at, reverse=True)[:MOST_WARNINGS]
