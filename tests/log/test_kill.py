"""Writers and sealers killed over and over: what was acknowledged is there, once, and nothing gapes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from tests.log.events import AT
from tests.log.killed_writers import hash_of

from zhangfa.log.models import DataKey, Event
from zhangfa.log.seal import read_sealed, seal
from zhangfa.log.verify import verify_log

ROOT = Path(__file__).parents[2]


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice_when_killed() -> None:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), *sys.path])}
    database = str(connection.settings_dict["NAME"])
    command = [sys.executable, str(ROOT / "tests/log/killed_writers.py"), database]
    runs = [
        subprocess.Popen([*command, name, "4"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("w1", "w2", "w3", "sealer")
    ]
    said = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0] * 4, said
    assert min(int(kills) for _out, kills in said) >= 5, "too few kills to prove anything"
    acknowledged = {key for out, _kills in said for key in out.split()}
    written = set(Event.objects.values_list("key", flat=True))
    assert len(acknowledged) > 30
    assert acknowledged <= written
    assert set(DataKey.objects.values_list("record", flat=True)) == {hash_of(key) for key in written}
    seal(at=AT)
    assert [event.position for event in read_sealed(-1, len(written) + 1)] == list(range(len(written)))
    assert verify_log(others=False).problems == ()
