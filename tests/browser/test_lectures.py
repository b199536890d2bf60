"""Ordering a lecture; nobody lectures in two places at once."""

from __future__ import annotations

import re

from tests.browser.conftest import Invite
from tests.browser.visitor import SEND, Visitor

ORDERING = "/registers/lecture-team.lecture/new/order/"


def fill_order(host: Visitor, *, starts: str, ends: str, place: str) -> None:
    """Fill the order of the one topic on offer in."""
    page = host.open(ORDERING)
    page.select_option("[name=topic]", index=1)
    page.fill("[name=starts]", starts)
    page.fill("[name=ends]", ends)
    page.fill("[name=place]", place)


def test_second_booking_of_a_lecturer_is_refused_naming_the_clash(invite: Invite) -> None:
    host = invite("host")
    fill_order(host, starts="2027-03-10T09:00", ends="2027-03-10T11:00", place="三楼会议室")
    host.send()
    assert "/records/" in host.page.url
    fill_order(host, starts="2027-03-10T10:00", ends="2027-03-10T12:00", place="党群服务中心")
    host.send()

    said = host.page.inner_text(".flash-error >> nth=0")
    assert "曹超" in said
    assert "三楼会议室" in said
    assert host.page.input_value("[name=place]") == "党群服务中心"
    host.open("/registers/lecture-team.lecture/?view=calendar&month=2027-03")
    assert host.words().count("三楼会议室") == 1
    assert "党群服务中心" not in host.words()


def test_two_clicks_on_send_make_one_record(invite: Invite) -> None:
    host = invite("host")
    fill_order(host, starts="2027-04-10T09:00", ends="2027-04-10T11:00", place="双击礼堂")
    host.page.locator(SEND).first.dblclick()
    host.page.wait_for_url(re.compile("/records/"))
    host.open("/registers/lecture-team.lecture/?q=双击")
    assert host.page.locator("main table tbody tr").count() == 1


def test_wrong_values_are_told_field_by_field_and_stay(invite: Invite) -> None:
    host = invite("host", script=False)
    fill_order(host, starts="2027-05-10T11:00", ends="2027-05-10T09:00", place="礼堂")
    host.send()

    assert "结束时间" in host.page.inner_text(".flash-error >> nth=0")
    kept = [host.page.input_value(f"[name={name}]") for name in ("starts", "ends", "place")]
    assert kept == ["2027-05-10T11:00", "2027-05-10T09:00", "礼堂"]


def test_typed_form_survives_the_end_of_the_session(invite: Invite) -> None:
    host = invite()
    host.open("/login/")
    host.type_password("host")
    fill_order(host, starts="2027-06-10T09:00", ends="2027-06-10T11:00", place="过期之后还在")
    host.lose_session()
    host.send()
    host.type_password("host")
    host.page.wait_for_url(re.compile("/(records|continue)/"))
    if host.page.url.endswith("/continue/"):
        host.page.locator("main button[type=submit]").first.click()
        host.page.wait_for_url(re.compile("/records/"))
    assert "过期之后还在" in host.words()
