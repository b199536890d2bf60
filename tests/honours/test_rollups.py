"""Household → lane → area → village: titles roll up, and losing one below takes those above, each with its reason."""

from __future__ import annotations

import pytest
from tests.honours.county import COURTYARD, MARKS, Honoured

from zhangfa.directory import engine as directory
from zhangfa.honours.held import contents_of
from zhangfa.honours.models import Holding
from zhangfa.log.models import Event


def why(honour: str, whose: str, *, ended: bool = False) -> str:
    held = Holding.objects.filter(charter=COURTYARD, honour=honour, unit__name=whose).order_by("-pk")[0]
    content = contents_of([held])[held.pk]
    return (content.ended_reason if ended else content.reason).zh  # type: ignore[union-attr]


@pytest.fixture
def street(county: Honoured) -> dict[str, int]:
    """Three lanes of ten in a row, every household with its plaque; record by household."""
    for name in ("east-1", "east-2"):
        county.units.pop(name)
    records: dict[str, int] = {}
    for lane in ("l1", "l2", "l3"):
        for household in county.lane(lane):
            records[household] = county.plaque(household)
    return records


def test_a_lane_of_ten_with_plaques_is_lovely(county: Honoured) -> None:
    names = county.lane("l1")
    for name in names[:9]:
        county.plaque(name)
    county.tick()
    assert county.holders("lane") == []
    county.plaque(names[9])
    assert county.tick().conferred == 1
    assert county.holders("lane") == ["l1"]
    assert why("lane", "l1") == (
        "符合：就其下各户看：份数不低于10，且“美丽庭院户是“已挂牌”或“已提档””的比例是1；"
        "现在户数为 10；“美丽庭院户是“已挂牌”或“已提档””的比例为 1。"
    )
    assert (county.tick().conferred, county.tick().ended) == (0, 0)


def test_nine_households_are_no_lane(county: Honoured) -> None:
    for name in county.lane("l1", 9):
        county.plaque(name)
    county.tick()
    assert county.holders("lane") == []


def test_an_area_needs_three_lanes_side_by_side(county: Honoured, street: dict[str, int]) -> None:
    assert county.tick().conferred == 3
    assert county.holders("lane") == ["l1", "l2", "l3"]
    assert county.holders("area") == []
    county.beside("l1", "l2")
    county.tick()
    assert county.holders("area") == []
    county.beside("l3", "l2")
    county.tick()
    assert county.holders("area") == ["east"]
    assert "最多有 3 个街巷相连（须 3 个）" in why("area", "east")


def test_losing_a_household_takes_lane_and_area_in_one_review(county: Honoured, street: dict[str, int]) -> None:
    county.beside("l1", "l2")
    county.beside("l2", "l3")
    county.tick()
    county.remove(street["l2-4"])
    ticked = county.tick("2026-04-02 09:00")
    assert (ticked.conferred, ticked.ended) == (0, 2)
    assert (county.holders("lane"), county.holders("area")) == (["l1", "l3"], [])
    assert why("lane", "l2", ended=True).endswith("的比例为 0.9（共 10 户，符合 9 户）。")
    assert why("area", "east", ended=True).startswith("不再符合：就其下各街巷看：")
    ends = Holding.objects.exclude(ended=None).values_list("how", "ended").distinct()
    assert [(how, day.isoformat()) for how, day in ends] == [("lost", "2026-04-02")]


def test_lanes_apart_lose_the_area_and_nothing_else(county: Honoured, street: dict[str, int]) -> None:
    county.beside("l1", "l2")
    county.beside("l2", "l3")
    county.tick()
    words = {"by": None, "at": county.now, "key": county.key()}
    directory.set_apart(unit=county.units["l1"], other=county.units["l2"], **words)
    county.tick("2026-04-02 09:00")
    assert (county.holders("lane"), county.holders("area")) == (["l1", "l2", "l3"], [])
    assert "最多有 2 个街巷相连（须 3 个）" in why("area", "east", ended=True)


def test_the_whole_village_is_lovely_when_every_household_is(county: Honoured) -> None:
    for name in ("west-1", "west-2"):
        made = county.take(
            f"{COURTYARD}.courtyard", "apply", "v-west", unit=name, data={"agreed": True, "standard": MARKS}
        )
        county.take(f"{COURTYARD}.courtyard", "name", "w-huji", record=made.record, data={"standard": MARKS})
    county.tick()
    assert county.holders("village") == ["west"]


def test_each_change_is_one_event_below_first(county: Honoured, street: dict[str, int]) -> None:
    county.beside("l1", "l2")
    county.beside("l2", "l3")
    county.tick()
    events = Event.objects.filter(kind="honour").order_by("seq").values_list("register", "step", "person")
    assert list(events) == [(f"{COURTYARD}.lane", "review", None), (f"{COURTYARD}.area", "review", None)]


def test_a_closed_unit_loses_what_it_held(county: Honoured) -> None:
    for name in county.lane("l1"):
        county.plaque(name)
    county.tick()
    words = {"by": None, "at": county.now}
    for n in range(1, 11):
        directory.close_unit(unit=county.units[f"l1-{n}"], key=county.key(), **words)
    directory.close_unit(unit=county.units["l1"], key=county.key(), **words)
    county.tick("2026-04-02 09:00")
    assert county.holders("lane") == []
    assert why("lane", "l1", ended=True) == "这个单位已经撤销或合并。"
