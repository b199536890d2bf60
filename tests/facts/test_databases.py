"""The same facts from both databases, and several processes at the mirror at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
POSTGRES = os.environ.get("ZHANGFA_TEST_POSTGRES") or (
    os.environ.get("DATABASE_URL", "").rpartition("/")[0] if os.environ.get("DATABASE_URL") else ""
)
RUN = """
import sys
from django.core.management import call_command
import django; django.setup()
call_command("migrate", verbosity=0)
from django.db import connection
from tests.facts.conftest import NOW
from tests.facts.county import *
from tests.facts.test_aggregate import VALUES, WHERES
from zhangfa.facts.aggregate import collect
from zhangfa.facts.mirror import digest, refresh
from zhangfa.log.seal import seal
units = build_units(); charter = apply_measured()
Writer(77, villages(units)).write(400); seal(at=NOW); refresh(at=NOW)
Writer(78, villages(units), "tail").write(30)
asked = [indicator(charter, f"i{at}", value, WHERES[at % len(WHERES)]) for at, value in enumerate(VALUES)]
found = collect(charter=charter, score=score_of(*asked), period=YEAR, threads=int(sys.argv[1]))
def told(cell):
    return sorted((key, exactly(one.value), one.facts) for key, one in cell.items())
cells = {name: told(cell) for name, cell in found.cells.items()}
print(connection.vendor, file=sys.stderr)
print(digest(), repr(cells))
"""


def run(folder: Path, url: str, threads: int, seed: str) -> tuple[str, str]:
    """Fill an installation, mirror it and collect, in a process of its own; return its database and what it found."""
    env = {**os.environ, "DATA": str(folder), "DATABASE_URL": url, "PYTHONHASHSEED": seed, "TZ": "America/New_York"}
    env |= {"DJANGO_SETTINGS_MODULE": "zhangfa.settings", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(threads)], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr.strip().splitlines()[-1], done.stdout


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (DATABASE_URL)")
def test_postgresql_and_sqlite_make_the_same_facts_and_cells(tmp_path):
    server = POSTGRES
    import psycopg

    name = f"facts_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            one = run(tmp_path / "a", "", 1, "1")
            other = run(tmp_path / "b", f"{server}/{name}", 2, "2")
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert (one[0], other[0]) == ("sqlite", "postgresql")
    assert one[1] == other[1]
