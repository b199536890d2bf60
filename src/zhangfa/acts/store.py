"""Read a record and write an act, in SQL by hand: the hot path costs one query and one statement.

Moments travel as ISO text in UTC (as the log writes them); only here do they meet a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, connections

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


def _load_statement(write: Callable[[str, str], str]) -> str:
    wanted = [("r", column) for column in RECORD_COLUMNS] + [("t", column) for column in TASK_COLUMNS]
    selected = ", ".join(write(f"{table}.{name}", name) for table, name in wanted)
    return (
        f"SELECT {selected} FROM acts_record r "
        "LEFT JOIN acts_task t ON t.record = r.id AND t.state IN ('open', 'paused', 'waiting') WHERE "
    )


# Moments come as text, past the making of datetimes. On SQLite a sum has no declared type, so that Django's slow
# reading of moments and truths is passed by.
_LOAD = {
    "postgresql": _load_statement(lambda column, name: f"{column}::text" if name in MOMENTS else column),
    "sqlite": _load_statement(lambda column, name: f"+{column}" if name in MOMENTS | TRUTHS else column),
}


@cache
def _load_from(vendor: str, where: str) -> str:
    return _LOAD[vendor] + where


def load(record: int) -> tuple[Row, tuple[Row, ...]] | None:
    """Return the record's row and its open tasks by one query, or ``None``."""
    return _load("r.id = %s ORDER BY t.opened_at, t.id", record)


def load_by_task(task: int) -> tuple[Row, tuple[Row, ...]] | None:
    """Return the row and the open tasks of the record that the task belongs to."""
    return _load("r.id = (SELECT record FROM acts_task WHERE id = %s) ORDER BY t.opened_at, t.id", task)


def _load(where: str, key: int) -> tuple[Row, tuple[Row, ...]] | None:
    rows = query(_load_from(connections[DEFAULT_DB_ALIAS].vendor, where), [key])
    if not rows:
        return None
    width = len(RECORD_COLUMNS)
    tasks = tuple(read_task(row[width:]) for row in rows if row[width] is not None)
    return read_record(rows[0][:width]), tasks


def read_record(values: Sequence[Any]) -> Row:
    """Return a record's row from database values: payload and meta parsed, moments as ISO text."""
    row = _read_columns(values)
    row["payload"] = orjson.loads(row["payload"])
    row["meta"] = orjson.loads(row["meta"])
    return row


def naive_values(columns: Sequence[str]) -> Callable[[Row], list[Any]]:
    """Return what picks these columns of a row, its moments as SQLite keeps them."""
    pick = itemgetter(*columns)
    moments = [place for place, column in enumerate(columns) if column in MOMENTS]

    def values_of(row: Row) -> list[Any]:
        values = list(pick(row))
        for place in moments:
            if values[place]:
                values[place] = to_naive(values[place])
        return values

    return values_of


def row_reader(columns: Sequence[str]) -> Callable[[Sequence[Any]], dict[str, Any]]:
    """Return what makes a row of these columns from database values: moments as ISO text, truths as bool."""
    moments = [column for column in columns if column in MOMENTS]
    truths = [column for column in columns if column in TRUTHS]

    def row_of(values: Sequence[Any]) -> dict[str, Any]:
        row = dict(zip(columns, values, strict=True))
        for column in moments:
            if row[column] is not None:
                row[column] = read_moment(row[column])
        for column in truths:
            if row[column] is not None:
                row[column] = bool(row[column])
        return row

    return row_of


_read_columns = row_reader(RECORD_COLUMNS)
read_task = row_reader(TASK_COLUMNS)


def read_moment(value: Any) -> str:
    """Return a moment from the database as ISO text in UTC ending in ``Z``."""
    # SQLite keeps naive UTC; Django hands it over as a datetime without zone, unless it was asked for as text.
    if isinstance(value, str):
        return value.replace(" ", "T") + "Z" if value[-3:] != "+00" else _moment_of_text(value)
    return str(value.isoformat().removesuffix("+00:00")) + "Z"


def _moment_of_text(value: str) -> str:
    """Return a moment from PostgreSQL's text in UTC, which leaves out the zeros at the end of a fraction."""
    whole, dot, fraction = value[:-3].replace(" ", "T").partition(".")
    return f"{whole}.{fraction:0<6}Z" if dot else f"{whole}Z"


def write_moment(text: str | None) -> str | None:
    """Return ISO text as the database takes it."""
    return text if text is None or connection.vendor != "sqlite" else to_naive(text)


def to_naive(text: str) -> str:
    """Return ISO text as SQLite keeps a moment."""
    return text.removesuffix("Z").replace("T", " ")


def to_database(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with its moments as the database takes them."""
    return {column: write_moment(value) if column in MOMENTS else value for column, value in row.items()}


def query(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a read past Django's cursor: on PostgreSQL prepared, on SQLite without its rewriting of placeholders."""
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: each look at ``connection`` costs a microsecond
    if database.vendor == "postgresql":
        from zhangfa.acts.prepared import run_prepared

        return run_prepared(statement, parameters)
    database.ensure_connection()
    with database.wrap_database_errors:
        rows: list[tuple[Any, ...]] = database.connection.execute(_with_marks(statement), parameters).fetchall()
        return rows


@cache
def _with_marks(statement: str) -> str:
    return statement.replace("%s", "?")
