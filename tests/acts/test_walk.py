"""After any walk the log, folded from its first event, equals the rows; the gate equals its oracle."""

from __future__ import annotations

import orjson
import pytest
import yaml
from django.db import connection
from tests.acts.county import CHARTERS, EVERYTHING, County
from tests.acts.walking import Walk

from zhangfa.acts.gate import may_see, visible
from zhangfa.acts.invariants import broken
from zhangfa.acts.models import Record, Task
from zhangfa.acts.reading import read_case
from zhangfa.acts.replay import replay_and_compare
from zhangfa.directory.models import Post, Unit
from zhangfa.log.models import Event


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_replay_equals_rows_after_a_random_walk(county: County, seed: int) -> None:
    walk = Walk(county, seed)
    walk.go(200)

    assert broken() == []
    assert sum(walk.done.values()) > 100, (walk.done, walk.refused)
    assert len(walk.done) > 15, walk.done


def test_replay_finds_whatever_was_changed_behind_its_back(county: County) -> None:
    opened = county.request()
    county.on("accept", "wang", opened)
    assert replay_and_compare() == []

    Record.objects.filter(pk=opened.record).update(state="closed")
    Task.objects.filter(record=opened.record, state="open").delete()

    assert sorted(one.what.split()[0] for one in replay_and_compare()) == ["record", "task"]


# The gate's oracle: raw YAML, raw tables, no code of ours.


def _charters() -> dict[str, dict]:  # type: ignore[type-arg]
    paths = [*CHARTERS.glob("*.yaml"), EVERYTHING]
    texts = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return {text["charter"]: text for text in texts}


def _chain(unit: int, parents: dict[int, int | None]) -> set[int]:
    chain, at = set(), unit
    while at is not None:
        chain.add(at)
        at = parents[at]
    return chain


def _held_tasks(record: int) -> tuple[set[int], set[tuple[str, int]]]:
    """Whoever the log ever gave a task of the record: people, and roles at units."""
    people: set[int] = set()
    roles: set[tuple[str, int]] = set()
    tasks: dict[str, dict] = {}  # type: ignore[type-arg]
    for text in (
        Event.objects.filter(record=record, kind__in=("step", "verb")).order_by("seq").values_list("payload", flat=True)
    ):
        payload = orjson.loads(text)
        for task in payload.get("tasks", ()):
            tasks[str(task["id"])] = dict(task)
        for id_, columns in payload.get("task_sets", {}).items():
            tasks[id_] |= columns
        for task in tasks.values():
            if task["state"] in ("open", "paused"):
                if task.get("person") is not None:
                    people.add(task["person"])
                elif task.get("role"):
                    roles.add((task["role"], task["unit"]))
    return people, roles


def _oracle(person: int, row: Record, charters: dict, parents: dict[int, int | None]) -> bool:  # type: ignore[type-arg]
    charter = charters[row.charter]
    register = charter["registers"][row.register.partition(".")[2]]
    seen_by = register.get("seen_by", list(charter["roles"]))
    roles = set([seen_by] if isinstance(seen_by, str) else seen_by) & set(charter["roles"])
    posts = list(Post.objects.filter(person=person).values_list("role", "unit"))
    if any(role in roles and unit in _chain(row.unit, parents) for role, unit in posts):
        return True
    payload = orjson.loads(row.payload)
    named = [payload.get(name) for name, field in register["fields"].items() if field["type"] == "person"]
    if person in (row.author, row.about_person, *named):
        return True
    people, at = _held_tasks(row.pk)
    return person in people or any(role == r and unit in _chain(u, parents) for role, unit in posts for r, u in at)


def test_gate_equals_an_oracle_that_shares_no_code(county: County) -> None:
    Walk(county, 7).go(140)
    charters = _charters()
    parents = dict(Unit.objects.values_list("id", "parent"))
    rows = list(Record.objects.all())
    differ = []
    for name, person in county.people.items():
        actor = county.actor(name)
        for key in {row.register for row in rows}:
            listed = set(Record.objects.filter(visible(actor, key, county.now)).values_list("pk", flat=True))
            expected = {row.pk for row in rows if row.register == key and _oracle(person, row, charters, parents)}
            if listed != expected:
                differ.append((name, key, sorted(listed - expected), sorted(expected - listed)))
            for row in rows[:12]:
                if row.register == key:
                    seen = read_case(record=row.pk, actor=actor, at=county.now, log=False) is not None
                    assert seen == (row.pk in expected) == may_see(actor, row.pk, county.now)
    assert differ == []


def test_gate_asks_few_queries(county: County) -> None:
    for place in range(3):
        county.request(content=f"第 {place} 个问题")
    actor = county.actor("wang")
    list(Record.objects.filter(visible(actor, "residents-requests.request", county.now)))
    with connection.execute_wrapper(_counting := _Counter()):
        list(Record.objects.filter(visible(actor, "residents-requests.request", county.now)))

    assert _counting.count == 2


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.count += 1
        return execute(sql, params, many, context)
