"""What a filter asks of a row, as Django conditions: unit, dates, deadlines, ranges of fields."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from zhangfa.charter.model import Field, Register
from zhangfa.desk.posted import read_day
from zhangfa.directory import tree
from zhangfa.registers.filters import Filter, is_ranged
from zhangfa.registers.search import LEVEL_COLUMNS

ZONE = ZoneInfo("Asia/Shanghai")
LARGEST_POWER = 30
"""Of ten, in a bound; no field holds more, and no database reads ``1e99999``."""


def condition_of(chosen: Filter, register: Register, unit: tree.UnitNow | None, at: dt.datetime) -> Q:
    """Return all that the filter asks but its states and its search."""
    asked = _unit_condition(unit) & _due_condition(chosen, at) & _opened_condition(chosen)
    for name, value in chosen.fields:
        if is_ranged(register.fields[name]):
            asked &= _range_condition(register.fields[name], value)
    return asked


def _unit_condition(unit: tree.UnitNow | None) -> Q:
    """Everything below the unit: its level's column where it has one, else the branch of the tree."""
    if unit is None:
        return Q()
    if unit.kind in LEVEL_COLUMNS:
        return Q(**{unit.kind: unit.id})
    below = [unit.id, *(each.id for each in tree.descendants(unit.id))] if unit.kind != "prefecture" else []
    return Q(unit__in=below) if below else Q()


def start_of(day: dt.date) -> dt.datetime:
    """Return the first moment of a day in Shanghai."""
    return dt.datetime.combine(day, dt.time(), ZONE)


def _due_condition(chosen: Filter, at: dt.datetime) -> Q:
    today = start_of(at.astimezone(ZONE).date())
    ends = {"today": dt.timedelta(days=1), "week": dt.timedelta(days=7)}
    if chosen.due == "late":
        return Q(due_at__lt=at)
    if chosen.due == "none":
        return Q(due_at__isnull=True)
    return Q(due_at__gte=at, due_at__lt=today + ends[chosen.due]) if chosen.due else Q()


def _opened_condition(chosen: Filter) -> Q:
    asked = Q()
    if chosen.since:
        # A record is never older than its last change: the second bound lets the walk by date end early.
        asked &= Q(opened_at__gte=start_of(chosen.since), updated_at__gte=start_of(chosen.since))
    if chosen.until:
        asked &= Q(opened_at__lt=start_of(chosen.until + dt.timedelta(days=1)))
    return asked


def _range_condition(field: Field, value: str) -> Q:
    low, dots, high = value.partition("..")
    asked = Q()
    for bound, side in ((low, ">="), (high if dots else low, "<=")):
        typed = _bound(field, bound.strip(), upper=side == "<=")
        if typed is not None:
            asked &= Q(RawSQL(*_comparison(field, side, typed), output_field=BooleanField()))
    return asked


def _bound(field: Field, typed: str, *, upper: bool) -> object:
    """Return the bound as the payload holds such values, or None for what is no such value."""
    if field.type in ("date", "datetime"):
        day = read_day(typed)
        if day is None or field.type == "date":
            return day and day.isoformat()
        return start_of(day + dt.timedelta(days=1 if upper else 0)).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        number = Decimal(typed)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_POWER:
        return None
    shift = {"money": 100, "percent": Decimal("0.01")}.get(field.type, 1)
    return float(number * shift)


def _comparison(field: Field, side: str, bound: object) -> tuple[str, list[object]]:
    """Return the SQL of a comparison of the payload's value with the bound, and its parameters."""
    value, name = payload_sql(field)
    return f"({value} {side} %s)", [name, bound]


def payload_sql(field: Field) -> tuple[str, str]:
    """Return the SQL of a field's stored value, as text for dates and as a number else, and its parameter."""
    dated = field.type in ("date", "datetime")
    if connection.vendor == "postgresql":
        text = "(acts_record.payload::jsonb ->> %s)"
        return (text if dated else f"{text}::numeric"), field.id
    value = "json_extract(acts_record.payload, %s)"
    return (value if dated else f"CAST({value} AS REAL)"), f'$."{field.id}"'
