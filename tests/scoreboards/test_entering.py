"""Who may enter which page of a result: by the posts of today, denied like absent."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.scoreboards.conftest import BOARD, PEOPLE, County, enter

PAGES = (
    "", "stability/", "trend/", "why/u-huji/", "why/u-huji/daily/", "board.csv", "board.xlsx",
)  # fmt: skip


def answers(county: County, name: str, addresses: list[str]) -> list[int]:
    client = enter(county, name)
    return [client.get(one).status_code for one in addresses]


@pytest.mark.parametrize("name", ["chair", "w-huji", "v-east"])
def test_a_signed_board_of_units_opens_for_its_readers(shown: County, name: str) -> None:
    assert answers(shown, name, [BOARD + page for page in PAGES]) == [200] * len(PAGES)


@pytest.mark.parametrize("name", ["w-huji", "v-east", "stranger", "c-yutai"])
def test_a_draft_is_absent_for_whoever_does_not_sign(drafted: County, name: str) -> None:
    assert answers(drafted, name, [BOARD + page for page in PAGES]) == [404] * len(PAGES)


def test_a_draft_opens_for_whoever_signs(drafted: County) -> None:
    assert answers(drafted, "deputy", [BOARD + page for page in PAGES]) == [200] * len(PAGES)


@pytest.mark.parametrize(("name", "status"), [("chair", 200), ("w-huji", 404), ("c-yutai", 404)])
def test_a_result_nobody_drafted_opens_for_whoever_signs_there(county: County, name: str, status: int) -> None:
    assert answers(county, name, [BOARD + page for page in PAGES]) == [status] * len(PAGES)


@pytest.mark.parametrize(
    "address",
    [
        "/scores/beautiful-courtyard/town-quarter/u-jinxiang/2099-Q1/",
        "/scores/beautiful-courtyard/town-quarter/u-jinxiang/2026-01/",
        "/scores/beautiful-courtyard/town-quarter/u-nowhere/2026-Q1/",
        "/scores/beautiful-courtyard/nothing/u-jinxiang/2026-Q1/",
        "/scores/nothing/town-quarter/u-jinxiang/2026-Q1/",
        f"{BOARD}?edition=9",
        f"{BOARD}why/u-nowhere/",
        f"{BOARD}why/u-huji/nothing/",
    ],
)
def test_what_is_not_there_is_absent(shown: County, address: str) -> None:
    assert answers(shown, "chair", [address]) == [404]


def test_on_a_board_of_people_each_opens_his_own_page_and_no_other(shown: County) -> None:
    own, other = (f"{PEOPLE}why/{shown.people[name]}/" for name in ("li", "wang"))
    seen = {
        name: answers(shown, name, [PEOPLE, own, other, f"{own}credit/", f"{other}credit/"]) for name in ("li", "wang")
    }
    assert seen == {"li": [200, 200, 404, 200, 404], "wang": [200, 404, 200, 404, 200]}


def test_a_board_of_people_shows_each_only_himself(shown: County) -> None:
    page = enter(shown, "li").get(PEOPLE).content.decode()
    assert (">li</a>" in page, "wang" in page, "zhou" in page) == (True, False, False)


def test_an_export_of_a_board_of_people_holds_only_what_the_page_shows(shown: County) -> None:
    own, all_ = (b"".join(enter(shown, name).get(f"{PEOPLE}board.csv").streaming_content) for name in ("li", "org"))
    assert (own.decode().count("\r\n"), all_.decode().count("\r\n")) == (2, 4)


@pytest.mark.parametrize("name", ["stranger", "recorder", "far-cadre", "org-yutai", "chair"])
def test_a_board_of_people_is_absent_for_others(shown: County, name: str) -> None:
    li = shown.people["li"]
    pages = [PEOPLE, f"{PEOPLE}why/{li}/", f"{PEOPLE}why/{li}/credit/", f"{PEOPLE}board.csv", f"{PEOPLE}trend/"]
    assert answers(shown, name, pages) == [404] * len(pages)


def test_who_sees_only_himself_has_no_comparison_of_all(shown: County) -> None:
    assert answers(shown, "li", [f"{PEOPLE}stability/", f"{PEOPLE}trend/"]) == [404, 404]


@pytest.mark.parametrize("name", ["w-huji", "stranger", "c-yutai"])
@pytest.mark.parametrize("act", ["draft/", "sign/"])
def test_drafting_and_signing_are_absent_for_others(drafted: County, name: str, act: str) -> None:
    assert enter(drafted, name).post(BOARD + act, {"key": "k", "digest": "0" * 64, "sure": "true"}).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("w-huji", 200), ("w-yushan", 404), ("v-west", 404), ("chair", 404)])
def test_only_who_speaks_for_the_unit_may_object(shown: County, name: str, status: int) -> None:
    assert answers(shown, name, [f"{BOARD}why/u-huji/object/"]) == [status]


def test_every_staff_page_asks_a_stranger_to_sign_in(shown: County) -> None:
    client = Client()
    pages = ["/scores/", "/scores/mine/", *(BOARD + page for page in PAGES), f"{BOARD}why/u-huji/object/"]
    assert {client.get(page).status_code for page in pages} == {302}


def test_index_and_own_scores_open_for_everybody_signed_in(shown: County) -> None:
    assert answers(shown, "stranger", ["/scores/", "/scores/mine/"]) == [200, 200]
