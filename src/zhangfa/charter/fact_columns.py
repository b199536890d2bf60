"""The columns of every table of facts: what ``from`` may name, and what an indicator may read there.

One place for both sides: the checker holds expressions against these names and types, and ``facts``
fills tables with exactly these columns. Types are those of ``zhangfa.expression``; every column may be NULL.

A ``unit`` column holds the id of a unit; ``unit.kind``, ``unit.name`` and ``unit.code`` are what it was on the
fact's date. ``county``, ``town``, ``village`` and ``grid`` are the ids of the units above it on that date.
A reference is the id of the record it points to. Sealed values are no facts and have no column, nor have tables: what a
table comes to is a computed field.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from zhangfa.charter.model import Field, Register
from zhangfa.expression import NameType
from zhangfa.expression.scope import (
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
    text_,
    time_,
    unit_,
)  # fmt: skip

Columns = Mapping[str, NameType]
LEVELS = ("county", "town", "village", "grid")
"""Kinds of unit whose id every fact carries."""
ENGINE_TABLES = ("task", "unit", "post", "score", "honour")
"""The engine's own tables of facts; every other one is a register."""
UNIT_KINDS = (
    "prefecture", "county", "town", "precinct", "village", "grid", "lane", "household",
    "department", "branch", "team", "cooperative", "company", "school",
)  # fmt: skip
TASK_STATES = ("open", "paused", "done", "dropped")
HONOUR_STATES = ("held", "lapsed", "withdrawn", "moved", "lost", "renewed")
"""``lost``: its rule no longer holds; ``renewed``: the next conferring took its place."""
UNIT = unit_()
PLACED: Columns = MappingProxyType({"unit": UNIT, **dict.fromkeys(LEVELS, int_)})
"""Where a fact belongs, as the tree stood on the fact's date."""
SEALED_WHOLE = frozenset({"text", "files", "phone", "id-number", "point", "table"})
"""Types of field sealed throughout a register that is sensitive as a whole; coded ones stay readable for statistics."""
SIMPLE: Columns = MappingProxyType({
    "text": text_, "int": int_, "date": date_, "datetime": datetime_, "time": time_, "bool": bool_, "person": person_,
    "unit": UNIT, "units": list_(), "ref": int_, "files": files_, "point": point_, "phone": text_,
    "id-number": text_, "credit-code": text_,
})  # fmt: skip


class Declares(Protocol):
    """What the columns depend on: a charter, or one being checked."""

    @property
    def registers(self) -> Mapping[str, Register]: ...

    @property
    def roles(self) -> Mapping[str, object]: ...

    @property
    def scores(self) -> Mapping[str, object]: ...

    @property
    def honours(self) -> Mapping[str, object]: ...


def is_sealed(field: Field, register: Register) -> bool:
    """Tell whether a field's values are stored encrypted, so that no fact can be read from them."""
    if field.sensitive or any(column.sensitive for column in field.columns):
        return True
    return register.sensitive is not None and field.type in SEALED_WHOLE


def is_fact(field: Field, register: Register) -> bool:
    """Tell whether a field is a column of facts; a table's rows are folded by a computed field instead."""
    return field.type != "table" and not is_sealed(field, register)


def column_type(field: Field) -> NameType:
    """Return the type of a field as a column."""
    if field.type in ("decimal", "percent", "money"):
        return decimal_(field.places)
    if field.type in ("choice", "choices"):
        options = tuple(option.id for option in field.options)
        return choice(options) if field.type == "choice" else list_(options)
    return SIMPLE.get(field.type, text_)


def register_columns(register: Register) -> Columns:
    """Return the columns of a register: one row per record, as it stands at the position asked for.

    ``dated`` is the day that decides its period: the field ``dated_by`` names, else the day of opening.
    ``closed`` is the moment it came to a final state. ``<step>_count`` is how often a step was taken.
    """
    about = {"person": {"about": person_}, "unit": {"about": UNIT}}.get(register.about, {})
    return MappingProxyType({
        **{step.replace("-", "_") + "_count": int_ for step in register.steps},
        **{one.id: column_type(one) for one in register.fields.values() if is_fact(one, register)},
        "record": int_, "version": int_, "state": choice(register.states), **PLACED, **about, "author": person_,
        "opened": datetime_, "closed": datetime_, "dated": date_,
    })  # fmt: skip


def engine_columns(charter: Declares) -> Mapping[str, Columns]:
    """Return the columns of the engine's own tables; only this charter's tasks, scores and honours are in them."""
    steps = dict.fromkeys(step for one in charter.registers.values() for step in one.steps)
    honours = tuple(charter.honours)
    held = {f"has_{one.replace('-', '_')}": bool_ for one in honours}
    spans = {"since": date_, "until": date_}
    return {
        # One row per deadline. on_time: NULL while it is open and not yet due. Step "" is the whole record's deadline.
        "task": {
            "record": int_, "register": choice(charter.registers), "step": choice((*steps, "")),
            "state": choice(TASK_STATES), "role": choice((*charter.roles, "")), "person": person_, **PLACED,
            "opened": datetime_, "due": datetime_, "done": datetime_, "done_by": person_, "on_time": bool_,
            "dated": date_,
        },
        # One row per unit that exists on the last day of the period, with what it has: properties, titles held.
        "unit": {
            **unit_properties(charter.registers), **held, **PLACED, "kind": choice(UNIT_KINDS), "name": text_,
            "code": text_, **spans,
        },
        # One row per post held on the last day of the period.
        "post": {"person": person_, "role": choice(charter.roles), **PLACED, **spans},
        # One row per unit or person and period of a locked score; ``of`` is how many were ranked with it.
        "score": {
            "scheme": choice(charter.scores), "person": person_, **PLACED, "period": text_, "every": text_,
            **spans, "total": decimal_(6), "rank": int_, "of": int_, "tier": text_, "dated": date_,
        },
        # One row per title conferred on a unit; those of people are sealed, and no facts.
        "honour": {
            "honour": choice(honours), "grade": text_, **PLACED, "state": choice(HONOUR_STATES), **spans,
            "dated": date_,
        },
    }  # fmt: skip


def unit_properties(registers: Mapping[str, Register]) -> Columns:
    """Return what units are known to have: the state of a register with ``one_per: [unit]``, and what steps set."""
    found: dict[str, NameType] = {}
    for register in registers.values():
        if register.one_per == ("unit",):
            found[register.id.replace("-", "_")] = choice(register.states)
        for step in register.steps.values():
            found |= {one.name.replace("-", "_"): text_ for one in step.then if one.kind == "set"}
    return found


def fact_columns(charter: Declares, name: str) -> Columns:
    """Return the columns of a table of facts of a charter: a register's id or one of ``ENGINE_TABLES``.

    Raises:
        KeyError: the charter has no such table.
    """
    if name in charter.registers:
        return register_columns(charter.registers[name])
    if name not in ENGINE_TABLES:
        raise KeyError(f"no table of facts {name!r}")
    return engine_columns(charter)[name]
