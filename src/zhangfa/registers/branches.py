"""Turn a gate into branches that one index each can answer in order.

The gate is an ``OR`` (this county's records, or records I take part in), and one register's states
are many; a database asked that in one go sorts everything it finds. Asked branch by branch and state
by state, every part is a short walk along an index, and only the first rows of each are merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from zhangfa.acts.models import Record
from zhangfa.directory.tree import UnitNow

LEVELS = ("county", "town", "village", "grid", "unit")
"""From far to near: the nearest level a branch names is its index."""
OPEN_DUE = "open_due"
"""The index of open deadlines by register and county; a part walked along it is not split by state."""
MAX_BRANCHES = 24
MAX_SPLIT = 20
MAX_PLANNED = 32
"""Parts that PostgreSQL plans one by one, each knowing its state's figures; planning more takes longer than they do."""
Statement = tuple[str, list[object]]


@dataclass(frozen=True, slots=True)
class Branch:
    """One part of a gate: what must hold, and the index that answers it (empty: found by id)."""

    q: Q
    level: str
    units: tuple[int, ...] = ()
    """Units the part names by their level: marks of the search index."""
    states: tuple[str, ...] = ()
    """States its index holds and no others, so that asking for just these needs no condition."""
    cut: bool = False
    """Whether only the newest hits of a search are in it."""

    @property
    def ordered(self) -> bool:
        """Say whether its records come in order of an index, state by state."""
        return self.level not in ("", OPEN_DUE)


def branches_of(gate: Q, within: UnitNow | None = None) -> list[Branch]:
    """Split a gate at its ``OR``; parts that lie outside the unit a list is narrowed to are left out."""
    parts = _expand(gate)
    if len(parts) > MAX_BRANCHES:
        parts = [gate]
    return [_placed(part, narrower_level(within)) for part in parts if not _lies_outside(part, within)]


def narrower_level(within: UnitNow | None) -> str:
    """Return the column that narrows a list to a unit; ``unit`` where it has no level of its own."""
    if within is None:
        return ""
    return within.kind if within.kind in LEVELS else "unit"


def _lies_outside(part: Q, within: UnitNow | None) -> bool:
    """Say whether a part names another county, town … than the one the unit lies in."""
    if within is None:
        return False
    named = {name: value for name, value in _leaves(part) if name in LEVELS and name != "unit"}
    return any(within.at_level(name) not in (None, value) for name, value in named.items())


def _placed(part: Q, narrower: str) -> Branch:
    """Give a part the index of the nearest level it names; one that names records is found by their ids."""
    names = {name.removesuffix("__exact") for name, _ in _leaves(part)}
    if names & {"id", "pk", "id__in", "pk__in"}:
        return Branch(part, "")
    level = next((level for level in reversed(LEVELS) if level in names or level == narrower), "")
    units = [value for name, value in _leaves(part) if name in LEVELS and isinstance(value, int)]
    return Branch(part, level, tuple(units))


def _expand(q: Q) -> list[Q]:
    """Return disjuncts that together mean ``q``; negations stay whole."""
    if q.negated:
        return [q]
    if q.connector == Q.OR:
        return [part for child in q.children for part in _expand(_as_q(child))]
    found = [Q()]
    for child in q.children:
        parts = _expand(child) if isinstance(child, Q) else _leaf(child)
        found = [left & right for left in found for right in parts]
    return found


def _as_q(child: object) -> Q:
    return child if isinstance(child, Q) else Q(child)


def _leaf(child: tuple[str, object]) -> list[Q]:
    """Split a short list of units into one branch each; anything else stays as it is."""
    name, value = child
    column, _, lookup = name.partition("__")
    listed = isinstance(value, list | tuple | set | frozenset) and len(value) <= MAX_SPLIT
    if lookup == "in" and column in LEVELS and listed:
        return [Q(**{column: each}) for each in sorted(value)]
    return [Q(child)]


def _leaves(q: Q) -> Iterable[tuple[str, object]]:
    for child in q.children:
        if isinstance(child, Q):
            if not child.negated and child.connector == Q.AND:
                yield from _leaves(child)
        else:
            yield child


def parts_sql(
    branches: Sequence[Branch], q: Q, states: Sequence[str], order: Sequence[str], limit: int, columns: Sequence[str]
) -> tuple[list[str], list[object]]:
    """Return one ``SELECT`` per branch (and per state where an index is walked) with all parameters."""
    statements: list[str] = []
    params: list[object] = []
    for branch in branches:
        by_state = branch.ordered and len(states) > 1
        rows = Record.objects.filter(branch.q, q)
        rows = rows.filter(state=RawSQL("s.state", ())) if by_state else rows.filter(_one_of(states, branch))
        try:
            sql, given = _compiled(rows, branch, order, limit, columns)
        except EmptyResultSet:
            continue  # nothing can satisfy the branch: somebody who sees nothing
        many = len(branches) * len(states) > MAX_PLANNED
        for part, of_part in _state_by_state(sql, given, states, many) if by_state else [(sql, given)]:
            statements.append(part)
            params += of_part
    return statements, params


def _one_of(states: Sequence[str], branch: Branch) -> Q:
    if branch.states and branch.states == tuple(states):
        return Q()
    return Q(state=states[0]) if len(states) == 1 else Q(state__in=list(states))


def _state_by_state(sql: str, given: list[object], states: Sequence[str], many: bool) -> list[Statement]:
    """Repeat a part for each state; where that makes many parts PostgreSQL, slow at planning, gets one for all."""
    if many and connection.vendor == "postgresql":
        whole = f"SELECT one.* FROM unnest(%s::varchar[]) AS s (state) CROSS JOIN LATERAL ({sql}) AS one"
        return [(whole, [list(states), *given])]
    before, after = sql.split("(s.state)")
    place = before.count("%s")
    return [(f"{before}%s{after}", [*given[:place], state, *given[place:]]) for state in states]


def _compiled(
    rows: QuerySet[Record], branch: Branch, order: Sequence[str], limit: int, columns: Sequence[str]
) -> tuple[str, list[object]]:
    chosen = rows.order_by(*order).values_list(*columns)[:limit]
    sql, params = chosen.query.sql_with_params()
    return _hinted(sql, branch), list(params)


def _hinted(sql: str, branch: Branch) -> str:
    """Name the index on SQLite, whose planner has no figures to choose by."""
    if connection.vendor != "sqlite":
        return sql
    index = f"record_{branch.level}" if branch.level else _primary_index()
    return sql.replace('FROM "acts_record"', f'FROM "acts_record" INDEXED BY "{index}"', 1)


@lru_cache(maxsize=1)
def _primary_index() -> str:
    """Return the index of the records' ids, which on SQLite are not the rowids (``bigint`` is no alias of them)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_index_list('acts_record') WHERE origin = 'pk'")
        return str(cursor.fetchone()[0])
