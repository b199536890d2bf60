"""Jining's places for the large benchmarks: its real counties, towns and villages, with grids made for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from bench.county import SINCE

GRIDS = (2, 3, 3, 4)
Chain = dict[str, int]
"""Ids of a unit at the levels: county, town, village, grid."""


@dataclass(frozen=True, slots=True)
class Places:
    """What was made; ids run from 1 in the order made."""

    prefecture: int
    counties: tuple[int, ...]
    towns: tuple[int, ...]
    villages: tuple[int, ...]
    grids: tuple[Chain, ...]
    department: int
    """Of the first county."""


def make_places(*, counties: int = 12) -> Places:
    """Write the units of so many counties straight into the directory's tables."""
    from zhangfa.demo.places import read_areas
    from zhangfa.directory.models import Unit, UnitSpan
    from zhangfa.directory.pinyin import initials

    made: dict[str, list[Unit]] = defaultdict(list)
    known: dict[str, Unit] = {}

    def add(code: str, name: str, kind: str, parent: Unit | None) -> Unit:
        unit = Unit(id=len(known) + 1, code=code, name=name, kind=kind, parent=parent, since=SINCE)
        unit.pinyin = initials(name)[:80]
        for level in ("county", "town", "village", "grid"):
            setattr(unit, level, unit.id if kind == level else getattr(parent, level, None))
        known[code] = unit
        made[kind].append(unit)
        return unit

    for code, name, kind, parent in read_areas():
        if kind == "prefecture":
            add(code, name, kind, None)
        elif parent in known and not (kind == "county" and len(made["county"]) == counties):
            unit = add(code, name, kind, known[parent])
            if kind == "village":
                for number in range(GRIDS[unit.id % len(GRIDS)]):
                    add(f"{code}{number + 1:03}", f"第{'一二三四'[number]}网格", "grid", unit)
    department = add("D-1", "住建局", "department", made["county"][0])
    Unit.objects.bulk_create(known.values(), batch_size=2000)
    spans = (UnitSpan(unit=u, kind=u.kind, name=u.name, parent_id=u.parent_id, since=SINCE) for u in known.values())
    UnitSpan.objects.bulk_create(spans, batch_size=2000)
    chains = tuple({level: getattr(g, level) for level in ("county", "town", "village", "grid")} for g in made["grid"])
    ids = {kind: tuple(unit.id for unit in units) for kind, units in made.items()}
    return Places(ids["prefecture"][0], ids["county"], ids["town"], ids["village"], chains, department.id)
