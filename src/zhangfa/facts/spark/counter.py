"""Count facts on Spark: it filters, groups, adds up exactly and sorts over the mirror's Parquet files.

The parts of every cell come back into the session's DuckDB, typed as DuckDB's own, so that what is worked out of them
– and the digest of the scoring – is the same to the last byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhangfa.charter.fact_columns import ENGINE_TABLES
from zhangfa.expression import tree
from zhangfa.expression.render import Writer
from zhangfa.expression.render_folds import Makers
from zhangfa.expression.render_folds_spark import SPARK_PARTS
from zhangfa.expression.render_spark import SparkWriter
from zhangfa.facts.counting import Column, named_parts
from zhangfa.facts.spark.tables import SparkTables
from zhangfa.facts.workdays import between_workdays, is_workdays

if TYPE_CHECKING:
    from zhangfa.facts.asked import Asked
    from zhangfa.facts.query import Facts

SMALL = frozenset(ENGINE_TABLES) - {"task"}
"""Tables of a row for each unit, post or standing: DuckDB reads them, Spark counts them."""


@dataclass(frozen=True, slots=True)
class SparkFactWriter(SparkWriter):
    """Writes what stands on one fact; ``worked`` lays the table of working days before Spark."""

    worked: Callable[[], str]

    def write(self, node: tree.Node) -> str:
        """Return the SQL of a part."""
        if is_workdays(node):
            return between_workdays(self, node, table=self.worked())
        return SparkWriter.write(self, node)


class SparkCounter:
    """Counts on Spark, for one session of reading at a time."""

    makers: Makers = SPARK_PARTS

    def __init__(self, session: Any) -> None:
        self.session = session
        self.tables: SparkTables | None = None
        self.kept = 0

    def open(self, facts: Facts) -> None:
        """Begin to count for a session of reading."""
        self.facts = facts
        self.tables = SparkTables(self.session, facts.folder)

    def writer(self, column: Column, worked: Callable[[], None]) -> Writer:
        """Return what writes an expression on one fact."""

        def lay_worked() -> str:
            worked()
            return self._laid().lay(self.facts.connection, "worked")

        return SparkFactWriter(lambda path: self.said(column(path)), lay_worked)

    def said(self, sql: str) -> str:
        """Return an expression in Spark's words."""
        self.facts.places()
        return self._laid().say(self.facts.connection, sql)

    def ordered(self, columns: Sequence[str]) -> str:
        """Return a structure of the columns."""
        named = ", ".join(f"'{one}', {one}" for one in columns)
        return f"named_struct({named})"

    def keep(self, facts: Facts, source: str, *, table: str, again: bool) -> str:
        """Return a view of facts; those of few rows are read by DuckDB."""
        self.kept += 1
        if table in SMALL:
            return self._laid().lay_query(facts.connection, source, f"small_{self.kept}")
        sql = self._laid().say(facts.connection, source)
        return self._laid().keep(f"SELECT * FROM {sql} f", f"kept_{self.kept}", again=again)

    def count(self, facts: Facts, source: str, group: Sequence[Asked], *, chosen: bool) -> None:
        """Make the table ``cells``."""
        where, key = group[0].where, group[0].key
        wheres = ["`~key` IS NOT NULL", *([where] if where else [])]
        if chosen:
            wheres.append(f"`~key` IN (SELECT id FROM {self._laid().lay(facts.connection, 'wanted', anew=True)})")
        parts = [f"{sql} AS `{name}`" for name, sql in named_parts(group).items()]
        columns = ", ".join(("`~period`", "`~key`", "count(*) AS `~facts`", *parts))
        keyed = f"SELECT *, {key} AS `~key` FROM {source} f"
        grouped = f"SELECT {columns} FROM ({keyed}) f WHERE {' AND '.join(wheres)} GROUP BY `~period`, `~key`"
        self._laid().fetch(facts.connection, grouped, "cells")

    def close(self) -> None:
        """Let go of what was laid before Spark."""
        if self.tables is not None:
            self.tables.close()

    def _laid(self) -> SparkTables:
        assert self.tables is not None, "the session of reading has not been opened"
        return self.tables
