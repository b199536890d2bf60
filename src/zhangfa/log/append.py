"""Write one event, without the ORM, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from zhangfa.log.canonical import canonical
from zhangfa.log.leaf import leaf_of

EVENT_COLUMNS = (
    "key", "ts", "kind", "charter", "version", "register", "record", "step", "person", "unit", "payload", "leaf",
)  # fmt: skip
"""Columns an insert names, in the order of :attr:`EventRow.values`; the database gives seq, position and xid."""

_INSERT = (
    f"INSERT INTO log_event ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join(['%s'] * len(EVENT_COLUMNS))}) "
    "ON CONFLICT (key) DO NOTHING RETURNING seq"
)
_EARLIER = "SELECT seq, payload, leaf FROM log_event WHERE key = %s"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event ready to be inserted: `values` in the order of `EVENT_COLUMNS`."""

    values: tuple[str | int | bytes | datetime | None, ...]
    payload_text: str
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """What stands in the log under a key; `repeated` when it stood there before."""

    seq: int
    payload_text: str
    leaf: bytes
    repeated: bool


def event_columns() -> str:
    """Return the column list of an insert, for a statement of the caller's own."""
    return ", ".join(EVENT_COLUMNS)


def event_row(
    *,
    key: str,
    ts: datetime,
    kind: str,
    payload: Mapping[str, object],
    charter: str = "",
    version: int = 0,
    register: str = "",
    record: int | None = None,
    step: str = "",
    person: int | None = None,
    unit: int | None = None,
) -> EventRow:
    """Make the parameters of one event's insert, with its payload as canonical text and its leaf hash."""
    text = canonical(payload)
    leaf = leaf_of(
        key=key, ts=ts, kind=kind, charter=charter, version=version, register=register,
        record=record, step=step, person=person, unit=unit, payload=text,
    )  # fmt: skip
    # As Django keeps a moment: with its zone on PostgreSQL, as text in UTC without one on SQLite.
    stored = ts if connection.vendor == "postgresql" else str(ts.astimezone(UTC).replace(tzinfo=None))
    values = (key, stored, kind, charter, version, register, record, step, person, unit, text, leaf)
    return EventRow(values, text, leaf)


def find_event(key: str) -> Appended | None:
    """Return the event written under an idempotency key, if there is one."""
    with connection.cursor() as cursor:
        return _earlier(cursor, key)


def _earlier(cursor: CursorWrapper, key: str) -> Appended | None:
    cursor.execute(_EARLIER, [key])
    found = cursor.fetchone()
    return Appended(found[0], found[1], bytes(found[2]), True) if found else None


def append_event(
    *,
    key: str,
    ts: datetime,
    kind: str,
    payload: Mapping[str, object],
    charter: str = "",
    version: int = 0,
    register: str = "",
    record: int | None = None,
    step: str = "",
    person: int | None = None,
    unit: int | None = None,
) -> Appended:
    """Append one event, or return the one already written under `key` (`repeated`), never a second.

    Runs in the caller's transaction. Of two writers with one key the second waits for the first to commit.
    """
    row = event_row(
        key=key, ts=ts, kind=kind, payload=payload, charter=charter, version=version, register=register,
        record=record, step=step, person=person, unit=unit,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row.values)
        inserted = cursor.fetchone()
        if inserted:
            return Appended(inserted[0], row.payload_text, row.leaf, False)
        earlier = _earlier(cursor, key)
    if earlier is None:
        # Only under REPEATABLE READ or stricter: the other writer's row is there but not in our snapshot.
        raise RuntimeError(f"event {key} was written by a transaction this one cannot see; run at READ COMMITTED")
    return earlier
