"""What a browser sends outside a charter's fields: numbers, days, addresses to go on to, keys of forms."""

import datetime as dt

import pytest
from django.test import Client
from tests.desk.conftest import PASSWORD, World

from zhangfa.desk.posted import form_key, read_day, read_id
from zhangfa.directory.models import Person
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

NUMBERS = {"7": 7, "²": None, "１": None, "-1": None, "": None, "9" * 5000: None, str(1 << 63): None}


@pytest.mark.parametrize(("typed", "read"), NUMBERS.items(), ids=range(len(NUMBERS)))
def test_only_a_number_a_column_holds_is_an_id(typed: str, read: int | None) -> None:
    assert read_id(typed) == read


def test_days_no_calendar_can_reckon_with_are_none() -> None:
    assert [read_day(day) for day in ("0001-01-01", "9999-12-31", "2026-13-01", None)] == [None] * 4
    assert read_day("2026-11-22") == dt.date(2026, 11, 22)


@pytest.mark.parametrize("key", ["", "k" * 59, "a\x00b", "中文"])
def test_a_form_without_a_sound_key_is_refused(key: str) -> None:
    with pytest.raises(Refusal):
        form_key({"key": key})


@pytest.mark.parametrize("wanted", ["0", "calendar", "//evil.example/", "/\\evil.example", "https://testserver/"])
def test_going_on_leads_only_to_an_address_of_ours(world: World, client: Client, wanted: str) -> None:
    answer = client.post("/login/", {"username": "p1", "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_wanted_page_keeps_its_whole_query_through_the_second_factor(world: World, client: Client) -> None:
    wanted = "/registers/residents-requests.request/?q=a&view=board"
    answer = client.post("/login/", {"username": "p4", "password": PASSWORD, "next": wanted})
    assert wanted in client.get(answer["Location"]).content.decode().replace("&amp;", "&")


def test_a_form_cannot_use_up_a_key_of_the_engines(visit) -> None:
    clerk = visit("钱章")
    clerk.post("/directory/people/new/", {"code": "X1", "name": "新人", "key": "late:1:2026-11-22"})
    assert Person.objects.filter(code="X1").exists()
    assert not Event.objects.filter(key="late:1:2026-11-22").exists()


def test_the_key_of_another_form_is_refused_with_a_sentence(world: World, visit) -> None:
    clerk = visit("钱章")
    clerk.post("/directory/people/new/", {"code": "X1", "name": "新人", "key": "once"})
    answer = clerk.post(
        f"/directory/people/{world.people['王敏']}/correct/", {"name": "改", "pinyin": "G", "key": "once"}
    )
    assert answer.status_code == 422
    assert "已经用过" in answer.content.decode()


def test_a_form_without_its_key_comes_back_with_what_was_typed(visit) -> None:
    answer = visit("钱章").post("/directory/people/new/", {"code": "X1", "name": "新人"})
    assert answer.status_code == 422
    assert 'value="新人"' in answer.content.decode()


@pytest.mark.parametrize("unit", [0, 1 << 63, 10**30])
def test_lines_below_a_unit_that_is_not_there_are_absent(visit, unit: int) -> None:
    assert visit("王敏").get(f"/directory/units/{unit}/below/").status_code == 404


def test_half_signed_in_nothing_but_the_owed_page_opens(world: World, client: Client) -> None:
    client.post("/login/", {"username": "p4", "password": PASSWORD})
    secret = {"old": PASSWORD, "new": "another-hill-77", "again": "another-hill-77", "key": "k"}
    assert client.get("/password/")["Location"].startswith("/two-factor/")
    assert client.post("/password/", secret)["Location"].startswith("/two-factor/")
    assert world.account("周镇").check_password(PASSWORD)
