"""Write an act on SQLite: a few statements in one write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from zhangfa.acts.fold import OUTBOX_COLUMNS, RECORD_COLUMNS, TASK_COLUMNS, Written
from zhangfa.acts.store import to_naive
from zhangfa.acts.unwritten import MOVING, TASK_MOVING, Raced, Writing, companions
from zhangfa.log.append import EVENT_COLUMNS


class _PlainCursor:
    """A companion's cursor: SQLite's own, which takes Django's ``%s``."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        self._cursor.execute(statement.replace("%s", "?"), parameters)


def write(raw: sqlite3.Connection, writing: Writing) -> int:
    """Write one act inside the write transaction; return its place in the log. Raises ``Raced``."""
    cursor = raw.cursor()
    _write_record(cursor, writing)
    cursor.execute(_INSERT_EVENT, writing.event.values)
    seq = int(cursor.lastrowid or 0)
    _write_rows(cursor, writing)
    for companion in companions:
        companion.sqlite(_PlainCursor(cursor), writing)
    return seq


_INSERT_EVENT = f"INSERT INTO log_event ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join(['?'] * len(EVENT_COLUMNS))})"
_INSERT_RECORD = (
    f"INSERT INTO acts_record ({', '.join(RECORD_COLUMNS)}) VALUES ({', '.join(['?'] * len(RECORD_COLUMNS))})"
)
_UPDATE_RECORD = f"UPDATE acts_record SET {', '.join(f'{c} = ?' for c in MOVING)} WHERE id = ? AND version = ?"
_INSERT_TASK = f"INSERT INTO acts_task ({', '.join(TASK_COLUMNS)}) VALUES ({', '.join(['?'] * len(TASK_COLUMNS))})"
_UPDATE_TASK = f"UPDATE acts_task SET {', '.join(f'{c} = ?' for c in TASK_MOVING)} WHERE id = ?"
_INSERT_TELLING = (
    f"INSERT INTO acts_outbox ({', '.join(OUTBOX_COLUMNS)}) VALUES ({', '.join(['?'] * len(OUTBOX_COLUMNS))})"
)
_UPSERT_BOOKING = (
    "INSERT INTO acts_booking (resource, starts, ends, record) VALUES (?, ?, ?, ?) ON CONFLICT (record) "
    "DO UPDATE SET resource = excluded.resource, starts = excluded.starts, ends = excluded.ends"
)
_UPSERT_PROPERTY = (
    "INSERT INTO acts_unitproperty (unit, name, value) VALUES (?, ?, ?) "
    "ON CONFLICT (unit, name) DO UPDATE SET value = excluded.value"
)
_INSERT_SECRET = "INSERT INTO log_datakey (record, wrapped) VALUES (?, ?)"


def _write_record(cursor: Any, writing: Writing) -> None:
    row = to_naive(writing.record)
    if writing.written.new:
        cursor.execute(_INSERT_RECORD, [row[column] for column in RECORD_COLUMNS])
        return
    cursor.execute(_UPDATE_RECORD, [*(row[column] for column in MOVING), row["id"], row["version"] - 1])
    if cursor.rowcount != 1:
        raise Raced


def _write_rows(cursor: Any, writing: Writing) -> None:
    written, record = writing.written, writing.record["id"]
    if writing.secret:
        cursor.execute(_INSERT_SECRET, writing.secret)
    for task in map(to_naive, written.tasks):
        cursor.execute(_INSERT_TASK, [task[column] for column in TASK_COLUMNS])
    for task in map(to_naive, writing.task_rows):
        cursor.execute(_UPDATE_TASK, [*(task[column] for column in TASK_MOVING), task["id"]])
    for why in written.left:
        cursor.execute("DELETE FROM acts_participant WHERE record = ? AND why = ?", [record, why])
    for joined in written.joined:
        cursor.execute(
            "INSERT INTO acts_participant (record, person, role, unit, why) VALUES (?, ?, ?, ?, ?)", [record, *joined]
        )
    _write_claims(cursor, written, record)
    for unit, name, value in written.properties:
        cursor.execute(_UPSERT_PROPERTY, [unit, name, value])
    for telling in map(to_naive, written.outbox):
        cursor.execute(_INSERT_TELLING, [telling[column] for column in OUTBOX_COLUMNS])


def _write_claims(cursor: Any, written: Written, record: int) -> None:
    for slot in written.freed:
        cursor.execute("DELETE FROM acts_claimed WHERE slot = ? AND record = ?", [slot, record])
    for slot in written.slots:
        cursor.execute("INSERT INTO acts_claimed (slot, record) VALUES (?, ?)", [slot, record])
    if written.booking:
        booking = to_naive(written.booking)
        cursor.execute(_UPSERT_BOOKING, [booking["resource"], booking["starts"], booking["ends"], record])
    elif written.booking is not None:
        cursor.execute("DELETE FROM acts_booking WHERE record = ?", [record])
