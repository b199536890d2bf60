"""The names an expression may use on a record of a register, and their types."""

from __future__ import annotations

from collections.abc import Mapping

from zhangfa.charter.resolve.context import Context
from zhangfa.charter.schema.shapes import Item
from zhangfa.expression import Scope
from zhangfa.expression.scope import (
    NameType,
    bool_,
    choice,
    date_,
    datetime_,
    decimal_,
    files_,
    int_,
    list_,
    person_,
    point_,
    record,
    table,
    text_,
    time_,
    unit_,
)  # fmt: skip

PLACES = {"decimal": 2, "percent": 4, "money": 2}
"""Decimals kept where the charter does not say; a percent is a fraction, so 4 means hundredths of a percent."""
RESERVED = frozenset({"state", "unit", "about", "author", "opened", "today", "record", "settings"})
SIMPLE: Mapping[str, NameType] = {
    "text": text_, "int": int_, "date": date_, "datetime": datetime_, "time": time_, "bool": bool_, "person": person_,
    "files": files_, "point": point_, "phone": text_, "id-number": text_, "credit-code": text_, "units": list_(),
}  # fmt: skip


def type_of(ctx: Context, item: Item, depth: int = 1) -> NameType:
    """Return the type of a field as expressions see it; a ref is followed ``depth`` times."""
    kind = item.get("type", "text")
    if kind in SIMPLE:
        return SIMPLE[kind]
    if kind in PLACES:
        return decimal_(item.get("places", PLACES[kind]))
    if kind in ("choice", "choices"):
        options = tuple(item.get("options", {}))
        return choice(options) if kind == "choice" else list_(options)
    if kind == "table":
        known = {"id": text_} if item.has("rows_from") else {}  # fixed rows are told apart by it
        return table(known | {name: type_of(ctx, column, 0) for name, column in item.get("columns", {}).items()})
    if kind == "ref":
        return _referred(ctx, item, depth)
    return unit_(ctx.properties)


def _referred(ctx: Context, item: Item, depth: int) -> NameType:
    register = ctx.registers.get(item.get("to", ""))
    if register is None:
        return record({})
    names = {"state": choice(states_of(register))}
    if depth:
        names |= {name: type_of(ctx, one, depth - 1) for name, one in register.get("fields", {}).items()}
    return record(names)


def states_of(register: Item) -> tuple[str, ...]:
    """Return every state its steps name, in the order of first mention."""
    found: dict[str, None] = {}
    for step in register.get("steps", {}).values():
        for word in ("from", "to"):
            found |= dict.fromkeys(item.value for item in step.get(word, ()))
    return tuple(found)


def counter(step: str) -> str:
    """Return the name under which expressions read how often a step was taken."""
    return step.replace("-", "_") + "_count"


def names_of(ctx: Context, register: Item) -> dict[str, NameType]:
    """Return the names in scope on a record of the register."""
    about = register.get("about", {})
    return {
        **{counter(step): int_ for step in register.get("steps", {})},
        **{name: type_of(ctx, item) for name, item in register.get("fields", {}).items()},
        "state": choice(states_of(register)),
        "unit": unit_(ctx.properties),
        **({"about": unit_(ctx.properties) if "unit" in about else person_} if about else {}),
        "author": person_,
        "opened": datetime_,
    }


def record_scope(ctx: Context, names: Mapping[str, NameType]) -> Scope:
    """Return the scope of an expression on one record."""
    kept = ctx.scopes.get(id(names))
    if kept is None:
        kept = ctx.scopes[id(names)] = (names, Scope(names, shared=ctx.shared))
    return kept[1]


def sheet_scope(ctx: Context, names: Mapping[str, NameType], sheet: Mapping[str, NameType]) -> Scope:
    """Return the scope of ``decide`` over a panel's sheets: their columns, beside what the record says."""
    rest = {name: one for name, one in names.items() if name not in sheet}
    return Scope(sheet, aggregates=True, shared={**ctx.shared, **rest})
