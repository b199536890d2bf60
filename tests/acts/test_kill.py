"""Killed again and again, nothing acknowledged is lost and nothing stands half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = """
import sys
import django
django.setup()
from zhangfa.acts.invariants import broken, i1_acknowledged_is_logged
from zhangfa.acts.outcome import Outcome
said = [tuple(map(int, line.split())) for line in open(sys.argv[1])]
outcomes = [Outcome(record, "", "", version, seq) for record, version, seq in said]
wrong = [*broken(), *i1_acknowledged_is_logged(outcomes)]
print(len(outcomes), wrong)
sys.exit(1 if wrong else 0)
"""


def wait_until_longer(file: Path, *, by: int, patience: float = 60) -> None:
    """Wait until a life has acknowledged a few acts, then a moment more, so that the kill comes in the midst."""
    start, until = file.stat().st_size, time.monotonic() + patience
    while file.stat().st_size < start + by and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.3)


@pytest.mark.soak
def test_kill_midway_loses_no_acknowledged_act(tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "DATA": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "zhangfa.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    said = tmp_path / "said"
    for number in range(4):
        with said.open("a") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.acts.killed", f"life{number}"], stdout=out, cwd=ROOT, env=environ
            )
            wait_until_longer(said, by=80)
            process.send_signal(signal.SIGKILL)
            process.wait()
    # A line cut off by the kill was never read by anybody, so it was not acknowledged.
    whole = said.read_text().splitlines(keepends=True)
    lines = [line for line in whole if line.endswith("\n") and line.count(" ") == 2]
    said.write_text("".join(lines))
    checked = subprocess.run(
        [sys.executable, "-c", CHECK, str(said)], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert int(checked.stdout.split()[0]) > 10
