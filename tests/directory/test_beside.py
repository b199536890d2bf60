"""Which units lie side by side: dated, both ways, said by the county and by nobody else."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from zhangfa.directory import engine
from zhangfa.directory.beside import beside_of, pairs_among
from zhangfa.directory.fold import fold
from zhangfa.directory.imports import carry_out, plan_import
from zhangfa.directory.models import Neighbour
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

AT = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)
MARCH, JUNE = dt.date(2026, 3, 1), dt.date(2026, 6, 1)
HEADING = "单位代码,相邻单位代码,起始日期,结束日期"


@pytest.fixture
def lanes(db: None) -> dict[str, int]:
    since, made = dt.date(2020, 1, 1), {}
    for code, kind, parent in (("c", "county", None), ("t", "town", "c"), ("v", "village", "t"), ("g", "grid", "v")):
        made[code] = unit(code, kind, made.get(parent or ""), since)
    for name in ("l1", "l2", "l3"):
        made[name] = unit(name, "lane", made["g"], since)
    return made


def unit(code: str, kind: str, parent: int | None, since: dt.date) -> int:
    words = {"by": None, "at": AT, "key": f"unit-{code}"}
    return engine.create_unit(code=code, kind=kind, name=f"{code}名", parent=parent, since=since, **words).id


def say(one: int, other: int, **words: object) -> Neighbour:
    return engine.set_beside(unit=one, other=other, since=MARCH, by=None, at=AT, key=f"{one}-{other}", **words)


def test_a_pair_counts_both_ways_from_its_day(lanes: dict[str, int]) -> None:
    say(lanes["l2"], lanes["l1"])
    everything = lanes.values()
    assert pairs_among(everything, MARCH) == [(lanes["l1"], lanes["l2"])]
    assert pairs_among(everything, dt.date(2026, 2, 28)) == []
    assert beside_of(lanes["l1"], MARCH) == [lanes["l2"]]
    assert beside_of(lanes["l2"], MARCH) == [lanes["l1"]]
    assert pairs_among([lanes["l1"], lanes["l3"]], MARCH) == []


def test_a_pair_ends_and_may_begin_again(lanes: dict[str, int]) -> None:
    say(lanes["l1"], lanes["l2"])
    engine.set_apart(unit=lanes["l2"], other=lanes["l1"], until=JUNE, by=None, at=AT, key="apart")
    assert pairs_among(lanes.values(), dt.date(2026, 5, 31)) == [(lanes["l1"], lanes["l2"])]
    assert pairs_among(lanes.values(), JUNE) == []
    engine.set_beside(unit=lanes["l1"], other=lanes["l2"], by=None, at=AT, key="again")
    assert pairs_among(lanes.values(), TODAY) == [(lanes["l1"], lanes["l2"])]


@pytest.mark.parametrize(
    ("other", "said"), [("l1", "不能与自己相邻"), ("v", "只有同类单位才登记相邻"), ("l2", "已经登记为相邻")]
)
def test_what_is_refused(lanes: dict[str, int], other: str, said: str) -> None:
    say(lanes["l1"], lanes["l2"])
    with pytest.raises(Refusal, match=said):
        engine.set_beside(unit=lanes["l1"], other=lanes[other], by=None, at=AT, key="refused")


def test_nothing_to_set_apart_is_refused(lanes: dict[str, int]) -> None:
    with pytest.raises(Refusal, match="没有登记为相邻"):
        engine.set_apart(unit=lanes["l1"], other=lanes["l2"], by=None, at=AT, key="apart")


def sheet(*lines: str) -> object:
    return plan_import("beside", "\n".join((HEADING, *lines)).encode(), "lanes.csv", at=AT)


def test_import_says_several_pairs_once(lanes: dict[str, int]) -> None:
    plan = sheet("l1,l2,2026-03-01,", "l2,l1、l3,2026-03-01,")
    assert plan.problems == ()
    assert plan.summary == "登记相邻 2，不变 1"
    assert [one.sentence for one in plan.changes] == ["l1名（l1）相邻l2名 2026-03-01", "l2名（l2）相邻l3名 2026-03-01"]
    carry_out(plan, by=None, at=AT, key="import")
    assert carry_out(plan, by=None, at=AT, key="import").repeated
    assert pairs_among(lanes.values(), MARCH) == [(lanes["l1"], lanes["l2"]), (lanes["l2"], lanes["l3"])]
    again = sheet("l1,l2,,", "l3,l2,,2026-06-01")
    assert again.summary == "不再相邻 1，不变 1"
    carry_out(again, by=None, at=AT, key="import-again")
    assert pairs_among(lanes.values(), JUNE) == [(lanes["l1"], lanes["l2"])]


def test_import_names_every_problem(lanes: dict[str, int]) -> None:
    plan = sheet("l1,v,,", "l1,nowhere,,", "l1,,,", "l1,l2,31/12,", "l1,l2,2027-01-01,")
    assert [(one.line, one.column) for one in plan.problems] == [
        (2, "next_to"), (3, "next_to"), (4, "next_to"), (5, "since"), (6, "since"),
    ]  # fmt: skip


def test_replaying_the_log_gives_the_same_pairs(lanes: dict[str, int]) -> None:
    say(lanes["l1"], lanes["l2"])
    say(lanes["l2"], lanes["l3"])
    engine.set_apart(unit=lanes["l2"], other=lanes["l1"], until=JUNE, by=None, at=AT, key="apart")
    before = list(Neighbour.objects.order_by("id").values())
    Neighbour.objects.all().delete()
    for text in Event.objects.filter(kind="unit").order_by("seq").values_list("payload", flat=True):
        payload = json.loads(text)
        fold({name: payload[name] for name in ("beside", "apart") if name in payload})
    assert list(Neighbour.objects.order_by("id").values()) == before
