"""Write an event with the rows it makes: all or nothing, compare-and-set on the record's version.

On PostgreSQL the whole act is one statement whose parts all hang on the guarded record row; on SQLite
it is a few statements in one write transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction

from zhangfa.acts.fold import OUTBOX_COLUMNS, RECORD_COLUMNS, TASK_COLUMNS, Row, Written, columns_of
from zhangfa.acts.store import prepared, to_database
from zhangfa.log.append import EVENT_COLUMNS, EventRow
from zhangfa.log.transaction import write_transaction

_FIXED = ("id", "number", "charter", "charter_version", "register", "opened_at", "unit", "county", "town", "village", "grid")
MOVING = tuple(column for column in RECORD_COLUMNS if column not in _FIXED)
"""What an act may change; level columns move with the unit tree only (``rehoming``)."""
TASK_MOVING = tuple(c for c in TASK_COLUMNS if c not in ("id", "record", "charter", "register", "step", "opened_at"))
_CASTS = {
    "ts": "timestamptz", "version": "integer", "record": "bigint", "person": "bigint", "unit": "bigint", "leaf": "bytea",
    "opened_at": "timestamptz", "updated_at": "timestamptz", "due_at": "timestamptz", "closed": "boolean", "id": "bigint",
    "county": "bigint", "town": "bigint", "village": "bigint", "grid": "bigint", "author": "bigint", "origin": "bigint",
    "about_person": "bigint", "about_unit": "bigint", "charter_version": "integer",
}  # fmt: skip
BOOKING_MESSAGE = "booking_overlap"


@dataclass(frozen=True, slots=True)
class Companion:
    """What a room that acts do not know writes with every act, in its transaction (the search index)."""

    sqlite: Callable[[Any, Writing], None]
    """Writes through the cursor."""
    postgresql: Callable[[Writing], tuple[str, list[Any]] | None]
    """Returns one more part of the act's statement; ``r`` yields the record's id if the act stands."""


_companions: list[Companion] = []


def accompany(companion: Companion) -> None:
    """Let a room write beside every act; called once, when the rooms are made ready."""
    _companions.append(companion)


class Raced(Exception):
    """Another act changed the record between reading and writing; nothing was written."""


class Clashed(Exception):
    """A uniqueness stood against the act; ``what`` is ``key``, ``id``, ``slot`` or ``booking``. Nothing was written."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Writing:
    """One event with its rows, ready to be written."""

    def __init__(self, event: EventRow, written: Written, tasks_before: Sequence[Row], secret: tuple[int, bytes] | None) -> None:
        self.event = event
        self.written = written
        self.record = columns_of(written.record)
        before = {task["id"]: task for task in tasks_before}
        self.task_rows = [{**before[id_], **columns} for id_, columns in (written.task_sets or {}).items()]
        self.secret = secret


def write_acts(writings: Sequence[Writing]) -> list[int]:
    """Write the events and their rows in one transaction; return their places (seq)."""
    try:
        if connection.vendor == "postgresql":
            return _write_postgresql(writings)
        with write_transaction():
            return [_write_sqlite(writing) for writing in writings]
    except IntegrityError as error:
        raise Clashed(_what_clashed(error)) from error


def _what_clashed(error: IntegrityError) -> str:
    text = str(error)
    if BOOKING_MESSAGE in text:
        return "booking"
    if "acts_claimed" in text:
        return "slot"
    if "log_event" in text or "acts_outbox" in text:
        return "key"
    if "acts_record" in text or "acts_task" in text:
        return "id"
    raise error


# ---------------------------------------------------------------- SQLite


def _write_sqlite(writing: Writing) -> int:
    # Past Django's cursor, which rewrites the placeholders of every statement it is given.
    with connection.wrap_database_errors:
        cursor = connection.connection.cursor()
        _write_record(cursor, writing)
        seq = int(cursor.execute(_INSERT_EVENT, writing.event.values).fetchone()[0])
        _write_rows(cursor, writing)
    if _companions:
        with connection.cursor() as companions_cursor:
            for companion in _companions:
                companion.sqlite(companions_cursor, writing)
    return seq


_INSERT_EVENT = (
    f"INSERT INTO log_event ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join(['?'] * len(EVENT_COLUMNS))}) RETURNING seq"
)
_INSERT_RECORD = f"INSERT INTO acts_record ({', '.join(RECORD_COLUMNS)}) VALUES ({', '.join(['?'] * len(RECORD_COLUMNS))})"
_UPDATE_RECORD = f"UPDATE acts_record SET {', '.join(f'{c} = ?' for c in MOVING)} WHERE id = ? AND version = ?"
_INSERT_TASK = f"INSERT INTO acts_task ({', '.join(TASK_COLUMNS)}) VALUES ({', '.join(['?'] * len(TASK_COLUMNS))})"
_UPDATE_TASK = f"UPDATE acts_task SET {', '.join(f'{c} = ?' for c in TASK_MOVING)} WHERE id = ?"
_INSERT_TELLING = f"INSERT INTO acts_outbox ({', '.join(OUTBOX_COLUMNS)}) VALUES ({', '.join(['?'] * len(OUTBOX_COLUMNS))})"
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


# ---------------------------------------------------------------- PostgreSQL


def _write_postgresql(writings: Sequence[Writing]) -> list[int]:
    if len(writings) == 1 and not connection.in_atomic_block:
        return [_write_statement(writings[0])]
    with transaction.atomic():
        return [_write_statement(writing) for writing in writings]


def _write_statement(writing: Writing) -> int:
    parts, parameters = _record_part(writing)
    _add(parts, parameters, _event_part(), writing.event.values)
    written, record = writing.written, writing.record["id"]
    if writing.secret:
        _add(parts, parameters, "INSERT INTO log_datakey (record, wrapped) SELECT %s::bigint, %s::bytea FROM r", writing.secret)
    if written.tasks:
        _add(parts, parameters, _TASKS_PART, [_json(written.tasks)])
    for task in writing.task_rows:  # one part each: for a set of rows the planner would read the whole table
        _add(parts, parameters, _TASK_SET_PART, [_json(task)])
    if written.left:
        _add(parts, parameters, _LEFT_PART, [list(written.left)])
    if written.joined:
        joined = [dict(zip(("person", "role", "unit", "why"), row, strict=True)) for row in written.joined]
        _add(parts, parameters, _JOINED_PART, [_json(joined)])
    _add_claims(parts, parameters, written, record)
    if written.properties:
        properties = [dict(zip(("unit", "name", "value"), row, strict=True)) for row in written.properties]
        _add(parts, parameters, _PROPERTIES_PART, [_json(properties)])
    if written.outbox:
        _add(parts, parameters, _OUTBOX_PART, [_json(written.outbox)])
    for companion in _companions:
        if part := companion.postgresql(writing):
            _add(parts, parameters, *part)
    statement = "WITH " + ", ".join(f"{name} AS ({part})" for name, part in parts) + " SELECT seq FROM e"
    rows = prepared(statement, parameters)
    if not rows:
        raise Raced
    return int(rows[0][0])


Parts = list[tuple[str, str]]


def _add(parts: Parts, parameters: list[Any], part: str, values: Sequence[Any]) -> None:
    parts.append(("re"[len(parts)] if len(parts) < 2 else f"p{len(parts)}", part))
    parameters.extend(values)


def _json(rows: object) -> str:
    return orjson.dumps(rows).decode()


def _cast(column: str) -> str:
    return f"%s::{_CASTS.get(column, 'varchar')}"


def _record_part(writing: Writing) -> tuple[Parts, list[Any]]:
    parts: Parts = []
    parameters: list[Any] = []
    row: Mapping[str, Any] = writing.record
    if writing.written.new:
        _add(parts, parameters, _INSERT_PART, [row[column] for column in RECORD_COLUMNS])
    else:
        _add(parts, parameters, _UPDATE_PART, [*(row[column] for column in MOVING), row["id"], row["version"] - 1])
    return parts, parameters


def _event_part() -> str:
    return _EVENT_PART


def _add_claims(parts: Parts, parameters: list[Any], written: Written, record: int) -> None:
    if written.freed:
        _add(parts, parameters, _FREED_PART, [list(written.freed)])
    if written.slots:
        _add(parts, parameters, _SLOTS_PART, [list(written.slots)])
    if written.booking:
        booking = written.booking
        _add(parts, parameters, _BOOKING_PART, [booking["resource"], booking["starts"], booking["ends"]])
    elif written.booking is not None:
        _add(parts, parameters, "DELETE FROM acts_booking b USING r WHERE b.record = r.id", [])


_INSERT_PART = (
    f"INSERT INTO acts_record ({', '.join(RECORD_COLUMNS)}) VALUES ({', '.join(map(_cast, RECORD_COLUMNS))}) RETURNING id"
)
_UPDATE_PART = (
    f"UPDATE acts_record SET {', '.join(f'{c} = {_cast(c)}' for c in MOVING)} "
    "WHERE id = %s::bigint AND version = %s::integer RETURNING id"
)
_EVENT_PART = (
    f"INSERT INTO log_event ({', '.join(EVENT_COLUMNS)}) SELECT {', '.join(map(_cast, EVENT_COLUMNS))} FROM r RETURNING seq"
)
_TASKS_PART = (
    f"INSERT INTO acts_task ({', '.join(TASK_COLUMNS)}) SELECT {', '.join(f't.{c}' for c in TASK_COLUMNS)} "
    "FROM r, json_populate_recordset(NULL::acts_task, %s::json) t"
)
_TASK_SET_PART = (
    f"UPDATE acts_task t SET {', '.join(f'{c} = u.{c}' for c in TASK_MOVING)} "
    "FROM r, json_populate_record(NULL::acts_task, %s::json) u WHERE t.id = u.id"
)
_LEFT_PART = "DELETE FROM acts_participant p USING r WHERE p.record = r.id AND p.why = ANY(%s::varchar[])"
_JOINED_PART = (
    "INSERT INTO acts_participant (record, person, role, unit, why) SELECT r.id, p.person, p.role, p.unit, p.why "
    "FROM r, json_populate_recordset(NULL::acts_participant, %s::json) p"
)
_FREED_PART = "DELETE FROM acts_claimed c USING r WHERE c.record = r.id AND c.slot = ANY(%s::varchar[])"
_SLOTS_PART = "INSERT INTO acts_claimed (slot, record) SELECT s, r.id FROM r, unnest(%s::varchar[]) s"
_BOOKING_PART = (
    "INSERT INTO acts_booking (resource, starts, ends, record) "
    "SELECT %s::varchar, %s::timestamptz, %s::timestamptz, r.id FROM r ON CONFLICT (record) "
    "DO UPDATE SET resource = excluded.resource, starts = excluded.starts, ends = excluded.ends"
)
_PROPERTIES_PART = (
    "INSERT INTO acts_unitproperty (unit, name, value) SELECT p.unit, p.name, p.value "
    "FROM r, json_populate_recordset(NULL::acts_unitproperty, %s::json) p "
    "ON CONFLICT (unit, name) DO UPDATE SET value = excluded.value"
)
_OUTBOX_PART = (
    f"INSERT INTO acts_outbox ({', '.join(OUTBOX_COLUMNS)}) SELECT {', '.join(f'o.{c}' for c in OUTBOX_COLUMNS)} "
    "FROM r, json_populate_recordset(NULL::acts_outbox, %s::json) o"
)
