import datetime as dt
from collections.abc import Callable
from itertools import count

import pytest

from zhangfa.directory import engine
from zhangfa.directory.models import Person
from zhangfa.directory.tree import UnitNow

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
START = dt.date(2020, 1, 1)
keys = (f"key-{n}" for n in count())
numbers = count(1)


@pytest.fixture
def add(db: None) -> Callable[..., UnitNow]:
    """Return a maker of units: ``add("town", "鱼山街道", county)``."""

    def make(kind: str, name: str, parent: UnitNow | None = None, since: dt.date = START, code: str = "") -> UnitNow:
        return engine.create_unit(
            code=code or f"U{next(numbers)}",
            kind=kind,
            name=name,
            parent=parent.id if parent else None,
            since=since,
            by=None,
            at=AT,
            key=next(keys),
        )

    return make


@pytest.fixture
def county(add: Callable[..., UnitNow]) -> dict[str, UnitNow]:
    """Two towns, a village with two grids, a department: by their names."""
    prefecture = add("prefecture", "济宁市")
    top = add("county", "金乡县", prefecture)
    yushan, wangpi = add("town", "鱼山街道", top), add("town", "王丕街道", top)
    village = add("village", "李庄村", yushan)
    grids = add("grid", "第一网格", village), add("grid", "第二网格", village)
    household = add("household", "1号", add("lane", "东巷", grids[0]))
    office = add("department", "县委组织部", top)
    made = (prefecture, top, yushan, wangpi, village, *grids, household, office)
    return {unit.name: unit for unit in made}


@pytest.fixture
def person(db: None) -> Person:
    return engine.create_person(code="P1", name="单小芳", by=None, at=AT, key=next(keys))


@pytest.fixture
def key() -> Callable[[], str]:
    return lambda: next(keys)
