"""Which tables of facts there are, and which columns an expression may read of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhangfa.charter.fact_columns import ENGINE_TABLES, fact_columns
from zhangfa.charter.model import Charter
from zhangfa.expression.scope import NameType

LEFT_OUT = frozenset({"table", "point"})
"""Types a register may have that are no columns of facts."""


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of facts: its full name and its columns in order."""

    name: str
    """``task``, ``unit``, ``post`` …, or a register's full key."""
    charter: str
    columns: Mapping[str, NameType]


def table_of(charter: Charter, name: str) -> FactTable:
    """Return the table that ``from: name`` means in a charter.

    Raises:
        KeyError: there is no such register and no such table of the engine's.
    """
    own, _, register = name.rpartition(".")
    if own and own != charter.id:
        raise KeyError(f"{name!r} belongs to another charter: hand that one in")
    columns = fact_columns(charter, register)
    full = register if register in ENGINE_TABLES and register not in charter.registers else f"{charter.id}.{register}"
    return FactTable(full, charter.id, {one: found for one, found in columns.items() if found.kind not in LEFT_OUT})
