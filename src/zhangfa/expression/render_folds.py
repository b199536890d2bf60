"""Writes an aggregate expression as DuckDB SQL that returns whole parts, and puts the parts together in Python.

DuckDB only counts, adds up exactly, sorts and picks: means, shares and every operation on them are worked out here,
once, by the code that works them out on rows, so that the answer is :func:`evaluate_rows`'s to the last digit whatever
the number of threads. What stands inside an aggregate is rendered as :func:`render_duckdb` does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from zhangfa.expression import tree
from zhangfa.expression.arithmetic import Number, divide, keep_range, to_scale
from zhangfa.expression.evaluate import Frame, work_out
from zhangfa.expression.expression import Expression
from zhangfa.expression.render import Unrenderable, Writer
from zhangfa.expression.substitute import substitute

Finish = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One aggregate: the SQL of its parts, and how they make its value."""

    sql: tuple[str, ...]
    finish: Finish


@dataclass(frozen=True, slots=True)
class RenderedFolds:
    """An aggregate expression: columns to select, grouped or not, and its value from what they give."""

    parts: tuple[Part, ...]
    outer: tree.Node
    shared: Mapping[str, object]

    @property
    def sql(self) -> tuple[str, ...]:
        """The columns to select; ``COUNT``, exact ``SUM``, order statistics."""
        return tuple(written for part in self.parts for written in part.sql)

    def value(self, given: Sequence[Any]) -> Any:
        """Return the expression's value from one row of the columns.

        Raises:
            EvaluationError: a total reaches 10^18, as on rows.
        """
        values, start = dict(self.shared), 0
        for at, part in enumerate(self.parts):
            values[f"~{at}"] = part.finish(given[start : start + len(part.sql)])
            start += len(part.sql)
        return work_out(self.outer, Frame(values))


def render_folds(
    expression: Expression, writer: Writer, *, order: str, shared: Mapping[str, object], makers: Makers | None = None
) -> RenderedFolds:
    """Return the parts of an aggregate expression over facts.

    ``writer`` writes what stands inside an aggregate, ``order`` is SQL of the facts' order (for ``first`` and
    ``last``), ``shared`` are the values that are the same for all facts, ``makers`` write the aggregates themselves
    (DuckDB's unless told). Raises :class:`Unrenderable`.
    """
    parts: list[Part] = []

    def choose(node: tree.Node) -> tree.Node | None:
        if not isinstance(node, tree.Fold):
            return None
        if node.table is not None:
            raise Unrenderable("the rows of a table field are no facts")
        parts.append(_part(node, writer, order, makers or PARTS))
        return tree.Name(node.type, (f"~{len(parts) - 1}",))

    outer = substitute(expression.tree, choose)
    return RenderedFolds(tuple(parts), outer, shared)


def with_shared(node: tree.Node, shared: Mapping[str, object], columns: Mapping[str, object]) -> tree.Node:
    """Return the tree with the names that are the same for all facts replaced by their values."""

    def choose(part: tree.Node) -> tree.Node | None:
        if not isinstance(part, tree.Name) or part.path[0] in columns or part.path[0] not in shared:
            return None
        if len(part.path) > 1:
            raise Unrenderable(f"{'.'.join(part.path)} is no column of facts")
        return tree.Literal(part.type, work_out(part, Frame(shared, row=shared)))

    return substitute(node, choose)


def _part(fold: tree.Fold, writer: Writer, order: str, makers: Makers) -> Part:
    if not fold.arguments:
        return Part(("count(*)",), lambda given: given[0])
    if fold.distinct and fold.function in ("share", "first", "last"):
        raise Unrenderable(f"{fold.function}(distinct …) is worked out in Python only")
    made = makers[fold.function](writer.write(fold.arguments[0]), fold, order)
    return Part(made.sql, lambda given: _as_typed(made.finish(given), fold))


def _as_typed(value: Any, fold: tree.Fold) -> Any:
    kind = fold.type.kind
    if isinstance(value, Decimal) and kind == "decimal":
        return to_scale(value, fold.type.scale)
    if isinstance(value, dt.datetime) and kind == "datetime":
        return value.replace(tzinfo=dt.UTC)
    return value


def _distinct(fold: tree.Fold) -> str:
    return "DISTINCT " if fold.distinct else ""


def _count(x: str, fold: tree.Fold, order: str) -> Part:
    return Part((f"count({_distinct(fold)}{x})",), lambda given: given[0])


def _sum(x: str, fold: tree.Fold, order: str) -> Part:
    return Part((f"sum({_distinct(fold)}{x})",), lambda given: None if given[0] is None else keep_range(given[0]))


def _avg(x: str, fold: tree.Fold, order: str) -> Part:
    summed = f"CAST({x} AS BIGINT)" if fold.arguments[0].type.kind == "bool" else x
    sql = (f"sum({_distinct(fold)}{summed})", f"count({_distinct(fold)}{x})")
    return Part(sql, lambda given: _mean(given[0], given[1]))


def _mean(total: Number | None, count: int) -> Decimal | None:
    return None if total is None or not count else divide(keep_range(total), count)


def _extreme(x: str, fold: tree.Fold, order: str) -> Part:
    return Part((f"{fold.function}({x})",), lambda given: given[0])


def _sorted(x: str, fold: tree.Fold) -> str:
    return f"list_sort(list({_distinct(fold)}{x}) FILTER ({x} IS NOT NULL))"


def _median(x: str, fold: tree.Fold, order: str) -> Part:
    held, count = _sorted(x, fold), f"count({_distinct(fold)}{x})"
    sql = (f"{held}[({count} + 1) // 2]", f"{held}[{count} // 2 + 1]")
    return Part(sql, lambda given: None if given[0] is None else _mean(_add(given[0], given[1]), 2))


def _add(left: Number, right: Number) -> Number:
    return left + right


def _quantile(x: str, fold: tree.Fold, order: str) -> Part:
    held, count = _sorted(x, fold), f"count({_distinct(fold)}{x})"
    share = fold.settings[0]
    assert isinstance(share, Decimal)
    top, bottom = share.as_integer_ratio()
    rank = f"CAST((CAST({count} AS HUGEINT) * {top} + {bottom - 1}) // {bottom} AS BIGINT)"
    return Part((f"{held}[greatest({rank}, 1)]",), lambda given: given[0])


def _trimmed_mean(x: str, fold: tree.Fold, order: str) -> Part:
    held, count, cut = _sorted(x, fold), f"count({_distinct(fold)}{x})", fold.settings[0]
    sql = (f"list_sum(list_slice({held}, {cut} + 1, {count} - {cut}))", f"{count} - 2 * {cut}")
    return Part(sql, lambda given: _mean(given[0], given[1]) if given[1] > 0 else None)


def _share(x: str, fold: tree.Fold, order: str) -> Part:
    sql = (f"count(*) FILTER ({x})", "count(*)")
    return Part(sql, lambda given: divide(given[0], given[1]) if given[1] else None)


def _every(x: str, fold: tree.Fold, order: str) -> Part:
    return Part((f"count(*) FILTER ({x})", "count(*)"), lambda given: given[0] == given[1])


def _any(x: str, fold: tree.Fold, order: str) -> Part:
    return Part((f"count(*) FILTER ({x})",), lambda given: given[0] > 0)


def _first(x: str, fold: tree.Fold, order: str) -> Part:
    pick = "arg_min" if fold.function == "first" else "arg_max"
    return Part((f"({pick}({{v: {x}}}, {order})).v",), lambda given: given[0])


Makers: TypeAlias = Mapping[str, Callable[[str, tree.Fold, str], Part]]
"""By the aggregate's name: its parts, from the SQL of what stands inside, itself, and the facts' order."""
PARTS: Makers = {
    "count": _count, "sum": _sum, "avg": _avg, "min": _extreme, "max": _extreme, "median": _median,
    "quantile": _quantile, "trimmed_mean": _trimmed_mean, "share": _share, "every": _every, "any": _any,
    "first": _first, "last": _first,
}  # fmt: skip
