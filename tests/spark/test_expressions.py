"""One meaning on three engines: what Python works out on a record is what DuckDB and Spark work out on rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.expression.generator import COLUMNS, Expressions, Rows
from tests.expression.test_folds_same_in_duckdb import OVER_ROWS, Aggregates, in_python
from tests.expression.test_folds_same_in_duckdb import SCOPE as ONE_ROW
from tests.expression.test_folds_same_in_duckdb import read as read_over
from tests.expression.test_same_in_duckdb import as_stored, exactly, read, work_out
from tests.spark.ways import COMPILED, INTERPRETED, set_way

from zhangfa.expression import Expression
from zhangfa.expression.arithmetic import EXACT
from zhangfa.expression.functions import TABLE
from zhangfa.expression.render import PRELUDE, Unrenderable, Writer, quote_path, render_duckdb, sql_type
from zhangfa.expression.render_folds import render_folds
from zhangfa.expression.render_folds_spark import SPARK_PARTS
from zhangfa.expression.render_spark import CALLS, SAME, SparkWriter, render_spark
from zhangfa.expression.render_spark import quote_path as quote_for_spark

CASES, BATCH, ROWS, GROUPS = 400, 50, 30, 4
QUESTIONS, FOLDS = 14, 16
Row = dict[str, object]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    made = Rows(seed=29)
    return [{**made.row(), "place": at, "whose": at % GROUPS} for at in range(ROWS)]


@pytest.fixture(scope="module")
def duck(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})
    for macro in PRELUDE:
        connection.execute(macro)
    types = {name: "VARCHAR[]" if found.kind == "list" else sql_type(found) for name, found in COLUMNS.items()}
    columns = ", ".join(f"{quote_path((name,))} {kind}" for name, kind in types.items())
    connection.execute(f"create table facts (place integer, whose integer, {columns})")
    marks = ", ".join("?" * (len(COLUMNS) + 2))
    for row in rows:
        values = [row["place"], row["whose"], *(as_stored(row[name]) for name in COLUMNS)]
        connection.execute(f"insert into facts values ({marks})", values)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def facts(spark: Any, duck: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file both executors read; rows handed over would be worked out without them."""
    path = tmp_path_factory.mktemp("facts") / "facts.parquet"
    duck.execute(f"copy facts to '{path}' (format parquet, row_group_size 2048)")
    spark.read.parquet(str(path)).repartition(2).createOrReplaceTempView("facts")
    return path


def on_spark(spark: Any, written: Sequence[str], way: dict[str, str]) -> list[list[object]]:
    columns = ", ".join(f"{sql} AS c{at}" for at, sql in enumerate(written))
    found = sorted(ask(spark, f"SELECT place, {columns} FROM facts", way), key=lambda row: row[0])
    return [[exactly(row[at + 1]) for row in found] for at in range(len(written))]


def ask(spark: Any, sql: str, way: dict[str, str]) -> list[list[Any]]:
    """Return the rows; small decimals come from Java with more digits than their column has."""
    set_way(spark, way)
    found = spark.sql(sql)
    types = [field.dataType for field in found.schema.fields]
    return [[scaled(value, kind) for value, kind in zip(row, types, strict=True)] for row in found.collect()]


def scaled(value: Any, kind: Any) -> Any:
    return value.quantize(Decimal(1).scaleb(-kind.scale), context=EXACT) if isinstance(value, Decimal) else value


def on_duckdb(duck: duckdb.DuckDBPyConnection, written: Sequence[str]) -> list[list[object]]:
    found = duck.execute(f"select {', '.join(written)} from facts order by place").fetchall()
    return [[exactly(row[at]) for row in found] for at in range(len(written))]


def test_generated_expressions_are_the_same_on_all_three(
    spark: Any, duck: duckdb.DuckDBPyConnection, facts: Path, rows: list[Row]
) -> None:
    made = Expressions(seed=20261124)
    cases: list[tuple[Expression, list[object]]] = []
    while len(cases) < CASES:
        expression = read(made.source())
        answer = work_out(expression, rows)
        if answer is not None:
            cases.append((expression, answer))
    for start in range(0, CASES, BATCH):
        batch = cases[start : start + BATCH]
        way = INTERPRETED if start else COMPILED
        sparks = on_spark(spark, [render_spark(expression) for expression, _ in batch], way)
        ducks = on_duckdb(duck, [render_duckdb(expression) for expression, _ in batch])
        for (expression, expected), one, other in zip(batch, sparks, ducks, strict=True):
            assert one == expected, expression.source
            assert other == expected, expression.source


EDGES = [
    # integer and decimal division: half to even at ten decimals, never a double, never past 2^63
    "2 / 3", "-2 / 3", "1 / 0", "5 % 0", "-7 % 3", "7.5 % -2", "999999999999999999.9999999999 / 7.1",
    "999999999999999999 / 1.0000000001", "-999999999999999999.9999999999 / 1.0000000001", "0.0000000005 / 10",
    "0.0000000001 / 2", "0.0000000003 / 2", "-0.0000000001 / 2", "-0.0000000003 / 2", "0.0000000001 / 999999999999999",
    "i / j", "x / y", "(i / j) / (x / y)", "x % y", "(x * y) % (y - x)",
    # precision and scale
    "0.3333333333 * 0.3333333333", "0.00001 * 0.000005", "99999999.9999999999 * 9999999999.9999999999",
    "999999999999999999.9999999999 - 0.0000000001", "-0.5 + 0.5", "x + y * 1.0000000001",
    "999999999999999999.9999999999 = 999999999999999999.9999999998", "coalesce(x, 0.0000000001)",
    "case when p then x else 0.0000000001 end", "least(999999999999999999.9, 0.0000000001, x)",
    "x in (0.0000000001, 999999999999999999.9)", "x between 0.0000000001 and 999999999999999999.9",
    # rounding
    "round(2.345, 2)", "round(-2.345, 2)", "round(15, -1)", "round(-15, -1)", "round(-125.5, -1)", "round(0.5)",
    "round(-2.5)", "ceil(-0.5)", "floor(-0.5)", "ceil(999999999999999999.1 - 1)",
    # three-valued logic
    "null and false", "null or true", "not null", "(i = j) is not true", "1 in (2, i, j)",
    "i not in (1, j)", "1 not in (2, i)", "nullif(i, j)", "coalesce(null, 1.5, 2)", "least(null, 3)",
    "case i when j then 1 else 2 end", "'fail' in tags", "s in tags", "size(tags)",
    # text: quotes, backslashes, braces, code points, case, order by code point
    "'it''s'", "'a''''b' || ''''", r"'a\b\n\'", r"s like '%\%'", r"'a\b' like 'a\b'", r"'a\b' like '%\\%'",
    "'${s}'", "'a%b_' like '%b\\_'", "'a' < 'B'", "'B' < 'a'", "'合格' > 'z'", "'𠮷' > '合'", "'ﬀ' < '𠮷'",
    "length('𠮷野')", "left('𠮷野', 1)", "right('𠮷野', 1)", "substring('𠮷野家', 2, 1)", "substring('abc', 0, 2)",
    "substring('abc', -5, 2)", "substring('abc', 2, -1)", "substring('abc', 9)", "left('abc', -1)", "right('abc', -1)",
    "substring('abc', i, j)",
    "left('abc', i)", "upper('ß')", "lower('É')", "upper('aé')", "trim('　 a　')", "trim(s)", "concat(null, 'a', 1.50)",
    "concat(0.0000000001, true, d, -0.10)", "null || 'a'", "contains('a', '')", "starts_with(s, 'a')",
    "ends_with('', '')",
    # days and moments: Beijing time, months' ends, before 1582
    "date(m)", "year(m)", "weekday(m)", "weekday(date('2026-11-22'))", "add_months(date('2024-01-31'), 1)",
    "add_months(date('2024-02-29'), 12)", "add_months(date('2023-02-28'), 1)", "add_days(date('1500-02-28'), 1)",
    "days_between(date('0001-01-01'), date('9999-12-31'))", "days_between(m, d)", "quarter(d)",
    "m >= '2026-02-01T08:00:00'", "date('1000-06-01') < d", "days_since(m)",
]  # fmt: skip
"""Where Spark, left to itself, would answer otherwise, with a message or without one."""


def test_edges_are_the_same_on_all_three(
    spark: Any, duck: duckdb.DuckDBPyConnection, facts: Path, rows: list[Row]
) -> None:
    expressions = [read(source) for source in EDGES]
    expected = [work_out(one, rows) for one in expressions]
    assert None not in expected
    compiled = on_spark(spark, list(map(render_spark, expressions)), COMPILED)
    sparks = on_spark(spark, list(map(render_spark, expressions)), INTERPRETED)
    ducks = on_duckdb(duck, list(map(render_duckdb, expressions)))
    for source, answer, *found in zip(EDGES, expected, compiled, sparks, ducks, strict=True):
        assert found == [answer] * 3, source


def test_generated_aggregates_are_the_same_on_all_three(
    spark: Any, duck: duckdb.DuckDBPyConnection, facts: Path, rows: list[Row]
) -> None:
    made, kinds = Aggregates(seed=20261125), set()
    for question in range(QUESTIONS):
        condition, asked = made.scalar("bool") if question else "true", []
        where = read_over(condition, ONE_ROW, "bool")
        while len(asked) < FOLDS:
            source, _ = made.case()
            value = read_over(source, OVER_ROWS)
            expected = in_python(value, where, rows)
            if expected is not None:
                asked.append((source, value, expected))
        values = [value for _, value, _ in asked]
        answers = fold_on_spark(spark, values, where, COMPILED if question == 1 else INTERPRETED)
        for (source, value, expected), found in zip(asked, answers, strict=True):
            assert found == expected, (source, condition)
            assert fold_on_duckdb(duck, value, where) == expected, (source, condition)
            kinds |= {kind for kind, _ in expected.values()}  # type: ignore[misc]
    assert kinds == {"int", "Decimal", "str", "bool", "date", "NoneType"}


def fold_on_spark(
    spark: Any, values: Sequence[Expression], where: Expression, way: dict[str, str]
) -> list[dict[Any, object]]:
    """Ask several values over the same facts at once, as the facts of a score are asked."""
    writer, order = SparkWriter(quote_for_spark), "named_struct('place', place)"
    folds = [render_folds(value, writer, order=order, shared={}, makers=SPARK_PARTS) for value in values]
    columns = ", ".join(
        f"{sql} AS c{number}_{at}" for number, one in enumerate(folds) for at, sql in enumerate(one.sql)
    )
    sql = f"SELECT whose, {columns} FROM facts WHERE ({render_spark(where)}) IS TRUE GROUP BY whose"
    found = ask(spark, sql, way)
    answers, start = [], 1
    for one in folds:
        end = start + len(one.sql)
        answers.append({row[0]: exactly(one.value(row[start:end])) for row in found})
        start = end
    return answers


def fold_on_duckdb(duck: duckdb.DuckDBPyConnection, value: Expression, where: Expression) -> dict[Any, object]:
    folds = render_folds(value, Writer(quote_path), order="place", shared={})
    columns = ", ".join(("whose", *folds.sql))
    sql = f"select {columns} from facts where ({render_duckdb(where)}) is true group by whose"
    return {row[0]: exactly(folds.value(row[1:])) for row in duck.execute(sql).fetchall()}


def test_every_function_in_duckdb_is_one_in_spark() -> None:
    assert set(CALLS) | SAME == {function.name for function in TABLE if function.sql}
    assert not set(CALLS) & SAME


def test_aggregates_are_those_of_duckdb() -> None:
    from zhangfa.expression.render_folds import PARTS

    assert set(SPARK_PARTS) == set(PARTS)


@pytest.mark.parametrize("source", ["ln(x)", "sqrt(y)", "exp(x)", "workdays_between(d, e)"])
def test_part_for_python_only_is_refused(source: str) -> None:
    with pytest.raises(Unrenderable):
        render_spark(read(source))
