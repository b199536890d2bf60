"""One meaning: what Python works out on a record is what DuckDB works out through the renderer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

import duckdb
import pytest
from tests.expression.generator import COLUMNS, SCOPE, Expressions, Rows

from zhangfa.expression import EvaluationError, Expression, evaluate, parse_expression
from zhangfa.expression.render import PRELUDE, Unrenderable, quote_path, render_duckdb, sql_type

CASES = 2_000
ROWS = 6
BATCH = 40
Row = dict[str, object]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    made = Rows(seed=11)
    return [made.row() for _ in range(ROWS)]


@pytest.fixture(scope="module")
def database(rows: list[Row]) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})
    for macro in PRELUDE:
        connection.execute(macro)
    types = {name: "VARCHAR[]" if found.kind == "list" else sql_type(found) for name, found in COLUMNS.items()}
    columns = ", ".join(f"{quote_path((name,))} {kind}" for name, kind in types.items())
    connection.execute(f"create table facts (place integer, {columns})")
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    for at, row in enumerate(rows):
        connection.execute(f"insert into facts values ({marks})", [at, *(as_stored(row[name]) for name in COLUMNS)])
    yield connection
    connection.close()


def as_stored(value: object) -> object:
    return value.astimezone(dt.UTC).replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def read(source: str) -> Expression:
    expression, faults = parse_expression(source, SCOPE)
    assert faults == (), (source, faults)
    assert expression is not None
    return expression


def exactly(value: object) -> object:
    """Make True differ from 1, and 1.50 from 1.5."""
    return (type(value).__name__, str(value) if isinstance(value, Decimal) else value)


def work_out(expression: Expression, rows: Sequence[Row]) -> list[object] | None:
    try:
        return [exactly(evaluate(expression, row)) for row in rows]
    except EvaluationError:
        return None


def ask(database: duckdb.DuckDBPyConnection, written: Sequence[str]) -> list[list[object]]:
    found = database.execute(f"select {', '.join(written)} from facts order by place").fetchall()
    return [[exactly(row[at]) for row in found] for at in range(len(written))]


def test_python_equals_duckdb_on_generated_expressions(database: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    made = Expressions(seed=20261122)
    cases: list[tuple[Expression, list[object]]] = []
    beyond = 0
    while len(cases) < CASES:
        expression = read(made.source())
        answer = work_out(expression, rows)
        if answer is None:
            beyond += 1
        else:
            cases.append((expression, answer))
    assert beyond < CASES / 20
    for start in range(0, CASES, BATCH):
        batch = cases[start : start + BATCH]
        answers = ask(database, [render_duckdb(expression) for expression, _ in batch])
        for (expression, expected), found in zip(batch, answers, strict=True):
            assert found == expected, expression.source


def test_generated_expressions_are_worth_comparing(rows: list[Row]) -> None:
    made = Expressions(seed=20261122)
    values = [value for _ in range(500) for value in work_out(read(made.source()), rows) or []]
    kinds = {kind for kind, _ in values}
    assert kinds == {"int", "Decimal", "str", "bool", "date", "NoneType"}
    assert 0.05 < sum(kind == "NoneType" for kind, _ in values) / len(values) < 0.6


@pytest.mark.parametrize(
    "source",
    [
        "2 / 3",
        "-2 / 3",
        "1 / 0",
        "5 % 0",
        "-7 % 3",
        "7.5 % -2",
        "999999999999999999.9999999999 / 7.1",
        "0.0000000005 / 10",
        "0.0000000001 / 2",
        "0.0000000003 / 2",
        "-0.0000000001 / 2",
        "round(2.345, 2)",
        "round(-2.345, 2)",
        "round(15, -1)",
        "round(-125.5, -1)",
        "0.3333333333 * 0.3333333333",
        "0.00001 * 0.000005",
        "-0.5 + 0.5",
        "ceil(-0.5)",
        "floor(-0.5)",
        "'a' < 'B'",
        "'合格' > 'z'",
        "concat(null, 'a', 1.50)",
        "null || 'a'",
        "null and false",
        "null or true",
        "1 in (2, i, j)",
        "coalesce(null, 1.5, 2)",
    ],
)
def test_python_equals_duckdb_at_the_edges(source: str, database: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    expression = read(source)
    assert ask(database, [render_duckdb(expression)])[0] == work_out(expression, rows)


@pytest.mark.parametrize("source", ["ln(x)", "sqrt(y)", "exp(x)", "workdays_between(d, e)"])
def test_part_for_python_only_is_refused_by_the_renderer(source: str) -> None:
    with pytest.raises(Unrenderable):
        render_duckdb(read(source))
