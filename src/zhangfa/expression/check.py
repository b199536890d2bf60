"""Turns sqlglot's tree into ours, by an allow-list, checking names and types on the way.

Every fault is collected; a part that has one yields ``None``, and what stands around it stays silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from zhangfa.expression import tree
from zhangfa.expression.arithmetic import LIMIT
from zhangfa.expression.calls import check_call
from zhangfa.expression.faults import Fault, suggest
from zhangfa.expression.scope import MAX_SCALE, NameType, Scope, any_, bool_, decimal_, int_, null_, text_
from zhangfa.expression.unify import comparable, converted, fits, kind_words, unify

Parts: TypeAlias = tuple[tree.Node, ...]
NUMBER = re.compile(r"(\d+)(?:\.(\d+))?")
MAX_PATTERN = 100
MAX_LEVELS = 60
COMPARISONS = {"eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}


class Checker:
    """One check of one expression. ``names`` are the names it reads; ``faults`` all that is wrong."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.faults: list[Fault] = []
        self.names: set[str] = set()
        self.row: Mapping[str, NameType] | None = None
        """The columns of the row at hand, inside an aggregate."""
        self.level = 0

    def fault(self, code: str, node: Any, zh: str, en: str, hint: tuple[str, str] = ("", "")) -> None:
        """Note a fault at a node of sqlglot's."""
        self.faults.append(Fault(code, offset_of(node), zh, en, *hint))

    def check(self, node: Any) -> tree.Node | None:
        """Return our node for sqlglot's, or ``None`` with a fault noted."""
        handler = HANDLERS.get(node.key if node is not None else "")
        if handler is None:
            return self.refuse(node)
        self.level += 1
        try:
            if self.level > MAX_LEVELS:
                return self.fault("E102", node, "表达式嵌套太深", "The expression is nested too deeply",
                                  ("请拆成几个计算字段", "Split it into several computed fields"))  # fmt: skip
            return handler(self, node)
        finally:
            self.level -= 1

    def refuse(self, node: Any) -> None:
        """Note a construct that the language does not have."""
        shown = node.sql()[:40] if node is not None else ""
        self.fault("E106", node, f"不支持这种写法：{shown}", f"The language has no such construct: {shown}")

    def want(self, node: Any, kind: str) -> tree.Node | None:
        """Check a part that must be of one kind."""
        part = self.check(node)
        if part is not None and not fits(part.type, kind):
            zh, en = kind_words(part.type.kind)
            want_zh, want_en = kind_words(kind)
            return self.fault("E113", node, f"这里需要{want_zh}，而它是{zh}", f"Here a {want_en} is needed, but this is a {en}")
        return part

    def all_of(self, nodes: Sequence[Any], kind: str = "") -> Parts | None:
        """Check several parts; ``None`` where one of them has a fault."""
        parts = [self.want(node, kind) if kind else self.check(node) for node in nodes]
        held = tuple(part for part in parts if part is not None)
        return held if len(held) == len(parts) else None

    def compare(self, operator: str, left: tree.Node, right: tree.Node, node: Any) -> tuple[tree.Node, tree.Node] | None:
        """Return both sides of a comparison as one type."""
        sides = comparable(operator, left, right)
        if not isinstance(sides, Fault):
            return sides
        self.faults.append(replace(sides, offset=offset_of(node)))
        return None

    def align(self, operator: str, operand: tree.Node, others: Parts, nodes: Sequence[Any]) -> tuple[tree.Node, Parts] | None:
        """Return an operand and all it is compared with as one type."""
        pairs = [self.compare(operator, operand, other, node) for other, node in zip(others, nodes, strict=True)]
        held = tuple(pair[1] for pair in pairs if pair is not None)
        if len(held) < len(pairs):
            return None
        common = unify([operand.type, *(part.type for part in held)]) or operand.type
        return converted(operand, common), tuple(converted(part, common) for part in held)


def offset_of(node: Any) -> int:
    """Return where a node of sqlglot's begins in the source."""
    if node is None:
        return 0
    return min((part.meta["start"] for part in node.walk() if "start" in part.meta), default=0)


def spine(node: Any, key: str) -> list[Any]:
    """Return the parts of ``a and b and c`` in order, without recursion."""
    parts: list[Any] = []
    while node.key == key:
        parts.append(node.expression)
        node = node.this
    return [node, *reversed(parts)]


def _literal(checker: Checker, node: Any) -> tree.Node | None:
    if node.is_string:
        return tree.Literal(text_, node.this)
    digits = NUMBER.fullmatch(node.this)
    if digits is None or len(digits[2] or "") > MAX_SCALE or int(digits[1]) >= LIMIT:
        return checker.fault("E122", node, f"数字 {node.this[:40]} 写得不对", f"The number {node.this[:40]} is not well written",
                             ("只写数字和小数点，最多18位整数、10位小数", "Only digits and a point: at most 18 before and 10 after it"))  # fmt: skip
    if digits[2]:
        return tree.Literal(decimal_(len(digits[2])), Decimal(node.this))
    return tree.Literal(int_, int(node.this))


def _column(checker: Checker, node: Any) -> tree.Node | None:
    if any(part.key != "identifier" for part in node.parts):
        return checker.refuse(node)
    path = tuple(part.name for part in node.parts)
    row = checker.row is not None and path[0] in checker.row
    shared = checker.scope.shared
    known = checker.row or {} if row else shared if checker.scope.aggregates else checker.scope.names
    found = known.get(path[0]) or shared.get(path[0])
    if found is None:
        return _unknown_name(checker, node, path[0])
    if not row:
        checker.names.add(path[0])
    return _walk_path(checker, node, path, found, row)


def _unknown_name(checker: Checker, node: Any, name: str) -> None:
    scope = checker.scope
    if scope.aggregates and name in scope.names:
        return checker.fault("E117", node, f"`{name}` 每行都不同，须放在汇总函数里", f"`{name}` differs from row to row: put it inside an aggregate",
                             (f"例如 avg({name})", f"Such as avg({name})"))  # fmt: skip
    hint = suggest(name, {**scope.names, **scope.shared, **(checker.row or {})})
    return checker.fault("E110", node, f"没有名为 `{name}` 的字段或值", f"There is no field or value named `{name}`", hint)


def _walk_path(checker: Checker, node: Any, path: tuple[str, ...], found: NameType, row: bool) -> tree.Node | None:
    for at, name in enumerate(path[1:], 1):
        if found.kind == "any":
            break
        if found.kind not in ("record", "unit"):
            zh, en = kind_words(found.kind)
            hint = ("表格的列要放在汇总函数里，如 sum(表格.列)", "A table's column stands inside an aggregate: sum(table.column)")
            return checker.fault("E120", node, f"`{'.'.join(path[:at])}` 是{zh}，下面没有 `{name}`",
                                 f"`{'.'.join(path[:at])}` is a {en}; it has no `{name}` below it",
                                 hint if found.kind == "table" else ("", ""))  # fmt: skip
        member = found.member(name)
        if member is None:
            return checker.fault("E110", node, f"`{'.'.join(path[:at])}` 没有 `{name}`", f"`{'.'.join(path[:at])}` has no `{name}`",
                                 suggest(name, [key for key, _ in found.members]))  # fmt: skip
        found = member
    return tree.Name(found, path, row)


def _logic(checker: Checker, node: Any) -> tree.Node | None:
    parts = checker.all_of(spine(node, node.key), "bool")
    return parts and tree.Logic(bool_, node.key, parts)


def _join(checker: Checker, node: Any) -> tree.Node | None:
    parts = checker.all_of(spine(node, "dpipe"), "text")
    return parts and tree.Join(text_, parts)


def _not(checker: Checker, node: Any) -> tree.Node | None:
    operand = checker.want(node.this, "bool")
    return operand and tree.Not(bool_, operand)


def _negate(checker: Checker, node: Any) -> tree.Node | None:
    operand = checker.want(node.this, "number")
    if isinstance(operand, tree.Literal) and isinstance(operand.value, int | Decimal):
        return tree.Literal(operand.type, -operand.value)
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
    if left.kind == right.kind == "int":
        return int_
    return decimal_(min(left.scale + right.scale, MAX_SCALE) if operator == "*" else max(left.scale, right.scale))


def _comparison(checker: Checker, node: Any) -> tree.Node | None:
    left, right = checker.check(node.this), checker.check(node.expression)
    if left is None or right is None:
        return None
    operator = COMPARISONS[node.key]
    sides = checker.compare(operator, left, right, node)
    return sides and tree.Compare(bool_, operator, *sides)


def _between(checker: Checker, node: Any) -> tree.Node | None:
    if node.args.get("symmetric"):
        return checker.refuse(node)
    operand, low, high = (checker.check(node.args[part]) for part in ("this", "low", "high"))
    if operand is None or low is None or high is None:
        return None
    aligned = checker.align(">=", operand, (low, high), [node, node])
    return aligned and tree.Between(bool_, aligned[0], aligned[1][0], aligned[1][1])


def _in(checker: Checker, node: Any) -> tree.Node | None:
    operand = checker.check(node.this)
    if node.args.get("field") is not None:
        return _in_list(checker, node, operand)
    if node.args.get("query") is not None or node.args.get("unnest") is not None or not node.expressions:
        return checker.refuse(node)
    choices = checker.all_of(node.expressions)
    if operand is None or choices is None:
        return None
    aligned = checker.align("=", operand, choices, node.expressions)
    return aligned and tree.In(bool_, *aligned)


def _in_list(checker: Checker, node: Any, operand: tree.Node | None) -> tree.Node | None:
    items = checker.want(node.args["field"], "list")
    if operand is None or items is None:
        return None
    same = checker.compare("=", operand, tree.Name(NameType("text", options=items.type.options), ()), node)
    return same and tree.Contains(bool_, operand, items)


def _like(checker: Checker, node: Any) -> tree.Node | None:
    operand, pattern = checker.want(node.this, "text"), node.expression
    if pattern.key != "literal" or not pattern.is_string or len(pattern.this) > MAX_PATTERN:
        return checker.fault("E122", pattern, f"like 后面须是不超过{MAX_PATTERN}字的文字", f"After like stands a quoted text of at most {MAX_PATTERN} signs")
    like = operand and tree.Like(bool_, operand, pattern.this)
    return like and tree.Not(bool_, like) if node.args.get("negate") else like


def _is(checker: Checker, node: Any) -> tree.Node | None:
    what = node.expression
    if what.key not in ("null", "boolean"):
        return checker.refuse(node)
    operand = checker.check(node.this) if what.key == "null" else checker.want(node.this, "bool")
    found = operand and tree.Is(bool_, operand, None if what.key == "null" else bool(what.this))
    return found and tree.Not(bool_, found) if node.args.get("negate") else found


def _case(checker: Checker, node: Any) -> tree.Node | None:
    operand = checker.check(node.this) if node.this is not None else None
    default = node.args.get("default")
    tests = _case_tests(checker, operand, node)
    values = checker.all_of([branch.args["true"] for branch in node.args["ifs"]])
    otherwise = checker.check(default) if default is not None else tree.Literal(null_, None)
    if tests is None or values is None or otherwise is None:
        return None
    common = unify([value.type for value in (*values, otherwise)])
    if common is None:
        return _mixed_branches(checker, node, (*values, otherwise))
    branches = tuple((test, converted(value, common)) for test, value in zip(tests[1], values, strict=True))
    return tree.Case(common, tests[0], branches, converted(otherwise, common))


def _case_tests(checker: Checker, operand: tree.Node | None, node: Any) -> tuple[tree.Node | None, Parts] | None:
    nodes = [branch.this for branch in node.args["ifs"]]
    if node.this is None:
        tests = checker.all_of(nodes, "bool")
        return None if tests is None else (None, tests)
    values = checker.all_of(nodes)
    return None if operand is None or values is None else checker.align("=", operand, values, nodes)


def _mixed_branches(checker: Checker, node: Any, values: Parts) -> None:
    kinds = sorted({value.type.kind for value in values} - {"null"})
    zh, en = "、".join(kind_words(kind)[0] for kind in kinds), ", ".join(kind_words(kind)[1] for kind in kinds)
    return checker.fault("E124", node, f"case 的各分支类型不一致：{zh}", f"The branches of case have different types: {en}")


HANDLERS: dict[str, Callable[[Checker, Any], tree.Node | None]] = {
    "literal": _literal,
    "null": lambda checker, node: tree.Literal(null_, None),
    "boolean": lambda checker, node: tree.Literal(bool_, bool(node.this)),
    "column": _column,
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
