"""The one place where a change of the directory becomes rows: for a new change, and for a replayed one.

A change is the payload of an event of kind ``unit`` or ``person``. It carries the ids it gives, so a
replay from the first event gives the same ids. Its lists, in the order in which they are folded:

=========== ======================================================== =================================
list        one row                                                  meaning
=========== ======================================================== =================================
``add``     id, code, kind, name, pinyin, parent, since              a new unit
``rename``  id, name, pinyin, on                                     another name from a day on
``move``    id, parent, on                                           another parent from a day on
``close``   id, on, into                                             gone from a day on, perhaps into another
``pinyin``  id, initials                                             corrected initials
``people``  id, code, name, pinyin, work phone                       a new or changed person
``posts``   id, person, role, unit, since, until                     a new post
``end``     id, until                                                a post that ends
``join``    id, group, part, unit, since, until                      a unit in a group, or in a part of it
``leave``   id, until                                                a membership that ends
``beside``  id, unit, other, since                                   two units that lie side by side
``apart``   id, until                                                two that no longer do
``account`` id, person, username                                     a new account; a replayed one has no password
=========== ======================================================== =================================

Passwords are no part of the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password

from zhangfa.directory.models import LEVELS, Account, GroupMember, Neighbour, Person, Post, Unit, UnitSpan

Rows = Sequence[Sequence[Any]]
Payload = Mapping[str, Any]
BATCH = 500


def fold(payload: Payload) -> tuple[int, ...]:
    """Write what a change says; return the ids of the units whose place in the tree moved, in order."""
    _add(payload.get("add", ()))
    _rename(payload.get("rename", ()))
    moved = _move(payload.get("move", ()))
    _close(payload.get("close", ()))
    for id, initials in payload.get("pinyin", ()):
        Unit.objects.filter(id=id).update(pinyin=initials)
    _write_people(payload.get("people", ()))
    Post.objects.bulk_create(
        [Post(id=id, person_id=person, role=role, unit_id=unit, since=_day(since), until=_day(until))
         for id, person, role, unit, since, until in payload.get("posts", ())],
        batch_size=BATCH,
    )  # fmt: skip
    _end(Post, payload.get("end", ()))
    _join(payload.get("join", ()))
    _end(GroupMember, payload.get("leave", ()))
    _set_beside(payload.get("beside", ()))
    _end(Neighbour, payload.get("apart", ()))
    for id, person, username in payload.get("account", ()):
        Account.objects.create(id=id, person_id=person, username=username, password=make_password(None))
    return moved


def _day(text: str | None) -> Any:
    return dt.date.fromisoformat(text) if text else None


def _add(rows: Rows) -> None:
    if not rows:
        return
    levels = _levels_of({row[5] for row in rows if row[5] is not None} - {row[0] for row in rows})
    units, spans = [], []
    for id, code, kind, name, pinyin, parent, since in rows:
        levels[id] = levels_below(id, kind, levels.get(parent))
        place = dict(zip(LEVELS, levels[id], strict=True))
        start = _day(since)
        units.append(
            Unit(id=id, code=code, kind=kind, name=name, pinyin=pinyin, parent_id=parent, since=start, **place)
        )
        spans.append(UnitSpan(unit_id=id, kind=kind, name=name, parent_id=parent, since=start))
    Unit.objects.bulk_create(units, batch_size=BATCH)
    UnitSpan.objects.bulk_create(spans, batch_size=BATCH)


Place = tuple[int | None, ...]


def _levels_of(ids: Iterable[int]) -> dict[int | None, Place]:
    found = Unit.objects.filter(id__in=list(ids)).values_list("id", *LEVELS)
    return {row[0]: tuple(row[1:]) for row in found}


def levels_below(id: int, kind: str, above: Place | None) -> Place:
    """Return a unit's level columns, given those of its parent."""
    place = list(above or (None,) * len(LEVELS))
    if kind in LEVELS:
        own = LEVELS.index(kind)
        place[own:] = [id] + [None] * (len(LEVELS) - own - 1)
    return tuple(place)


def _rename(rows: Rows) -> None:
    for id, name, pinyin, on in rows:
        Unit.objects.filter(id=id).update(name=name, pinyin=pinyin)
        _turn_span(id, _day(on), name=name)


def _move(rows: Rows) -> tuple[int, ...]:
    for id, parent, on in rows:
        Unit.objects.filter(id=id).update(parent_id=parent)
        _turn_span(id, _day(on), parent_id=parent)
    return _replace_levels([row[0] for row in rows]) if rows else ()


def _close(rows: Rows) -> None:
    for id, on, into in rows:
        day = _day(on)
        Unit.objects.filter(id=id).update(until=day, merged_into_id=into)
        UnitSpan.objects.filter(unit_id=id, until=None).update(until=day)


def _turn_span(id: int, day: dt.date, **change: object) -> None:
    """End the open span the day before and begin another; a second change on one day alters the same span."""
    span = UnitSpan.objects.get(unit_id=id, until=None)
    if span.since < day:
        UnitSpan.objects.filter(id=span.id).update(until=day)
        span = UnitSpan(unit_id=id, kind=span.kind, name=span.name, parent_id=span.parent_id, since=day)
    for name, value in change.items():
        setattr(span, name, value)
    span.save()


def _replace_levels(roots: list[int]) -> tuple[int, ...]:
    """Work out the level columns below moved units anew, from the top; return the ids that changed."""
    changed: list[Unit] = []
    layer = list(Unit.objects.filter(id__in=roots))
    levels = _levels_of({unit.parent_id for unit in layer if unit.parent_id is not None})
    while layer:
        for unit in layer:
            place = levels_below(unit.id, unit.kind, levels.get(unit.parent_id))
            levels[unit.id] = place
            if place != tuple(getattr(unit, level) for level in LEVELS):
                for level, id in zip(LEVELS, place, strict=True):
                    setattr(unit, level, id)
                changed.append(unit)
        layer = list(Unit.objects.filter(parent_id__in=[unit.id for unit in layer]))
    # A unit below two moved ones is met twice; the later meeting knows its parent's new place.
    last = {unit.id: unit for unit in changed}
    Unit.objects.bulk_update(last.values(), LEVELS, batch_size=BATCH)
    return tuple(sorted({*last, *roots}))


def _write_people(rows: Rows) -> None:
    people = [
        Person(id=id, code=code, name=name, pinyin=pinyin, work_phone=phone) for id, code, name, pinyin, phone in rows
    ]
    Person.objects.bulk_create(
        people,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["code", "name", "pinyin", "work_phone"],
    )


def _end(model: type[Post] | type[GroupMember] | type[Neighbour], rows: Rows) -> None:
    for id, until in rows:
        model.objects.filter(id=id).update(until=_day(until))


def _join(rows: Rows) -> None:
    members = [
        GroupMember(id=id, group=group, part=part, unit_id=unit, since=_day(since), until=_day(until))
        for id, group, part, unit, since, until in rows
    ]
    GroupMember.objects.bulk_create(members, batch_size=BATCH)


def _set_beside(rows: Rows) -> None:
    pairs = [Neighbour(id=id, unit_id=unit, other_id=other, since=_day(since)) for id, unit, other, since in rows]
    Neighbour.objects.bulk_create(pairs, batch_size=BATCH)
