"""The simulated county is made by the write path: seeded, verified, and full of every kind of ending."""

import datetime as dt
import random
from collections import Counter

import pytest

from zhangfa.acts.models import Record, Task
from zhangfa.acts.replay import replay_and_compare
from zhangfa.demo.county import put_charters_in_force
from zhangfa.demo.people import load_people
from zhangfa.demo.places import load_places
from zhangfa.demo.simulating import simulate
from zhangfa.log.models import Event

END = dt.datetime(2026, 3, 20, 4, tzinfo=dt.UTC)
START = END - dt.timedelta(days=60)


@pytest.mark.django_db
def test_simulation_equals_its_replay_and_has_every_ending():
    load_places(at=START, by=None)
    load_people(at=START, by=None, password="a-long-password")
    put_charters_in_force(at=START)
    tally = simulate(start=START, end=END, requests=120, chance=random.Random(1), prefix="t")
    states = Counter(Record.objects.filter(register="residents-requests.request").values_list("state", flat=True))
    assert sum(states.values()) <= tally.stories["request"]
    assert states["closed"] > 60
    assert states["refused"] + states["declined"] > 0
    assert Task.objects.filter(step="resolve", state="done", on_time=False).exists()
    assert Event.objects.filter(kind="step", step="lapse").exists()
    assert replay_and_compare() == []
