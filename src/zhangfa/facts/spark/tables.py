"""Lay what DuckDB's SQL reads before Spark, and say the SQL in Spark's words.

The mirror's Parquet files are read by Spark where they stand. What only DuckDB has – the tail of the log, the tree of
units, the table of working days – is written beside them once a session. The tables of facts themselves are not
written a second time for Spark: sqlglot says DuckDB's SQL of them anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import sqlglot
from sqlglot import exp

from zhangfa.facts.columns import quoted

TYPES = {
    "BIGINT": "BIGINT", "INTEGER": "INT", "VARCHAR": "STRING", "BOOLEAN": "BOOLEAN", "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP_NTZ", "VARCHAR[]": "ARRAY<STRING>",
}  # fmt: skip
"""Spark's type for each of DuckDB's; a time of day has none, and is not read."""


class SparkTables:
    """What one session of reading has laid before Spark: views of its own names, and files in a folder of its own."""

    def __init__(self, session: Any, folder: Path) -> None:
        self.session = session
        self.mark = uuid4().hex[:12]
        self.folder = folder / f"spark-{self.mark}"
        self._views: dict[str, str] = {}
        self._held: list[Any] = []

    def say(self, connection: duckdb.DuckDBPyConnection, sql: str) -> str:
        """Return a query or expression of DuckDB's in Spark's words, with everything it reads laid before Spark."""

        def choose(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.ReadParquet):
                path = node.expressions[0].this
                return exp.to_table(self._view_of(connection, f"read_parquet('{path}')", [path]), alias=None)
            if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) and node.name not in named:
                node.set("this", exp.to_identifier(self.lay(connection, node.name)))
            return node

        tree = sqlglot.parse_one(sql, read="duckdb")
        named = {one.alias_or_name for one in tree.find_all(exp.CTE)}
        return str(tree.transform(choose).sql(dialect="spark"))

    def lay(self, connection: duckdb.DuckDBPyConnection, name: str, *, anew: bool = False) -> str:
        """Return the name of Spark's view of a table or view of DuckDB's; ``anew`` where it has changed."""
        if name in self._views and not anew:
            return self._views[name]
        path = self.folder / f"{name}-{uuid4().hex[:8]}.parquet"
        self.folder.mkdir(parents=True, exist_ok=True)
        connection.execute(f"COPY (SELECT * FROM {quoted(name)}) TO '{path}' (FORMAT parquet)")
        self._views.pop(f"read_parquet('{path}')", None)
        self._views[name] = self._view_of(connection, f"read_parquet('{path}')", [str(path)])
        return self._views[name]

    def lay_query(self, connection: duckdb.DuckDBPyConnection, sql: str, name: str) -> str:
        """Let DuckDB work a query out and return the name of Spark's view of the result."""
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {sql}")
        return self.lay(connection, name, anew=True)

    def keep(self, sql: str, name: str, *, again: bool) -> str:
        """Return the name of a view of a query in Spark's words; ``again``: it is worked out once for several."""
        found, view = self.session.sql(sql), f"z{self.mark}_{name}"
        if again:
            found = found.persist()
            self._held.append(found)
        found.createOrReplaceTempView(view)
        self._views[f"kept {view}"] = view
        return view

    def fetch(self, connection: duckdb.DuckDBPyConnection, sql: str, table: str) -> None:
        """Let Spark work a query out, and put its rows into a table of DuckDB's with the very types they have."""
        path = self.folder / f"{table}-{uuid4().hex[:8]}"
        self.session.sql(sql).write.parquet(str(path))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} AS FROM read_parquet('{path}/*.parquet')")
        shutil.rmtree(path)

    def _view_of(self, connection: duckdb.DuckDBPyConnection, source: str, paths: list[str]) -> str:
        """Return the view of files, with the types DuckDB sees in them: none is guessed, none is left to Spark."""
        if source not in self._views:
            described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            known = {name: kind for name, kind, *_ in described if spark_type(kind)}
            columns = ", ".join(f"`{name}` {spark_type(kind)}" for name, kind in known.items())
            self._views[source] = view = f"z{self.mark}_{len(self._views)}"
            self.session.read.schema(columns).parquet(*paths).createOrReplaceTempView(view)
        return self._views[source]

    def close(self) -> None:
        """Let go of views, kept facts and files."""
        for held in self._held:
            held.unpersist()
        for view in self._views.values():
            self.session.catalog.dropTempView(view)
        self._views, self._held = {}, []
        shutil.rmtree(self.folder, ignore_errors=True)


def spark_type(kind: str) -> str:
    """Return Spark's type for one of DuckDB's, empty where it has none."""
    return kind if kind.startswith("DECIMAL(") else TYPES.get(kind, "")
