"""Working days between two days of a fact, as SQL: how many were worked up to each day, looked up twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

import duckdb

from zhangfa.calendar.workdays import WorkCalendar
from zhangfa.expression import tree
from zhangfa.expression.render import Writer

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2060, 12, 31)
"""Days outside are not known, and neither is what is reckoned from them."""


@dataclass(frozen=True, slots=True)
class FactWriter(Writer):
    """Writes what stands on one fact; ``worked`` makes the table of working days when it is first needed."""

    worked: Callable[[], None]

    def write(self, node: tree.Node) -> str:
        """Return the SQL of a part."""
        if is_workdays(node):
            self.worked()
            return between_workdays(self, node)
        return Writer.write(self, node)


def is_workdays(node: tree.Node) -> TypeGuard[tree.Call]:
    """Whether a part asks for working days."""
    return isinstance(node, tree.Call) and node.function == "workdays_between"


def between_workdays(writer: Writer, node: tree.Call, table: str = "worked") -> str:
    """Return SQL of the working days between two days, over the table of working days."""
    first, second = (_day(writer, one) for one in node.arguments)
    ahead = f"{_worked(table, 'upto', second)} - {_worked(table, 'upto', first)}"
    back = f"{_worked(table, 'before', second)} - {_worked(table, 'before', first)}"
    return f"(CASE WHEN {second} < {first} THEN {back} ELSE {ahead} END)"


def _day(writer: Writer, node: tree.Node) -> str:
    written = writer.write(node)
    return f"CAST({written} + INTERVAL '8' HOUR AS DATE)" if node.type.kind == "datetime" else written


def _worked(table: str, what: str, day: str) -> str:
    return f"(SELECT max(w.{what}) FROM {table} w WHERE w.day = {day})"


def make_worked(connection: duckdb.DuckDBPyConnection, calendar: WorkCalendar) -> None:
    """Make the temporary table ``worked``: how many days were worked up to and including, and before, each day."""
    special = list(calendar.special_days(FIRST, LAST))
    off, on = (_listed([one.day for one in special if one.kind == kind]) for kind in ("holiday", "workday"))
    worked = f"CASE WHEN day IN {off} THEN 0 WHEN day IN {on} THEN 1 WHEN isodow(day) < 6 THEN 1 ELSE 0 END"
    days = f"SELECT CAST(unnest(generate_series(DATE '{FIRST}', DATE '{LAST}', INTERVAL 1 DAY)) AS DATE) AS day"
    connection.execute(
        f"CREATE TEMP TABLE worked AS SELECT day, CAST(sum(w) OVER (ORDER BY day) AS BIGINT) AS upto, "
        f"CAST(sum(w) OVER (ORDER BY day) - w AS BIGINT) AS before FROM (SELECT day, {worked} AS w FROM ({days}))"
    )


def _listed(days: list[dt.date]) -> str:
    return "(" + (", ".join(f"DATE '{day}'" for day in days) or "NULL") + ")"
