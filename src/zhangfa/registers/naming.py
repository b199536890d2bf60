"""The names of persons, units and records that a page shows, asked of the database once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhangfa.acts.models import Record
from zhangfa.acts.values import Names
from zhangfa.charter.model import Field
from zhangfa.directory.models import Person, Unit

Pair = tuple[Field, object]


def names_for(pairs: Iterable[Pair], *, persons: Iterable[int] = (), units: Iterable[int] = ()) -> Names:
    """Return the names that the values, and any persons and units beside them, need."""
    wanted: dict[str, set[int]] = {"person": set(persons), "unit": set(units), "ref": set()}
    for field, value in _flat(pairs):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, int) or (isinstance(each, str) and each.isascii() and each.isdigit()):
                wanted[{"units": "unit"}.get(field.type, field.type)].add(int(each))
    people = Person.objects.filter(id__in=wanted["person"]) if wanted["person"] else Person.objects.none()
    named = Unit.objects.filter(id__in=wanted["unit"]) if wanted["unit"] else Unit.objects.none()
    records = Record.objects.filter(id__in=wanted["ref"]) if wanted["ref"] else Record.objects.none()
    return Names(
        persons=dict(people.values_list("id", "name")),
        units=dict(named.values_list("id", "name")),
        records={str(record): label for record, label in records.values_list("id", "label")},
    )


def _flat(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield the pairs that name something, those in the cells of tables too."""
    for field, value in pairs:
        if field.type in ("person", "unit", "units", "ref") and value is not None:
            yield field, value
        elif field.type == "table" and isinstance(value, list):
            yield from _flat((column, row.get(column.id)) for row in value for column in field.columns)
