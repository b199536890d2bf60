"""Every expression of the first charters is read and gives the value a clerk would expect."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from decimal import Decimal

import pytest

from zhangfa.expression import (
    Scope,
    bool_,
    choice,
    date_,
    datetime_,
    decimal_,
    evaluate,
    evaluate_rows,
    files_,
    int_,
    money_,
    parse_expression,
    person_,
    record,
    table,
    text_,
)

SCOPE = Scope(
    {
        "mark": int_,
        "standard": table({"mark": int_}),
        "courtyard": record({"state": choice(["applied", "built", "model"])}),
        "goods": record({"price": int_}),
        "count": int_,
        "cost": int_,
        "grade": choice(["major", "notable", "common"]),
        "sign": choice(["positive", "negative"]),
        "items": table({"content": text_, "agreed": bool_, "objection": text_}),
        "topic": record({"lecturer": person_}),
        "kind": choice(["industry", "finance"]),
        "plan": files_,
        "invested": money_,
        "progress": decimal_(2),
        "state": choice(["drafted", "on-offer"]),
        "jobs_owed": int_,
        "jobs": int_,
        "opened": datetime_,
        "last_step": datetime_,
        "reopened": int_,
        "today": date_,
        "total": decimal_(1),
        "draw": int_,
        "step": text_,
        "register": text_,
    }
)
VALUES = {
    "mark": 92,
    "standard": [{"mark": 20}, {"mark": 15}, {"mark": None}],
    "courtyard": {"state": "built"},
    "goods": {"price": 3},
    "count": 4,
    "grade": "major",
    "sign": "negative",
    "items": [
        {"content": "公章", "agreed": True, "objection": None},
        {"content": "账簿", "agreed": None, "objection": "缺一册"},
    ],
    "topic": {"lecturer": 7},
    "kind": "industry",
    "plan": [],
    "invested": Decimal("120000.01"),
    "progress": Decimal("1"),
    "state": "on-offer",
    "jobs_owed": 3,
    "jobs": None,
    "opened": dt.datetime(2026, 11, 1, 17, tzinfo=dt.UTC),
    "last_step": dt.datetime(2026, 11, 1, 15, tzinfo=dt.UTC),
    "reopened": 1,
    "today": dt.date(2026, 11, 22),
    "total": Decimal("95.0"),
    "step": "resolve",
    "register": "request",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("sum(standard.mark)", 35),
        ("mark >= 80", True),
        ("case when mark >= 90 then 20 when mark >= 80 then 10 else 0 end", 20),
        ("goods.price * count", 12),
        ("courtyard.state in ('built', 'model')", True),
        (
            "case grade when 'major' then 5 when 'notable' then 3 else 1 end * "
            "case sign when 'positive' then 1 else -1 end",
            -5,
        ),
        ("every(items, content is not null)", True),
        ("every(items, agreed)", False),
        ("any(items, objection is not null)", True),
        ("count(items, objection is not null)", 1),
        ("ceil(invested / case kind when 'industry' then 50000 else 100000 end)", 3),
        ("plan is not null", False),
        ("progress = 1", True),
        ("state = 'on-offer'", True),
        ("jobs_owed - jobs", None),
        ("days_since(last_step)", 21),
        ("days_since(opened)", 20),
        ("total >= 95", True),
        ("draw is not null", False),
        ("case when reopened > 0 then 1 else 0 end", 1),
        ("register = 'request' and step = 'resolve'", True),
        ("topic.lecturer", 7),
    ],
)
def test_expression_of_a_draft_gives_its_value(source: str, expected: object) -> None:
    expression, faults = parse_expression(source, SCOPE)
    assert faults == ()
    assert expression is not None
    assert evaluate(expression, VALUES) == expected


PANEL = Scope({"mark": decimal_(1), "verdict": choice(["pass", "fail"])}, aggregates=True, shared={"bar": int_})
SHEETS = [
    {"mark": Decimal("8.5"), "verdict": "pass"},
    {"mark": Decimal("7"), "verdict": "fail"},
    {"mark": Decimal("9.0"), "verdict": "pass"},
]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("case when trimmed_mean(mark, 0) >= 8 then 'on-offer' else 'drafted' end", "on-offer"),
        ("case when share(verdict = 'pass') >= 2/3 then 'in-library' else 'rejected' end", "in-library"),
        ("trimmed_mean(mark, 1)", Decimal("8.5")),
        ("count(*)", 3),
        ("count(distinct verdict)", 2),
        ("avg(case when mark > bar then 1 else 0 end)", Decimal("0.6666666667")),
    ],
)
def test_decision_of_a_panel_gives_its_value(source: str, expected: object) -> None:
    expression, faults = parse_expression(source, PANEL)
    assert faults == ()
    assert expression is not None
    assert evaluate_rows(expression, SHEETS, {"bar": 8}) == expected


def test_expression_survives_pickle_and_deepcopy() -> None:
    expression, _ = parse_expression("mark >= 80 and courtyard.state = 'built'", SCOPE)
    assert expression is not None
    for copied in (pickle.loads(pickle.dumps(expression)), copy.deepcopy(expression)):
        assert copied == expression
        assert evaluate(copied, VALUES) is True
    assert expression.names == frozenset({"mark", "courtyard"})
    assert expression.type == "bool"
