"""Read one record as an actor may see it: values masked and decrypted, what happened, what is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import Q

from zhangfa.acts.actor import Actor
from zhangfa.acts.deadlines import read_deadline
from zhangfa.acts.fold import Row
from zhangfa.acts.models import Record
from zhangfa.acts.rights import is_author, is_who, sees
from zhangfa.acts.situation import Situation, situation_of
from zhangfa.acts.timeline import Entry, read_timeline
from zhangfa.acts.values.term import is_sealed
from zhangfa.charter.model import Charter, Field, Register, Text
from zhangfa.log import secrets
from zhangfa.log.append import append_event
from zhangfa.log.models import Event
from zhangfa.log.transaction import write_transaction

EVERY = 600
"""Seconds within which a second look by the same person at the same record is not noted again."""


@dataclass(frozen=True, slots=True)
class OwedTask:
    """An open task with its deadline in words."""

    row: Row
    why: Text | None

    @property
    def due(self) -> dt.datetime | None:
        """When it is due."""
        return dt.datetime.fromisoformat(self.row["due_at"]) if self.row["due_at"] else None


@dataclass(frozen=True, slots=True)
class Case:
    """A record as one actor may see it."""

    situation: Situation
    values: Mapping[str, Any]
    """Field id → canonical value, decrypted; what is hidden or erased is absent."""
    hidden: frozenset[str]
    """Fields the actor may not read, whether or not they hold anything."""
    erased: frozenset[str]
    """Fields whose value was destroyed."""
    timeline: tuple[Entry, ...]
    tasks: tuple[OwedTask, ...]
    origin: tuple[int, str] | None
    """The record that opened this one, with its label, where the actor may see it."""
    opened: tuple[tuple[int, str], ...]
    """Records this one opened, with their labels, as far as the actor may see them."""
    shown_secrets: frozenset[str] = field(default=frozenset())

    @property
    def row(self) -> Row:
        """The record's columns; ``payload`` stays sealed, read ``values`` instead."""
        return self.situation.record

    @property
    def charter(self) -> Charter:
        """The charter version it lives under."""
        return self.situation.charter

    @property
    def register(self) -> Register:
        """Its register."""
        return self.situation.register


def read_case(*, record: int, actor: Actor, at: dt.datetime, log: bool = True) -> Case | None:
    """Return the record as the actor may see it; ``None`` for absent and for denied alike.

    With ``log`` a reading of sensitive values is noted in the log, once in ten minutes per person and record.
    """
    situation = situation_of(record, at)
    if situation is None or not sees(actor, situation):
        return None
    hidden = frozenset(one.id for one in situation.register.fields.values() if not may_read(one, actor, situation))
    values, erased = _values(situation, hidden)
    shown = frozenset(name for name in values if is_sealed(situation.payload[name]))
    if log and shown:
        note_reading(situation, actor, at, shown)
    return Case(
        situation=situation, values=values, hidden=hidden, erased=erased, shown_secrets=shown,
        timeline=read_timeline(situation, hidden),
        tasks=tuple(_owed(task) for task in situation.tasks if task["state"] != "waiting"),
        origin=_origin(situation, actor), opened=_opened(situation, actor),
    )  # fmt: skip


def may_read(one: Field, actor: Actor, situation: Situation) -> bool:
    """Whether the actor may read a field of a record he sees. The author always reads what he wrote."""
    if not one.visible_to or actor.kind == "system" or is_author(actor, situation.record):
        return True
    return any(is_who(who, actor, situation) or _holds_role_there(who.name, actor, situation) for who in one.visible_to)


def _holds_role_there(role: str, actor: Actor, situation: Situation) -> bool:
    """A role also reads where a task of the record stands at its own unit (a specialist's department)."""
    return any(
        post.role == role and [None, role, post.unit.id] == joined[:3]
        for joined in situation.meta.get("joined", ())
        for post in actor.posts
    )


def _values(situation: Situation, hidden: frozenset[str]) -> tuple[dict[str, Any], frozenset[str]]:
    shown = {name: value for name, value in situation.payload.items() if name not in hidden}
    if not any(is_sealed(value) for value in shown.values()):
        return shown, frozenset()
    record = situation.record["id"]
    keys = secrets.fetch_keys([record])
    values = {name: keys.decrypt(record, name, value) for name, value in shown.items()}
    erased = frozenset(name for name, value in values.items() if value is secrets.ERASED)
    return {name: value for name, value in values.items() if name not in erased}, erased


def _owed(task: Row) -> OwedTask:
    deadline = read_deadline(task)
    return OwedTask(task, Text(deadline.why.zh, deadline.why.en) if deadline else None)


def _origin(situation: Situation, actor: Actor) -> tuple[int, str] | None:
    origin = situation.record["origin"]
    found = situation_of(origin, situation.at) if origin else None
    return (origin, found.record["label"]) if found and sees(actor, found) else None


def _opened(situation: Situation, actor: Actor) -> tuple[tuple[int, str], ...]:
    ids = Record.objects.filter(origin=situation.record["id"]).order_by("pk").values_list("pk", flat=True)[:50]
    found = (situation_of(one, situation.at) for one in ids)
    return tuple((one.record["id"], one.record["label"]) for one in found if one and sees(actor, one))


def note_reading(situation: Situation, actor: Actor, at: dt.datetime, shown: frozenset[str]) -> None:
    """Append a ``reading`` event, at most one per actor and record in ten minutes."""
    who = actor.person if actor.person is not None else actor.kind
    record = situation.record["id"]
    slot = int(at.timestamp()) // EVERY
    with write_transaction():
        append_event(
            key=f"read:{record}:{who}:{slot}", ts=at, kind="reading", charter=situation.charter.id,
            version=situation.charter.version, register=situation.key, record=record, person=actor.person,
            unit=situation.record["unit"], payload={"fields": sorted(shown), "by": {"kind": actor.kind}},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody read sensitive values of a record."""

    record: int
    person: int | None
    at: dt.datetime
    fields: tuple[str, ...]


def readings_of(person: int, limit: int = 200) -> list[Reading]:
    """Return who read sensitive values of records about this person or opened by them, the newest first."""
    mine = Record.objects.filter(Q(about_person=person) | Q(author=person)).values("pk")
    events = Event.objects.filter(kind="reading", record__in=mine).exclude(person=person).order_by("-seq")[:limit]
    return [
        Reading(event.record or 0, event.person, event.ts, tuple(orjson.loads(event.payload)["fields"]))
        for event in events
    ]
