"""How every change of honours is written: one transaction, one event, one fold. Writers of a charter queue."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhangfa.acts.models import Outbox
from zhangfa.charter.model import Charter
from zhangfa.honours.changes import Changes, Payload, payload_of, rows_of
from zhangfa.honours.models import Conferral, Holding, Queue
from zhangfa.honours.tellings import tellings_of
from zhangfa.log.append import append_event, find_event
from zhangfa.log.canonical import canonical
from zhangfa.log.transaction import write_transaction

KIND = "honour"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the log; ``repeated`` when the key was used before and nothing was written again."""

    payload: Mapping[str, Any]
    repeated: bool = False

    @property
    def conferred(self) -> tuple[int, ...]:
        """Ids of the new holdings."""
        return tuple(one["id"] for one in self.payload.get("confer", ()))

    @property
    def ended(self) -> tuple[int, ...]:
        """Ids of the holdings that ended."""
        return tuple(one["id"] for one in self.payload.get("end", ()))


NOTHING = Written({})


def write_changes(
    *, charter: Charter, make: Callable[[], Changes], by: int | None, at: dt.datetime, key: str,
    place: int | None = None,
) -> Written:  # fmt: skip
    """Write an act once: ``make`` looks at what is held and says what changes, while nobody else can change it.

    Where nothing changes no event is written.

    Raises:
        Refusal: what ``make`` refuses.
    """
    with write_transaction():
        queue = queue_up(charter.id)
        earlier = find_event(key)
        if earlier:
            return Written(json.loads(earlier.payload_text), True)
        changes = make()
        if not changes:
            return NOTHING
        payload = payload_of(charter, changes, at, key)
        payload["outbox"] = tellings_of(charter, changes, payload, at) if changes.tell else []
        append_event(
            key=key, ts=at, kind=KIND, charter=charter.id, version=charter.version,
            register=_register(charter, changes), step=changes.act, person=by, unit=place, payload=payload,
        )  # fmt: skip
        fold(payload, charter=charter.id, version=charter.version, by=by, at=at)
        Queue.objects.filter(pk=charter.id).update(changes=queue.changes + 1)
        return Written(payload)


def queue_up(charter: str) -> Queue:
    """Wait until nobody else changes the charter's honours; in the write transaction, until it ends."""
    Queue.objects.bulk_create([Queue(charter=charter)], ignore_conflicts=True)
    return Queue.objects.select_for_update().get(pk=charter)


def _register(charter: Charter, changes: Changes) -> str:
    """Name the honour where it is one and of units; of whom a person's is stands in no column."""
    named = {one.honour.id for one in changes.given if one.person is None}
    named |= {one.holding.honour for one in changes.ended if one.holding.person_id is None}
    of_people = any(one.person is not None for one in changes.given)
    of_people = of_people or any(one.holding.person_id is not None for one in changes.ended)
    return f"{charter.id}.{named.pop()}" if len(named) == 1 and not of_people else charter.id


def fold(payload: Payload, *, charter: str, version: int, by: int | None, at: dt.datetime) -> None:
    """Write what an event says into the tables."""
    new, changed = rows_of(payload, charter=charter, version=version, by=by, at=at)
    for id_, columns in changed.items():
        Holding.objects.filter(pk=id_).update(**columns)
    Holding.objects.bulk_create((Holding(id=id_, **columns) for id_, columns in new.items()), batch_size=BATCH)
    if "board" in payload:
        Conferral.objects.create(board_id=payload["board"], at=at, notes=canonical(payload["notes"]))
    told = (Outbox(created_at=at, **row) for row in payload["outbox"])
    Outbox.objects.bulk_create(told, batch_size=BATCH)
