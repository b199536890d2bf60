"""Turns sqlglot's tree into ours, by an allow-list, checking names and types on the way.

Every fault is collected; a part that has one yields ``None``, and what stands around it stays silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from zhangfa.expression import tree
from zhangfa.expression.faults import Fault, describe_fault
from zhangfa.expression.scope import NameType, Scope
from zhangfa.expression.sentences import SENTENCES, Pair
from zhangfa.expression.unify import comparable, converted, fits, kind_words, unify

Parts: TypeAlias = tuple[tree.Node, ...]
Handler: TypeAlias = "Callable[[Checker, Any], tree.Node | None]"
MAX_LEVELS = 60
"""Deepest tree; only a long chain of ``+ - * /`` gets there, brackets end at 30."""


class Checker:
    """One check of one expression. ``names`` are the names it reads; ``faults`` all that is wrong."""

    def __init__(self, scope: Scope, handlers: Mapping[str, Handler]) -> None:
        self.scope = scope
        self.handlers = handlers
        self.faults: list[Fault] = []
        self.names: set[str] = set()
        self.row: Mapping[str, NameType] | None = None
        """The columns of the row at hand, inside an aggregate."""
        self.level = 0

    @property
    def around(self) -> Mapping[str, NameType]:
        """The names with one value: the record's fields, or what is shared by all rows."""
        return self.scope.shared if self.scope.aggregates else {**self.scope.shared, **self.scope.names}

    def fault(self, what: str, node: Any, *, hint: Pair | None = None, **gaps: str | int | Pair) -> None:
        """Note a fault at a node of sqlglot's."""
        self.faults.append(describe_fault(what, offset_of(node), hint=hint, **gaps))

    def check(self, node: Any) -> tree.Node | None:
        """Return our node for sqlglot's, or ``None`` with a fault noted."""
        handler = self.handlers.get(node.key if node is not None else "")
        if handler is None:
            self.refuse(node)
            return None
        if self.level == MAX_LEVELS:
            self.refuse_depth(node)
            return None
        self.level += 1
        try:
            return handler(self, node)
        finally:
            self.level -= 1

    def refuse(self, node: Any) -> None:
        """Note a construct that the language does not have."""
        self.fault("construct", node, shown=node.sql()[:40] if node is not None else "")

    def refuse_depth(self, node: Any) -> None:
        """Note once that the tree is too deep."""
        if not any(fault.code == SENTENCES["too_deep"].code for fault in self.faults):
            self.fault("too_deep", node)

    def want(self, node: Any, kind: str) -> tree.Node | None:
        """Check a part that must be of one kind (or group of kinds)."""
        part = self.check(node)
        if part is None or fits(part.type, kind):
            return part
        self.fault("wrong_kind", node, wanted=kind_words(kind), kind=kind_words(part.type.kind))
        return None

    def all_of(self, nodes: Sequence[Any], kind: str = "") -> Parts | None:
        """Check several parts; ``None`` where one of them has a fault."""
        parts = [self.want(node, kind) if kind else self.check(node) for node in nodes]
        held = tuple(part for part in parts if part is not None)
        return held if len(held) == len(parts) else None

    def compare(
        self, operator: str, left: tree.Node, right: tree.Node, node: Any
    ) -> tuple[tree.Node, tree.Node] | None:
        """Return both sides of a comparison as one type."""
        sides = comparable(operator, left, right)
        if not isinstance(sides, Fault):
            return sides
        self.faults.append(replace(sides, offset=offset_of(node)))
        return None

    def align(
        self, operator: str, operand: tree.Node, others: Parts, nodes: Sequence[Any]
    ) -> tuple[tree.Node, Parts] | None:
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
