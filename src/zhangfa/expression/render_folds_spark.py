"""Writes the parts of an aggregate expression as Spark SQL; how they make the value is :mod:`render_folds`'s.

Spark adds whole numbers up in 64 bits and means as doubles, its percentiles are approximate or interpolated: here it
adds up decimals, counts, and picks from a sorted list.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from zhangfa.expression import tree
from zhangfa.expression.render_folds import PARTS, Makers, Part
from zhangfa.expression.render_spark import WHOLE_DIGITS


def _written(fold: tree.Fold, x: str, order: str, *sql: str) -> Part:
    """Return what DuckDB's parts become, read from this SQL."""
    return replace(PARTS[fold.function](x, fold, order), sql=sql)


def _distinct(fold: tree.Fold) -> str:
    return "DISTINCT " if fold.distinct else ""


def _addable(x: str, fold: tree.Fold) -> str:
    """Write a number so that a sum of any length fits: Spark gives it ten digits more than what it adds up."""
    kind = fold.arguments[0].type
    whole = f"CAST({x} AS BIGINT)" if kind.kind == "bool" else x
    return f"CAST({whole} AS DECIMAL({WHOLE_DIGITS + kind.scale}, {kind.scale}))"


def _total(x: str, fold: tree.Fold) -> str:
    """Write a sum that cannot leave its type on the way; of whole numbers a whole number, or it is refused."""
    total = f"sum({_distinct(fold)}{_addable(x, fold)})"
    return total if fold.arguments[0].type.kind == "decimal" else f"CAST({total} AS BIGINT)"


def _sum(x: str, fold: tree.Fold, order: str) -> Part:
    return _written(fold, x, order, _total(x, fold))


def _avg(x: str, fold: tree.Fold, order: str) -> Part:
    return _written(fold, x, order, _total(x, fold), f"count({_distinct(fold)}{x})")


def _sorted(x: str, fold: tree.Fold) -> str:
    """Write the list of all values, sorted; NULLs are not in it."""
    return f"sort_array({'collect_set' if fold.distinct else 'collect_list'}({x}))"


def _median(x: str, fold: tree.Fold, order: str) -> Part:
    held, count = _sorted(x, fold), f"count({_distinct(fold)}{x})"
    places = f"({count} + 1) div 2 - 1", f"{count} div 2"
    return _written(fold, x, order, *(f"get({held}, CAST({place} AS INT))" for place in places))


def _quantile(x: str, fold: tree.Fold, order: str) -> Part:
    held, count, share = _sorted(x, fold), f"count({_distinct(fold)}{x})", fold.settings[0]
    assert isinstance(share, Decimal)
    top, bottom = share.as_integer_ratio()
    rank = f"(CAST({count} AS DECIMAL(18, 0)) * {top} + {bottom - 1}) div {bottom}"
    return _written(fold, x, order, f"get({held}, CAST(greatest({rank}, 1) - 1 AS INT))")


def _trimmed_mean(x: str, fold: tree.Fold, order: str) -> Part:
    held, count, cut = _sorted(x, fold), f"count({_distinct(fold)}{x})", fold.settings[0]
    kind = f"DECIMAL(38, {fold.arguments[0].type.scale})"
    kept = f"slice({held}, {cut} + 1, CAST(greatest({count} - 2 * {cut}, 0) AS INT))"
    total = f"aggregate({kept}, CAST(0 AS {kind}), (total, one) -> CAST(total + one AS {kind}))"
    return _written(fold, x, order, total, f"{count} - 2 * {cut}")


def _counted(x: str, fold: tree.Fold, order: str) -> Part:
    """Write a share, or whether every one or any one is met: how many are, of how many."""
    made = PARTS[fold.function](x, fold, order)
    return replace(made, sql=(f"count_if({x})", "count(*)")[: len(made.sql)])


def _first(x: str, fold: tree.Fold, order: str) -> Part:
    pick = "min_by" if fold.function == "first" else "max_by"
    return _written(fold, x, order, f"{pick}(named_struct('v', {x}), {order}).v")


SPARK_PARTS: Makers = MappingProxyType({
    **{name: PARTS[name] for name in ("count", "min", "max")},
    "sum": _sum, "avg": _avg, "median": _median, "quantile": _quantile, "trimmed_mean": _trimmed_mean,
    "share": _counted, "every": _counted, "any": _counted, "first": _first, "last": _first,
})  # fmt: skip
