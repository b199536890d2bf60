"""What an event makes of the rows kept at hand: one pure function, used by the write path and by replay.

The payload of an act holds what was entered *and* what came of it, so that no charter, calendar or
clock is needed to read it back::

    {"by": {"kind": "person", "role": "grid-worker", "unit": 7},   # who; the person is the event's own column
     "from": "submitted", "to": "accepted",
     "data": {"result": "…"},          # values set in the record; null clears; sensitive ones are ciphertext
     "sheet": {"mark": "8.5"},         # values of a panel member's or signer's own sheet
     "record": {"state": "accepted"},  # columns set; for a new record all of them
     "meta": {"steps": {"accept": 1}}, # keys of the engine's own facts set; null removes
     "tasks": [{"id": 1, …}], "task_sets": {"1": {"state": "done"}},
     "joined": [[person, role, unit, why]], "left": [why],
     "slots": ["…"], "freed": ["…"],
     "booking": {"resource": "…", "starts": "…Z", "ends": "…Z"},   # {} gives it back
     "properties": [[unit, name, value]],
     "outbox": [{"key": "…", …}]}

Every part but ``by`` may be absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

Row = Mapping[str, Any]

RECORD_COLUMNS = (
    "id", "number", "charter", "charter_version", "register", "state", "closed", "unit", "county", "town", "village",
    "grid", "version", "label", "author", "about_person", "about_unit", "origin", "code_hash", "opened_at",
    "updated_at", "due_at", "warning", "payload", "meta",
)  # fmt: skip
TASK_COLUMNS = (
    "id", "record", "charter", "register", "step", "role", "unit", "county", "town", "village", "grid", "person",
    "state", "opened_at", "due_at", "due_why", "provisional", "claim_until", "done_at", "done_by", "on_time", "late_at",
)  # fmt: skip
OUTBOX_COLUMNS = (
    "key", "person", "role", "unit", "record", "kind", "text", "created_at", "leased_until", "attempts", "done_at",
)  # fmt: skip
NEW_RECORD: Row = {
    "county": None, "town": None, "village": None, "grid": None, "author": None, "about_person": None,
    "about_unit": None, "origin": None, "code_hash": None, "due_at": None, "warning": "", "closed": False,
}  # fmt: skip
NEW_TASK: Row = {
    "step": "", "role": "", "unit": None, "county": None, "town": None, "village": None, "grid": None, "person": None,
    "state": "open", "due_at": None, "due_why": "", "provisional": False, "claim_until": None, "done_at": None,
    "done_by": None, "on_time": None, "late_at": None,
}  # fmt: skip
NEW_TELLING: Row = {
    "person": None, "role": "", "unit": None, "record": None, "leased_until": None, "attempts": 0, "done_at": None,
}  # fmt: skip
Joined = tuple[int | None, str, int | None, str]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as fold needs it: its own columns and the parsed payload. ``ts`` is ISO text in UTC."""

    record: int
    ts: str
    charter: str
    version: int
    register: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """The rows an event writes; moments are ISO text in UTC, as in the log."""

    record: Row
    """The whole row as it stands after the event."""
    new: bool
    tasks: tuple[Row, ...] = ()
    task_sets: Mapping[int, Row] | None = None
    joined: tuple[Joined, ...] = ()
    left: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()
    booking: Row | None = None
    """``None`` leaves it; an empty mapping gives it back."""
    properties: tuple[tuple[int, str, str], ...] = ()
    outbox: tuple[Row, ...] = ()


def fold(event: Happened, before: Row | None) -> Written:
    """Return the rows this event writes, given the record's row before it (``None``: it opens the record)."""
    payload = event.payload
    return Written(
        record=_fold_record(event, before),
        new=before is None,
        tasks=tuple(_new_task(event, task) for task in payload.get("tasks", ())),
        task_sets={int(id_): columns for id_, columns in payload.get("task_sets", {}).items()},
        joined=tuple((person, role, unit, why) for person, role, unit, why in payload.get("joined", ())),
        left=tuple(payload.get("left", ())),
        slots=tuple(payload.get("slots", ())),
        freed=tuple(payload.get("freed", ())),
        booking=payload.get("booking"),
        properties=tuple((unit, name, value) for unit, name, value in payload.get("properties", ())),
        outbox=tuple(
            {**NEW_TELLING, "record": event.record, "created_at": event.ts, **telling}
            for telling in payload.get("outbox", ())
        ),
    )


def _fold_record(event: Happened, before: Row | None) -> Row:
    row: dict[str, Any] = dict(before) if before is not None else _opened(event)
    row.update(event.payload.get("record", {}))
    row["version"] = row.get("version", 0) + 1
    row["updated_at"] = event.ts
    row["payload"] = merge(row.get("payload", {}), event.payload.get("data", {}))
    row["meta"] = merge(row.get("meta", {}), event.payload.get("meta", {}))
    return row


def _opened(event: Happened) -> dict[str, Any]:
    return {
        **NEW_RECORD,
        "id": event.record,
        "charter": event.charter,
        "charter_version": event.version,
        "register": event.register,
        "opened_at": event.ts,
    }


def _new_task(event: Happened, task: Row) -> Row:
    return {
        **NEW_TASK,
        "record": event.record,
        "charter": event.charter,
        "register": event.register,
        "opened_at": event.ts,
        **task,
    }


def merge(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``before`` with the keys of ``change`` set; a key set to null goes."""
    after = {**before, **change}
    return {key: value for key, value in after.items() if value is not None}


def columns_of(record: Row) -> dict[str, Any]:
    """Return the record's row as stored: payload and meta as canonical text (their values came through an event)."""
    return {**record, "payload": _text(record["payload"]), "meta": _text(record["meta"])}


def _text(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
