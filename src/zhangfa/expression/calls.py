"""Checks calls: scalar functions, aggregates over rows, aggregates over a table field."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhangfa.expression import tree
from zhangfa.expression.aggregate import AGGREGATES, Aggregate
from zhangfa.expression.faults import suggest
from zhangfa.expression.functions import FUNCTIONS, Function
from zhangfa.expression.powers import POWER_SCALE
from zhangfa.expression.scope import CALENDAR, MAX_SCALE, NameType, bool_, date_, decimal_, int_, text_
from zhangfa.expression.unify import MOMENTS, converted, fits, kind_words, read_moment, unify

if TYPE_CHECKING:
    from zhangfa.expression.check import Checker

PLAIN = {"int": int_, "text": text_, "bool": bool_, "date": date_}


def check_call(checker: Checker, node: Any) -> tree.Node | None:
    """Return the call as a scalar call or a fold, or ``None`` with faults noted."""
    name = str(node.this).lower()
    if name in AGGREGATES:
        return _check_fold(checker, node, AGGREGATES[name])
    if name not in FUNCTIONS:
        hint = suggest(name, [*FUNCTIONS, *AGGREGATES])
        return checker.fault("E111", node, f"没有函数 `{name[:40]}`", f"There is no function `{name[:40]}`", hint)
    if checker.scope.functions is not None and name not in checker.scope.functions:
        return checker.fault("E123", node, f"这里不能用函数 `{name}`", f"The function `{name}` is not available here")
    return _check_scalar(checker, node, FUNCTIONS[name])


def _check_scalar(checker: Checker, node: Any, function: Function) -> tree.Node | None:
    count = len(node.expressions)
    if count < function.least or (function.most is not None and count > function.most):
        return _wrong_count(checker, node, function)
    kinds = [function.takes[min(at, len(function.takes) - 1)].rstrip("?*") for at in range(count)]
    found = [_argument(checker, part, kind) for part, kind in zip(node.expressions, kinds, strict=True)]
    held = tuple(part for part in found if part is not None)
    if len(held) < count or not _read_reserved(checker, node, function):
        return None
    return _typed_call(checker, node, function, held)


def _wrong_count(checker: Checker, node: Any, function: Function) -> None:
    shown = f"{function.name}({', '.join(function.takes)})"
    return checker.fault("E112", node, f"`{function.name}` 的参数个数不对", f"`{function.name}` has the wrong number of arguments",
                         (f"应为 {shown}，例如 {function.example}", f"It is {shown}, such as {function.example}"))  # fmt: skip


def _argument(checker: Checker, node: Any, kind: str) -> tree.Node | None:
    if kind == "same":
        return checker.check(node)
    if kind == "fixed":
        return _fixed(checker, node)
    if kind == "day" and node.key == "literal" and node.is_string:
        return _day_literal(checker, node)
    return checker.want(node, kind)


def _fixed(checker: Checker, node: Any) -> tree.Node | None:
    part = checker.check(node)
    if part is None or (isinstance(part, tree.Literal) and isinstance(part.value, int) and -18 < part.value <= MAX_SCALE):
        return part
    return checker.fault("E113", node, "这里须直接写一个整数（最大10）", "Here a whole number is written down (at most 10)")


def _day_literal(checker: Checker, node: Any) -> tree.Node | None:
    moment = read_moment(node.this, date_)
    if isinstance(moment, tree.Literal):
        return moment
    return checker.fault(moment.code, node, moment.zh, moment.en, (moment.hint_zh, moment.hint_en))


def _read_reserved(checker: Checker, node: Any, function: Function) -> bool:
    scope = checker.scope
    for name in function.reads:
        known = {**({} if scope.aggregates else scope.names), **scope.shared}
        if name != CALENDAR and name not in known:
            checker.fault("E123", node, f"`{function.name}` 需要 `{name}`，这里没有", f"`{function.name}` needs `{name}`, which is not known here")
            return False
        checker.names.add(name)
    return True


def _typed_call(checker: Checker, node: Any, function: Function, held: tuple[tree.Node, ...]) -> tree.Node | None:
    if function.gives == "rounded":
        places = held[1].value if len(held) > 1 and isinstance(held[1], tree.Literal) else 0
        held = (held[0], tree.Literal(int_, places))
        return tree.Call(_rounded(held[0].type, int(str(places))), function.name, held)
    if function.gives != "same":
        found = held[0].type if function.gives == "first" else PLAIN.get(function.gives, decimal_(POWER_SCALE))
        return tree.Call(found, function.name, held)
    held = _read_moments(held)
    common = unify([part.type for part in held])
    if common is None or not fits(common, "ordered" if function.name in ("least", "greatest") else common.kind):
        return checker.fault("E124", node, f"`{function.name}` 的参数类型不一致或不能比较", f"The arguments of `{function.name}` have no one type")
    return tree.Call(common, function.name, tuple(converted(part, common) for part in held))


def _read_moments(held: tuple[tree.Node, ...]) -> tuple[tree.Node, ...]:
    """Read quoted dates as dates where another argument is one."""
    wanted = next((part.type for part in held if part.type.kind in MOMENTS), None)
    if wanted is None:
        return held
    read = [read_moment(part.value, wanted) if isinstance(part, tree.Literal) and isinstance(part.value, str) else part for part in held]
    return tuple(new if isinstance(new, tree.Node) else old for new, old in zip(read, held, strict=True))


def _rounded(found: NameType, places: int) -> NameType:
    return decimal_(min(max(places, 0), found.scale)) if found.kind == "decimal" else found


def _check_fold(checker: Checker, node: Any, aggregate: Aggregate) -> tree.Node | None:
    if checker.row is not None:
        return checker.fault("E119", node, f"`{aggregate.name}` 不能放在另一个汇总函数里", f"`{aggregate.name}` cannot stand inside another aggregate")
    arguments, distinct = list(node.expressions), False
    if len(arguments) == 1 and arguments[0].key == "distinct":
        arguments, distinct = list(arguments[0].expressions), True
    table = _table_of(checker, arguments)
    if table is None and not checker.scope.aggregates:
        return _no_rows(checker, node, aggregate)
    settings = [arguments.pop() for _ in range(aggregate.settings) if len(arguments) > 1]
    checker.row = dict(table.type.members) if table else checker.scope.names
    try:
        return _fold_rows(checker, node, aggregate, table, arguments, settings, distinct)
    finally:
        checker.row = None


def _table_of(checker: Checker, arguments: list[Any]) -> tree.Name | None:
    """Return the table folded, taking it off the arguments: ``f(items, x)``, ``f(items.x)``, ``f(items)``."""
    scope = checker.scope
    known = {**({} if scope.aggregates else scope.names), **scope.shared}
    if not arguments or arguments[0].key != "column":
        return None
    parts = arguments[0].parts
    found = known.get(parts[0].name)
    if found is None or found.kind != "table" or len(parts) > 2:
        return None
    checker.names.add(parts[0].name)
    if len(parts) == 1:
        arguments.pop(0)
    else:
        arguments[0].set("table", None)
    return tree.Name(found, (parts[0].name,))


def _no_rows(checker: Checker, node: Any, aggregate: Aggregate) -> None:
    tables = [name for name, found in checker.scope.names.items() if found.kind == "table"]
    example = f"{aggregate.name}({tables[0] if tables else 'items'}.…)"
    return checker.fault("E118", node, f"这里只有一条记录，`{aggregate.name}` 只能用于表格字段", f"There is one record here: `{aggregate.name}` works on a table field only",
                         (f"例如 {example}；数多选或附件用 size(…)", f"Such as {example}; size(…) counts a list or files"))  # fmt: skip


def _fold_rows(checker: Checker, node: Any, aggregate: Aggregate, table: tree.Name | None, arguments: list[Any], settings: list[Any],
               distinct: bool) -> tree.Node | None:  # fmt: skip
    if aggregate.name == "count" and (not arguments and table or (len(arguments) == 1 and arguments[0].key == "star")):
        return tree.Fold(int_, "count", table, ())
    if len(arguments) != 1 or len(settings) != aggregate.settings:
        return checker.fault("E112", node, f"`{aggregate.name}` 的参数个数不对", f"`{aggregate.name}` has the wrong number of arguments",
                             (f"例如 {aggregate.example}", f"Such as {aggregate.example}"))  # fmt: skip
    counted = aggregate.name == "count" and table is not None and len(node.expressions) > 1
    part = checker.want(arguments[0], "bool") if counted else _folded(checker, arguments[0], aggregate)
    fixed = tuple(_setting(checker, setting, aggregate) for setting in settings)
    if part is None or None in fixed:
        return None
    return tree.Fold(_gives(aggregate, part.type), aggregate.name, table, (part,), fixed, distinct, counted)


def _folded(checker: Checker, node: Any, aggregate: Aggregate) -> tree.Node | None:
    kinds = {"condition": "bool", "number": "summed" if aggregate.name == "avg" else "number", "ordered": "ordered"}
    return checker.want(node, kinds[aggregate.takes]) if aggregate.takes in kinds else checker.check(node)


def _gives(aggregate: Aggregate, found: NameType) -> NameType:
    if aggregate.gives == "first":
        return found
    return {"int": int_, "bool": bool_}.get(aggregate.gives, decimal_(MAX_SCALE))


def _setting(checker: Checker, node: Any, aggregate: Aggregate) -> object:
    part = checker.check(node)
    value = part.value if isinstance(part, tree.Literal) else None
    if aggregate.name == "quantile" and isinstance(value, int | Decimal) and 0 <= value <= 1:
        return Decimal(value)
    if aggregate.name == "trimmed_mean" and isinstance(value, int) and 0 <= value <= 1000:
        return value
    zh, en = ("0到1之间的数", "a number from 0 to 1") if aggregate.name == "quantile" else ("不小于0的整数", "a whole number from 0 on")
    return checker.fault("E113", node, f"`{aggregate.name}` 的第二个参数须直接写{zh}", f"The second argument of `{aggregate.name}` is {en}, written down")
