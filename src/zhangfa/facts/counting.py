"""Who filters, groups and counts the facts: DuckDB, unless a session is given another counter, such as Spark.

A counter writes what is asked of one fact in its own language, and leaves the parts of every cell in the table
``cells`` of the session's DuckDB. What values these parts make is worked out there, in one way for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from zhangfa.expression.render import Writer
from zhangfa.expression.render_folds import PARTS, Makers
from zhangfa.facts.columns import quoted
from zhangfa.facts.workdays import FactWriter

if TYPE_CHECKING:
    from zhangfa.facts.asked import Asked
    from zhangfa.facts.query import Facts

Column = Callable[[tuple[str, ...]], str]
"""Writes a name as the column of a fact, in DuckDB's SQL."""


class Counter(Protocol):
    """What counts facts. SQL that is handed in is DuckDB's; what :class:`Asked` holds is in the counter's language."""

    makers: Makers

    def open(self, facts: Facts) -> None:
        """Begin to count for a session of reading."""
        ...

    def writer(self, column: Column, worked: Callable[[], None]) -> Writer:
        """Return what writes an expression on one fact."""
        ...

    def said(self, sql: str) -> str:
        """Return an expression in the counter's language."""
        ...

    def ordered(self, columns: Sequence[str]) -> str:
        """Return what facts are ordered by for ``first`` and ``last``."""
        ...

    def keep(self, facts: Facts, source: str, *, table: str, again: bool) -> str:
        """Return a name for facts of a table, a query in brackets, which are read more than once if ``again``."""
        ...

    def count(self, facts: Facts, source: str, group: Sequence[Asked], *, chosen: bool) -> None:
        """Make the table ``cells``: by period and key the parts of indicators that count the same facts.

        ``chosen``: of the ids in the table ``wanted`` only.
        """
        ...

    def close(self) -> None:
        """Let go of what was kept."""
        ...


class DuckCounter:
    """Counts in the session's DuckDB."""

    makers: Makers = PARTS

    def open(self, facts: Facts) -> None:
        """Need nothing."""

    def writer(self, column: Column, worked: Callable[[], None]) -> Writer:
        """Return what writes an expression on one fact."""
        return FactWriter(column, worked)

    def said(self, sql: str) -> str:
        """Return it as it is."""
        return sql

    def ordered(self, columns: Sequence[str]) -> str:
        """Return a row of the columns."""
        return f"row({', '.join(columns)})" if len(columns) > 1 else columns[0]

    def keep(self, facts: Facts, source: str, *, table: str, again: bool) -> str:
        """Keep the facts in a table where they are read more than once."""
        if not again:
            return source
        facts.connection.execute(f"CREATE OR REPLACE TEMP TABLE kept AS {source}")
        return "kept"

    def count(self, facts: Facts, source: str, group: Sequence[Asked], *, chosen: bool) -> None:
        """Make the table ``cells``."""
        where, key = group[0].where, group[0].key
        wheres = ['"~key" IS NOT NULL', *([where] if where else []), *(['"~key" IN (FROM wanted)'] if chosen else [])]
        parts = [f"{sql} AS {quoted(name)}" for name, sql in named_parts(group).items()]
        columns = ", ".join(('"~period"', '"~key"', 'count(*) AS "~facts"', *parts))
        keyed = f'SELECT *, {key} AS "~key" FROM {source} f'
        grouped = f'SELECT {columns} FROM ({keyed}) f WHERE {" AND ".join(wheres)} GROUP BY "~period", "~key"'
        facts.connection.execute(f"CREATE OR REPLACE TEMP TABLE cells AS {grouped}")

    def close(self) -> None:
        """Nothing is kept beyond the session."""


def part_names(one: Asked) -> tuple[str, ...]:
    """Return what the columns of an indicator's parts are called."""
    return tuple(f"{one.id}~{at}" for at in range(len(one.folds.sql)))


def named_parts(group: Sequence[Asked]) -> Mapping[str, str]:
    """Return the parts of several indicators: name → SQL."""
    return {name: sql for one in group for name, sql in zip(part_names(one), one.folds.sql, strict=True)}
