"""Whom and what a field may name: persons by role, units by kind, records of another register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from zhangfa.acts.actor import Actor
from zhangfa.acts.gate import choosable
from zhangfa.acts.models import Record
from zhangfa.acts.values import show_value
from zhangfa.charter.engine import register as register_of
from zhangfa.charter.model import Field
from zhangfa.desk.posted import read_id
from zhangfa.directory.models import Person, Post, Unit
from zhangfa.registers import referred, search
from zhangfa.registers.naming import names_for

FEW = 40
"""Up to this many candidates stand in a plain list without searching."""
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its value, its words, and words that tell it from its namesakes."""

    value: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates for a field; ``complete`` where all there are stand here."""

    choices: tuple[Choice, ...]
    complete: bool


@dataclass(frozen=True)
class Candidates:
    """Finds candidates for one actor's form."""

    actor: Actor
    at: dt.datetime
    charter: str
    unit: int | None = None
    within: tuple[int, ...] = ()
    """Where a record may be opened: the choices of its unit."""

    def of(self, field: Field, typed: str, chosen: list[str]) -> Found:
        """Return all candidates where they are few, else those matching what was typed, and the chosen ones."""
        if field.type == "person":
            return self._persons(field, typed, chosen)
        if field.type in ("unit", "units"):
            return self._units(field, typed, chosen)
        return self._records(field, typed, chosen)

    def words(self, field: Field, stored: object) -> str:
        """Return a stored value in words."""
        return show_value(field, stored, get_language() or "zh-hans", names_for([(field, stored)]))

    def _persons(self, field: Field, typed: str, chosen: list[str]) -> Found:
        today = self.at.date()
        held = Q(since__lte=today) & (Q(until=None) | Q(until__gt=today))
        posts = Post.objects.filter(held, **({"role": field.role} if field.role else {}))
        people = Person.objects.filter(id__in=posts.values("person"))
        asked = Q(name__icontains=typed) | _initials(typed) | Q(code=typed)
        found, complete = _few(people, typed, chosen, asked, "pinyin")
        where = _posts_in_words([person.id for person in found], posts)
        return Found(tuple(Choice(str(each.id), each.name, where.get(each.id, "")) for each in found), complete)

    def _units(self, field: Field, typed: str, chosen: list[str]) -> Found:
        units = Unit.objects.filter(until=None, **({"kind__in": field.kind} if field.kind else {}))
        if field.id == "unit" and self.within:
            units = units.filter(id__in=self.within)
        asked = Q(name__contains=typed) | _initials(typed) | Q(code=typed)
        found, complete = _few(units, typed, chosen, asked, "code")
        return Found(tuple(unit_choices(found)), complete)

    def _records(self, field: Field, typed: str, chosen: list[str]) -> Found:
        key = field.to if "." in field.to else f"{self.charter}.{field.to}"
        target = register_of(key)[1]
        offered_to = () if field.where is None or self.unit is None else (self.unit,)
        rows = Record.objects.filter(choosable(self.actor, key, self.at, offered_to=offered_to))
        ids = [int(each) for each in chosen if read_id(each)]
        match = search.match_of(typed, [f"r={key}"]) if search.query_words(typed) else ""
        hits = rows.filter(id__in=search.newest_hits(match, 500)) if match else rows
        fitting = [row for row in hits.order_by("-updated_at")[:500] if referred.fits(field.where, target, row)]
        picked = [row for row in rows.filter(id__in=ids) if row.id not in {each.id for each in fitting}]
        complete = not match and len(fitting) <= FEW
        shown = [*picked, *(fitting if complete else fitting[:SHOWN])]
        return Found(tuple(Choice(str(row.id), row.label, row.number) for row in shown), complete)


def _initials(typed: str) -> Q:
    bare = typed.strip().upper()
    return Q(pinyin__startswith=bare) if bare.isascii() and bare.isalpha() else Q(pk=None)


def _few(rows: QuerySet, typed: str, chosen: list[str], asked: Q, order: str) -> tuple[list, bool]:
    """Return all rows where they are few; else the ones found and the chosen ones."""
    if not typed:
        first = list(rows.order_by(order, "id")[: FEW + 1])
        if len(first) <= FEW:
            return first, True
    picked = list(rows.filter(id__in=[int(each) for each in chosen if read_id(each)]))
    found = rows.filter(asked).exclude(id__in=[row.id for row in picked]).order_by(order, "id")[:SHOWN] if typed else []
    return [*picked, *found], False


def _posts_in_words(people: Iterable[int], posts: QuerySet) -> Mapping[int, str]:
    """Return the unit of the first post of each person: it tells namesakes apart."""
    found: dict[int, str] = {}
    for post in posts.filter(person__in=list(people)).select_related("unit").order_by("since"):
        found.setdefault(post.person_id, post.unit.name)
    return found


def unit_choices(units: Iterable[Unit]) -> Iterable[Choice]:
    """Return units as choices, each with the names of the town and village above it."""
    listed = list(units)
    above = {getattr(unit, level) for unit in listed for level in ("town", "village")} - {None}
    names = dict(Unit.objects.filter(id__in=above).values_list("id", "name"))
    for unit in listed:
        path = [names[each] for each in (unit.town, unit.village) if each in names and each != unit.id]
        yield Choice(str(unit.id), unit.name, " · ".join(path))
