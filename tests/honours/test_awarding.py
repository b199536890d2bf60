"""Awarding and withdrawing by hand: rights, reasons, quotas, and what the charter takes back by itself."""

from __future__ import annotations

import pytest
from tests.honours.county import COURTYARD, Honoured, shipped

from zhangfa.acts.models import Outbox
from zhangfa.honours import reading
from zhangfa.honours.models import Holding
from zhangfa.log.models import Event
from zhangfa.notices.engine import deliver, notices_of
from zhangfa.notices.words import say
from zhangfa.refusal import Refusal


def test_an_award_says_who_since_when_until_when_and_why(county: Honoured) -> None:
    held = county.award("ten-best", "east-1", reason="庭院整洁，邻里和睦")
    assert (held.honour, held.unit_id, held.conferred_by) == (
        "ten-best",
        county.units["east-1"],
        county.people["chair"],
    )
    assert (held.since.isoformat(), held.until and held.until.isoformat()) == ("2026-04-01", "2027-04-02")
    (seen,) = reading.honours_of(actor=county.actor("v-east"), at=county.now, unit=county.units["east-1"])
    assert (seen.title.zh, seen.reason.zh, seen.is_held) == ("十佳最美庭院", "庭院整洁，邻里和睦", True)


def test_an_award_is_one_event_and_one_telling_however_often_it_is_sent(county: Honoured) -> None:
    first = county.award("ten-best", "east-1", key="once")
    assert county.award("ten-best", "east-1", key="once").pk == first.pk
    event = Event.objects.get(kind="honour")
    assert (event.register, event.step, event.person) == (f"{COURTYARD}.ten-best", "award", county.people["chair"])
    assert [(one.role, one.unit) for one in Outbox.objects.filter(kind="honour")] == [
        ("village-women", county.units["east-1"])
    ]


def test_those_nearest_to_who_is_honoured_are_told(county: Honoured) -> None:
    county.award("ten-best", "east-1")
    deliver(at=county.now)
    assert [say(one) for one in notices_of(county.people["v-east"]) if one.kind == "honour"] == [
        "east-1获得“十佳最美庭院”。"
    ]
    assert [one for one in notices_of(county.people["v-west"]) if one.kind == "honour"] == []


@pytest.mark.parametrize(
    ("by", "whom", "words", "code"),
    [
        ("w-yushan", "east-1", {}, "not_yours"),
        ("c-yutai", "east-1", {}, "not_yours"),
        ("chair", "east", {}, "fields"),
        ("chair", "east-1", {"reason": " "}, "fields"),
        ("chair", "east-1", {"reason": "长" * 501}, "fields"),
    ],
)
def test_what_is_refused(county: Honoured, by: str, whom: str, words: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        county.award("ten-best", whom, by, **words)
    assert refused.value.code == code
    assert Holding.objects.count() == 0


def test_an_honour_by_rule_is_not_awarded(county: Honoured) -> None:
    with pytest.raises(Refusal, match="按规则产生"):
        county.award("village", "east")
    with pytest.raises(Refusal, match="没有找到这个称号"):
        county.award("nothing", "east")


def test_who_holds_it_already_is_refused(county: Honoured) -> None:
    county.award("ten-best", "east-1")
    with pytest.raises(Refusal, match="已经持有"):
        county.award("ten-best", "east-1")


def test_the_quota_holds_and_a_withdrawal_makes_room(county: Honoured) -> None:
    names = county.lane("l1", 11)
    held = [county.award("ten-best", name) for name in names[:10]]
    assert reading.quota_of(charter=COURTYARD, honour="ten-best", at=county.now) == (10, 10)
    with pytest.raises(Refusal, match="10 个名额已满"):
        county.award("ten-best", names[10])
    county.withdraw(held[0])
    assert county.award("ten-best", names[10]).ended is None
    assert county.holders("ten-best") == sorted(names[1:])


def test_what_has_lapsed_makes_room_before_the_clock_said_so(county: Honoured) -> None:
    names = county.lane("l1", 11)
    for name in names[:10]:
        county.award("ten-best", name)
    county.at("2027-04-02 09:00")
    county.award("ten-best", names[10])
    assert county.holders("ten-best") == [names[10]]
    again = county.award("ten-best", names[0])
    assert again.since.isoformat() == "2027-04-02"


def test_a_withdrawal_needs_right_and_reason_and_says_it(county: Honoured) -> None:
    held = county.award("ten-best", "east-1")
    for by in ("w-yushan", "stranger", "c-yutai"):
        with pytest.raises(Refusal, match="没有找到这个称号"):
            county.withdraw(held, by)
    with pytest.raises(Refusal, match="请写明理由"):
        county.withdraw(held, reason="")
    county.withdraw(held, reason="杂物堆积")
    (seen,) = reading.honours_of(actor=county.actor("v-east"), at=county.now, unit=county.units["east-1"], history=True)
    assert (seen.how, seen.ended_reason and seen.ended_reason.zh) == ("withdrawn", "杂物堆积")
    with pytest.raises(Refusal, match="已于 2026-04-01 终止"):
        county.withdraw(held)


def test_a_plaque_removed_takes_the_title_with_it(county: Honoured) -> None:
    names = county.lane("l1", 1)
    record = county.plaque(names[0])
    county.award("ten-best", names[0])
    county.award("hundred-fine", names[0])
    county.tick()
    assert county.holders("ten-best") == names
    county.remove(record)
    county.tick("2026-04-02 09:00")
    assert (county.holders("ten-best"), county.holders("hundred-fine")) == ([], [])
    (first, _second) = reading.honours_of(
        actor=county.actor("chair"), at=county.now, unit=county.units[names[0]], history=True
    )
    assert (first.how, first.ended_reason and first.ended_reason.zh) == (
        "withdrawn", "美丽庭院户是“已摘牌”或“已退出”，按章程撤销。",
    )  # fmt: skip
    with pytest.raises(Refusal, match="现在不能评授：美丽庭院户是“已摘牌”"):
        county.award("ten-best", names[0])


def test_titles_lapse_once(county: Honoured) -> None:
    county.award("ten-best", "east-1")
    assert county.tick("2027-04-01 09:00").ended == 0
    assert county.tick("2027-04-02 09:00").ended == 1
    assert county.tick("2027-04-02 10:00").ended == 0
    held = Holding.objects.get()
    assert (held.how, held.ended and held.ended.isoformat()) == ("lapsed", "2027-04-02")


MOVING = """
  banner: {title: {zh: 流动红旗, en: Red banner}, of: town, award: county-women, moving: true}
  pair:   {title: {zh: 每镇一户, en: One in each town}, of: household, award: county-women, quota: 1, per: town}
"""


def test_a_moving_banner_passes_on(county: Honoured) -> None:
    county.charter(shipped("beautiful-courtyard")[0] + MOVING, COURTYARD)
    county.award("banner", "yushan")
    county.award("banner", "huji")
    assert county.holders("banner") == ["huji"]
    old = Holding.objects.get(unit=county.units["yushan"])
    assert (old.how, old.ended_reason) == ("moved", '["流转给huji。","Passed on to huji."]')


def test_a_quota_per_town_counts_in_each_town(county: Honoured) -> None:
    county.charter(shipped("beautiful-courtyard")[0] + MOVING, COURTYARD)
    county.award("pair", "east-1")
    county.award("pair", "west-1")
    with pytest.raises(Refusal, match="1 个名额已满"):
        county.award("pair", "east-2")
    assert reading.quota_of(charter=COURTYARD, honour="pair", at=county.now, place=county.units["east-2"]) == (1, 1)


def test_candidates_are_below_and_without_it(county: Honoured) -> None:
    county.award("ten-best", "east-1")
    words = {"charter": COURTYARD, "honour": "ten-best", "at": county.now}
    found = reading.candidates(actor=county.actor("chair"), **words)
    assert [one.name for one in found] == ["east-2", "south-1", "south-2", "west-1", "west-2"]
    assert [one.name for one in reading.candidates(actor=county.actor("chair"), text="west", **words)] == [
        "west-1", "west-2",
    ]  # fmt: skip
    assert reading.candidates(actor=county.actor("w-yushan"), **words) == ()
