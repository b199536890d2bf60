"""Forms: everything typed stays, everything wrong is said where it is, nothing counts twice."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.acts.county import County, appoint
from tests.registers.conftest import enter

from zhangfa.acts.models import Record
from zhangfa.directory.models import Unit

ORDER = "/registers/lecture-team.lecture/new/order/"
DRAFT = "/registers/lecture-team.topic/new/draft/"
OPEN = "/registers/leaders-handover.handover/new/open/"


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page).group(1)


def photo(name: str = "井盖.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


def topic_on_offer(county: County) -> str:
    file = {"hash": "0" * 64, "name": "讲稿.pdf", "type": "application/pdf", "size": 10}
    data = {"name": "以案为鉴", "theme": "culture", "lecturer": county.people["lecturer"], "outline": [file]}
    made = county.take("lecture-team.topic", "draft", "lecturer", data=data)
    for jury in ("l1", "l2", "l3"):
        county.take("lecture-team.topic", "trial", jury, record=made.record, data={"mark": "9", "cleared": "true"})
    return str(made.record)


def order_form(county: County, topic: str, start: str, end: str) -> dict[str, str]:
    return {
        "key": county.key(),
        "unit": str(county.units["yushan"]),
        "topic": topic,
        "starts": start,
        "ends": end,
        "place": "二楼会议室",
    }


def open_handover(county: County) -> str:
    data = {
        "outgoing": county.people["outgoing"],
        "incoming": county.people["incoming"],
        "ordered_on": "2026-11-01",
        "manner": "written",
    }
    return county.take("leaders-handover.handover", "open", "organiser", unit="water", data=data).number


def post(client: Client, address: str, data: dict) -> object:
    return client.post(address, data)


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(county: County):
    topic = topic_on_offer(county)
    form = order_form(county, topic, "2026-12-01T09:00", "") | {"place": "一个<b>地方</b>"}
    answer = enter(county, "host").post(ORDER, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="一个&lt;b&gt;地方&lt;/b&gt;"' in page
    assert 'value="2026-12-01T09:00"' in page
    assert f'<option value="{topic}" selected' in page
    assert 'href="#f-ends"' in page
    assert re.search(r'id="f-ends"[^>]*aria-describedby="f-ends-error"[^>]*aria-invalid="true"', page)


def test_the_key_of_a_refused_form_is_the_same(county: County):
    form = order_form(county, "", "", "")
    page = enter(county, "host").post(ORDER, form).content.decode()
    assert hidden(page, "key") == form["key"]


def test_a_form_sent_twice_makes_one_record(county: County):
    topic, client = topic_on_offer(county), enter(county, "host")
    form = order_form(county, topic, "2026-12-01T09:00", "2026-12-01T11:00")
    first, second = client.post(ORDER, form), client.post(ORDER, form)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Record.objects.filter(register="lecture-team.lecture").count() == 1


def test_a_double_booking_is_refused_with_the_clash_named(county: County):
    topic, client = topic_on_offer(county), enter(county, "host")
    client.post(ORDER, order_form(county, topic, "2026-12-01T09:00", "2026-12-01T11:00"))
    taken = Record.objects.get(register="lecture-team.lecture")
    answer = client.post(ORDER, order_form(county, topic, "2026-12-01T10:00", "2026-12-01T12:00"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "lecturer" in page
    assert taken.number in page
    assert 'value="2026-12-01T10:00"' in page


def test_a_uploaded_file_survives_a_refused_form(county: County):
    client = enter(county, "lecturer")
    form = {"key": county.key(), "name": "课题", "theme": "culture", "lecturer": str(county.people["lecturer"])}
    document = SimpleUploadedFile("讲稿.txt", "第一讲".encode(), "text/plain")
    page = client.post(DRAFT, form | {"name": "", "outline": document}).content.decode()
    assert "讲稿.txt" in page
    answer = client.post(DRAFT, form | {"outline.kept": hidden(page, "outline.kept")})
    assert answer.status_code == 302
    assert '"name":"讲稿.txt"' in Record.objects.get(register="lecture-team.topic").payload


def test_a_file_of_the_wrong_kind_is_refused_and_the_rest_stays(county: County):
    form = {"key": county.key(), "name": "课题", "theme": "culture", "lecturer": str(county.people["lecturer"])}
    answer = enter(county, "lecturer").post(DRAFT, form | {"outline": photo()})
    assert answer.status_code == 422
    assert 'value="课题"' in answer.content.decode()


def test_a_picker_searches_without_script(county: County):
    answer = enter(county, "organiser").post(
        OPEN, {"key": "k", "find": "incoming", "incoming.find": "incom", "manner": "written"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{county.people["incoming"]}"' in page
    assert re.search(r'value="written" checked', page)


def test_a_free_table_grows_by_its_button_and_keeps_what_was_typed(county: County):
    client = enter(county, "k1")
    address = opening_with_a_table(client)
    page = client.get(address).content.decode()
    count = int(hidden(page, "parts.count"))
    typed = {"key": "k", "more": "parts", "parts.count": str(count), "parts.0.what": "水泵"}
    answer = client.post(address, typed)
    assert answer.status_code == 200
    assert int(hidden(answer.content.decode(), "parts.count")) == count + 1
    assert 'value="水泵"' in answer.content.decode()


def opening_with_a_table(client: Client) -> str:
    page = client.get("/registers/everything.well/").content.decode()
    return re.search(r'href="(/registers/everything\.well/new/[^"]+/)"', page).group(1)


def test_each_side_of_a_handover_fills_its_own_columns(county: County):
    number = open_handover(county)
    client = enter(county, "outgoing")
    page = client.get(f"/records/{number}/list/").content.decode()
    assert 'name="items.1.content"' in page
    assert 'name="items.1.objection"' not in page
    form = {"key": county.key(), "version": hidden(page, "version")} | {
        f"items.{n}.content": f"第{n}项" for n in range(1, 20)
    }
    assert client.post(f"/records/{number}/list/", form).status_code == 302
    page = enter(county, "incoming").get(f"/records/{number}/agree/").content.decode()
    assert "第19项" in page
    assert 'name="items.1.content"' not in page
    assert 'name="items.19.agreed"' in page


def test_a_line_the_condition_fails_on_is_marked_and_linked(county: County):
    number = open_handover(county)
    form = {"key": county.key()} | {f"items.{n}.content": "有" for n in range(1, 19)}
    page = enter(county, "outgoing").post(f"/records/{number}/list/", form).content.decode()
    assert "还差第 19 行。" in page
    assert 'href="#f-items-19"' in page
    assert re.findall(r'<tr class="row-wrong">\s*<td class="row-title" id="([^"]+)"', page) == ["f-items-19"]


def test_one_signs_with_the_record_in_view_and_long_cells_have_room(county: County):
    number = open_handover(county)
    county.now = dt.datetime.now(dt.UTC)
    record = Record.objects.get(number=number).pk
    rows = [str(n) for n in range(1, 20)]
    filled = {"items": {row: {"content": f"第{row}项"} for row in rows}}
    county.take("leaders-handover.handover", "list", "outgoing", record=record, data=filled)
    client = enter(county, "incoming")
    page = client.get(f"/records/{number}/agree/").content.decode()
    assert re.search(r'<textarea[^>]*name="items\.1\.objection"', page)
    agreed = {"items": {row: {"agreed": True} for row in rows}}
    county.take("leaders-handover.handover", "agree", "incoming", record=record, data=agreed)
    page = client.get(f"/records/{number}/sign/").content.decode()
    assert "已登记的内容" in page
    assert "第19项" in page


def test_units_to_choose_stand_in_the_directorys_order(county: County):
    Unit.objects.filter(pk=county.units["roads"]).update(code="a-first")
    page = enter(county, "organiser").get(OPEN).content.decode()
    select = re.search(r'<select[^>]*name="unit".*?</select>', page, re.S).group(0)
    offered = re.findall(r'<option value="(\d+)"', select)
    assert offered == [str(county.units[name]) for name in ("roads", "huji", "water", "yushan")]


def test_a_wrong_cell_is_named_with_its_line(county: County):
    number = open_handover(county)
    client = enter(county, "outgoing")
    form = {"key": county.key()} | {f"items.{n}.content": "有" for n in range(1, 20)} | {"items.3.arose_on": "昨天"}
    page = client.post(f"/records/{number}/list/", form).content.decode()
    assert 'href="#f-items-3-arose_on"' in page
    assert 'value="昨天"' in page


def chosen_unit(page: str) -> str:
    select = re.search(r'<select[^>]*name="unit".*?</select>', page, re.S).group(0)
    return next(iter(re.findall(r'<option value="(\d*)" selected', select)), "")


def test_the_unit_is_filled_in_from_the_one_post_that_may_open(county: County):
    appoint(county, "organiser", "org-office", "water")
    appoint(county, "organiser", "reviewer", "roads")
    page = enter(county, "organiser").get(OPEN).content.decode()
    assert chosen_unit(page) == str(county.units["water"])
    assert "来自您的任职" in page


@pytest.mark.parametrize("post", [("reviewer", "roads"), ("leader", "huji")])
def test_a_post_that_opens_nothing_fills_in_no_unit(county: County, post: tuple[str, str]):
    appoint(county, "organiser", *post)
    page = enter(county, "organiser").get(OPEN).content.decode()
    assert chosen_unit(page) == ""
    assert "来自您的任职" not in page


def test_no_unit_is_filled_in_where_two_posts_may_open(county: County):
    appoint(county, "host", "host", "huji")
    assert chosen_unit(enter(county, "host").get(ORDER).content.decode()) == ""


def test_two_people_taking_one_step_tell_the_second(county: County):
    made = county.request()
    first, second = enter(county, "wang"), enter(county, "li")
    address = f"/records/{made.number}/accept/"
    version = hidden(second.get(address).content.decode(), "version")
    assert first.post(address, {"key": county.key(), "version": version, "category": "safety"}).status_code == 302
    answer = second.post(address, {"key": county.key(), "version": version, "category": "safety"})
    assert answer.status_code == 422
    assert "办理了“受理”" in answer.content.decode()


def test_a_form_sent_without_a_session_asks_to_sign_in_and_carries_it(county: County):
    made = county.request()
    answer = Client().post(f"/records/{made.number}/accept/", {"key": "k", "category": "safety"})
    assert answer.status_code == 401
    assert 'name="kept"' in answer.content.decode()


@pytest.mark.parametrize("verb", ["pass_on", "extend", "pause"])
def test_a_verb_shows_its_form_and_refuses_an_empty_one(county: County, verb: str):
    made = county.request()
    client = enter(county, "wang")
    page = client.get(f"/records/{made.number}/").content.decode()
    address = re.search(rf"/records/{made.number}/tasks/\d+/{verb}/", page).group(0)
    assert client.get(address).status_code == 200
    assert client.post(address, {"key": county.key()}).status_code == 422


def test_a_task_is_extended_by_its_form(county: County):
    county.now = dt.datetime.now(dt.UTC)
    made = county.request()
    client = enter(county, "wang")
    before = Record.objects.get(number=made.number).due_at
    address = re.search(
        r"/records/[^/]+/tasks/\d+/extend/", client.get(f"/records/{made.number}/").content.decode()
    ).group(0)
    answer = client.post(address, {"key": county.key(), "amount": "3", "reason": "等配件"}, follow=True)
    assert Record.objects.get(number=made.number).due_at > before
    assert "等配件" in answer.content.decode()
