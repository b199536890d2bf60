"""One meaning over sets as well: what Python makes of rows is what it makes of the whole parts DuckDB returns."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from tests.expression.generator import COLUMNS, Expressions, Rows
from tests.expression.test_same_in_duckdb import as_stored, exactly

from zhangfa.expression import EvaluationError, Expression, Scope, evaluate, evaluate_rows, parse_expression
from zhangfa.expression.render import PRELUDE, Unrenderable, Writer, quote_path, render_duckdb, sql_type
from zhangfa.expression.render_folds import render_folds

CASES, ROWS, GROUPS = 500, 90, 4
SCOPE = Scope(COLUMNS)
OVER_ROWS = Scope(COLUMNS, aggregates=True)
ONE = {
    "int": ["sum({})", "avg({})", "median({})", "quantile({}, 0.37)", "trimmed_mean({}, 2)", "min({})",
            "count(distinct {})", "sum(distinct {})", "avg(distinct {})"],
    "decimal": ["sum({})", "avg({})", "median({})", "quantile({}, 0.9)", "trimmed_mean({}, 1)", "max({})",
                "last({})", "median(distinct {})", "first({})", "sum({}) / count(*)", "round(avg({}), 3) + 0.5"],
    "text": ["min({})", "max({})", "count({})", "count(distinct {})", "first({})"],
    "date": ["min({})", "max({})", "quantile({}, 0.5)", "last({})", "count(distinct {})"],
    "bool": ["share({})", "every({})", "any({})", "avg({})", "count({})",
             "case when any({}) then count(*) else -1 end"],
}  # fmt: skip


class Aggregates:
    """Makes aggregate expressions and conditions from a seed."""

    def __init__(self, seed: int) -> None:
        self.scalars, self.random = Expressions(seed), random.Random(seed)

    def scalar(self, kind: str) -> str:
        """Return an expression on one row; nothing that asks what day it is."""
        while "days_since" in (source := self.scalars.of(kind, 2)):
            pass
        return source

    def case(self) -> tuple[str, str]:
        """Return a value over rows and a condition on a row."""
        kind = self.random.choice(list(ONE))
        value = self.random.choice(ONE[kind]).format(self.scalar(kind))
        return value, self.scalar("bool") if self.random.random() < 0.6 else "true"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    made = Rows(seed=23)
    return [{**made.row(), "place": at, "whose": at % GROUPS} for at in range(ROWS)]


@pytest.fixture(scope="module", params=[1, 2])
def database(request: Any, rows: list[dict[str, object]]) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": request.param})
    for macro in PRELUDE:
        connection.execute(macro)
    types = {name: "VARCHAR[]" if found.kind == "list" else sql_type(found) for name, found in COLUMNS.items()}
    columns = ", ".join(f"{quote_path((name,))} {kind}" for name, kind in types.items())
    connection.execute(f"create table facts (place integer, whose integer, {columns})")
    marks = ", ".join("?" * (len(COLUMNS) + 2))
    for row in random.Random(1).sample(rows, len(rows)):
        values = [row["place"], row["whose"], *(as_stored(row[name]) for name in COLUMNS)]
        connection.execute(f"insert into facts values ({marks})", values)
    yield connection
    connection.close()


def read(source: str, scope: Scope, wants: Any = None) -> Expression:
    expression, faults = parse_expression(source, scope, wants=wants)
    assert faults == (), (source, faults)
    assert expression is not None
    return expression


def in_python(value: Expression, where: Expression, rows: list[dict[str, object]]) -> dict[Any, object] | None:
    held: dict[Any, list[dict[str, object]]] = {}
    try:
        for row in rows:
            if evaluate(where, row) is True:
                held.setdefault(row["whose"], []).append(row)
        return {whose: exactly(evaluate_rows(value, found)) for whose, found in held.items()}
    except EvaluationError:
        return None


def in_duckdb(value: Expression, where: Expression, database: duckdb.DuckDBPyConnection) -> dict[Any, object]:
    folds = render_folds(value, Writer(quote_path), order="place", shared={})
    columns = ", ".join(("whose", *folds.sql))
    sql = f"select {columns} from facts where ({render_duckdb(where)}) is true group by whose"
    return {row[0]: exactly(folds.value(row[1:])) for row in database.execute(sql).fetchall()}


def test_python_equals_duckdb_on_generated_aggregates(
    database: duckdb.DuckDBPyConnection, rows: list[dict[str, object]]
) -> None:
    made, beyond, kinds = Aggregates(seed=20261123), 0, set()
    for _ in range(CASES):
        source, condition = made.case()
        value, where = read(source, OVER_ROWS), read(condition, SCOPE, "bool")
        expected = in_python(value, where, rows)
        if expected is None:
            beyond += 1
            continue
        assert in_duckdb(value, where, database) == expected, (source, condition)
        kinds |= {kind for kind, _ in expected.values()}  # type: ignore[misc]
    assert beyond < CASES / 10
    assert kinds == {"int", "Decimal", "str", "bool", "date", "NoneType"}


def test_moment_comes_back_with_its_zone(database: duckdb.DuckDBPyConnection, rows: list[dict[str, object]]) -> None:
    value, where = read("max(m)", OVER_ROWS), read("m is not null", SCOPE, "bool")
    found = in_duckdb(value, where, database)
    assert found == in_python(value, where, rows)
    assert all(one[1].tzinfo is dt.UTC for one in found.values())  # type: ignore[index]


@pytest.mark.parametrize("source", ["share(distinct p)", "first(distinct x)", "sum(ln(x))"])
def test_part_for_python_only_is_refused(source: str) -> None:
    with pytest.raises(Unrenderable):
        render_folds(read(source, OVER_ROWS), Writer(quote_path), order="place", shared={})
