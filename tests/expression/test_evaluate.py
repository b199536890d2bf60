from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from tests.expression.generator import SCOPE

from zhangfa.expression import (
    EvaluationError,
    Scope,
    decimal_,
    evaluate,
    evaluate_rows,
    int_,
    parse_expression,
    table,
    text_,
)


def value_of(source: str, values: Mapping[str, object] | None = None, scope: Scope = SCOPE) -> object:
    expression, faults = parse_expression(source, scope)
    assert expression is not None, faults
    return evaluate(expression, values or {})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("p and false", False),
        ("p or true", True),
        ("p and true", None),
        ("not p", None),
        ("p is null", True),
        ("p is not true", True),
        ("i = i", None),
        ("i in (1, 2)", None),
        ("1 in (2, i)", None),
        ("1 in (1, i)", True),
        ("i between 1 and 2", None),
        ("3 between i and 2", False),
        ("s || 'a'", None),
        ("concat(s, 'a')", "a"),
        ("case when p then 1 else 2 end", 2),
        ("tags is null", True),
        ("size(tags)", 0),
        ("'pass' in tags", None),
    ],
)
def test_null_follows_three_valued_logic(source: str, expected: object) -> None:
    found = value_of(source, {"tags": []})
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("2 / 3", "0.6666666667"),
        ("1 / 8", "0.1250000000"),
        ("0.0000000001 / 2", "0E-10"),
        ("0.0000000003 / 2", "2E-10"),
        ("round(2.345, 2)", "2.35"),
        ("round(-2.345, 2)", "-2.35"),
        ("round(123456.5, -4)", "120000"),
        ("0.1 + 0.2", "0.3"),
        ("1.10 * 1.10", "1.2100"),
        ("exp(1)", "2.718282"),
        ("ln(10)", "2.302585"),
        ("sqrt(2)", "1.414214"),
        ("ln(0)", "None"),
        ("sqrt(-1)", "None"),
        ("1 / 0", "None"),
        ("5 % 0", "None"),
        ("-7 % 3", "-1"),
    ],
)
def test_number_is_exact(source: str, expected: str) -> None:
    assert str(value_of(source)) == expected


def test_value_has_the_decimals_its_field_declares() -> None:
    assert str(value_of("x", {"x": Decimal("12")})) == "12.00"
    with pytest.raises(EvaluationError):
        value_of("i", {"i": 10**18})


def test_moment_counts_as_its_day_in_beijing() -> None:
    evening = dt.datetime(2026, 12, 31, 16, 30, tzinfo=dt.UTC)
    assert value_of("date(m)", {"m": evening}) == dt.date(2027, 1, 1)
    assert value_of("days_since(m)", {"m": evening, "today": dt.date(2027, 1, 11)}) == 10
    assert value_of("m >= '2027-01-01'", {"m": evening}) is True


class EveryDay:
    def workdays_between(self, a: dt.date, b: dt.date, /) -> int:
        return (b - a).days


def test_working_days_come_from_the_calendar_handed_in() -> None:
    values: dict[str, object] = {"d": dt.date(2026, 5, 1), "e": dt.date(2026, 5, 8), "__calendar__": EveryDay()}
    assert value_of("workdays_between(d, e)", values) == 7


ITEMS = Scope({"items": table({"n": int_, "x": decimal_(1), "s": text_})})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("every(items, n > 0)", False),
        ("any(items, n > 2)", True),
        ("count(items)", 3),
        ("count(items, n > 0)", 2),
        ("count(items.n)", 2),
        ("sum(items.n)", 4),
        ("sum(items, n * 2)", 8),
        ("avg(items.n)", Decimal(2)),
        ("share(items, n > 0)", Decimal("0.6666666667")),
        ("max(items.x)", Decimal("2.5")),
        ("first(items.s)", "a"),
        ("last(items.s)", None),
        ("median(items.x)", Decimal("1.5")),
    ],
)
def test_table_field_is_folded_by_row(source: str, expected: object) -> None:
    rows = [{"n": 1, "x": Decimal("2.5"), "s": "a"}, {"n": 3, "x": Decimal("0.5"), "s": "b"}, {"n": None, "s": None}]
    assert value_of(source, {"items": rows}, ITEMS) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("every(items, n > 0)", True),
        ("any(items, n > 0)", False),
        ("count(items)", 0),
        ("sum(items.n)", None),
        ("share(items, n > 0)", None),
    ],
)
def test_empty_table_folds_to_its_neutral_value(source: str, expected: object) -> None:
    for values in ({"items": None}, {"items": []}, {}):
        found = value_of(source, values, ITEMS)
        assert (type(found), found) == (type(expected), expected)


SHEETS = Scope({"mark": decimal_(1)}, aggregates=True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("trimmed_mean(mark, 1)", "8.0000000000"),
        ("trimmed_mean(mark, 2)", "8.0000000000"),
        ("trimmed_mean(mark, 3)", "None"),
        ("quantile(mark, 0)", "2.0"),
        ("quantile(mark, 0.5)", "8.0"),
        ("quantile(mark, 0.8)", "9.0"),
        ("quantile(mark, 1)", "10.0"),
        ("median(mark)", "8.0000000000"),
        ("max(mark) - min(mark)", "8.0"),
        ("count(mark)", "5"),
        ("count(*)", "6"),
        ("count(distinct mark)", "5"),
        ("share(mark > 7)", "0.5000000000"),
    ],
)
def test_rows_are_aggregated(source: str, expected: str) -> None:
    expression, faults = parse_expression(source, SHEETS)
    assert expression is not None, faults
    rows = [{"mark": mark and Decimal(mark)} for mark in ("10", "7", "8", "9", "2", None)]
    assert str(evaluate_rows(expression, rows)) == expected
