"""An expression as the rest of the engine holds it."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhangfa.expression.scope import NameType, Type
from zhangfa.expression.tree import Node


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed and checked expression. Equal by source and type; copies and pickles without sqlglot.

    ``names`` are the names it reads from the record around it (heads of paths, ``today`` and
    ``__calendar__`` where it needs them), not the columns of rows.
    """

    source: str
    type: Type
    names: frozenset[str]
    result: NameType = field(compare=False, repr=False)
    tree: Node = field(compare=False, repr=False)
