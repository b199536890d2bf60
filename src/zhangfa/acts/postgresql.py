"""Write an act on PostgreSQL: one statement whose parts all hang on the guarded record row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import orjson

from zhangfa.acts.fold import OUTBOX_COLUMNS, RECORD_COLUMNS, TASK_COLUMNS, Written
from zhangfa.acts.prepared import run_for_number
from zhangfa.acts.unwritten import MOVING, MOVING_OFTEN, TASK_MOVING, Raced, Writing, companions
from zhangfa.log.append import EVENT_COLUMNS

_BIG = (
    "record", "person", "unit", "id", "county", "town", "village", "grid", "author", "origin", "about_person",
    "about_unit", "done_by",
)  # fmt: skip
_MOMENTS = ("ts", "opened_at", "updated_at", "due_at", "claim_until", "done_at", "late_at")
_FEW = 3
"""So many tasks are written one by one: each number of them is a statement of its own, to be planned."""
_CASTS = {
    **dict.fromkeys(_BIG, "bigint"),
    **dict.fromkeys(_MOMENTS, "timestamptz"),
    **dict.fromkeys(("closed", "provisional", "on_time"), "boolean"),
    **dict.fromkeys(("version", "charter_version"), "integer"),
    "leaf": "bytea",
}


def write(writing: Writing) -> int:
    """Write one act; return its place in the log. Raises ``Raced`` where the guarded row is not there."""
    parts: list[str] = []
    parameters: list[Any] = []
    _add_record(parts, parameters, writing)
    _add(parts, parameters, _EVENT_PART, writing.event.values)
    written, record = writing.written, writing.record["id"]
    if writing.secret:
        _add(
            parts,
            parameters,
            "INSERT INTO log_datakey (record, wrapped) SELECT %s::bigint, %s::bytea FROM r",
            writing.secret,
        )
    if len(written.tasks) > _FEW:
        _add(parts, parameters, _TASKS_PART, [_json(written.tasks)])
    else:
        for task in written.tasks:
            _add(parts, parameters, _TASK_PART, _task_values(task))
    for task in writing.task_rows:  # one part each: for a set of rows the planner would read the whole table
        _add(parts, parameters, _TASK_SET_PART, _task_moving_values(task))
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
    for companion in companions:
        if part := companion.postgresql(writing):
            _add(parts, parameters, *part)
    seq = run_for_number(_statement(tuple(parts)), parameters)
    if seq is None:
        raise Raced
    return seq


@cache
def _statement(parts: tuple[str, ...]) -> str:
    """Return the statement of these parts: ``r`` is the guarded record, ``e`` the event."""
    names = ("r", "e", *(f"p{place}" for place in range(2, len(parts))))
    named = ", ".join(f"{name} AS ({part})" for name, part in zip(names, parts, strict=True))
    return f"WITH {named} SELECT seq FROM e"


def _add(parts: list[str], parameters: list[Any], part: str, values: Sequence[Any]) -> None:
    parts.append(part)
    parameters.extend(values)


def _json(rows: object) -> str:
    return orjson.dumps(rows).decode()


def _cast(column: str) -> str:
    return f"%s::{_CASTS.get(column, 'varchar')}"


def _add_record(parts: list[str], parameters: list[Any], writing: Writing) -> None:
    row = writing.record
    if writing.written.new:
        _add(parts, parameters, _INSERT_PART, _record_values(row))
    elif writing.moves_seldom:
        _add(parts, parameters, _UPDATE_PART, (*_moving_values(row), row["version"] - 1))
    else:
        _add(parts, parameters, _UPDATE_OFTEN_PART, (*_often_values(row), row["version"] - 1))


def _add_claims(parts: list[str], parameters: list[Any], written: Written, record: int) -> None:
    if written.freed:
        _add(parts, parameters, _FREED_PART, [list(written.freed)])
    if written.slots:
        _add(parts, parameters, _SLOTS_PART, [list(written.slots)])
    if written.booking:
        booking = written.booking
        _add(parts, parameters, _BOOKING_PART, [booking["resource"], booking["starts"], booking["ends"]])
    elif written.booking is not None:
        _add(parts, parameters, "DELETE FROM acts_booking b USING r WHERE b.record = r.id", [])


_record_values = itemgetter(*RECORD_COLUMNS)
_moving_values = itemgetter(*MOVING, "id")
_often_values = itemgetter(*MOVING_OFTEN, "id")
_task_values = itemgetter(*TASK_COLUMNS)
_task_moving_values = itemgetter(*TASK_MOVING, "id")
_INSERT_PART = (
    f"INSERT INTO acts_record ({', '.join(RECORD_COLUMNS)}) "
    f"VALUES ({', '.join(map(_cast, RECORD_COLUMNS))}) RETURNING id"
)
_UPDATE_PART, _UPDATE_OFTEN_PART = (
    f"UPDATE acts_record SET {', '.join(f'{c} = {_cast(c)}' for c in columns)} "
    "WHERE id = %s::bigint AND version = %s::integer RETURNING id"
    for columns in (MOVING, MOVING_OFTEN)
)
_EVENT_PART = (
    f"INSERT INTO log_event ({', '.join(EVENT_COLUMNS)}) "
    f"SELECT {', '.join(map(_cast, EVENT_COLUMNS))} FROM r RETURNING seq"
)
_TASK_PART = f"INSERT INTO acts_task ({', '.join(TASK_COLUMNS)}) SELECT {', '.join(map(_cast, TASK_COLUMNS))} FROM r"
_TASKS_PART = (
    f"INSERT INTO acts_task ({', '.join(TASK_COLUMNS)}) SELECT {', '.join(f't.{c}' for c in TASK_COLUMNS)} "
    "FROM r, json_populate_recordset(NULL::acts_task, %s::json) t"
)
_TASK_SET_PART = (
    f"UPDATE acts_task t SET {', '.join(f'{c} = {_cast(c)}' for c in TASK_MOVING)} FROM r WHERE t.id = %s::bigint"
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
