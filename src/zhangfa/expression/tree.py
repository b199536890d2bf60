"""The frozen typed tree an expression becomes. Plain values: comparable, copyable, pickle-safe."""

from __future__ import annotations

from dataclasses import dataclass

from zhangfa.expression.scope import NameType


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression with its type."""

    type: NameType


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written down: None, bool, int, Decimal, str, date, datetime or time."""

    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name or path. ``row``: read from the row at hand instead of from the values around it."""

    path: tuple[str, ...]
    row: bool = False


@dataclass(frozen=True, slots=True)
class Convert(Node):
    """The same value as a decimal of the type's scale (rounded half away from zero where it has fewer)."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """``-x``"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``+ - * / %`` on numbers."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Join(Node):
    """``a || b || c``; NULL where one of them is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` of two or more parts."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """``not x``"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``= <> < <= > >=`` on two values of one type."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``x between low and high``, both included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``x in (a, b)``"""

    operand: Node
    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """``'a' in choices``: whether a list holds a value."""

    operand: Node
    items: Node


@dataclass(frozen=True, slots=True)
class Like(Node):
    """``x like 'a%'``; ``%`` is any text, ``_`` any one sign."""

    operand: Node
    pattern: str


@dataclass(frozen=True, slots=True)
class Is(Node):
    """``x is null``, ``x is true``, ``x is false``: never NULL itself."""

    operand: Node
    what: bool | None


@dataclass(frozen=True, slots=True)
class Case(Node):
    """``case when … end``; with an ``operand``: ``case x when value …``."""

    operand: Node | None
    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A scalar function."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fold(Node):
    """An aggregate over the rows of a table field (``table``) or, without one, over the rows at hand.

    ``arguments`` are worked out on each row; ``settings`` are the literal further arguments.
    """

    function: str
    table: Name | None
    arguments: tuple[Node, ...]
    settings: tuple[object, ...] = ()
    distinct: bool = False
    where: bool = False
    """``count(items, condition)``: count the rows where it holds."""
