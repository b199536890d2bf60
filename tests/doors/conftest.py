"""A small county with its doors, and a resident's browser."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import altcha
import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image
from pytest_django import Settings
from tests.acts.county import County, build_county

from zhangfa.attachments.models import Attachment
from zhangfa.doors import work
from zhangfa.doors.door_codes import codes_for
from zhangfa.doors.limits import LIMITS
from zhangfa.doors.views import ask, follow, shows, staff

KINDS = {"category": "safety", "content": "路口井盖缺失，晚上看不见"}


@dataclass
class Resident:
    """Somebody with a phone and no account."""

    client: Client = field(default_factory=lambda: Client(headers={"accept-language": "zh-CN"}))

    def page(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200, (response.status_code, address)
        return response.content.decode()

    def hidden(self, page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        assert found, name
        return found[1]

    def solve(self, page: str) -> str:
        """Do what the browser's worker does."""
        found = re.search(r'data-puzzle="([^"]*)"', page)
        assert found
        puzzle = json.loads(found[1].replace("&#34;", '"').replace("&amp;", "&"))
        solved = altcha.solve_challenge_v1(
            challenge=puzzle["challenge"], salt=puzzle["salt"], algorithm="SHA-256", max_number=puzzle["maxNumber"]
        )
        assert solved
        return base64.b64encode(json.dumps(puzzle | {"number": solved.number}).encode()).decode()

    def send(self, code: str, *, script: bool = True, page: str = "", **answers: object) -> HttpResponse:
        """Open the door, fill the form in, send it."""
        page = page or self.page(f"/d/{code}")
        data = KINDS | {"key": self.hidden(page, "key"), "work": self.solve(page) if script else ""} | answers
        return self.client.post(f"/d/{code}", data)

    def ask(self, code: str, **rest: object) -> str:
        """Send a request and return the follow-up code from the receipt."""
        response = self.send(code, **rest)
        assert response.status_code == 302, response.content.decode()
        return self.code_on(self.page(response["Location"]))

    def code_on(self, page: str) -> str:
        found = re.search(r'class="code">([0-9A-Z-]{19})<', page)
        assert found
        return found[1]

    def open(self, code: str) -> HttpResponse:
        return self.client.post("/f", {"code": code}, follow=True)


@pytest.fixture
def county(db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> County:
    """The county on Monday 2 March 2026, nine o'clock; the pages' clock stands there too."""
    settings.DATA = tmp_path
    monkeypatch.setattr(work, "LIMITS", replace(LIMITS, work=300))
    made = build_county()
    Attachment.objects.all().delete()
    for pages in (ask, follow, shows, staff):
        monkeypatch.setattr(pages, "now", lambda: made.now.astimezone(dt.UTC))
    return made


@pytest.fixture
def resident() -> Resident:
    return Resident()


@pytest.fixture
def door(county: County) -> str:
    """The code on the door of grid g1."""
    unit = county.units["g1"]
    return codes_for(charter="residents-requests", door="request", units=[unit], at=county.now)[unit]


def photo(exif: bool = False) -> io.BytesIO:
    out = io.BytesIO()
    notes = Image.Exif()
    if exif:
        notes[0x010F] = "SecretPhoneMaker"
        notes.get_ifd(0x8825).update({1: "N", 2: (35.0, 4.0, 30.0)})
    Image.effect_noise((320, 240), 40).convert("RGB").save(out, "JPEG", exif=notes)
    out.seek(0)
    out.name = "IMG_0001.jpg"
    return out
