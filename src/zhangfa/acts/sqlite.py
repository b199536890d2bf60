"""Write an act on SQLite: a few statements in one write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from zhangfa.acts.fold import OUTBOX_COLUMNS, RECORD_COLUMNS, TASK_COLUMNS, Row, Written
from zhangfa.acts.store import naive_values, to_naive
from zhangfa.acts.unwritten import MOVING, MOVING_OFTEN, TASK_MOVING, Raced, Writing, companions
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
_INSERT_TASK = f"INSERT INTO acts_task ({', '.join(TASK_COLUMNS)}) VALUES ({', '.join(['?'] * len(TASK_COLUMNS))})"
_INSERT_TELLING = (
    f"INSERT INTO acts_outbox ({', '.join(OUTBOX_COLUMNS)}) VALUES ({', '.join(['?'] * len(OUTBOX_COLUMNS))})"
)
_record_values = naive_values(RECORD_COLUMNS)
_task_values = naive_values(TASK_COLUMNS)
_telling_values = naive_values(OUTBOX_COLUMNS)
_UPSERT_BOOKING = (
    "INSERT INTO acts_booking (resource, starts, ends, record) VALUES (?, ?, ?, ?) ON CONFLICT (record) "
    "DO UPDATE SET resource = excluded.resource, starts = excluded.starts, ends = excluded.ends"
)
_UPSERT_PROPERTY = (
    "INSERT INTO acts_unitproperty (unit, name, value) VALUES (?, ?, ?) "
    "ON CONFLICT (unit, name) DO UPDATE SET value = excluded.value"
)
_INSERT_SECRET = "INSERT INTO log_datakey (record, wrapped) VALUES (?, ?)"


@cache
def _update(table: str, columns: tuple[str, ...], guard: str = "") -> tuple[str, Callable[[Row], list[Any]]]:
    """Return the statement that sets these columns alone, and what picks its parameters: other indexes are left."""
    sets = ", ".join(f"{column} = ?" for column in columns)
    return f"UPDATE {table} SET {sets} WHERE id = ?{guard}", naive_values((*columns, "id"))


def _write_record(cursor: Any, writing: Writing) -> None:
    row = writing.record
    if writing.written.new:
        cursor.execute(_INSERT_RECORD, _record_values(row))
        return
    statement, values_of = _update("acts_record", MOVING if writing.moves_seldom else MOVING_OFTEN, " AND version = ?")
    cursor.execute(statement, [*values_of(row), row["version"] - 1])
    if cursor.rowcount != 1:
        raise Raced


def _write_rows(cursor: Any, writing: Writing) -> None:
    written, record = writing.written, writing.record["id"]
    if writing.secret:
        cursor.execute(_INSERT_SECRET, writing.secret)
    for task in written.tasks:
        cursor.execute(_INSERT_TASK, _task_values(task))
    for id_, columns in (written.task_sets or {}).items():
        statement, values_of = _update("acts_task", tuple(column for column in TASK_MOVING if column in columns))
        cursor.execute(statement, values_of({**columns, "id": id_}))
    for why in written.left:
        cursor.execute("DELETE FROM acts_participant WHERE record = ? AND why = ?", [record, why])
    for joined in written.joined:
        cursor.execute(
            "INSERT INTO acts_participant (record, person, role, unit, why) VALUES (?, ?, ?, ?, ?)", [record, *joined]
        )
    _write_claims(cursor, written, record)
    for unit, name, value in written.properties:
        cursor.execute(_UPSERT_PROPERTY, [unit, name, value])
    for telling in written.outbox:
        cursor.execute(_INSERT_TELLING, _telling_values(telling))


def _write_claims(cursor: Any, written: Written, record: int) -> None:
    for slot in written.freed:
        cursor.execute("DELETE FROM acts_claimed WHERE slot = ? AND record = ?", [slot, record])
    for slot in written.slots:
        cursor.execute("INSERT INTO acts_claimed (slot, record) VALUES (?, ?)", [slot, record])
    if written.booking:
        booking = written.booking
        stretch = [to_naive(booking["starts"]), to_naive(booking["ends"])]
        cursor.execute(_UPSERT_BOOKING, [booking["resource"], *stretch, record])
    elif written.booking is not None:
        cursor.execute("DELETE FROM acts_booking WHERE record = ?", [record])
