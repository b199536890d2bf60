"""The reference page says what the tables say: functions, aggregates, types and fault codes, with working examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhangfa.expression import (
    AGGREGATES,
    FUNCTIONS,
    Scope,
    bool_,
    choice,
    date_,
    datetime_,
    decimal_,
    files_,
    int_,
    list_,
    money_,
    parse_expression,
    record,
    table,
    text_,
)
from zhangfa.expression.aggregate import Aggregate
from zhangfa.expression.functions import Function
from zhangfa.expression.scope import WORDS
from zhangfa.expression.sentences import SENTENCES

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/expressions.md").read_text()
NAMES = {
    "mark": decimal_(1),
    "income": money_,
    "plan": money_,
    "jobs": int_,
    "stars": int_,
    "kind": choice(["industry", "finance"]),
    "verdict": choice(["pass", "fail"]),
    "topics": list_(["law", "health"]),
    "content": text_,
    "code": text_,
    "name": text_,
    "grade": text_,
    "phone": text_,
    "photos": files_,
    "happened": date_,
    "from_on": date_,
    "closed_on": date_,
    "today": date_,
    "opened": datetime_,
    "starts": datetime_,
    "ends": datetime_,
    "courtyard": record({"state": choice(["built", "model"])}),
    "items": table({"mark": int_, "agreed": bool_, "objection": text_}),
}
RECORD = Scope(NAMES)
ROWS = Scope(NAMES, aggregates=True, shared={"items": NAMES["items"], "today": date_, "bar": int_})


def function_row(function: Function) -> str:
    takes = ", ".join(function.takes).replace("*", " …")
    return f"| `{function.name}({takes})` | {function.zh} | {function.en} | `{function.example}` |"


def aggregate_row(aggregate: Aggregate) -> str:
    return f"| `{aggregate.name}` | {aggregate.zh} | {aggregate.en} | `{aggregate.example}` |"


def faults_of(source: str, scope: Scope) -> list[str]:
    return [fault.code for fault in parse_expression(source, scope)[1]]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_function_stands_in_the_reference_with_a_working_example(function: Function) -> None:
    assert function_row(function) in PAGE
    assert faults_of(function.example, RECORD) == []


@pytest.mark.parametrize("aggregate", AGGREGATES.values(), ids=lambda aggregate: aggregate.name)
def test_aggregate_stands_in_the_reference_with_a_working_example(aggregate: Aggregate) -> None:
    assert aggregate_row(aggregate) in PAGE
    assert faults_of(aggregate.example, ROWS) == []


def test_reference_names_no_function_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `(\w+)\(", PAGE, flags=re.M)) | set(
        re.findall(r"^\| `(\w+)` \| .* \| `\1\(", PAGE, flags=re.M)
    )
    assert documented == set(FUNCTIONS) | set(AGGREGATES)


def test_every_type_stands_in_the_reference() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \| \S+ \| .*\|$", PAGE, flags=re.M))
    assert set(WORDS) - {"null", "any"} <= documented


CODE_ROWS = re.findall(r"^\| (E1\d\d) \| .* \| `(.+)`(?: \((rows)\))? \|$", PAGE, flags=re.M)


def test_every_fault_code_stands_in_the_reference() -> None:
    assert {code for code, _, _ in CODE_ROWS} | {"E101", "E103"} == {said.code for said in SENTENCES.values()}
    assert all(f"| {said.code} |" in PAGE for said in SENTENCES.values())


@pytest.mark.parametrize(("code", "example", "rows"), CODE_ROWS)
def test_example_of_a_fault_code_has_that_fault(code: str, example: str, rows: str) -> None:
    source = example.encode().decode("unicode_escape") if "\\u" in example else example
    scope = ROWS if rows else Scope(NAMES, functions=frozenset({"round", "date"})) if code == "E123" else RECORD
    wants = "bool" if code == "E116" else None
    _, faults = parse_expression(source.strip("␣"), scope, wants=wants)
    assert code in [fault.code for fault in faults]
    assert all(fault.zh and fault.en for fault in faults)
