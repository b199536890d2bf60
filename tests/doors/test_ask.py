"""Asking at a door."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from tests.acts.county import County
from tests.doors.conftest import KINDS, Resident, photo

from zhangfa.acts.models import Record
from zhangfa.attachments import shelf
from zhangfa.attachments.models import Attachment
from zhangfa.doors.door_codes import renew_code
from zhangfa.doors.models import Quarantined

LIMIT = 60_000


def test_ask_opens_a_record_and_gives_a_code(resident: Resident, door: str, county: County) -> None:
    code = resident.ask(door, phone="13812345678")

    record = Record.objects.get()
    assert (record.register, record.state) == ("residents-requests.request", "submitted")
    assert record.unit == county.units["g1"]
    assert json.loads(record.payload)["content"] == KINDS["content"]
    assert "13812345678" not in record.payload
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}", code)


def test_first_load_is_small_and_asks_no_other_host(resident: Resident, door: str) -> None:
    page = resident.client.get(f"/d/{door}")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    files = [address for address in addresses if address.startswith("/static/")]
    total = len(page.content) + sum(len(_body(resident.client, address)) for address in files)

    assert len(files) == 3
    assert total <= LIMIT, total
    assert [a for a in addresses if re.match(r"(?:[a-z]+:)?//", a)] == []
    words = "".join(_body(resident.client, file).decode() for file in files)
    assert re.findall(r"url\(|@import|https?://(?!www\.w3\.org)", words) == []


def _body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_page_has_no_inline_script_or_style(resident: Resident, door: str) -> None:
    page = resident.client.get(f"/d/{door}")

    assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.content.decode()) == []
    assert "script-src 'self'" in page["Content-Security-Policy"]


def test_photo_field_offers_the_camera(resident: Resident, door: str) -> None:
    assert re.search(r'<input type="file" id="photos"[^>]* accept="image/\*"', resident.page(f"/d/{door}"))


def test_receipt_says_by_when_and_how_it_was_reckoned(resident: Resident, door: str) -> None:
    page = resident.page(resident.send(door)["Location"])

    assert "由网格员“受理”，最晚 2026年3月3日（星期二）。" in page
    assert "收到当日不计" in page or "不计" in page
    assert "/f#" in page


def test_double_submit_opens_one_record_with_the_same_code(resident: Resident, door: str) -> None:
    page = resident.page(f"/d/{door}")
    work = resident.solve(page)
    first = resident.code_on(resident.page(resident.send(door, page=page, work=work)["Location"]))
    second = resident.code_on(resident.page(resident.send(door, page=page, work=work)["Location"]))

    assert first == second
    assert (Record.objects.count(), Quarantined.objects.count()) == (1, 0)


def test_what_is_missing_is_said_and_what_was_typed_is_back(resident: Resident, door: str) -> None:
    response = resident.send(door, category="", content="路灯坏了三天", phone="12", photos=[photo()])

    page = response.content.decode()
    assert response.status_code == 422
    assert ">路灯坏了三天</textarea>" in page
    assert 'value="12"' in page
    assert "已收下：IMG_0001.jpg" in page
    assert page.count('class="error"') == 2
    assert Record.objects.count() == 0

    again = resident.client.post(
        f"/d/{door}",
        {
            "category": "facility",
            "content": "路灯坏了三天",
            "key": resident.hidden(page, "key"),
            "work": resident.solve(page),
            "photos-kept": resident.hidden(page, "photos-kept"),
        },
    )
    assert again.status_code == 302
    assert [file["name"] for file in json.loads(Record.objects.get().payload)["photos"]] == ["IMG_0001.jpg"]


def test_photo_loses_its_notes(resident: Resident, door: str) -> None:
    resident.ask(door, photos=[photo(exif=True)])

    kept = shelf.place_of(shelf.originals(), Attachment.objects.get().hash).read_bytes()
    assert b"SecretPhoneMaker" not in kept
    assert b"Exif" not in kept


def test_wrong_file_comes_back_with_a_sentence(resident: Resident, door: str) -> None:
    fake = photo()
    fake.seek(0)
    fake.write(b"<svg onload=alert(1)>")
    fake.seek(0)
    response = resident.send(door, photos=[fake])

    assert response.status_code == 422
    assert KINDS["content"] in response.content.decode()
    assert Record.objects.count() == 0


def test_forged_file_token_attaches_nothing(resident: Resident, door: str) -> None:
    resident.ask(door, **{"photos-kept": json.dumps([{"hash": "0" * 64, "name": "x", "type": "image/png", "size": 1}])})

    assert not json.loads(Record.objects.get().payload).get("photos")


def test_without_cookies_the_words_come_back(door: str) -> None:
    strict = Resident(Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"}))
    page = strict.page(f"/d/{door}")
    strict.client.cookies.clear()
    response = strict.send(door, page=page)

    assert response.status_code == 403
    assert KINDS["content"] in response.content.decode()
    assert "Cookie" in response.content.decode()
    assert Record.objects.count() == 0

    again = response.content.decode()
    token = strict.hidden(again, "csrfmiddlewaretoken")
    assert strict.send(door, page=again, csrfmiddlewaretoken=token).status_code == 302


def test_script_in_content_is_shown_as_text(resident: Resident, door: str) -> None:
    code = resident.ask(door, content='<script>alert(1)</script>"><img src=x onerror=alert(1)>')
    page = resident.open(code).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_renewed_code_says_where_to_go(resident: Resident, door: str, county: County) -> None:
    newer = renew_code(charter="residents-requests", door="request", unit=county.units["g1"], at=county.now)
    page = resident.page(f"/d/{door}")

    assert f'href="/d/{newer}"' in page
    assert "这张码换过了" in page


def test_unknown_door_offers_to_type_again(resident: Resident, county: County) -> None:
    response = resident.client.get("/d/zzzzzzzz")

    assert response.status_code == 404
    assert 'name="code"' in response.content.decode()


def test_closed_unit_is_not_a_door_any_more(resident: Resident, door: str, county: County) -> None:
    from zhangfa.directory import engine as directory

    directory.close_unit(unit=county.units["g1"], on=county.now.date(), by=None, at=county.now, key="close-g1")
    response = resident.client.get(f"/d/{door}")

    assert response.status_code in (404, 410)
    assert b'<form method="post"' not in response.content


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_the_chosen_language(resident: Resident, door: str, language: str) -> None:
    switched = resident.client.get(f"/f/language/{language}?next=/d/{door}")
    page = resident.page(switched["Location"])

    assert f'lang="{"en" if language == "en" else "zh-CN"}"' in page
    assert ("What is wrong" in page) == (language == "en")


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_language_switch_leads_nowhere_else(resident: Resident, wanted: str) -> None:
    assert resident.client.get("/f/language/en", {"next": wanted})["Location"] == "/f"
