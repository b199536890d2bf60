"""Checks calls of scalar functions; aggregates go to :mod:`~zhangfa.expression.folds`."""

from __future__ import annotations

from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.aggregate import AGGREGATES
from zhangfa.expression.check import Checker, Parts
from zhangfa.expression.folds import check_fold
from zhangfa.expression.functions import FUNCTIONS, Function
from zhangfa.expression.powers import POWER_SCALE
from zhangfa.expression.scope import CALENDAR, MAX_SCALE, NameType, bool_, date_, decimal_, int_, text_
from zhangfa.expression.sentences import suggest
from zhangfa.expression.unify import MOMENTS, converted, fits, kind_words, read_moment, unify

PLAIN = {"int": int_, "text": text_, "bool": bool_, "date": date_, "power": decimal_(POWER_SCALE)}
LEAST_PLACES = -17


def check_call(checker: Checker, node: Any) -> tree.Node | None:
    """Return the call as a scalar call or a fold, or ``None`` with faults noted."""
    name = str(node.this).lower()
    if name in AGGREGATES:
        return check_fold(checker, node, AGGREGATES[name])
    if name not in FUNCTIONS:
        checker.fault("unknown_function", node, name=name[:40], hint=suggest(name, [*FUNCTIONS, *AGGREGATES]))
        return None
    if checker.scope.functions is not None and name not in checker.scope.functions:
        checker.fault("not_here", node, name=name)
        return None
    return _check_scalar(checker, node, FUNCTIONS[name])


def _check_scalar(checker: Checker, node: Any, function: Function) -> tree.Node | None:
    count = len(node.expressions)
    if count < function.least or (function.most is not None and count > function.most):
        checker.fault("arguments", node, name=function.name, example=function.example)
        return None
    kinds = [function.takes[min(at, len(function.takes) - 1)].rstrip("?*") for at in range(count)]
    found = [_argument(checker, part, kind) for part, kind in zip(node.expressions, kinds, strict=True)]
    held = tuple(part for part in found if part is not None)
    if len(held) < count or not _reads_known(checker, node, function):
        return None
    return _typed_call(checker, node, function, held)


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
    value = part.value if isinstance(part, tree.Literal) else None
    if part is None or (type(value) is int and LEAST_PLACES <= value <= MAX_SCALE):
        return part
    checker.fault("not_fixed", node)
    return None


def _day_literal(checker: Checker, node: Any) -> tree.Node | None:
    moment = read_moment(node.this, date_)
    if isinstance(moment, tree.Literal):
        return moment
    checker.fault("bad_moment", node, shown=node.this[:30], kind=kind_words("date"), shape="'2026-11-22'")
    return None


def _reads_known(checker: Checker, node: Any, function: Function) -> bool:
    for name in function.reads:
        if name != CALENDAR and name not in checker.around:
            checker.fault("not_known_here", node, name=function.name, reads=name)
            return False
        checker.names.add(name)
    return True


def _typed_call(checker: Checker, node: Any, function: Function, held: Parts) -> tree.Node | None:
    if function.gives == "rounded":
        return _round_call(function, held)
    if function.gives == "same":
        return _same_call(checker, node, function, held)
    found = held[0].type if function.gives == "first" else PLAIN[function.gives]
    return tree.Call(found, function.name, held)


def _round_call(function: Function, held: Parts) -> tree.Node:
    second = held[1].value if len(held) > 1 and isinstance(held[1], tree.Literal) else 0
    places, found = second if isinstance(second, int) else 0, held[0].type
    if found.kind == "decimal":
        found = decimal_(min(max(places, 0), found.scale))
    return tree.Call(found, function.name, (held[0], tree.Literal(int_, places)))


def _same_call(checker: Checker, node: Any, function: Function, held: Parts) -> tree.Node | None:
    held = _with_moments(held)
    common = unify([part.type for part in held])
    ordered = function.name in ("least", "greatest")
    if common is not None and (not ordered or fits(common, "ordered")):
        return tree.Call(common, function.name, tuple(converted(part, common) for part in held))
    words = [kind_words(part.type.kind) for part in held]
    kinds = ("、".join(zh for zh, _ in words), ", ".join(en for _, en in words))
    checker.fault("mixed", node, name=function.name, kinds=kinds)
    return None


def _with_moments(held: Parts) -> Parts:
    """Read quoted dates as dates where another argument is one."""
    wanted = next((part.type for part in held if part.type.kind in MOMENTS), None)
    return held if wanted is None else tuple(_as_moment(part, wanted) for part in held)


def _as_moment(part: tree.Node, wanted: NameType) -> tree.Node:
    if not (isinstance(part, tree.Literal) and isinstance(part.value, str)):
        return part
    moment = read_moment(part.value, wanted)
    return moment if isinstance(moment, tree.Node) else part
