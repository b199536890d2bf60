"""Under which unit of a kind units lay on a day: each such unit has a quota of its own (``per``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from zhangfa.directory.models import UnitSpan

CHUNK = 5000


def above_each(units: Iterable[int], kind: str, day: dt.date) -> dict[int, int | None]:
    """Return the unit of a kind at or above each unit on a day; a query for each level of the tree."""
    at: dict[int, int | None] = {unit: unit for unit in units}
    found: dict[int, int | None] = dict.fromkeys(at)
    while at:
        spans = _spans({one for one in at.values() if one is not None}, day)
        higher: dict[int, int | None] = {}
        for unit, now in at.items():
            known, parent = spans.get(now or 0, ("", None))
            if known == kind:
                found[unit] = now
            elif parent is not None:
                higher[unit] = parent
        at = higher
    return found


def _spans(units: set[int], day: dt.date) -> dict[int, tuple[str, int | None]]:
    ordered = sorted(units)
    standing = UnitSpan.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)
    found: dict[int, tuple[str, int | None]] = {}
    for start in range(0, len(ordered), CHUNK):
        rows = standing.filter(unit__in=ordered[start : start + CHUNK]).values_list("unit", "kind", "parent")
        found |= {unit: (kind, parent) for unit, kind, parent in rows}
    return found
