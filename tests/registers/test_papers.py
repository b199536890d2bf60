"""Papers and months: what stands on them."""

from __future__ import annotations

import datetime as dt

import pypdfium2
import pytest
from tests.acts.county import County
from tests.registers.conftest import enter
from tests.registers.test_forms import open_handover, order_form, topic_on_offer

LECTURES = "/registers/lecture-team.lecture/"


def text_of(pdf: bytes) -> str:
    """Return the words of all pages; line breaks fall anywhere."""
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def test_a_handover_prints_its_nineteen_lines_and_two_signatures(county: County):
    number = open_handover(county)
    answer = enter(county, "organiser").get(f"/records/{number}/print.pdf")
    words = text_of(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    assert number in words
    assert all(
        title in words
        for title in (
            "接任方异议",
            "离任方异议",
            "19",
            "公开承诺",
            "离任方 outgoing（签字）",
            "接任方 incoming（签字）",
        )
    )


@pytest.mark.parametrize("filler", range(21, 28))
def test_a_heading_stands_on_the_page_of_its_first_line(settings: object, filler: int):
    from zhangfa.registers.printing import set_paper

    rows = [{"group": False, "cells": [f"第{n}项"]} for n in range(filler)]
    rows += [{"group": True, "cells": ["经济财务"]}, {"group": False, "cells": ["预算执行"]}]
    block = {"kind": "lines", "title": "清单", "head": ["项目"], "widths": ["1fr"], "rows": rows}
    document = pypdfium2.PdfDocument(set_paper(title="表", subtitle="", foot="", blocks=[block], wide=True))
    pages = [page.get_textpage().get_text_range() for page in document]
    assert [("经济财务" in page) for page in pages] == [("预算执行" in page) for page in pages]


def test_a_paper_hides_what_the_reader_may_not_see(county: County):
    made = county.request(phone="13812345678")
    seen = text_of(enter(county, "wang").get(f"/records/{made.number}/print.pdf").content)
    hidden = text_of(enter(county, "office").get(f"/records/{made.number}/print.pdf").content)
    assert "13812345678" in seen
    assert "13812345678" not in hidden
    assert "不对您的角色显示" in hidden


def test_an_opening_step_has_a_paper_form(county: County):
    words = text_of(enter(county, "organiser").get("/registers/leaders-handover.handover/new/open/form.pdf").content)
    assert all(title in words for title in ("离任方", "接任方", "任免决定日期", "书面交接"))


def test_a_month_shows_bookings_on_their_day_and_marks_days_off(county: County):
    client = enter(county, "host")
    client.post(
        LECTURES + "new/order/", order_form(county, topic_on_offer(county), "2026-10-20T09:00", "2026-10-20T11:00")
    )
    page = client.get(LECTURES, {"view": "calendar", "month": "2026-10"}).content.decode()
    day = page.partition('datetime="2026-10-20"')[2].partition("</td>")[0]
    assert "09:00–11:00" in day
    assert "休 国庆节" in page.partition('datetime="2026-10-01"')[2].partition("</td>")[0]
    assert "班" in page.partition('datetime="2026-10-10"')[2].partition("</td>")[0]


def test_a_month_of_a_register_without_dates_goes_by_deadlines(county: County):
    county.now = dt.datetime.now(dt.UTC)
    made = county.request("东村的井盖")
    due = county_due(made.record)
    page = (
        enter(county, "wang")
        .get(f"/registers/residents-requests.request/?view=calendar&month={due:%Y-%m}")
        .content.decode()
    )
    assert "东村的井盖" in page.partition(f'datetime="{due:%Y-%m-%d}"')[2].partition("</td>")[0]


def county_due(record: int) -> dt.date:
    from zhangfa.acts.models import Record
    from zhangfa.registers.narrowing import ZONE

    return Record.objects.get(id=record).due_at.astimezone(ZONE).date()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_are_whole_in_both_languages(county: County, language: str):
    made = county.request()
    client = enter(county, "wang")
    client.cookies["django_language"] = language
    page = client.get(f"/records/{made.number}/").content.decode()
    assert ("谁看得到" in page) is (language == "zh-hans")
