"""The aggregates: what each takes and gives, and how it is worked out over a list of values.

They fold the rows of a table field, as in ``every(items, agreed)``, and the rows handed to
``evaluate_rows``, as in ``share(verdict = 'pass')``. NULLs are left out, except that a condition which is
not known to be true counts as not met: nobody's silence is consent.
"""

# ruff: noqa: E501 — one aggregate a row reads best

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhangfa.expression.arithmetic import EXACT, add_all, divide


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate.

    ``takes``: ``condition``, ``number``, ``measure`` (number or yes-or-no), ``ordered`` or ``value``. ``gives``: ``bool``, ``int``,
    ``quotient`` (ten decimals), ``first`` (the type of what it takes). ``settings``: how many literals follow.
    """

    name: str
    takes: str
    gives: str
    apply: Callable[..., object]
    zh: str
    en: str
    example: str
    settings: int = 0


Values = Sequence[Any]


def known(values: Values) -> list[Any]:
    """Return the values that are not NULL."""
    return [value for value in values if value is not None]


def _average(values: Values) -> Decimal | None:
    held = known(values)
    return divide(add_all(held), len(held)) if held else None


def _sum(values: Values) -> object:
    held = known(values)
    return add_all(held) if held else None


def _median(values: Values) -> Decimal | None:
    held = sorted(known(values))
    if not held:
        return None
    middle = held[(len(held) - 1) // 2 : len(held) // 2 + 1]
    return _average(middle)


def _quantile(values: Values, share: Decimal) -> object:
    held = sorted(known(values))
    if not held:
        return None
    rank = math.ceil(EXACT.multiply(share, len(held)))
    return held[max(rank, 1) - 1]


def _trimmed_mean(values: Values, count: int) -> Decimal | None:
    held = sorted(known(values))
    return _average(held[count : len(held) - count]) if len(held) > 2 * count else None


def _share(values: Values) -> Decimal | None:
    return divide(_count_true(values), len(values)) if values else None


def _count_true(values: Values) -> int:
    return sum(value is True for value in values)


TABLE = (
    Aggregate("count", "value", "int", lambda values: len(known(values)),
              "有多少（`count(*)` 数行，`count(x)` 数非空，`count(distinct x)` 数不同的，`count(items, 条件)` 数符合的）",
              "How many: rows, values that are not NULL, different values, or rows of a table where a condition holds",
              "count(*)"),
    Aggregate("sum", "number", "first", _sum, "合计", "Total; NULL where there is nothing", "sum(items.mark)"),
    Aggregate("avg", "measure", "quotient", _average, "平均；对是否取“是”的比例", "Mean, ten decimals; of yes or no: the share of yes",
              "avg(mark)"),
    Aggregate("min", "ordered", "first", lambda values: min(known(values), default=None), "最小", "The smallest", "min(mark)"),
    Aggregate("max", "ordered", "first", lambda values: max(known(values), default=None), "最大", "The largest", "max(mark)"),
    Aggregate("median", "number", "quotient", _median, "中位数", "The middle value, or the mean of the two in the middle",
              "median(mark)"),
    Aggregate("quantile", "ordered", "first", _quantile, "分位数", "The smallest value with at least this share at or below it",
              "quantile(mark, 0.9)", settings=1),
    Aggregate("trimmed_mean", "number", "quotient", _trimmed_mean, "去掉几个最高分和几个最低分后的平均",
              "Mean without the n highest and the n lowest; NULL where none are left", "trimmed_mean(mark, 1)", settings=1),
    Aggregate("share", "condition", "quotient", _share, "符合条件的比例；没有行时为空", "Share of rows where it holds; NULL without rows",
              "share(verdict = 'pass')"),
    Aggregate("every", "condition", "bool", lambda values: all(value is True for value in values),
              "是否每行都符合；没有行时为是", "Whether it holds on every row; true without rows", "every(items, agreed)"),
    Aggregate("any", "condition", "bool", lambda values: any(value is True for value in values),
              "是否有一行符合", "Whether it holds on some row", "any(items, objection is not null)"),
    Aggregate("first", "value", "first", lambda values: values[0] if values else None, "第一行的值", "The value of the first row",
              "first(mark)"),
    Aggregate("last", "value", "first", lambda values: values[-1] if values else None, "最后一行的值", "The value of the last row",
              "last(mark)"),
)  # fmt: skip

AGGREGATES: dict[str, Aggregate] = {aggregate.name: aggregate for aggregate in TABLE}


def fold(function: str, values: Values, settings: tuple[object, ...], *, distinct: bool, where: bool) -> object:
    """Fold the values, one per row. ``where``: the values are conditions and ``count`` counts the true ones."""
    if where:
        return _count_true(values)
    if distinct:
        values = list(dict.fromkeys(values))
    return AGGREGATES[function].apply(values, *settings)
