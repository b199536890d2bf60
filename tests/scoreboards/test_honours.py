"""Pages of honours: who sees what, awarding within the quota, taking back with a reason, roll-ups explained."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.honours.county import COURTYARD, Honoured, build_honoured
from tests.publishing.county import SHANGHAI
from tests.registers.conftest import enter

from zhangfa.honours.models import Holding
from zhangfa.log.models import Event

HONOURS = "/scores/honours/"
TEN_BEST = f"{HONOURS}{COURTYARD}/ten-best/"
AWARD = f"{TEN_BEST}award/"
TODAY = timezone.now() - timezone.timedelta(minutes=5)


@pytest.fixture
def county(db: None) -> Honoured:
    """The county today."""
    made = build_honoured()
    made.now = TODAY.astimezone(SHANGHAI)
    return made


@pytest.fixture
def held(county: Honoured) -> Holding:
    """A household among the ten best."""
    return county.award("ten-best", "east-1")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "award", "list_", "one"),
    [
        ("chair", 200, 200, 200),
        ("w-yushan", 404, 200, 200),
        ("v-east", 404, 200, 200),
        ("w-huji", 404, 200, 404),
        ("stranger", 404, 404, 404),
        ("li", 404, 404, 404),
    ],
)
def test_who_may_enter(county: Honoured, held: Holding, name: str, award: int, list_: int, one: int) -> None:
    client = enter(county, name)
    addresses = (AWARD, TEN_BEST, f"{HONOURS}holding/{held.pk}/")
    assert [client.get(address).status_code for address in addresses] == [award, list_, one]
    assert client.get(HONOURS).status_code == 200


def test_strangers_sign_in_first(county: Honoured, held: Holding) -> None:
    for address in (HONOURS, TEN_BEST, AWARD, f"{HONOURS}holding/{held.pk}/"):
        assert Client().get(address).status_code == 302


def test_list_shows_only_what_lies_within_reach(county: Honoured, held: Holding) -> None:
    assert "east-1" in page(enter(county, "w-yushan"), TEN_BEST)
    assert "east-1" not in page(enter(county, "w-huji"), TEN_BEST)


def test_awarding_needs_somebody_and_a_reason_and_keeps_what_was_typed(county: Honoured) -> None:
    chair = enter(county, "chair")
    sent = {"do": "award", "reason": "评议会一致推荐", "whose": "", "key": "k1"}
    answer = chair.post(AWARD, sent)
    assert (answer.status_code, "请从名单里选一个。" in answer.content.decode()) == (422, True)
    assert "评议会一致推荐" in answer.content.decode()
    answer = chair.post(AWARD, sent | {"whose": str(county.units["east-1"]), "reason": ""})
    assert (answer.status_code, "请填写理由。" in answer.content.decode()) == (422, True)
    answer = chair.post(AWARD, sent | {"whose": str(county.units["east-1"])})
    made = Holding.objects.get()
    assert answer["Location"] == f"{HONOURS}holding/{made.pk}/"
    assert "评议会一致推荐" in page(chair, answer["Location"])


def test_what_is_left_of_the_quota_is_shown(county: Honoured, held: Holding) -> None:
    chair = enter(county, "chair")
    assert "还可评 9 个" in page(chair, HONOURS)
    assert "10 个，已授 1 个" in page(chair, AWARD)


def test_candidates_are_found_by_name_without_those_who_hold_it(county: Honoured, held: Holding) -> None:
    chair = enter(county, "chair")
    part = chair.post(AWARD, {"q": "east"}, headers={"hx-request": "true"}).content.decode()
    assert ("east-2" in part, "east-1" in part, "west-1" in part, "<html" in part) == (True, False, False, False)


def test_the_same_form_twice_awards_once(county: Honoured) -> None:
    chair = enter(county, "chair")
    sent = {"do": "award", "reason": "推荐", "whose": str(county.units["east-1"]), "key": "k1"}
    chair.post(AWARD, sent)
    before = Event.objects.filter(kind="honour").count()
    chair.post(AWARD, sent)
    assert Event.objects.filter(kind="honour").count() == before == 1


def test_taking_back_asks_for_a_reason_and_a_tick(county: Honoured, held: Holding) -> None:
    chair, address = enter(county, "chair"), f"{HONOURS}holding/{held.pk}/"
    answer = chair.post(address, {"reason": "庭院长期荒废", "key": "k1"})
    assert (answer.status_code, "庭院长期荒废" in answer.content.decode()) == (422, True)
    assert chair.post(address, {"reason": "", "sure": "1", "key": "k2"}).status_code == 422
    assert chair.post(address, {"reason": "庭院长期荒废", "sure": "1", "key": "k3"}).status_code == 302
    told = page(chair, address)
    assert all(words in told for words in ("已撤销", "庭院长期荒废"))
    assert "east-1" not in page(chair, TEN_BEST)
    assert "庭院长期荒废" in page(chair, f"{TEN_BEST}?past=1")


@pytest.mark.parametrize("name", ["w-yushan", "v-east", "w-huji"])
def test_only_whoever_may_takes_back(county: Honoured, held: Holding, name: str) -> None:
    sent = {"reason": "不再符合", "sure": "1", "key": "k"}
    assert enter(county, name).post(f"{HONOURS}holding/{held.pk}/", sent).status_code == 404
    held.refresh_from_db()
    assert held.ended is None


def test_roll_ups_say_how_far_every_unit_is(county: Honoured) -> None:
    names = county.lane("apricot-lane")
    for name in names[:9]:
        county.plaque(name)
    shown = page(enter(county, "w-yushan"), f"{HONOURS}{COURTYARD}/lane/")
    assert "户数为 10；“美丽庭院户是“已挂牌”或“已提档””的比例为 0.9" in shown
    assert "还不符合" in shown
    assert "apricot-lane" not in page(enter(county, "w-huji"), f"{HONOURS}{COURTYARD}/lane/")


def test_what_lapses_within_a_month_is_said(county: Honoured) -> None:
    county.now = (timezone.now() - timezone.timedelta(days=350)).astimezone(SHANGHAI)
    county.award("ten-best", "east-1")
    shown = page(enter(county, "chair"), HONOURS)
    assert all(words in shown for words in ("三十天内到期", "east-1"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_many_queries_for_three_as_for_one(
    county: Honoured, django_assert_max_num_queries: Callable[[int], object], count: int
) -> None:
    for name in ("east-1", "east-2", "west-1")[:count]:
        county.award("ten-best", name)
    client = enter(county, "chair")
    client.get(TEN_BEST)
    with django_assert_max_num_queries(70):
        client.get(TEN_BEST)


def test_workbench_of_the_awarder_says_what_lapses_soon(county: Honoured) -> None:
    county.now = (timezone.now() - timezone.timedelta(days=350)).astimezone(SHANGHAI)
    county.award("ten-best", "east-1")
    assert "快到期的称号" in page(enter(county, "chair"), "/")
    assert "快到期的称号" not in page(enter(county, "w-yushan"), "/")
