"""Every page: who may enter, what it shows, how many questions it asks the database."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acts.county import County
from tests.registers.conftest import enter

REQUESTS = "/registers/residents-requests.request/"
LECTURES = "/registers/lecture-team.lecture/"
HANDOVERS = "/registers/leaders-handover.handover/"
VIEWS = ["", "?view=board", "?view=calendar"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_register_opens_for_its_roles(county: County, view: str):
    county.request()
    assert enter(county, "wang").get(REQUESTS + view).status_code == 200


@pytest.mark.parametrize("page", [*VIEWS, "export.csv", "export.xlsx", "saved/"])
def test_a_register_is_absent_for_others(county: County, page: str):
    client = enter(county, "stranger")
    answer = client.post(REQUESTS + page) if page == "saved/" else client.get(REQUESTS + page)
    assert answer.status_code == 404


def test_a_register_nobody_wrote_is_absent(county: County):
    assert enter(county, "wang").get("/registers/residents-requests.nothing/").status_code == 404


@pytest.mark.parametrize("page", ["", "print.pdf", "accept/", "tasks/1/pass_on/"])
def test_a_record_is_absent_for_others(county: County, page: str):
    made = county.request()
    assert enter(county, "zhao").get(f"/records/{made.number}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["new/submit/", "new/submit/form.pdf", "new/nothing/"])
def test_opening_is_absent_for_whom_it_is_not_open_to(county: County, page: str):
    assert enter(county, "stranger").get(REQUESTS + page).status_code == 404


@pytest.mark.parametrize(
    "address", ["/pick/lecture-team.lecture/order/?field=topic", "/pick/XX-1-2/order/?field=topic"]
)
def test_a_picker_is_absent_for_others(county: County, address: str):
    assert enter(county, "stranger").get(address).status_code == 404


@pytest.mark.parametrize("view", VIEWS)
def test_a_list_asks_the_same_number_of_questions_for_one_and_three_rows(county: County, view: str):
    client = enter(county, "office")
    counts = []
    for more in (1, 2):
        for _n in range(more):
            county.request()
        client.get(REQUESTS + view)
        with CaptureQueriesContext(connection) as asked:
            client.get(REQUESTS + view)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_list_shows_what_the_reader_reaches_and_no_more(county: County):
    county.request("东村的井盖")
    county.request("西村的路灯", unit="g3")
    page = enter(county, "wang").get(REQUESTS).content.decode()
    assert "东村的井盖" in page
    assert "西村的路灯" not in page


@pytest.mark.parametrize(
    ("typed", "found"), [("井盖", True), ("jg", True), ("路灯", False), ("井", True), ("盖", True)]
)
def test_search_finds_by_two_signs_by_initials_and_by_one_sign(county: County, typed: str, found: bool):
    county.request("东村的井盖丢了")
    page = enter(county, "wang").get(REQUESTS, {"q": typed}).content.decode()
    assert ("东村的井盖丢了" in page) is found


def test_search_finds_by_part_of_the_number(county: County):
    made = county.request("东村的井盖丢了")
    page = enter(county, "wang").get(REQUESTS, {"q": made.number[-5:]}).content.decode()
    assert made.number in page


def test_search_never_finds_sensitive_values(county: County):
    county.request("东村的井盖丢了", phone="13812345678")
    page = enter(county, "wang").get(REQUESTS, {"q": "13812345678"}).content.decode()
    assert "东村的井盖丢了" not in page


def test_search_follows_a_changed_field(county: County):
    made = county.request()
    county.on("accept", "wang", made, category="safety")
    county.on("resolve", "wang", made, solved="solved", result="已更换新井圈")
    page = enter(county, "wang").get(REQUESTS, {"q": "井圈"}).content.decode()
    assert made.number in page


def test_the_due_filter_leaves_out_what_is_not_late(county: County):
    made = county.request()
    client = enter(county, "wang")
    assert made.number not in client.get(REQUESTS, {"due": "late"}).content.decode()
    assert made.number in client.get(REQUESTS, {"sort": "due"}).content.decode()


def test_a_choice_filter_keeps_its_choice(county: County):
    made = county.request()
    client = enter(county, "wang")
    assert made.number in client.get(REQUESTS, {"field.category": "safety"}).content.decode()
    assert made.number not in client.get(REQUESTS, {"field.category": "other"}).content.decode()


def test_a_filter_can_be_saved_and_removed(county: County):
    client = enter(county, "wang")
    page = client.post(REQUESTS + "saved/", {"name": "我的逾期", "query": "?due=late"}, follow=True).content.decode()
    assert "我的逾期" in page
    number = page.partition('name="remove" value="')[2].partition('"')[0]
    assert "我的逾期" not in client.post(REQUESTS + "saved/", {"remove": number}, follow=True).content.decode().replace(
        "已保存筛选", ""
    )


HOSTILE = [
    "from=0001-01-01", "to=9999-12-31", "view=calendar&month=9999-12", "view=calendar&month=0001-01", "after=1-²",
    "after=1-99999999999999999999", "field.stars=1e99999999", "field.stars.to=-1e400", "unit=²",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_a_list_leaves_out_what_no_calendar_or_number_can_be(county: County, query: str):
    county.request()
    assert enter(county, "office").get(f"{REQUESTS}?{query}").status_code == 200


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_removing_a_saved_filter_that_is_not_there_changes_nothing(county: County, number: str):
    assert enter(county, "office").post(f"{REQUESTS}saved/", {"remove": number}).status_code == 302


def test_walking_from_page_to_page_meets_every_record_once(county: County):
    made = {county.request().number for _n in range(27)}
    client, address, seen = enter(county, "office"), REQUESTS, []
    for _n in range(2):
        page = html.unescape(client.get(address).content.decode())
        seen += list(dict.fromkeys(re.findall(r'href="/records/([A-Z0-9-]+)/"', page)))
        following = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        address = REQUESTS + following[1] if following else ""
    assert (len(seen), set(seen), address) == (27, made, "")


def test_who_comes_second_is_told_who_was_first_and_keeps_what_was_typed(county: County):
    made = county.request()
    second, first = enter(county, "wang"), enter(county, "li")
    address = f"/records/{made.number}/decline/"
    page = second.get(address).content.decode()
    form = {"version": re.search(r'name="version" value="(\d+)"', page)[1], "decline_reason": "想了很久的理由"}
    assert first.post(address, form | {"key": "first"}).status_code == 302
    answer = second.post(address, form | {"key": "second"})
    said = answer.content.decode()
    assert (answer.status_code, "想了很久的理由" in said, "办理了“不予受理”" in said) == (422, True, True)


def test_the_same_form_sent_again_later_says_it_was_done(county: County):
    made = county.request()
    client, form = enter(county, "wang"), {"key": "once", "decline_reason": "不归我们办"}
    for _n in range(2):
        answer = client.post(f"/records/{made.number}/decline/", form)
        assert (answer.status_code, answer["Location"]) == (302, f"/records/{made.number}/")
