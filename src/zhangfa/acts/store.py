"""Read a record and write an act, in SQL by hand: the hot path costs one query and one statement.

Moments travel as ISO text in UTC (as the log writes them); only here do they meet a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from zhangfa.acts.fold import RECORD_COLUMNS, TASK_COLUMNS, Row

MOMENTS = frozenset(
    (
        "opened_at",
        "updated_at",
        "due_at",
        "claim_until",
        "done_at",
        "late_at",
        "created_at",
        "leased_until",
        "starts",
        "ends",
    )
)
TRUTHS = frozenset(("closed", "provisional", "on_time"))


def _load_statement(plain: str = "") -> str:
    wanted = [("r", column) for column in RECORD_COLUMNS] + [("t", column) for column in TASK_COLUMNS]
    selected = ", ".join(f"{plain if name in MOMENTS | TRUTHS else ''}{table}.{name}" for table, name in wanted)
    return (
        f"SELECT {selected} FROM acts_record r "
        "LEFT JOIN acts_task t ON t.record = r.id AND t.state IN ('open', 'paused', 'waiting') WHERE "
    )


# A sum has no declared type, so that on SQLite Django's slow reading of moments and truths is passed by.
_LOAD = {"postgresql": _load_statement(), "sqlite": _load_statement("+")}


def load(record: int) -> tuple[Row, tuple[Row, ...]] | None:
    """Return the record's row and its open tasks by one query, or ``None``."""
    return _load("r.id = %s ORDER BY t.opened_at, t.id", record)


def load_by_task(task: int) -> tuple[Row, tuple[Row, ...]] | None:
    """Return the row and the open tasks of the record that the task belongs to."""
    return _load("r.id = (SELECT record FROM acts_task WHERE id = %s) ORDER BY t.opened_at, t.id", task)


def _load(where: str, key: int) -> tuple[Row, tuple[Row, ...]] | None:
    rows = query(_LOAD[connection.vendor] + where, [key])
    if not rows:
        return None
    width = len(RECORD_COLUMNS)
    tasks = tuple(read_row(TASK_COLUMNS, row[width:]) for row in rows if row[width] is not None)
    return read_record(rows[0][:width]), tasks


def read_record(values: Sequence[Any]) -> Row:
    """Return a record's row from database values: payload and meta parsed, moments as ISO text."""
    row = dict(read_row(RECORD_COLUMNS, values))
    row["payload"] = orjson.loads(row["payload"])
    row["meta"] = orjson.loads(row["meta"])
    return row


def read_row(columns: Sequence[str], values: Sequence[Any]) -> Row:
    """Return a row from database values: moments as ISO text, truths as bool."""
    return {column: _read(column, value) for column, value in zip(columns, values, strict=True)}


def _read(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in MOMENTS:
        return read_moment(value)
    return bool(value) if column in TRUTHS else value


def read_moment(value: Any) -> str:
    """Return a moment from the database as ISO text in UTC ending in ``Z``."""
    # SQLite keeps naive UTC; Django hands it over as a datetime without zone, unless it was asked for as text.
    if isinstance(value, str):
        return value.replace(" ", "T") + "Z"
    return str(value.isoformat().removesuffix("+00:00")) + "Z"


def write_moment(text: str | None) -> str | None:
    """Return ISO text as the database takes it."""
    if text is None or connection.vendor != "sqlite":
        return text
    return text.removesuffix("Z").replace("T", " ")


def to_naive(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with its moments as SQLite keeps them."""
    return {
        column: value.removesuffix("Z").replace("T", " ") if value and column in MOMENTS else value
        for column, value in row.items()
    }


def to_database(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with its moments as the database takes them."""
    return {column: write_moment(value) if column in MOMENTS else value for column, value in row.items()}


def query(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a read past Django's cursor: on PostgreSQL prepared, on SQLite without its rewriting of placeholders."""
    if connection.vendor == "postgresql":
        from zhangfa.acts.prepared import run_prepared

        return run_prepared(statement, parameters)
    connection.ensure_connection()
    with connection.wrap_database_errors:
        rows: list[tuple[Any, ...]] = connection.connection.execute(statement.replace("%s", "?"), parameters).fetchall()
        return rows
