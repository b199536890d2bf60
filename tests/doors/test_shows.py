"""Boards and calendars for everybody, and the printed sheets."""

from __future__ import annotations

import time

import icalendar
import pypdfium2
import pytest
from tests.acts.county import FILE, County
from tests.doors.conftest import Resident

from zhangfa.attachments.models import Attachment
from zhangfa.charter import engine as charters
from zhangfa.doors import door_codes, sheets
from zhangfa.doors.models import DoorCode

ADDRESS = "/p/lecture-team/calendar"


@pytest.fixture
def lectures(county: County) -> County:
    """One confirmed lecture and one only ordered."""
    Attachment.objects.create(hash=FILE["hash"], type=FILE["type"], size=FILE["size"], stored_at=county.now)
    outline = {"name": "家风与廉洁", "theme": "culture", "lecturer": county.people["lecturer"], "outline": [FILE]}
    topic = county.take("lecture-team.topic", "draft", "lecturer", unit="jinxiang", data=outline)
    for juror in ("l1", "l2", "l3"):
        county.take("lecture-team.topic", "trial", juror, record=topic.record, data={"mark": "9", "cleared": "true"})
    for day, place in (("2026-03-10", "街道三楼会议室"), ("2026-03-11", "文化礼堂")):
        when = {"starts": f"{day}T09:00", "ends": f"{day}T11:00", "place": place}
        data = {"topic": str(topic.record), "needs": "听众名单另报", **when}
        lecture = county.take("lecture-team.lecture", "order", "host", unit="yushan", data=data)
        if place == "街道三楼会议室":
            county.take("lecture-team.lecture", "confirm", "l1", record=lecture.record, data=when)
    return county


def test_calendar_shows_what_is_confirmed_in_the_listed_columns(lectures: County, resident: Resident) -> None:
    page = resident.page(ADDRESS)

    assert "家风与廉洁" in page
    assert "街道三楼会议室" in page
    assert "09:00–11:00" in page
    assert "文化礼堂" not in page
    assert "听众名单" not in page
    assert ">lecturer<" not in page


def test_calendar_feed_is_read_by_calendars(lectures: County, resident: Resident) -> None:
    response = resident.client.get(f"{ADDRESS}.ics")
    events = list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))

    assert response["Content-Type"].startswith("text/calendar")
    assert [str(event["SUMMARY"]) for event in events] == ["家风与廉洁"]
    assert [event.decoded("DTSTART").isoformat() for event in events] == ["2026-03-10T01:00:00+00:00"]
    assert b"lecturer" not in response.content.replace(b"lecture-team", b"")


def test_empty_calendar_says_so_kindly(county: County, resident: Resident) -> None:
    assert "眼下没有安排" in resident.page(ADDRESS)


ABSENT = ("/p/nothing/here", "/p/residents-requests/request", "/p/lecture-team/calendar2.ics")


@pytest.mark.parametrize("address", ABSENT)
def test_what_is_not_shown_is_absent(address: str, county: County, resident: Resident) -> None:
    assert resident.client.get(address).status_code == 404


def test_codes_are_made_once_and_renewed_by_wish(county: County) -> None:
    units = [county.units[name] for name in ("g1", "g2", "g3")]
    first = door_codes.codes_for(charter="residents-requests", door="request", units=units, at=county.now)
    again = door_codes.codes_for(charter="residents-requests", door="request", units=units, at=county.now)
    newer = door_codes.renew_code(charter="residents-requests", door="request", unit=units[0], at=county.now)

    assert first == again
    assert len(set(first.values())) == 3
    assert newer not in first.values()
    assert DoorCode.objects.filter(until=None).count() == 3


def test_door_code_is_read_as_typed(county: County) -> None:
    code = door_codes.renew_code(charter="residents-requests", door="request", unit=county.units["g1"], at=county.now)
    found = door_codes.find_code(f" {code[:4].upper()}-{code[4:]} ")

    assert found is not None
    assert found.code == code


def test_two_hundred_sheets_are_one_pdf_in_seconds(county: County) -> None:
    charter = charters.current("residents-requests", county.now.date())
    doors = [
        sheets.SheetDoor(f"第{n}网格", "金乡县 · 鱼山街道", f"k7m3{n:04d}", f"http://localhost/d/k7m3{n:04d}")
        for n in range(200)
    ]
    began = time.perf_counter()
    pdf = sheets.print_sheets(charter=charter, county="金乡县", doors=doors)

    took = time.perf_counter() - began

    assert len(pypdfium2.PdfDocument(pdf)) == 200
    assert (len(pdf) < 5_000_000, took < 20) == (True, True)


def test_sheet_says_place_and_address(county: County) -> None:
    charter = charters.current("residents-requests", county.now.date())
    code = door_codes.codes_for(
        charter="residents-requests", door="request", units=[county.units["g1"], county.units["g2"]], at=county.now
    )
    doors = sheets.sheet_doors(codes=code, public_url="http://zhangfa.example")
    pages = pypdfium2.PdfDocument(sheets.print_sheets(charter=charter, county="jinxiang", doors=doors))
    words = [page.get_textpage().get_text_bounded() for page in pages]

    assert len(words) == 2
    assert f"zhangfa.example/d/{code[county.units['g1']]}" in words[0]
    assert "g2" in words[1]
