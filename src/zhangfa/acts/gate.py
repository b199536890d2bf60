"""THE gate: which records an actor may see, as a condition of the database. Every list, count, search, export,
detail and file passes it.

A record is seen by holders of the register's ``seen_by`` (unless told: every role of the charter) whose post reaches
its unit, and by those joined to it: its author, whom it is about, people in its person fields, holders of a task.

Reach is put as level columns (county, town, village, grid), which the record's indexes begin with. Joined records are
few; those that reach covers anyway are left out beforehand, so that the common case is one index range and nothing
that keeps the planner from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from zhangfa.acts.actor import Actor
from zhangfa.acts.models import Participant, Record
from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.rights import seeing_roles
from zhangfa.charter import engine as charters
from zhangfa.directory import tree
from zhangfa.directory.models import LEVELS, Unit
from zhangfa.directory.tree import UnitNow

NOTHING = Q(pk__in=())
FEW = 500
"""Joined records up to this many are named one by one; more stay a subquery."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an actor sees of a register, in disjoint parts that an index can serve each on its own."""

    reach: Q | None
    """Records at units his posts reach."""
    joined: Q | None
    """Records beyond them that he is joined to."""

    def whole(self) -> Q:
        """Return one condition for all parts."""
        parts = [part for part in (self.reach, self.joined) if part is not None]
        return parts[0] | parts[1] if len(parts) == 2 else parts[0] if parts else NOTHING


def visible(actor: Actor, register_key: str, at: dt.datetime) -> Q:
    """Return the condition on Record for what the actor may see of a register; the register itself is part of it."""
    return Q(register=register_key) & visible_parts(actor, register_key, at).whole()


def visible_parts(actor: Actor, register_key: str, at: dt.datetime) -> Parts:
    """Return the same condition in parts, for a list that merges the newest of each."""
    if actor.kind == "system":
        return Parts(Q(), None)
    if actor.kind == "public":
        return Parts(None, Q(code_hash=actor.code_hash) if actor.code_hash else None)
    reach = _reach(actor, register_key, at)
    return Parts(reach, _joined(actor, reach))


def choosable(actor: Actor, register_key: str, at: dt.datetime, *, offered_to: Collection[int] = ()) -> Q:
    """Return the condition on records a ref field may point at: what the actor sees, and, where the field has a
    ``where``, what is kept at the units in ``offered_to`` (those of the new record) or above them. ``where`` itself
    is an expression and read on each record.
    """
    above = {unit for each in offered_to for unit in (each, *(one.id for one in tree.ancestors(each)))}
    offered = Q(register=register_key, unit__in=sorted(above)) if above else NOTHING
    return visible(actor, register_key, at) | offered


def may_see(actor: Actor, record: int, at: dt.datetime) -> bool:
    """Whether the actor may see the record; by the same condition as every list."""
    key = Record.objects.filter(pk=record).values_list("register", flat=True).first()
    return key is not None and Record.objects.filter(visible(actor, key, at), pk=record).exists()


def _reach(actor: Actor, register_key: str, at: dt.datetime) -> Q | None:
    try:
        charter, register = charters.register(register_key, at.astimezone(SHANGHAI).date())
    except charters.UnknownCharter:
        return None
    roles = seeing_roles(charter, register)
    tops = outermost([post.unit for post in actor.posts if post.role in roles])
    return reach_of(tops)


def outermost(units: Iterable[UnitNow]) -> list[UnitNow]:
    """Return the units without those that another of them reaches."""
    distinct = list({unit.id: unit for unit in units}.values())
    return [unit for unit in distinct if not any(o.id != unit.id and tree.reaches(o.id, unit.id) for o in distinct)]


def reach_of(tops: Sequence[UnitNow]) -> Q | None:
    """Return the condition "the record's unit is one of these or below", by level columns where there are any."""
    ids: dict[str, set[int]] = {}
    for top in tops:
        for column, unit in _columns(top):
            ids.setdefault(column, set()).add(unit)
    if not ids:
        return None
    found = [
        Q(**{column: next(iter(units))}) if len(units) == 1 else Q(**{f"{column}__in": sorted(units)})
        for column, units in ids.items()
    ]
    return _any(found)


def _any(conditions: Sequence[Q]) -> Q:
    whole = conditions[0]
    for condition in conditions[1:]:
        whole |= condition
    return whole


def _columns(top: UnitNow) -> list[tuple[str, int]]:
    """Return (column, unit) pairs that together say "at the unit or below it"."""
    if top.kind in LEVELS:
        return [(top.kind, top.id)]
    pairs = [("unit", top.id)]
    layer = [top.id]
    while layer:
        below = list(Unit.objects.filter(parent__in=layer).values_list("id", "kind"))
        pairs += [(kind if kind in LEVELS else "unit", unit) for unit, kind in below]
        layer = [unit for unit, kind in below if kind not in LEVELS]
    return pairs


def _joined(actor: Actor, reach: Q | None) -> Q | None:
    """Return the condition for joined records that reach does not cover; ``None`` where there are none."""
    mine = Participant.objects.filter(_participation(actor)).values("record")
    # Nothing but the ids can be indexed here: with the register in the condition SQLite walks the whole register.
    beyond = Record.objects.filter(pk__in=mine)
    if reach is not None:
        beyond = beyond.exclude(reach)
    ids = list(beyond.order_by().values_list("pk", flat=True)[: FEW + 1])
    if not ids:
        return None
    return Q(pk__in=ids) if len(ids) <= FEW else Q(pk__in=beyond.values("pk"))


def _participation(actor: Actor) -> Q:
    mine = Q(person=actor.person)
    for post in actor.posts:
        mine |= _at_or_below(post.unit) & Q(role=post.role)
        mine |= Q(unit=post.unit.id, role="")
    return mine


def _at_or_below(top: UnitNow) -> Q:
    """Return the condition that a unit is this one or below it; a prefecture's many thousands are never listed."""
    tops: dict[str, list[int]] = {}
    for column, unit in _columns(top):
        tops.setdefault(column, []).append(unit)
    found = Q(unit__in=[top.id, *tops.pop("unit", ())])
    for level, units in tops.items():
        found |= Q(unit__in=Unit.objects.filter(**{f"{level}__in": units}).values("id"))
    return found
