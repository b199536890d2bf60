"""The constructs of the language: for each node of sqlglot's that is allowed, how it becomes ours."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.arithmetic import LIMIT, negate
from zhangfa.expression.calls import check_call
from zhangfa.expression.check import Checker, Handler, Parts
from zhangfa.expression.names import check_name
from zhangfa.expression.scope import MAX_SCALE, NameType, any_, bool_, decimal_, int_, null_, text_
from zhangfa.expression.unify import converted, kind_words, unify

NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
MAX_PATTERN = 100
COMPARISONS = {"eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}


def spine(node: Any) -> list[Any]:
    """Return the parts of ``a and b and c`` in order, without recursion."""
    key, parts = node.key, []
    while node.key == key:
        parts.append(node.expression)
        node = node.this
    return [node, *reversed(parts)]


def _literal(checker: Checker, node: Any) -> tree.Node | None:
    if node.is_string:
        return tree.Literal(text_, node.this)
    digits = NUMBER.fullmatch(node.this)
    if digits is None or len(digits[2] or "") > MAX_SCALE or int(digits[1]) >= LIMIT:
        checker.fault("bad_number", node, shown=node.this[:40])
        return None
    if digits[2]:
        return tree.Literal(decimal_(len(digits[2])), Decimal(node.this))
    return tree.Literal(int_, int(node.this))


def _logic(checker: Checker, node: Any) -> tree.Node | None:
    parts = checker.all_of(spine(node), "bool")
    return tree.Logic(bool_, node.key, parts) if parts else None


def _join(checker: Checker, node: Any) -> tree.Node | None:
    parts = checker.all_of(spine(node), "text")
    return tree.Join(text_, parts) if parts else None


def _not(checker: Checker, node: Any) -> tree.Node | None:
    operand = checker.want(node.this, "bool")
    return operand and tree.Not(bool_, operand)


def _negate(checker: Checker, node: Any) -> tree.Node | None:
    operand = checker.want(node.this, "number")
    if isinstance(operand, tree.Literal) and isinstance(operand.value, int | Decimal):
        return tree.Literal(operand.type, negate(operand.value))
    return operand and tree.Negate(operand.type, operand)


def _arithmetic(checker: Checker, node: Any) -> tree.Node | None:
    left, right = checker.want(node.this, "number"), checker.want(node.expression, "number")
    if left is None or right is None:
        return None
    operator = ARITHMETIC[node.key]
    return tree.Arithmetic(_result(operator, left.type, right.type), operator, left, right)


def _result(operator: str, left: NameType, right: NameType) -> NameType:
    if operator == "/":
        return decimal_(MAX_SCALE)
    if "any" in (left.kind, right.kind):
        return any_
    if "decimal" not in (left.kind, right.kind):
        return int_
    return decimal_(min(left.scale + right.scale, MAX_SCALE) if operator == "*" else max(left.scale, right.scale))


def _comparison(checker: Checker, node: Any) -> tree.Node | None:
    left, right = checker.check(node.this), checker.check(node.expression)
    if left is None or right is None:
        return None
    sides = checker.compare(COMPARISONS[node.key], left, right, node)
    return sides and tree.Compare(bool_, COMPARISONS[node.key], *sides)


def _between(checker: Checker, node: Any) -> tree.Node | None:
    if node.args.get("symmetric"):
        checker.refuse(node)
        return None
    parts = checker.all_of([node.this, node.args["low"], node.args["high"]])
    aligned = parts and checker.align(">=", parts[0], parts[1:], [node, node])
    return tree.Between(bool_, aligned[0], *aligned[1]) if aligned else None


def _in(checker: Checker, node: Any) -> tree.Node | None:
    if node.args.get("field") is not None:
        return _in_list(checker, node)
    if not node.expressions:
        checker.refuse(node)
        return None
    operand, choices = checker.check(node.this), checker.all_of(node.expressions)
    if operand is None or choices is None:
        return None
    aligned = checker.align("=", operand, choices, node.expressions)
    return aligned and tree.In(bool_, *aligned)


def _in_list(checker: Checker, node: Any) -> tree.Node | None:
    operand, items = checker.check(node.this), checker.want(node.args["field"], "list")
    if operand is None or items is None:
        return None
    entry = tree.Name(NameType("text", options=items.type.options), ())
    return tree.Contains(bool_, operand, items) if checker.compare("=", operand, entry, node) else None


def _like(checker: Checker, node: Any) -> tree.Node | None:
    operand, pattern = checker.want(node.this, "text"), node.expression
    if pattern.key != "literal" or not pattern.is_string or len(pattern.this) > MAX_PATTERN:
        checker.fault("bad_pattern", pattern, most=MAX_PATTERN)
        return None
    like = operand and tree.Like(bool_, operand, pattern.this)
    return like and tree.Not(bool_, like) if node.args.get("negate") else like


def _is(checker: Checker, node: Any) -> tree.Node | None:
    what = node.expression
    if what.key not in ("null", "boolean"):
        checker.refuse(node)
        return None
    operand = checker.check(node.this) if what.key == "null" else checker.want(node.this, "bool")
    found = operand and tree.Is(bool_, operand, None if what.key == "null" else bool(what.this))
    return found and tree.Not(bool_, found) if node.args.get("negate") else found


def _case(checker: Checker, node: Any) -> tree.Node | None:
    branches, default = node.args["ifs"], node.args.get("default")
    tests = _tests(checker, node.this, [branch.this for branch in branches])
    values = checker.all_of([branch.args["true"] for branch in branches])
    otherwise = checker.check(default) if default is not None else tree.Literal(null_, None)
    if tests is None or values is None or otherwise is None:
        return None
    common = unify([value.type for value in (*values, otherwise)])
    if common is None:
        _note_mixed(checker, node, (*values, otherwise))
        return None
    pairs = tuple((test, converted(value, common)) for test, value in zip(tests[1], values, strict=True))
    return tree.Case(common, tests[0], pairs, converted(otherwise, common))


def _tests(checker: Checker, operand: Any, nodes: list[Any]) -> tuple[tree.Node | None, Parts] | None:
    """Return the operand (if any) and what it is tested for: values, or conditions without an operand."""
    if operand is None:
        conditions = checker.all_of(nodes, "bool")
        return None if conditions is None else (None, conditions)
    tested, values = checker.check(operand), checker.all_of(nodes)
    return None if tested is None or values is None else checker.align("=", tested, values, nodes)


def _note_mixed(checker: Checker, node: Any, values: Parts) -> None:
    words = [kind_words(kind) for kind in sorted({value.type.kind for value in values} - {"null"})]
    kinds = ("、".join(zh for zh, _ in words), ", ".join(en for _, en in words))
    checker.fault("mixed", node, name="case", kinds=kinds)


HANDLERS: dict[str, Handler] = {
    "literal": _literal,
    "null": lambda checker, node: tree.Literal(null_, None),
    "boolean": lambda checker, node: tree.Literal(bool_, bool(node.this)),
    "column": check_name,
    "paren": lambda checker, node: checker.check(node.this),
    "and": _logic,
    "or": _logic,
    "not": _not,
    "neg": _negate,
    "dpipe": _join,
    "between": _between,
    "in": _in,
    "like": _like,
    "is": _is,
    "case": _case,
    "anonymous": check_call,
    **dict.fromkeys(COMPARISONS, _comparison),
    **dict.fromkeys(ARITHMETIC, _arithmetic),
}
"""The allow-list: sqlglot's node key → how it is read. What is not here is refused."""
