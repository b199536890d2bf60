"""Hand events of the log to DuckDB: the sealed ones by position, the unsealed tail as it stands this moment.

What the database's driver gives goes column by column to DuckDB, which reads the payload's text itself: nothing is
taken apart in Python, so that a log is read hardly slower than its driver fetches it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from zhangfa.log.checkpoint import last_checkpoint
from zhangfa.log.rows import select_columns

MIRRORED = frozenset({"step", "verb", "unit", "person", "score", "honour"})
"""Kinds of event that say something of facts."""
_COLUMNS = {
    "position": "BIGINT", "moment": "VARCHAR", "kind": "VARCHAR", "charter": "VARCHAR", "version": "BIGINT",
    "register": "VARCHAR", "record": "BIGINT", "payload": "VARCHAR",
}  # fmt: skip
_LIVE = (
    "WHERE seq IN (SELECT seq FROM log_event WHERE position > %s UNION ALL SELECT seq FROM log_event "
    "WHERE position IS NULL) ORDER BY CASE WHEN position IS NULL THEN 1 ELSE 0 END, position, seq"
)
_SEALED = "WHERE position >= %s AND position < %s AND kind IN ({}) ORDER BY position"
Columns = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Tail:
    """What was read of events behind the mirrored ones."""

    sealed: int
    unsealed: int
    last: dt.datetime | None
    """When the last of them happened; ``None`` where there is none."""


def sealed_size() -> int:
    """Return how many events are sealed."""
    last = last_checkpoint()
    return last.size if last else 0


def load_sealed(connection: duckdb.DuckDBPyConnection, start: int, end: int) -> None:
    """Put the sealed events from ``start`` to ``end`` (not included) into the temporary table ``fresh`` (anew)."""
    kinds = ", ".join(f"'{kind}'" for kind in sorted(MIRRORED))
    none: Columns = [[] for _ in _COLUMNS]
    _load(connection, select_columns(tuple(_COLUMNS), _SEALED.format(kinds), [start, end]) if start < end else none)


def load_live(connection: duckdb.DuckDBPyConnection, size: int) -> Tail:
    """Put everything behind the first ``size`` sealed events into ``fresh``, by one statement: none missed or twice.

    What is not sealed yet comes last, in order of its sequence, and is given the places it would get now.
    """
    columns = select_columns(tuple(_COLUMNS), _LIVE, [size - 1])
    places, moments = columns[0], columns[1]
    unsealed, count = places.count(None), len(places)
    columns[0] = list(range(size, size + count))
    _load(connection, columns)
    last = dt.datetime.fromisoformat(moments[-1].removesuffix("Z")).replace(tzinfo=dt.UTC) if moments else None
    return Tail(count - unsealed, unsealed, last)


def _load(connection: duckdb.DuckDBPyConnection, columns: Columns) -> None:
    given = {name: _column(values, kind) for (name, kind), values in zip(_COLUMNS.items(), columns, strict=True)}
    kinds = ", ".join(f"'{kind}'" for kind in sorted(MIRRORED))
    connection.register("given", given)
    try:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE fresh AS SELECT * EXCLUDE (moment), "
            f"CAST(replace(moment, 'Z', '') AS TIMESTAMP) AS ts FROM given WHERE kind IN ({kinds})"
        )
    finally:
        connection.unregister("given")


def _column(values: Sequence[Any], kind: str) -> Any:
    """Return a column as DuckDB reads it; ``record`` may be none."""
    if kind == "VARCHAR":
        return np.fromiter(values, dtype=object, count=len(values)) if values else np.array([], dtype=str)
    if None not in values:
        return np.array(values, dtype=np.int64)
    none = [value is None for value in values]
    return np.ma.array([value or 0 for value in values], mask=none, dtype=np.int64)
