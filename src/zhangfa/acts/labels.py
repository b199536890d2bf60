"""The one line by which people know a record."""

from __future__ import annotations

from collections.abc import Collection

from zhangfa.acts.once import once_per_version
from zhangfa.acts.sealing import secret_fields
from zhangfa.acts.situation import Situation, situation_of
from zhangfa.acts.values.show import Names, show_value
from zhangfa.acts.words import names_of
from zhangfa.charter.model import Charter, Field, Register
from zhangfa.directory import tree

LONGEST = 120
NAMED = frozenset(("person", "unit", "units", "ref"))
"""Types whose values are shown by a name kept elsewhere."""


def label_of(situation: Situation, secret: Collection[str]) -> str:
    """Return the label by the charter; without one the first text, else the register's title. Nothing secret."""
    parts = situation.register.label or _default_label(situation.register, secret)
    label = "".join(_part(name, length, situation, secret) for name, length in parts).strip(" ·")
    return (label or situation.register.title.zh)[:LONGEST]


@once_per_version
def label_fields(charter: Charter, register: Register) -> frozenset[str] | None:
    """Return the fields the label is made of; ``None`` where it says a name, which changes apart from the record."""
    secret = secret_fields(charter, register)
    parts = [name for name, _length in register.label or _default_label(register, secret) if not name.startswith("=")]
    fields = {name: register.fields.get(name) for name in parts if name not in secret}
    if not {"unit", "about"}.isdisjoint(parts) or any(field and field.type in NAMED for field in fields.values()):
        return None
    return frozenset(fields)


def _default_label(register: Register, secret: Collection[str]) -> tuple[tuple[str, int], ...]:
    first = next((f.id for f in register.fields.values() if f.type == "text" and f.id not in secret), None)
    return ((first, 30),) if first else ()


def _part(name: str, length: int, situation: Situation, secret: Collection[str]) -> str:
    if name.startswith("="):
        return name[1:]
    field = situation.register.fields.get(name)
    if field is None or name in secret:
        return _own_part(name, situation)
    shown = show_value(field, situation.payload.get(name), names=_names(field, situation)).replace("\n", " ")
    return f"{shown[:length]}…" if length and len(shown) > length else shown


def _own_part(name: str, situation: Situation) -> str:
    if name == "unit":
        return situation.unit.name
    person = situation.record.get("about_person")
    if name == "about" and person:
        return names_of({person}).get(person, "")
    return ""


def _names(field: Field, situation: Situation) -> Names:
    value = situation.payload.get(field.id)
    if value is None:
        return Names()
    if field.type == "person":
        return Names(persons=names_of({value}))
    if field.type in ("unit", "units"):
        listed = value if isinstance(value, list) else [value]
        return Names(units={one: tree.unit(one).name for one in listed})
    if field.type == "ref":
        found = situation_of(int(value), situation.at)
        return Names(records={value: found.record["label"]} if found else {})
    return Names()
