"""Hand stored values to an expression: decimals as Decimal, money in yuan, dates as dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from zhangfa.acts.values.scalars import from_iso
from zhangfa.charter.model import Field

READ: Mapping[str, Callable[[Any], object]] = {
    "decimal": Decimal,
    "percent": Decimal,
    "money": lambda fen: Decimal(fen) / 100,
    "date": dt.date.fromisoformat,
    "datetime": from_iso,
    "time": dt.time.fromisoformat,
}


def to_term(field: Field, stored: Any) -> object:
    """Return the value an expression sees; ``None`` where nothing is stored or it was erased."""
    if stored is None or is_sealed(stored):
        return None
    if field.type == "table":
        return [to_row(field.columns, row) for row in stored]
    read = READ.get(field.type)
    return read(stored) if read else stored


def to_row(columns: tuple[Field, ...], row: Mapping[str, Any]) -> dict[str, object]:
    """Return one row of a table as an expression sees it, every column named."""
    return {"id": row.get("id"), **{column.id: to_term(column, row.get(column.id)) for column in columns}}


def is_sealed(stored: Any) -> bool:
    """Whether a stored value is ciphertext (``{"~": …}``)."""
    return isinstance(stored, Mapping) and "~" in stored


def from_term(field: Field, value: object) -> Any:
    """Return the canonical stored form of what an expression yielded; the field's places round half up."""
    if value is None:
        return None
    if field.type == "money":
        return int((Decimal(str(value)) * 100).to_integral_value(rounding="ROUND_HALF_UP"))
    if field.type in ("decimal", "percent"):
        return _rounded(field, Decimal(str(value)))
    if field.type == "int":
        return int(Decimal(str(value)).to_integral_value(rounding="ROUND_HALF_UP"))
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if field.type == "ref" and isinstance(value, Mapping):
        return str(value["id"])
    if field.type == "unit" and isinstance(value, Mapping):
        return value["id"]
    return value


def _rounded(field: Field, number: Decimal) -> str:
    if field.type == "percent":
        kept = number.quantize(Decimal(1).scaleb(-(field.places or 4)), rounding="ROUND_HALF_UP")
        return f"{kept.normalize():f}"
    return f"{number.quantize(Decimal(1).scaleb(-field.places), rounding='ROUND_HALF_UP'):f}"
