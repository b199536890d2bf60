"""Reads an expression once: guards, sqlglot's parser, our checks. Cached by source, scope and wish."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.check import Checker
from zhangfa.expression.expression import Expression
from zhangfa.expression.faults import Fault, describe_fault
from zhangfa.expression.grammar import HANDLERS
from zhangfa.expression.guard import MAX_NODES, find_refusal
from zhangfa.expression.scope import NameType, Scope, Type
from zhangfa.expression.sentences import suggest
from zhangfa.expression.unify import converted, fits, kind_words

SHALLOW = 8
"""With fewer brackets, signs, ``case`` and ``not`` than this, no source nests deep enough to care."""
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
    checker = Checker(scope, HANDLERS)
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
        return describe_fault("too_deep")
    if len(parsed) != 1 or parsed[0] is None:
        return describe_fault("several")
    if sum(node.key != "identifier" for node in parsed[0].walk()) > MAX_NODES:
        return describe_fault("too_many_parts", most=MAX_NODES)
    return parsed[0]


def _with_own_stack(parse: Callable[[str], Any], source: str) -> Any:
    """Parse; a nested source in a thread of its own, whose stack does not depend on the caller's."""
    if sum(map(source.lower().count, ("(", "-", "case", "not"))) < SHALLOW:
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
    details = (getattr(error, "errors", None) or [{}])[0]
    near = str(details.get("highlight") or "")
    lines = source.splitlines(keepends=True)[: int(details.get("line") or 1) - 1]
    offset = max(sum(map(len, lines)) + int(details.get("col") or 1) - max(len(near), 1), 0)
    return describe_fault("unreadable", offset, near=near[:30]) if near else describe_fault("open_quote", offset)


def _as_wanted(checker: Checker, root: tree.Node, wants: NameType, loosely: bool) -> tree.Node | None:
    if not fits(root.type, wants.kind) and not (wants.kind == "decimal" and root.type.is_number):
        what = "not_whole" if wants.kind == "int" and root.type.kind == "decimal" else "wrong_result"
        wanted, kind = kind_words(wants.kind), kind_words(root.type.kind)
        checker.faults.append(describe_fault(what, wanted=wanted, kind=kind))
        return None
    for text in _written_results(root):
        if wants.options is not None and text not in wants.options:
            checker.faults.append(describe_fault("unknown_option", option=text, hint=suggest(text, wants.options)))
    return root if loosely and root.type.kind != "int" else converted(root, wants)


def _written_results(node: tree.Node) -> Iterator[str]:
    """Yield every written text that may come out as the value."""
    if isinstance(node, tree.Case):
        for part in (*(value for _, value in node.branches), node.otherwise):
            yield from _written_results(part)
    elif isinstance(node, tree.Literal) and isinstance(node.value, str):
        yield node.value
