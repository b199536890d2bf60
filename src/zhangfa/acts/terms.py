"""The names an expression on a record may use, each looked up only when it is asked for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from zhangfa.acts.models import UnitProperty
from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.situation import Situation, situation_of
from zhangfa.acts.values.scalars import from_iso
from zhangfa.acts.values.term import to_term
from zhangfa.calendar.engine import current_calendar
from zhangfa.charter.model import Field, Setting
from zhangfa.directory import tree
from zhangfa.expression.scope import CALENDAR, TODAY


class Lazy(Mapping[str, object]):
    """A mapping whose values are made when they are read, and kept."""

    def __init__(self, makers: Mapping[str, Callable[[], object]]) -> None:
        self._makers = makers
        self._made: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        """Return the value, ``None`` for a name that has none."""
        if name not in self._made:
            maker = self._makers.get(name) or self.missing(name)
            self._made[name] = maker()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        """Every name stands; what is not known is ``None``."""
        return isinstance(name, str)

    def missing(self, name: str) -> Callable[[], object]:
        """Return how to make a name that was not foreseen."""
        return lambda: None

    def __iter__(self) -> Iterator[str]:
        """Name what was foreseen."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Count what was foreseen."""
        return len(self._makers)


class RecordTerms(Lazy):
    """The names of one record; how to make each is found when it is asked for, since a condition asks for few."""

    def __init__(self, situation: Situation) -> None:
        super().__init__({})
        self._situation = situation

    def missing(self, name: str) -> Callable[[], object]:
        """A field, a setting, what every record has, a step's counter, or a value of the sheet at hand."""
        situation = self._situation
        if field := situation.register.fields.get(name):
            return partial(_field, situation, field)
        if setting := situation.charter.settings.get(name):
            return partial(_setting, setting)
        if own := _OWN.get(name):
            return partial(own, situation)
        if name.endswith("_count"):
            steps, step = situation.meta.get("steps", {}), name.removesuffix("_count")
            return lambda: steps.get(step, steps.get(step.replace("_", "-"), 0))
        return lambda: situation.sheet.get(name)

    def __iter__(self) -> Iterator[str]:
        """Name what every record of the register has."""
        return iter({**_OWN, **self._situation.charter.settings, **self._situation.register.fields})

    def __len__(self) -> int:
        """Count what every record of the register has."""
        return len(set(self))


def _setting(setting: Setting) -> object:
    return setting.value


def _field(situation: Situation, field: Field) -> object:
    stored = situation.payload.get(field.id)
    if stored is None:
        return None
    if field.type == "ref":
        return referred(int(stored), situation.at)
    if field.type == "unit":
        return unit_terms(stored)
    return to_term(field, stored)


def referred(record: int, at: dt.datetime) -> Mapping[str, object] | None:
    """Return the names of a referred record."""
    found = situation_of(record, at)
    return RecordTerms(found) if found else None


def _about(situation: Situation) -> object:
    unit = situation.record.get("about_unit")
    return unit_terms(unit) if unit else situation.record.get("about_person")


def unit_terms(unit: int | None) -> Mapping[str, object] | None:
    """Return what an expression may ask of a unit: kind, name, code, and its properties."""
    if unit is None:
        return None
    now = tree.unit(unit)
    return UnitTerms({"id": lambda: unit, "kind": lambda: now.kind, "name": lambda: now.name, "code": lambda: now.code})


_OWN: Mapping[str, Callable[[Situation], object]] = {
    "id": lambda situation: str(situation.record["id"]),
    "state": lambda situation: situation.state or None,
    "unit": lambda situation: unit_terms(situation.record["unit"]),
    "about": _about,
    "author": lambda situation: situation.record.get("author"),
    "opened": lambda situation: situation.opened_at,
    TODAY: lambda situation: situation.today,
    CALENDAR: lambda situation: current_calendar(),
}


class UnitTerms(Lazy):
    """A unit's own names; any other is a property it may have."""

    def missing(self, name: str) -> Callable[[], object]:
        """Look a property up."""
        return lambda: property_of(int(str(self["id"])), name)


def property_of(unit: int, name: str) -> str | None:
    """Return the value of a unit's property."""
    return UnitProperty.objects.filter(unit=unit, name=name).values_list("value", flat=True).first()


def follow(terms: Mapping[str, object], path: str) -> object:
    """Return what a dotted path such as ``topic.lecturer`` leads to; ``None`` where it breaks off."""
    value: object = terms
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def local_day(moment: str) -> dt.date:
    """Return the day in Shanghai of a moment written as ISO text."""
    return from_iso(moment).astimezone(SHANGHAI).date()


def as_id(value: Any) -> int | None:
    """Return the id of a person, unit or record that a path led to."""
    if isinstance(value, Mapping):
        value = value["id"]
    return int(value) if isinstance(value, int | str) and re.fullmatch(r"[0-9]{1,19}", str(value)) else None
