"""The one small language of conditions, computed fields and indicators: a subset of SQL."""

from __future__ import annotations

from zhangfa.expression.aggregate import AGGREGATES
from zhangfa.expression.describe import Words, describe
from zhangfa.expression.evaluate import evaluate, evaluate_rows
from zhangfa.expression.expression import Expression
from zhangfa.expression.faults import EvaluationError, Fault
from zhangfa.expression.functions import ALLOWED, FUNCTIONS
from zhangfa.expression.parse import parse_expression
from zhangfa.expression.scope import (
    CALENDAR,
    TODAY,
    NameType,
    Scope,
    Type,
    any_,
    bool_,
    choice,
    date_,
    datetime_,
    decimal_,
    files_,
    int_,
    list_,
    money_,
    person_,
    point_,
    record,
    table,
    text_,
    time_,
    unit_,
)

__all__ = [
    "AGGREGATES", "ALLOWED", "CALENDAR", "FUNCTIONS", "TODAY", "EvaluationError", "Expression", "Fault", "NameType",
    "Scope", "Type", "Words", "any_", "bool_", "choice", "date_", "datetime_", "decimal_", "describe", "evaluate",
    "evaluate_rows",
    "files_", "int_", "list_", "money_", "parse_expression", "person_", "point_", "record", "table", "text_", "time_",
    "unit_",
]  # fmt: skip
