"""Several processes at the mirror at once: one writes, none reads what is half there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILL = """
import sys
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.facts.conftest import NOW
from tests.facts.county import *
from zhangfa.log.seal import seal
units = build_units(); apply_measured(); Writer(5, villages(units)).write(30); seal(at=NOW)
"""
WRITE = """
import sys
import django; django.setup()
from zhangfa.charter.engine import current
from tests.facts.conftest import NOW
from tests.facts.county import *
from zhangfa.directory.models import Unit
from zhangfa.facts.aggregate import collect
from zhangfa.facts.mirror import refresh
from zhangfa.log.seal import seal
name = sys.argv[1]
villages = list(Unit.objects.filter(kind="village").values_list("id", flat=True))
charter = current("measured"); score = score_of(indicator(charter, "n", "count(*)", "name is not null or name is null"))
always = (dt.date(1, 1, 1), dt.date(9999, 1, 1))
writer, seen = Writer(sum(map(ord, name)), villages, name), 0
writer.made = sum(map(ord, name)) * 100_000
for _ in range(3):
    writer.write(15); seal(at=NOW); refresh(at=NOW)
    found = sum(one.facts for one in collect(charter=charter, score=score, period=always).cells["n"].values())
    assert found >= seen, (found, seen)
    seen = found
"""
CHECK = """
import django; django.setup()
from tests.facts.conftest import NOW
from zhangfa.facts.mirror import digest, facts_folder, rebuild
from zhangfa.facts.store import read_manifest
from zhangfa.log.checkpoint import last_checkpoint
before, size = digest(), read_manifest(facts_folder()).size
assert size == last_checkpoint().size, (size, last_checkpoint().size)
rebuild(at=NOW)
assert digest() == before
print("same", size)
"""


def start(folder: Path, code: str, *words: str) -> subprocess.Popen[str]:
    """Start a process of its own on an installation of its own."""
    env = {**os.environ, "DATA": str(folder), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "zhangfa.settings"}
    env["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for it, and return what it said."""
    out, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors[-3000:]
    return out


@pytest.mark.soak
def test_processes_that_write_refresh_and_read_at_once_leave_one_true_mirror(tmp_path):
    finished(start(tmp_path, FILL))
    for process in [start(tmp_path, WRITE, name) for name in ("a", "b")]:
        finished(process)
    assert finished(start(tmp_path, CHECK)).startswith("same ")
