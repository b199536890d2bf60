"""From the parts DuckDB counted and added up to values: plain means, shares and sums a column at once, the rest singly.

Both ways give what ``evaluate_rows`` gives on the same facts; the tests hold them to that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from zhangfa.expression import tree
from zhangfa.expression.arithmetic import LIMIT
from zhangfa.expression.scope import MAX_SCALE, TODAY
from zhangfa.expression.series import Series, divide_series, most, series_of
from zhangfa.facts.asked import Asked, Period
from zhangfa.facts.counting import part_names


@dataclass(frozen=True, slots=True)
class Gathered:
    """One cell: the indicator's value (``None``: not known), and how many facts made it."""

    value: object
    facts: int


@dataclass(frozen=True)
class Cells:
    """The cells of one indicator, as columns: ids of units or people, how many facts, and the values."""

    keys: NDArray[np.int64]
    facts: NDArray[np.int64]
    values: Series | tuple[object, ...]
    """What is no number stands as it is."""

    @property
    def series(self) -> Series:
        """The values as numbers; what is none is not held."""
        return self.values if isinstance(self.values, Series) else series_of(self.values)

    @cached_property
    def by_key(self) -> Mapping[int, Gathered]:
        """Each cell by itself."""
        values = self.values
        held = [values.at(at) for at in range(len(values))] if isinstance(values, Series) else values
        found = zip(self.keys.tolist(), held, self.facts.tolist(), strict=True)
        return {key: Gathered(value, facts) for key, value, facts in found}


def read_cells(
    connection: duckdb.DuckDBPyConnection, table: str, asked: Sequence[Asked], periods: Mapping[int, Period]
) -> dict[tuple[str, int], Cells]:
    """Read the grouped parts of indicators over the same facts: the cells by indicator and number of the period."""
    described = connection.execute(f"SELECT * FROM {table} LIMIT 0").description or []
    types = {name: str(kind) for name, kind, *_ in described}
    numbers = _fetch_numbers(connection, table, types)
    order = np.argsort(numbers["~period"].wholes, kind="stable")
    ends = np.searchsorted(numbers["~period"].wholes[order], [*periods, max(periods) + 1])
    found: dict[tuple[str, int], Cells] = {}
    for one in asked:
        made = _worked_out_at_once(one, numbers)
        rows = None if made is not None else _fetch_rows(connection, table, one)
        for at, (number, period) in enumerate(periods.items()):
            places = order[ends[at] : ends[at + 1]]
            values = made.take(places) if made is not None else _worked_out(one, rows or [], places, period)
            found[one.id, number] = Cells(numbers["~key"].wholes[places], numbers["~facts"].wholes[places], values)
    return found


def _fetch_numbers(connection: duckdb.DuckDBPyConnection, table: str, types: Mapping[str, str]) -> dict[str, Series]:
    """Fetch the columns that are whole numbers or decimals and fit into 64 bits."""
    kinds = {name: kind for name, kind in types.items() if kind in WHOLE or kind.startswith("DECIMAL")}
    wanted = [f'{_as_whole(name, kind)} AS "{name}", "{name}" IS NOT NULL AS "{name}?"' for name, kind in kinds.items()]
    columns = connection.execute(f"SELECT {', '.join(wanted)} FROM {table}").fetchnumpy()
    found: dict[str, Series] = {}
    for name, kind in kinds.items():
        column, held = columns[name], np.asarray(columns[f"{name}?"], dtype=bool)
        if not (held & np.ma.getmaskarray(column)).any():
            found[name] = Series(np.ma.filled(column, 0), held, _scale(kind), counted=kind in WHOLE)
    return found


WHOLE = ("BIGINT", "HUGEINT", "INTEGER")


def _as_whole(name: str, kind: str) -> str:
    if kind == "HUGEINT":
        return f'TRY_CAST("{name}" AS BIGINT)'
    return f"TRY_CAST(replace(CAST(\"{name}\" AS VARCHAR), '.', '') AS BIGINT)" if kind not in WHOLE else f'"{name}"'


def _scale(kind: str) -> int:
    found = re.fullmatch(r"DECIMAL\(\d+, ?(\d+)\)", kind)
    return int(found[1]) if found else 0


def _worked_out_at_once(one: Asked, numbers: Mapping[str, Series]) -> Series | None:
    """Return the values of an indicator that is one plain aggregate of numbers; ``None`` where it is not."""
    fold, parts = one.indicator.value.tree, [numbers.get(name) for name in part_names(one)]
    first = parts[0] if parts else None
    if not isinstance(fold, tree.Fold) or fold.where or first is None or None in parts:
        return None
    if fold.function in ("count", "sum", "min", "max"):
        fits = first.counted if fold.type.kind == "int" else first.places == fold.type.scale and not first.counted
        return first if fits and most(first.wholes) < LIMIT * 10**first.places else None
    second = parts[1] if len(parts) == 2 else None
    if fold.function not in ("avg", "share") or second is None or fold.type.scale != MAX_SCALE:
        return None
    held = first.held & (second.wholes > 0)
    if first.places > MAX_SCALE or most(first.wholes) >= LIMIT * 10**first.places:
        return None
    wholes = divide_series(first.wholes, first.places, np.where(held, second.wholes, 1))
    return Series(wholes, held, MAX_SCALE)


def _fetch_rows(connection: duckdb.DuckDBPyConnection, table: str, one: Asked) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{name}"' for name in part_names(one)) or "NULL"
    return connection.execute(f"SELECT {names} FROM {table}").fetchall()


def _worked_out(
    one: Asked, rows: Sequence[tuple[Any, ...]], places: NDArray[np.intp], period: Period
) -> tuple[object, ...]:
    """Work out each value by itself; equal parts only once."""
    folds = replace(one.folds, shared={**one.shared, TODAY: period[1]})
    known: dict[tuple[Any, ...], object] = {}
    found = []
    for place in places:
        parts = rows[place]
        try:
            value = known[parts]
        except KeyError:
            value = known[parts] = folds.value(parts)
        except TypeError:  # a list among the parts
            value = folds.value(parts)
        found.append(value)
    return tuple(found)
