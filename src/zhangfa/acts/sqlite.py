"""Write an act on SQLite: a few statements in one write transaction."""

from __future__ import annotations

from typing import Any

from django.db import connection

from zhangfa.acts.fold import OUTBOX_COLUMNS, RECORD_COLUMNS, TASK_COLUMNS, Written
from zhangfa.acts.store import to_database
from zhangfa.acts.unwritten import MOVING, TASK_MOVING, Raced, Writing, companions
from zhangfa.log.append import EVENT_COLUMNS


def write(writing: Writing) -> int:
    """Write one act inside the write transaction; return its place in the log. Raises ``Raced``."""
    # Past Django's cursor, which rewrites the placeholders of every statement it is given.
    with connection.wrap_database_errors:
        cursor = connection.connection.cursor()
        _write_record(cursor, writing)
        seq = int(cursor.execute(_INSERT_EVENT, writing.event.values).fetchone()[0])
        _write_rows(cursor, writing)
    if companions:
        with connection.cursor() as companions_cursor:
            for companion in companions:
                companion.sqlite(companions_cursor, writing)
    return seq


_INSERT_EVENT = (
    f"INSERT INTO log_event ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join(['?'] * len(EVENT_COLUMNS))}) RETURNING seq"
)
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
    row = to_database(writing.record)
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
    for task in map(to_database, written.tasks):
        cursor.execute(_INSERT_TASK, [task[column] for column in TASK_COLUMNS])
    for task in map(to_database, writing.task_rows):
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
    for telling in map(to_database, written.outbox):
        cursor.execute(_INSERT_TELLING, [telling[column] for column in OUTBOX_COLUMNS])


def _write_claims(cursor: Any, written: Written, record: int) -> None:
    for slot in written.freed:
        cursor.execute("DELETE FROM acts_claimed WHERE slot = ? AND record = ?", [slot, record])
    for slot in written.slots:
        cursor.execute("INSERT INTO acts_claimed (slot, record) VALUES (?, ?)", [slot, record])
    if written.booking:
        booking = to_database(written.booking)
        cursor.execute(_UPSERT_BOOKING, [booking["resource"], booking["starts"], booking["ends"], record])
    elif written.booking is not None:
        cursor.execute("DELETE FROM acts_booking WHERE record = ?", [record])
