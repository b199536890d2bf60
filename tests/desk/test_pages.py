import re

import pytest
from django.test import Client
from tests.desk.conftest import World

STAFF_PAGES = (
    "/",
    "/calendar/",
    "/calendar/2027/",
    "/charters/",
    "/charters/residents-requests/",
    "/directory/",
    "/trust/",
)
CLERK_PAGES = ("/charters/new/", "/charters/residents-requests/edit/", "/directory/import/")
PAGES = STAFF_PAGES + CLERK_PAGES


def pages_of(client: Client) -> dict[str, str]:
    return {address: client.get(address).content.decode() for address in PAGES}


def test_every_page_asks_a_stranger_to_sign_in(world: World, client: Client) -> None:
    answers = {address: client.get(address) for address in PAGES}
    assert {address for address, answer in answers.items() if answer.status_code != 302} == set()
    assert all(answer["Location"].startswith("/login/?next=") for answer in answers.values())


def test_staff_pages_are_open_to_everybody_with_an_account(visit) -> None:
    refused = [
        (name, address)
        for name in ("王敏", "周镇", "钱章", "孙村")
        for address in STAFF_PAGES
        if visit(name).get(address).status_code != 200
    ]
    assert refused == []


@pytest.mark.parametrize(("name", "status"), [("钱章", 200), ("周镇", 404), ("王敏", 404)])
def test_clerks_pages_are_absent_for_others(visit, name: str, status: int) -> None:
    client = visit(name)
    assert [client.get(address).status_code for address in CLERK_PAGES] == [status] * 3


def test_health_answers_json_without_an_account(db: None, client: Client) -> None:
    assert client.get("/healthz").json() == {"healthy": True, "database": True}


def test_unknown_address_is_answered_in_a_sentence(db: None, client: Client) -> None:
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_style_page_is_shown_only_in_debug_or_demo(world: World, client: Client, settings: object) -> None:
    assert client.get("/style/").status_code == 404
    settings.DEBUG = True
    assert client.get("/style/").status_code == 200


def test_pages_hold_no_inline_script_or_style_and_name_no_other_host(visit) -> None:
    inline = r"<script(?![^>]*\bsrc=)|\sstyle=\"|<style|\son[a-z]+=\"|javascript:"
    foreign = r"(?:src|href|action)=\"(?:https?:)?//[^\"]*"
    found = {address: re.findall(f"{inline}|{foreign}", page) for address, page in pages_of(visit("钱章")).items()}
    assert {address: hits for address, hits in found.items() if hits} == {}


def test_pages_are_sent_under_a_strict_policy(visit) -> None:
    policy = visit("王敏").get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_english_pages_show_no_chinese_of_our_own_around_the_content(visit) -> None:
    client = visit("钱章")
    client.cookies["django_language"] = "en"
    left = set()
    for page in pages_of(client).values():
        heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL).group(1)
        frame = re.search(r'<aside class="side">(.*?)</aside>', page, re.DOTALL).group(1)
        left |= set(re.findall(r"[\u4e00-\u9fff]+", heading + frame))
    assert left == {"中文", "钱章", "金乡县"}


def test_every_page_has_one_heading_a_skip_link_and_its_language(visit) -> None:
    for address, page in pages_of(visit("钱章")).items():
        facts = (page.count("<h1>"), 'href="#content"' in page, '<html lang="zh-CN">' in page)
        assert (address, *facts) == (address, 1, True, True)


def test_navigation_shows_only_the_registers_of_ones_own_charters(visit) -> None:
    page = visit("孙村").get("/calendar/").content.decode()
    assert "/registers/lecture-team.lecture/" in page
    assert "/registers/residents-requests.request/" not in page


def test_error_pages_stand_in_both_languages_without_a_request(db: None) -> None:
    from django.template.loader import get_template
    from django.utils import translation

    for language, words in (("zh-hans", "系统出了差错"), ("en", "Something went wrong")):
        with translation.override(language):
            assert words in get_template("500.html").render()
