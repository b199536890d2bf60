"""Following a request by its code."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.acts.county import County
from tests.doors.conftest import Resident, photo

from zhangfa.acts.actor import SYSTEM
from zhangfa.acts.engine import take_step
from zhangfa.acts.models import Record


def bare(page: str) -> str:
    """The page without what is new each time."""
    return re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", page)


def resolve(county: County, result: str = "井盖已补上") -> None:
    record = Record.objects.get()
    for step, data in (("accept", {"category": "safety"}), ("resolve", {"solved": "solved", "result": result})):
        if step == "accept" and record.state != "submitted":
            continue
        county.take("residents-requests.request", step, "wang", record=record.id, data=data)


def act(resident: Resident, step: str, **answers: object) -> object:
    page = resident.page("/f/case")
    at = page.index(f'action="/f/do/{step}"')
    part = page[at:]
    data = {name: resident.hidden(part, name) for name in ("key", "version")}
    return resident.client.post(f"/f/do/{step}", data | answers)


def test_follow_shows_state_and_answer(resident: Resident, door: str, county: County) -> None:
    code = resident.ask(door)
    resolve(county)
    page = resident.open(code).content.decode()

    assert "现在：待居民评价" in page
    assert "井盖已补上" in page
    assert "网格员" in page
    assert "wang" not in page


@pytest.mark.parametrize("typed", ["{}", "  {} ", "{lower}", "{plain}", "{wide}"])
def test_code_is_read_however_it_is_typed(typed: str, resident: Resident, door: str) -> None:
    code = resident.ask(door)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code.replace("-", ""))
    other = Resident()
    said = typed.format(code, lower=code.lower(), plain=code.replace("-", " "), wide=wide)

    assert "现在：待受理" in other.open(said).content.decode()


def test_link_with_the_code_opens_and_leaves_the_address_bar(resident: Resident, door: str) -> None:
    code = resident.ask(door)
    response = Resident().client.get(f"/f/{code}")

    assert (response.status_code, response["Location"]) == (302, "/f/case")


@pytest.mark.parametrize("wrong", ["ABCD-ABCD-ABCD-ABCD", "x", "0000-0000-0000-0000", "' or 1=1 --", "长" * 500])
def test_wrong_code_answers_like_an_absent_one(wrong: str, resident: Resident, door: str) -> None:
    resident.ask(door)
    absent = Resident().open("ZZZZ-ZZZZ-ZZZZ-ZZZZ")
    other = Resident().open(wrong)

    assert other.status_code == absent.status_code == 404
    assert bare(other.content.decode()) == bare(absent.content.decode())


def test_guessing_ends_after_ten_tries(resident: Resident, door: str) -> None:
    code = resident.ask(door)
    stranger = Resident()
    statuses = [stranger.open(f"AAAA-AAAA-AAAA-{2000 + n}").status_code for n in range(12)]

    assert statuses == [404] * 10 + [429] * 2
    assert stranger.open(code).status_code == 429
    assert "现在：待受理" in resident.page("/f/case")


def test_both_verdicts_stand_side_by_side(resident: Resident, door: str, county: County) -> None:
    resident.ask(door)
    resolve(county, "已经处理好了")
    response = act(resident, "confirm", resident_verdict="not", stars="1", comment="还是老样子")
    page = resident.page(response["Location"])

    office, own = page.split("您怎么说")
    assert "已经处理好了" in office
    assert "没有解决" in own
    assert Record.objects.get().state == "closed"


def test_second_answer_stands_even_where_it_repeats_the_first(resident: Resident, door: str, county: County) -> None:
    resident.ask(door)
    resolve(county)
    act(resident, "reopen", reopen_reason="井盖晃动，车一过就响")
    between = resident.page("/f/case").split("您怎么说")[1]
    resolve(county)
    office, own = resident.page("/f/case").split("您怎么说")

    assert "要求返工" in between
    assert "井盖已补上" in office
    assert "等您说一句" in own


def test_silence_is_not_consent(resident: Resident, door: str, county: County) -> None:
    resident.ask(door)
    resolve(county)
    take_step(
        register="residents-requests.request",
        step="lapse",
        by=SYSTEM,
        at=county.now,
        key="lapse",
        record=Record.objects.get().id,
    )
    page = resident.page("/f/case")

    assert "这不等于您满意" in page


def test_reopen_twice_and_not_a_third_time(resident: Resident, door: str, county: County) -> None:
    resident.ask(door)
    for _turn in range(2):
        resolve(county)
        assert act(resident, "reopen", reopen_reason="还在漏水，没有修好").status_code == 302
    resolve(county)

    page = resident.page("/f/case")
    assert 'action="/f/do/reopen"' not in page
    assert "的次数已经用完" in page
    assert "12345" in page
    forced = resident.client.post("/f/do/reopen", {"key": "again", "reopen_reason": "第三次还想要求返工"})
    assert forced.status_code == 422
    assert Record.objects.get().state == "resolved"


def test_refused_answer_comes_back_with_what_was_typed(resident: Resident, door: str, county: County) -> None:
    resident.ask(door)
    resolve(county)
    response = act(resident, "confirm", resident_verdict="", stars="9", comment="写了很多字")

    assert response.status_code == 422
    assert "写了很多字</textarea>" in response.content.decode()


def test_answer_without_cookie_check_comes_back(door: str, county: County) -> None:
    strict = Resident(Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"}))
    page = strict.page(f"/d/{door}")
    strict.ask(door, page=page, csrfmiddlewaretoken=strict.hidden(page, "csrfmiddlewaretoken"))
    resolve(county)
    response = act(strict, "confirm", resident_verdict="solved", comment="写了很多字")

    assert response.status_code == 403
    assert "写了很多字</textarea>" in response.content.decode()
    assert Record.objects.get().state == "resolved"


def test_declined_request_may_be_appealed(resident: Resident, door: str, county: County) -> None:
    resident.ask(door)
    record = Record.objects.get().id
    county.take("residents-requests.request", "decline", "wang", record=record, data={"decline_reason": "不归网格管"})
    response = act(resident, "appeal", objection="就是网格里的井盖")

    assert response.status_code == 302
    assert Record.objects.get().state == "appealed"


def test_photo_is_shown_with_the_code_and_to_nobody_else(resident: Resident, door: str) -> None:
    resident.ask(door, photos=[photo()])
    page = resident.page("/f/case")
    address = re.search(r'href="(/f/files/[^"]+)"', page)
    assert address
    shown = resident.client.get(address[1])
    stranger = Resident()
    stranger.ask(door, content="另一件事情而已")

    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert stranger.client.get(address[1]).status_code == 404
    assert Resident().client.get(address[1]).status_code == 404


def test_forged_cookie_opens_nothing(resident: Resident, door: str) -> None:
    code = resident.ask(door)
    stranger = Resident()
    stranger.client.cookies["zhangfa-code"] = f"{code}:forged:signature"

    assert stranger.client.get("/f/case")["Location"] == "/f"


def test_leaving_closes_the_request_on_this_phone(resident: Resident, door: str) -> None:
    resident.ask(door)
    resident.client.get("/f/leave")

    assert resident.client.get("/f/case").status_code == 302


def test_lost_code_page_is_honest(resident: Resident) -> None:
    assert "查询码找不回来" in resident.page("/f/lost")
