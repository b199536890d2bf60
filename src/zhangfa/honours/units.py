"""Units as facts see them now, for conditions that read one row of the table ``unit``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from zhangfa.calendar.engine import current_calendar
from zhangfa.charter.fact_columns import fact_columns
from zhangfa.charter.model import Charter
from zhangfa.charter.resolve.judged import columns_read
from zhangfa.expression import CALENDAR, TODAY, Expression, evaluate
from zhangfa.facts.query import ask

HIDDEN = ("unit.kind", "unit.name", "unit.code")


def shared_now(charter: Charter, day: dt.date) -> Mapping[str, object]:
    """Return what an expression may read beside the rows."""
    return {**{one.id: one.value for one in charter.settings.values()}, TODAY: day, CALENDAR: current_calendar()}


def unit_rows(
    charter: Charter, columns: Iterable[str], units: Iterable[int], day: dt.date
) -> dict[int, dict[str, Any]]:
    """Return columns of the table ``unit`` by id; units that do not exist on the day are left out."""
    wanted = [name for name in dict.fromkeys(columns) if name != "unit"]
    names = ", ".join(f'u."{name}"' for name in (*HIDDEN, *wanted))
    sql = f"SELECT u.unit, {names} FROM {{unit}} u WHERE u.unit IN (SELECT unnest(CAST(? AS BIGINT[])))"
    found = ask(sql, charter=charter, tables=["unit"], today=day, parameters=[sorted(set(units))])
    return {
        unit: {"unit": {"id": unit, "kind": kind, "name": name, "code": code}, **dict(zip(wanted, rest, strict=True))}
        for unit, kind, name, code, *rest in found
    }


def units_where(charter: Charter, condition: Expression, units: Iterable[int], day: dt.date) -> set[int]:
    """Return those of the units for which a condition holds."""
    columns = columns_read(fact_columns(charter, "unit"), condition)
    shared = shared_now(charter, day)
    rows = unit_rows(charter, columns, units, day)
    return {unit for unit, row in rows.items() if evaluate(condition, {**shared, **row}) is True}
