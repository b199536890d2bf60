"""Checks aggregates: over the rows of a table field, or over the rows at hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.aggregate import Aggregate
from zhangfa.expression.check import Checker
from zhangfa.expression.scope import MAX_SCALE, NameType, bool_, decimal_, int_

TAKEN = {"condition": "bool", "number": "number", "measure": "summed", "ordered": "ordered"}
GIVEN = {"int": int_, "bool": bool_, "quotient": decimal_(MAX_SCALE)}
SETTINGS = {
    "quantile": ("0到1之间的数", "a number from 0 to 1"),
    "trimmed_mean": ("不小于0的整数", "a whole number from 0 on"),
}
MOST_TRIMMED = 1000


def check_fold(checker: Checker, node: Any, aggregate: Aggregate) -> tree.Node | None:
    """Return ``f(items, x)``, ``f(items.x)``, ``f(items)`` or, over rows, ``f(x)``."""
    if checker.row is not None:
        checker.fault("nested_fold", node, name=aggregate.name)
        return None
    arguments, distinct = list(node.expressions), False
    if len(arguments) == 1 and arguments[0].key == "distinct":
        arguments, distinct = list(arguments[0].expressions), True
    table = _take_table(checker, arguments)
    if table is None and not checker.scope.aggregates:
        _note_no_rows(checker, node, aggregate)
        return None
    checker.row = dict(table.type.members) if table else checker.scope.names
    try:
        return _fold_rows(checker, node, aggregate, table, arguments, distinct)
    finally:
        checker.row = None


def _take_table(checker: Checker, arguments: list[Any]) -> tree.Name | None:
    """Return the table folded and take it off the arguments."""
    if not arguments or arguments[0].key != "column":
        return None
    parts = [part.name for part in arguments[0].parts]
    found = checker.around.get(parts[0])
    if found is None or found.kind != "table" or len(parts) > 2:
        return None
    checker.names.add(parts[0])
    if len(parts) == 1:
        arguments.pop(0)
    else:
        arguments[0] = _column_only(arguments[0])
    return tree.Name(found, (parts[0],))


def _column_only(node: Any) -> Any:
    column = node.copy()
    column.set("table", None)
    return column


def _note_no_rows(checker: Checker, node: Any, aggregate: Aggregate) -> None:
    tables = [name for name, found in checker.scope.names.items() if found.kind == "table"]
    checker.fault("no_rows", node, name=aggregate.name, table=tables[0] if tables else "items")


def _fold_rows(
    checker: Checker, node: Any, aggregate: Aggregate, table: tree.Name | None, arguments: list[Any], distinct: bool
) -> tree.Node | None:
    starred = len(arguments) == 1 and arguments[0].key == "star"
    if aggregate.name == "count" and not distinct and (starred or (table and not arguments)):
        return tree.Fold(int_, "count", table, ())
    if len(arguments) != 1 + aggregate.settings:
        checker.fault("arguments", node, name=aggregate.name, example=aggregate.example)
        return None
    where = aggregate.name == "count" and table is not None and len(node.expressions) > 1
    kind = "bool" if where else TAKEN.get(aggregate.takes, "")
    part = checker.want(arguments[0], kind) if kind else checker.check(arguments[0])
    settings = tuple(_setting(checker, setting, aggregate) for setting in arguments[1:])
    if part is None or None in settings:
        return None
    return tree.Fold(_given(aggregate, part.type), aggregate.name, table, (part,), settings, distinct, where)


def _given(aggregate: Aggregate, found: NameType) -> NameType:
    return found if aggregate.gives == "first" else GIVEN[aggregate.gives]


def _setting(checker: Checker, node: Any, aggregate: Aggregate) -> object:
    part = checker.check(node)
    value = part.value if isinstance(part, tree.Literal) else None
    if aggregate.name == "quantile" and isinstance(value, int | Decimal) and 0 <= value <= 1:
        return Decimal(value)
    if aggregate.name == "trimmed_mean" and type(value) is int and 0 <= value <= MOST_TRIMMED:
        return value
    checker.fault("bad_setting", node, name=aggregate.name, wanted=SETTINGS[aggregate.name])
    return None
