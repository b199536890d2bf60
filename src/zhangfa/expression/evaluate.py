"""Works an expression out on one record, or on rows: SQL's three-valued logic, exact numbers, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.aggregate import fold
from zhangfa.expression.arithmetic import keep_range, negate, reckon, to_scale
from zhangfa.expression.expression import Expression
from zhangfa.expression.functions import FUNCTIONS
from zhangfa.expression.texts import is_like, keep_length

Row = Mapping[str, object]
NOTHING: Row = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Frame:
    """What names are read from: the values around, the row at hand, and all rows handed in."""

    values: Row
    row: Row = field(default_factory=lambda: NOTHING)
    rows: Sequence[Row] = ()


def evaluate(expression: Expression, values: Mapping[str, object]) -> object:
    """Return the value on one record: None, bool, int, Decimal, str, date, datetime …

    A missing name is NULL. Division by zero is NULL. Raises :class:`EvaluationError` only where a
    number reaches 10^18, a text 100 000 signs, or a date leaves the years 1 to 9999.
    """
    return work_out(expression.tree, Frame(values))


def evaluate_rows(
    expression: Expression, rows: Sequence[Mapping[str, object]], values: Mapping[str, object] = NOTHING
) -> object:
    """Return the value of an aggregate expression over rows; ``values`` are the scope's shared names."""
    return work_out(expression.tree, Frame(values, rows=rows))


def work_out(node: tree.Node, frame: Frame) -> Any:
    """Return the value of a part."""
    return WORKERS[type(node)](node, frame)


def _literal(node: tree.Literal, frame: Frame) -> object:
    return node.value


def _name(node: tree.Name, frame: Frame) -> object:
    value: Any = frame.row if node.row else frame.values
    for part in node.path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return _as_declared(value, node.type.kind, node.type.scale)


def _as_declared(value: Any, kind: str, scale: int) -> object:
    """Return a value as its type says; an empty list or no files at all is NULL."""
    if value is None or kind not in ("int", "decimal", "list", "files", "date"):
        return value
    if kind == "decimal":
        return to_scale(value, scale)
    if kind == "int":
        return keep_range(value)
    if kind == "date":
        return value.date() if isinstance(value, dt.datetime) else value
    return value or None


def _convert(node: tree.Convert, frame: Frame) -> object:
    value = work_out(node.operand, frame)
    return None if value is None else to_scale(value, node.type.scale)


def _negate(node: tree.Negate, frame: Frame) -> object:
    value = work_out(node.operand, frame)
    return None if value is None else negate(value)


def _arithmetic(node: tree.Arithmetic, frame: Frame) -> object:
    left, right = work_out(node.left, frame), work_out(node.right, frame)
    if left is None or right is None:
        return None
    whole = isinstance(left, int) and isinstance(right, int) and node.type.kind != "decimal"
    scale = None if whole else node.type.scale if node.type.kind == "decimal" else 10
    return reckon(node.operator, left, right, scale)


def _join(node: tree.Join, frame: Frame) -> object:
    parts = [work_out(part, frame) for part in node.parts]
    return None if None in parts else keep_length("".join(parts))


def _logic(node: tree.Logic, frame: Frame) -> bool | None:
    """``and`` is false as soon as one part is, ``or`` true; else NULL where one part is."""
    decisive, unknown = node.operator == "or", False
    for part in node.parts:
        value = work_out(part, frame)
        if value is decisive:
            return bool(value)
        unknown = unknown or value is None
    return None if unknown else not decisive


def _not(node: tree.Not, frame: Frame) -> bool | None:
    value = work_out(node.operand, frame)
    return None if value is None else not value


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right),
    "<>": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}


def _compare(node: tree.Compare, frame: Frame) -> bool | None:
    left, right = work_out(node.left, frame), work_out(node.right, frame)
    return None if left is None or right is None else COMPARISONS[node.operator](left, right)


def _between(node: tree.Between, frame: Frame) -> bool | None:
    value, low, high = (work_out(part, frame) for part in (node.operand, node.low, node.high))
    if value is None:
        return None
    above = None if low is None else bool(value >= low)
    below = None if high is None else bool(value <= high)
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def _in(node: tree.In, frame: Frame) -> bool | None:
    value = work_out(node.operand, frame)
    choices = [work_out(choice, frame) for choice in node.choices]
    if value is None:
        return None
    if any(choice is not None and choice == value for choice in choices):
        return True
    return None if None in choices else False


def _contains(node: tree.Contains, frame: Frame) -> bool | None:
    value, items = work_out(node.operand, frame), work_out(node.items, frame)
    return None if value is None or items is None else bool(value in items)


def _like(node: tree.Like, frame: Frame) -> bool | None:
    value = work_out(node.operand, frame)
    return None if value is None else is_like(value, node.pattern)


def _is(node: tree.Is, frame: Frame) -> bool:
    return work_out(node.operand, frame) is node.what


def _case(node: tree.Case, frame: Frame) -> object:
    operand = None if node.operand is None else work_out(node.operand, frame)
    for test, value in node.branches:
        found = work_out(test, frame)
        if found is True if node.operand is None else found is not None and found == operand:
            return work_out(value, frame)
    return work_out(node.otherwise, frame)


def _call(node: tree.Call, frame: Frame) -> object:
    function = FUNCTIONS[node.function]
    values = [work_out(argument, frame) for argument in node.arguments]
    values += [_as_declared(frame.values.get(name), "any", 0) for name in function.reads]
    if not function.nulls and None in values:
        return None
    result = function.apply(*values)
    return to_scale(result, node.type.scale) if isinstance(result, Decimal) and node.type.kind == "decimal" else result


def _fold(node: tree.Fold, frame: Frame) -> object:
    rows = frame.rows if node.table is None else work_out(node.table, frame) or ()
    if not node.arguments:
        return len(rows)
    values = [work_out(node.arguments[0], replace(frame, row=row)) for row in rows]
    result = fold(node.function, values, node.settings, distinct=node.distinct, where=node.where)
    return to_scale(result, node.type.scale) if isinstance(result, Decimal) and node.type.kind == "decimal" else result


WORKERS: dict[type[tree.Node], Callable[[Any, Frame], Any]] = {
    tree.Literal: _literal, tree.Name: _name, tree.Convert: _convert, tree.Negate: _negate,
    tree.Arithmetic: _arithmetic, tree.Join: _join, tree.Logic: _logic, tree.Not: _not,
    tree.Compare: _compare, tree.Between: _between, tree.In: _in, tree.Contains: _contains,
    tree.Like: _like, tree.Is: _is, tree.Case: _case, tree.Call: _call, tree.Fold: _fold,
}  # fmt: skip
