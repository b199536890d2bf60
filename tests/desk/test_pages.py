import re

import pytest
from django.test import Client

from tests.desk.conftest import World

STAFF_PAGES = ["/", "/calendar/", "/calendar/2027/", "/charters/", "/charters/residents-requests/", "/directory/", "/trust/"]
CLERK_PAGES = ["/charters/new/", "/charters/residents-requests/edit/", "/directory/import/"]


@pytest.mark.parametrize("address", STAFF_PAGES + CLERK_PAGES)
def test_page_asks_a_stranger_to_sign_in(world: World, client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("address", STAFF_PAGES)
@pytest.mark.parametrize("name", ["王敏", "周镇", "钱章", "孙村"])
def test_page_is_open_to_all_staff(visit, address: str, name: str) -> None:
    assert visit(name).get(address).status_code == 200


@pytest.mark.parametrize("address", CLERK_PAGES)
def test_clerks_page_is_absent_for_others(visit, address: str) -> None:
    assert [visit(name).get(address).status_code for name in ("钱章", "周镇", "王敏")] == [200, 404, 404]


@pytest.mark.parametrize("address", ["/healthz", "/login/"])
def test_open_page_needs_no_account(db: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_health_answers_json(db: None, client: Client) -> None:
    assert client.get("/healthz").json() == {"healthy": True, "database": True}


def test_unknown_address_is_answered_in_a_sentence(db: None, client: Client) -> None:
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_style_page_is_shown_only_in_debug_or_demo(world: World, client: Client, settings: object) -> None:
    assert client.get("/style/").status_code == 404
    settings.DEBUG = True
    assert client.get("/style/").status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", [*STAFF_PAGES, *CLERK_PAGES])
def test_page_holds_no_inline_script_or_style(visit, address: str, language: str) -> None:
    client = visit("钱章")
    client.cookies["django_language"] = language
    answer = client.get(address)
    page = answer.content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)|\sstyle=\"|<style|\son[a-z]+=\"|javascript:", page) == []
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", [*STAFF_PAGES, *CLERK_PAGES])
def test_page_names_no_other_host(visit, address: str) -> None:
    page = visit("钱章").get(address).content.decode()
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//[^\"]*", page) == []


@pytest.mark.parametrize("address", [*STAFF_PAGES, *CLERK_PAGES])
def test_english_page_shows_no_chinese_of_our_own(visit, address: str) -> None:
    client = visit("钱章")
    client.cookies["django_language"] = "en"
    page = client.get(address).content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL).group(1)
    nav = re.search(r'<aside class="side">(.*?)</aside>', page, re.DOTALL).group(1)
    assert re.findall(r"[\u4e00-\u9fff]+", heading) == []
    assert set(re.findall(r"[\u4e00-\u9fff]+", nav)) <= {"中文", "钱章", "金乡县"}


def test_navigation_shows_only_the_registers_of_ones_own_charters(visit) -> None:
    page = visit("孙村").get("/calendar/").content.decode()
    assert "清风宣讲" in page
    assert "民情小微码" not in page


def test_half_rendered_page_never_asks_many_questions(visit, django_assert_max_num_queries) -> None:
    client = visit("周镇")
    client.get("/")
    with django_assert_max_num_queries(40):
        client.get("/")
