"""A signed board comes out byte for byte: from plain Python, and in other processes under other conditions."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from tests.publishing.county import County, build_county, fill_quarter

from zhangfa.charter import engine as charters
from zhangfa.publishing.models import Standing
from zhangfa.scores.engine import compute
from zhangfa.scores.matrix import Cell, Key, build_matrix

ELSEWHERE = (
    {"TZ": "America/St_Johns", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "LANGUAGE": "en"},
)


def test_the_digest_is_that_of_plain_python_on_either_database(county: County) -> None:
    score = charters.current("beautiful-courtyard").scores["town-quarter"]
    cells = {}
    for town, mark in (("huji", 90), ("mamiao", 70), ("yushan", 80)):
        cells[f"u-{town}", "rate"] = Cell(Decimal(0), 2)
        cells[f"u-{town}", "activities"] = Cell(Decimal(1), 1)
        cells[f"u-{town}", "daily"] = Cell(Decimal(mark), 1)
    keys = [Key("u-jinxiang", f"u-{town}", town) for town in ("huji", "mamiao", "yushan")]
    plain = compute(score, build_matrix(keys, tuple(score.indicators), cells), period="2026-Q1")
    assert county.draft().digest == plain.digest


@pytest.mark.django_db(transaction=True)
def test_another_process_zone_locale_and_hash_seed_give_the_same(tmp_path: Path) -> None:
    county = build_county()
    fill_quarter(county)
    board = county.at("2026-04-01 09:00")
    board = county.sign(county.draft())
    home = tmp_path / "elsewhere"
    shutil.copytree(django_settings.CONFIG.secrets_folder, home / "keys")
    place = {"DATA": str(home), **_database(home)}
    for number, words in enumerate(ELSEWHERE, start=1):
        said = _verify({**place, **words}, "--threads", str(number))
        assert (said.returncode, board.digest[:16] in said.stdout) == (0, True), said.stderr + said.stdout
    Standing.objects.filter(unit__name="huji").update(total="99.9")
    moved = _verify({**place, **_database(home)})
    assert (moved.returncode, "huji" in moved.stdout) == (1, True), moved.stderr


def _verify(words: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from zhangfa.cli.command import main; main()",
        "score",
        "verify",
        "--year",
        "2026",
    ]
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return subprocess.run([*command, *more], env={**kept, **words}, capture_output=True, text=True, check=False)


def _database(home: Path) -> dict[str, str]:
    """Give another process this test's committed rows: the same server, or a copy of the file."""
    held = connection.settings_dict
    if connection.vendor == "postgresql":
        return {
            "DATABASE_URL": f"postgresql://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
        }
    source, copy = sqlite3.connect(str(held["NAME"])), sqlite3.connect(home / "zhangfa.sqlite3")
    source.backup(copy)
    source.close()
    copy.close()
    return {}
