"""Reading the tree of units: as it stands, and as it was on any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from zhangfa.directory.memory import forget, held
from zhangfa.directory.models import LEVELS, Unit, UnitSpan

__all__ = [
    "SpanThen",
    "UnitNow",
    "ancestors",
    "as_of",
    "children",
    "children_as_of",
    "descendants",
    "find_unit",
    "forget",
    "path_name",
    "reaches",
    "search",
    "unit",
    "unit_by_code",
    "units",
]
CHUNK: Final = 5000
"""Ids in one query: below SQLite's limit of parameters."""
FIELDS: Final = (
    "id", "code", "kind", "name", "pinyin", "parent_id", "county", "town", "village", "grid", "since", "until",
    "merged_into_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit as it stands; ``county`` to ``grid`` are the ids at these levels, its own included."""

    id: int
    code: str
    kind: str
    name: str
    pinyin: str
    parent: int | None
    county: int | None
    town: int | None
    village: int | None
    grid: int | None
    since: dt.date
    until: dt.date | None
    """First day on which it no longer exists; None while it does."""
    merged_into: int | None

    def at_level(self, level: str) -> int | None:
        """Return the id of the unit above it (or itself) at a level."""
        found: int | None = getattr(self, level)
        return found

    def exists_on(self, day: dt.date) -> bool:
        """Tell whether it existed on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class SpanThen:
    """What a unit was from a day until (not including) another."""

    unit: int
    kind: str
    name: str
    parent: int | None
    since: dt.date
    until: dt.date | None


def find_unit(id: int) -> UnitNow | None:
    """Return a unit, or None when there is none of that id."""
    known = held().units
    if id not in known:
        row = Unit.objects.filter(id=id).values_list(*FIELDS).first()
        known[id] = UnitNow(*row) if row else None
    found: UnitNow | None = known[id]
    return found


def unit(id: int) -> UnitNow:
    """Return a unit.

    Raises:
        LookupError: no unit has that id.
    """
    found = find_unit(id)
    if found is None:
        raise LookupError(f"There is no unit {id}.")
    return found


def units(ids: Iterable[int]) -> dict[int, UnitNow]:
    """Return many units at once, by id; ids of none are left out."""
    wanted = list(dict.fromkeys(ids))
    known = held().units
    missing = [id for id in wanted if id not in known]
    for start in range(0, len(missing), CHUNK):
        rows = Unit.objects.filter(id__in=missing[start : start + CHUNK]).values_list(*FIELDS)
        known.update((row[0], UnitNow(*row)) for row in rows)
    return {id: known[id] for id in wanted if known.get(id)}


def unit_by_code(code: str) -> UnitNow | None:
    """Return the unit of this official code, or None."""
    id = Unit.objects.filter(code=code).values_list("id", flat=True).first()
    return find_unit(id) if id is not None else None


def ancestors(id: int) -> tuple[UnitNow, ...]:
    """Return the units above one, the nearest first."""
    chain: list[UnitNow] = []
    parent = unit(id).parent
    while parent is not None:
        chain.append(unit(parent))
        parent = chain[-1].parent
    return tuple(chain)


def children(id: int, kind: str | None = None) -> tuple[UnitNow, ...]:
    """Return the existing units right below one, in order of their codes."""
    found = Unit.objects.filter(parent_id=id, until=None)
    found = found.filter(kind=kind) if kind else found
    ids = list(found.order_by("code").values_list("id", flat=True))
    return tuple(units(ids).values())


def descendants(id: int, kind: str | None = None) -> tuple[int, ...]:
    """Return the ids of the existing units below one (not its own), in order of their ids."""
    top = unit(id)
    if top.kind in LEVELS:
        found = Unit.objects.filter(**{top.kind: id}, until=None).exclude(id=id)
        found = found.filter(kind=kind) if kind else found
        return tuple(found.order_by("id").values_list("id", flat=True))
    below: list[tuple[int, str]] = []
    layer = [id]
    while layer:
        rows = list(_below(layer))
        below += rows
        layer = [row[0] for row in rows]
    return tuple(sorted(one for one, its_kind in below if kind in (None, its_kind)))


def reaches(post_unit: int, id: int) -> bool:
    """Tell whether a post at one unit reaches another: itself and everything below it."""
    if post_unit == id:
        return True
    top, target = find_unit(post_unit), find_unit(id)
    if top is None or target is None:
        return False
    if top.kind in LEVELS:
        return target.at_level(top.kind) == post_unit
    return any(one.id == post_unit for one in ancestors(id))


def path_name(id: int, *, on: dt.date | None = None, top: str = "county") -> str:
    """Write a unit with the names above it, from the county down: ``金乡县鱼山街道…``.

    ``on`` writes it as it was on that day; ``top`` may be ``prefecture``, or ``""`` for everything.
    """
    chain = _chain_as_of(id, on) if on else [(one.kind, one.name) for one in (unit(id), *ancestors(id))]
    kinds = [kind for kind, _ in chain]
    if top in kinds:
        chain = chain[: kinds.index(top) + 1]
    elif top and len(chain) > 1 and kinds[-1] == "prefecture":
        chain = chain[:-1]
    path = ""
    for _, name in reversed(chain):
        # 金乡县 + 县委组织部 is 金乡县委组织部.
        path += name[1:] if path and path[-1] == name[0] else name
    return path


def as_of(id: int, day: dt.date) -> SpanThen | None:
    """Return what a unit was on a day; None where it did not exist."""
    row = _spans_on(day).filter(unit_id=id).values_list(*_SPAN).first()
    return SpanThen(*row) if row else None


def children_as_of(id: int, day: dt.date) -> tuple[SpanThen, ...]:
    """Return the units that hung right below one on a day, in order of their codes."""
    rows = _spans_on(day).filter(parent_id=id).order_by("unit__code").values_list(*_SPAN)
    return tuple(SpanThen(*row) for row in rows)


def search(text: str, *, kind: str | None = None, below: int | None = None, limit: int = 20) -> tuple[UnitNow, ...]:
    """Find existing units by a part of the name, by pinyin initials, or by the start of the code.

    Words set apart by blanks must all fit. Names that begin so come first, short ones before long ones.
    """
    words = text.split()
    if not words:
        return ()
    found = Unit.objects.filter(until=None)
    for word in words:
        found = found.filter(_fits(word))
    found = found.filter(kind=kind) if kind else found
    found = _only_below(found, below) if below is not None else found
    ranked = found.annotate(length=Length("name")).order_by("length", "code").values_list("id", "name", "pinyin")
    rows = list(ranked[: limit * 5])
    first = words[0].upper()
    rows.sort(key=lambda row: not (row[1].startswith(words[0]) or row[2].startswith(first)))
    return tuple(units(row[0] for row in rows[:limit]).values())


_SPAN: Final = ("unit_id", "kind", "name", "parent_id", "since", "until")


def _spans_on(day: dt.date) -> QuerySet[UnitSpan]:
    return UnitSpan.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


def _chain_as_of(id: int, day: dt.date) -> list[tuple[str, str]]:
    chain: list[tuple[str, str]] = []
    at: int | None = id
    while at is not None and (span := as_of(at, day)):
        chain.append((span.kind, span.name))
        at = span.parent
    return chain


def _below(ids: list[int]) -> Iterable[tuple[int, str]]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        yield from Unit.objects.filter(parent_id__in=chunk, until=None).values_list("id", "kind")


def _fits(word: str) -> Q:
    fits = Q(name__contains=word)
    if word.isascii():
        fits |= Q(pinyin__contains=word.upper()) | Q(code__startswith=word)
    return fits


def _only_below(found: QuerySet[Unit], below: int) -> QuerySet[Unit]:
    top = unit(below)
    if top.kind in LEVELS:
        return found.filter(**{top.kind: below})
    return found.filter(id__in=[below, *descendants(below)])
