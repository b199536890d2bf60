"""Working days between two days of a fact, as SQL: how many were worked up to each day, looked up twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import duckdb

from zhangfa.expression import tree
from zhangfa.expression.render import Writer

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2060, 12, 31)
"""Days outside are not known, and neither is what is reckoned from them."""


class Calendar(Protocol):
    """What tells working days."""

    def is_workday(self, day: dt.date) -> bool:
        """Whether offices work on this day."""
        ...


@dataclass(frozen=True, slots=True)
class FactWriter(Writer):
    """Writes what stands on one fact; ``worked`` makes the table of working days when it is first needed."""

    worked: Callable[[], None]

    def write(self, node: tree.Node) -> str:
        """Return the SQL of a part."""
        if isinstance(node, tree.Call) and node.function == "workdays_between":
            self.worked()
            first, second = map(self._day, node.arguments)
            ahead = f"{_worked('upto', second)} - {_worked('upto', first)}"
            back = f"{_worked('before', second)} - {_worked('before', first)}"
            return f"(CASE WHEN {second} < {first} THEN {back} ELSE {ahead} END)"
        return Writer.write(self, node)

    def _day(self, node: tree.Node) -> str:
        written = self.write(node)
        return f"CAST({written} + INTERVAL 8 HOUR AS DATE)" if node.type.kind == "datetime" else written


def _worked(what: str, day: str) -> str:
    return f"(SELECT max(w.{what}) FROM worked w WHERE w.day = {day})"


def make_worked(connection: duckdb.DuckDBPyConnection, calendar: Calendar) -> None:
    """Make the temporary table ``worked``: how many days were worked up to and including, and before, each day."""
    days, total = [], 0
    for place in range((LAST - FIRST).days + 1):
        worked = calendar.is_workday(FIRST + dt.timedelta(days=place))
        total += worked
        days.append(f"({place}, {total}, {total - worked})")
    connection.execute(
        f"CREATE TEMP TABLE worked AS SELECT DATE '{FIRST}' + CAST(place AS INTEGER) AS day, "
        "CAST(upto AS BIGINT) AS upto, CAST(before AS BIGINT) AS before "
        f"FROM (VALUES {', '.join(days)}) AS given (place, upto, before)"
    )
