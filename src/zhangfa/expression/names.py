"""Checks names and paths: what they mean, in the record or in the row at hand."""

from __future__ import annotations

from typing import Any

from zhangfa.expression import tree
from zhangfa.expression.check import Checker
from zhangfa.expression.scope import NameType
from zhangfa.expression.sentences import suggest
from zhangfa.expression.unify import kind_words


def check_name(checker: Checker, node: Any) -> tree.Node | None:
    """Return a name or path such as ``courtyard.state``; a row's column goes before a name around it."""
    if any(part.key != "identifier" for part in node.parts):
        checker.refuse(node)
        return None
    path = tuple(str(part.name) for part in node.parts)
    row = checker.row is not None and path[0] in checker.row
    found = checker.row[path[0]] if checker.row is not None and row else checker.around.get(path[0])
    if found is None:
        _note_unknown(checker, node, path[0])
        return None
    if not row:
        checker.names.add(path[0])
    reached = _walk(checker, node, path, found)
    return None if reached is None else tree.Name(reached, path, row)


def _note_unknown(checker: Checker, node: Any, name: str) -> None:
    if checker.scope.aggregates and name in checker.scope.names:
        checker.fault("not_folded", node, name=name)
        return
    known = {*checker.scope.names, *checker.scope.shared, *(checker.row or ())}
    checker.fault("unknown_name", node, name=name, hint=suggest(name, known))


def _walk(checker: Checker, node: Any, path: tuple[str, ...], found: NameType) -> NameType | None:
    """Return the type at the end of the path, or ``None`` with a fault noted."""
    for at, name in enumerate(path[1:], 1):
        if found.kind == "any":
            return found
        so_far = ".".join(path[:at])
        if found.kind not in ("record", "unit"):
            what = "column" if found.kind == "table" else "no_path"
            checker.fault(what, node, path=so_far, name=name, kind=kind_words(found.kind))
            return None
        member = found.member(name)
        if member is None:
            hint = suggest(name, [key for key, _ in found.members])
            checker.fault("unknown_member", node, path=so_far, name=name, hint=hint)
            return None
        found = member
    return found
