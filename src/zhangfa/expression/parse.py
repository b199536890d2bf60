"""Reads an expression once: guards, sqlglot's parser, our checks. Cached by source, scope and wish."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.check import Checker
from zhangfa.expression.expression import Expression
from zhangfa.expression.faults import Fault, suggest
from zhangfa.expression.guard import MAX_NODES, find_refusal
from zhangfa.expression.scope import NameType, Scope, Type
from zhangfa.expression.unify import converted, fits, kind_words

Parsed = tuple[Expression | None, tuple[Fault, ...]]


def parse_expression(source: str, scope: Scope, *, wants: Type | NameType | None = None) -> Parsed:
    """Return the expression, or ``None`` and everything that is wrong with it.

    ``wants`` is the type its value must have. Wanting a ``NameType`` also rounds a number to its
    scale and holds every written result against its options.
    """
    return _parse(source, scope, NameType(wants) if isinstance(wants, str) else wants, isinstance(wants, str))


@lru_cache(maxsize=8192)
def _parse(source: str, scope: Scope, wants: NameType | None, loosely: bool) -> Parsed:
    refusal = find_refusal(source)
    if refusal is not None:
        return None, (refusal,)
    parsed = _read(source)
    if isinstance(parsed, Fault):
        return None, (parsed,)
    checker = Checker(scope)
    root = checker.check(parsed)
    if root is not None and wants is not None:
        root = _as_wanted(checker, root, wants, loosely)
    if root is None or checker.faults:
        return None, tuple(sorted(checker.faults, key=lambda fault: fault.offset))
    return Expression(source, root.type.kind, frozenset(checker.names), root.type, root), ()


def _read(source: str) -> Any:
    """Return sqlglot's tree or a fault."""
    from sqlglot.errors import SqlglotError

    from zhangfa.expression.dialect import DIALECT

    try:
        parsed = _with_own_stack(DIALECT.parse, source)
    except SqlglotError as error:
        return _syntax_fault(source, error)
    except RecursionError:
        return Fault("E102", 0, "表达式嵌套太深", "The expression is nested too deeply")
    if len(parsed) != 1 or parsed[0] is None:
        return Fault("E106", 0, "一处只能写一个表达式，不能有分号", "There is one expression in one place, without semicolons")
    if sum(1 for _ in parsed[0].walk()) > MAX_NODES:
        return Fault("E103", 0, f"表达式超过{MAX_NODES}个部分", f"The expression has more than {MAX_NODES} parts",
                     "请拆成几个计算字段", "Split it into several computed fields")  # fmt: skip
    return parsed[0]


def _with_own_stack(parse: Callable[[str], Any], source: str) -> Any:
    """Parse; a nested source in a thread of its own, whose stack does not depend on the caller's."""
    if source.count("(") + source.lower().count("case") < 6:
        return parse(source)
    caught: list[Any] = []

    def run() -> None:
        try:
            caught.append(parse(source))
        except Exception as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(caught[0], Exception):
        raise caught[0]
    return caught[0]


def _syntax_fault(source: str, error: Exception) -> Fault:
    details = getattr(error, "errors", None) or [{}]
    near = str(details[0].get("highlight") or "")
    lines = source.splitlines(keepends=True)
    line = int(details[0].get("line") or 1)
    offset = sum(map(len, lines[: line - 1])) + int(details[0].get("col") or 1) - max(len(near), 1)
    zh, en = (f"在“{near[:30]}”附近读不通", f"The expression cannot be read near “{near[:30]}”") if near else (
        "表达式读不通，可能少了引号", "The expression cannot be read; a quote may be missing")  # fmt: skip
    return Fault("E104", max(offset, 0), zh, en, "请检查括号、引号和运算符", "Look at brackets, quotes and operators")


def _as_wanted(checker: Checker, root: tree.Node, wants: NameType, loosely: bool) -> tree.Node | None:
    if not fits(root.type, wants.kind) and not (wants.kind == "decimal" and root.type.is_number):
        zh, en = kind_words(root.type.kind)
        want_zh, want_en = kind_words(wants.kind)
        hint = ("可用 round、ceil 或 floor 取整", "Make it whole by round, ceil or floor") if root.type.kind == "decimal" else ("", "")
        checker.faults.append(Fault("E116", 0, f"结果应为{want_zh}，而它是{zh}", f"The result must be a {want_en}, but it is a {en}", *hint))
        return None
    _check_options(checker, root, wants.options)
    return root if loosely and root.type.kind != "int" else converted(root, wants)


def _check_options(checker: Checker, node: tree.Node, options: tuple[str, ...] | None) -> None:
    """Hold every text that may come out against the options wanted."""
    if isinstance(node, tree.Case):
        for part in (*(value for _, value in node.branches), node.otherwise):
            _check_options(checker, part, options)
    elif options is not None and isinstance(node, tree.Literal) and isinstance(node.value, str) and node.value not in options:
        checker.faults.append(Fault("E115", 0, f"没有选项 '{node.value}'", f"There is no option '{node.value}'", *suggest(node.value, options)))
