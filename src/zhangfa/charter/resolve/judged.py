"""What scores and honours share: who is judged, the facts at hand, which kind of unit lies above which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass

from zhangfa.charter.fact_columns import ENGINE_TABLES, Columns, fact_columns
from zhangfa.charter.model import Register, Who
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.resolve.parties import resolve_who
from zhangfa.charter.schema.shapes import Item
from zhangfa.expression import Expression, tree
from zhangfa.expression.scope import Scope

_TREE = ("prefecture", "county", "town", "precinct", "village")
ABOVE: Mapping[str, frozenset[str]] = {
    **{kind: frozenset(_TREE[:at]) for at, kind in enumerate(_TREE)},
    "grid": frozenset(_TREE), "lane": frozenset((*_TREE, "grid")), "household": frozenset((*_TREE, "grid", "lane")),
}  # fmt: skip
"""Of each kind of place, the kinds that may lie above it; departments, companies and the like hang anywhere."""


@dataclass(slots=True)
class Judging:
    """One charter's scores and honours while they are resolved; what its columns of facts depend on."""

    ctx: Context
    registers: Mapping[str, Register]
    scores: Mapping[str, Item]
    honours: Mapping[str, Item]
    seasons: Mapping[str, Item]
    groups: Mapping[str, Item]
    known: dict[str, Columns] = field(default_factory=dict)
    scopes: dict[tuple[str, bool], Scope] = field(default_factory=dict)
    """Columns and scopes already made, by table (and whether rows are folded)."""

    @property
    def roles(self) -> Mapping[str, Item]:
        """The roles declared."""
        return self.ctx.roles

    @property
    def tables(self) -> tuple[str, ...]:
        """What ``from`` may name."""
        return (*self.registers, *ENGINE_TABLES)

    def columns(self, table: str) -> Columns:
        """Return the columns of a table of facts."""
        if table not in self.known:
            self.known[table] = fact_columns(self, table)
        return self.known[table]

    def rows(self, table: str) -> Scope:
        """Return the scope of an aggregate over a table's rows."""
        return self._scope(table, folded=True)

    def row(self, table: str) -> Scope:
        """Return the scope of a condition on one row of a table."""
        return self._scope(table, folded=False)

    def _scope(self, table: str, *, folded: bool) -> Scope:
        if (table, folded) not in self.scopes:
            self.scopes[table, folded] = Scope(self.columns(table), aggregates=folded, shared=self.ctx.shared)
        return self.scopes[table, folded]


def of_whom(judging: Judging, item: Item | None) -> tuple[str, str]:
    """Return the kind of unit or the role (one of them empty) that is judged."""
    if item is None:
        return "", ""
    if not isinstance(item.value, dict):
        return str(item.value), ""
    post = item.value.get("post")
    if post is None:
        return "", ""
    if post.value not in judging.roles:
        judging.ctx.fail_near("C201", post, post.value, judging.roles)
    judging.ctx.used_roles.add(post.value)
    return "", str(post.value)


def parties(judging: Judging, item: Item | None) -> tuple[Who, ...]:
    """Return parties outside any register: roles, ``about`` (those judged), ``public``."""
    around = Item({"about": item}, item.node, item.path) if item else None
    found = [resolve_who(judging.ctx, around, one) for one in item.value] if item and around else []
    return tuple(who for who in found if who)


def role_of(judging: Judging, item: Item) -> str:
    """Return the role a word names."""
    if item.value not in judging.roles:
        judging.ctx.fail_near("C201", item, item.value, judging.roles)
    judging.ctx.used_roles.add(item.value)
    return str(item.value)


def kinds_of(judging: Judging, role: str) -> tuple[str, ...]:
    """Return the kinds of unit at which a role exists."""
    return tuple(one.value for one in judging.roles[role].get("at", ())) if role in judging.roles else ()


def may_reach(above: str, kind: str) -> bool:
    """Tell whether a post at a unit of one kind can reach other units of a kind; no place hangs below a department."""
    return above != kind and (above in ABOVE[kind] if kind in ABOVE else True)


def may_lie_in(kind: str, above: str) -> bool:
    """Tell whether a unit of one kind may be, or lie in, a unit of another."""
    return kind == above or kind not in ABOVE or above not in ABOVE or above in ABOVE[kind]


def parts_of(node: object) -> Iterator[tree.Node]:
    """Yield every node of an expression's tree."""
    if isinstance(node, tree.Node):
        yield node
    if isinstance(node, tuple):
        for one in node:
            yield from parts_of(one)
    elif is_dataclass(node) and isinstance(node, tree.Node):
        for one in fields(node):
            yield from parts_of(getattr(node, one.name))


def columns_read(columns: Columns, *expressions: Expression | None) -> list[str]:
    """Return the columns that expressions over a table read, in order of first mention."""
    names = (one.path[0] for each in expressions if each for one in parts_of(each.tree) if isinstance(one, tree.Name))
    return list(dict.fromkeys(name for name in names if name in columns))


def demands(node: tree.Node) -> tuple[tree.Node, ...]:
    """Return the conditions that must all hold for a condition to hold."""
    if isinstance(node, tree.Logic) and node.operator == "and":
        return tuple(inner for part in node.parts for inner in demands(part))
    return (node,)


def values_allowed(node: tree.Node, column: str) -> frozenset[str] | None:
    """Return the written values to which a condition holds a column (``x = 'a'``, ``x in ('a', 'b')``), or ``None``."""
    if isinstance(node, tree.Logic):
        found = [values_allowed(part, column) for part in node.parts]
        known = [one for one in found if one is not None]
        if node.operator == "and":
            return frozenset.intersection(*known) if known else None
        return frozenset().union(*known) if len(known) == len(found) else None
    if isinstance(node, tree.Compare) and node.operator == "=":
        sides = (node.left, node.right)
        written = [one.value for one in sides if isinstance(one, tree.Literal)]
        return frozenset(map(str, written)) if any(_is(one, column) for one in sides) and written else None
    if isinstance(node, tree.In) and _is(node.operand, column):
        written = [one.value for one in node.choices if isinstance(one, tree.Literal)]
        return frozenset(map(str, written)) if len(written) == len(node.choices) else None
    return None


def _is(node: tree.Node, column: str) -> bool:
    return isinstance(node, tree.Name) and node.path == (column,)
