"""Whatever is done to the log behind our back, verification says so."""

import hashlib

import pytest
from django.db import connection
from tests.log.events import AT, add_event, add_events

from zhangfa.log import verify
from zhangfa.log.checkpoint import TRUSTED_KEYS, last_checkpoint, public_key
from zhangfa.log.leaf import leaf_of_entry
from zhangfa.log.models import Checkpoint
from zhangfa.log.problems import Problem
from zhangfa.log.rows import select_events
from zhangfa.log.seal import seal
from zhangfa.log.verify import register_check, verify_log

pytestmark = pytest.mark.django_db

GUARDS = ("log_event_no_change", "log_event_one_position", "log_event_no_delete")


@pytest.fixture
def sealed() -> None:
    """600 sealed events in three batches, 10 waiting, and no guard against a change."""
    for start in (0, 200, 400):
        add_events(200, start=start)
        seal(at=AT)
    add_events(10, start=600)
    with connection.cursor() as cursor:
        for trigger in GUARDS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}" + (" ON log_event" * (connection.vendor != "sqlite")))


def tamper(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> list[tuple[str, int | None]]:
    return [(problem.code, problem.position) for problem in verify_log(others=False).problems]


@pytest.mark.usefixtures("sealed")
def test_an_untouched_log_is_sound() -> None:
    seen: list[tuple[int, int]] = []
    report = verify_log(progress=lambda done, total: seen.append((done, total)))
    assert (report.sound, report.events, report.sealed, report.checkpoints) == (True, 610, 600, 3)
    assert seen[-1] == (610, 610)
    assert report.to_json()["problems"] == []


def test_an_empty_log_is_sound() -> None:
    assert verify_log(others=False).sound


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("column", "value"),
    [("key", "x"), ("ts", "2026-11-22 06:42:01"), ("kind", "verb"), ("charter", "x"), ("version", 2), ("register", "x"),
     ("record", 99), ("record", None), ("step", "x"), ("person", 1), ("unit", 13), ("payload", '{"content":"好"}')],
)  # fmt: skip
def test_a_changed_field_is_found(column: str, value: object) -> None:
    tamper(f"UPDATE log_event SET {column} = %s WHERE position = 300", value)
    assert found() == [("V101", 300)]


@pytest.mark.usefixtures("sealed")
def test_a_changed_field_of_an_event_that_waits_is_found() -> None:
    tamper("UPDATE log_event SET unit = 1 WHERE key = 'e605'")
    assert found() == [("V101", None)]


def rewrite(position: int, payload: str) -> None:
    """Change a payload together with its hash, as one would who knows how."""
    event = select_events("WHERE position = %s", [position])[0]._replace(payload=payload)
    tamper(
        "UPDATE log_event SET payload = %s, leaf = %s WHERE position = %s",
        payload,
        leaf_of_entry(event.entry()),
        position,
    )


@pytest.mark.usefixtures("sealed")
def test_a_payload_rewritten_with_its_hash_is_found_by_the_root() -> None:
    rewrite(300, "{}")
    assert found() == [("V105", 400)]


@pytest.mark.usefixtures("sealed")
def test_a_payload_that_is_not_canonical_is_found() -> None:
    rewrite(599, '{"content": "a"}')
    assert found() == [("V102", 599), ("V105", 600)]


@pytest.mark.usefixtures("sealed")
def test_two_events_changing_places_is_found() -> None:
    for position, seat in [(10, -1), (11, 10), (-1, 11)]:
        tamper("UPDATE log_event SET position = %s WHERE position = %s", seat, position)
    assert found() == [("V105", 200)]


@pytest.mark.usefixtures("sealed")
def test_a_deleted_event_is_found() -> None:
    tamper("DELETE FROM log_event WHERE position = 77")
    assert found() == [("V103", 77)]


@pytest.mark.usefixtures("sealed")
def test_a_log_cut_short_is_found() -> None:
    tamper("DELETE FROM log_event WHERE position >= 590")
    assert found() == [("V104", 590)]


@pytest.mark.usefixtures("sealed")
def test_a_log_cut_short_with_its_checkpoints_is_found_by_one_kept_elsewhere() -> None:
    kept = last_checkpoint()
    tamper("DELETE FROM log_event WHERE position >= 400 OR position IS NULL")
    tamper("DELETE FROM log_checkpoint WHERE size > 400")
    tamper("DELETE FROM log_node WHERE index >= 1 OR level > 8" if connection.vendor == "postgresql"
           else 'DELETE FROM log_node WHERE "index" >= 1 OR level > 8')  # fmt: skip
    assert verify_log(others=False).sound
    assert kept is not None
    assert [(p.code, p.position) for p in verify_log(against=[kept], others=False).problems] == [("V104", 400)]


@pytest.mark.usefixtures("sealed")
def test_a_deleted_checkpoint_is_found() -> None:
    tamper("DELETE FROM log_checkpoint WHERE size = 600")
    assert found() == [("V110", 400)]


@pytest.mark.usefixtures("sealed")
def test_a_changed_checkpoint_is_found() -> None:
    tamper("UPDATE log_checkpoint SET ts = %s WHERE size = 400", "2026-01-01 00:00:00")
    assert found() == [("V106", 400)]


@pytest.mark.usefixtures("sealed")
def test_a_checkpoint_of_a_strange_key_is_found_until_the_host_vouches_for_it(settings, tmp_path) -> None:
    old = public_key()
    settings.CONFIG = type(settings.CONFIG)(**{
        name: getattr(settings.CONFIG, name) for name in settings.CONFIG.__slots__ if name != "data"
    }, data=tmp_path)  # fmt: skip
    assert found() == [("V107", 200), ("V107", 400), ("V107", 600)]
    (tmp_path / "keys" / TRUSTED_KEYS).write_text(old.hex() + "\n")
    assert found() == []


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("statement", "problem"),
    [("UPDATE log_node SET hash = %s WHERE level = 8 AND index = 1", ("V108", 256)),
     ("DELETE FROM log_node WHERE hash <> %s AND level = 9", ("V108", 0)),
     ("INSERT INTO log_node (level, index, hash) SELECT 8, 0 - 1, %s", ("V109", None))],
)  # fmt: skip
def test_a_changed_tree_is_found(statement: str, problem: tuple[str, int | None]) -> None:
    tamper(statement.replace("index", '"index"'), hashlib.sha256(b"").digest())
    assert found() == [problem]


@pytest.mark.usefixtures("sealed")
def test_many_problems_are_counted_beyond_the_first_two_hundred() -> None:
    tamper("UPDATE log_event SET unit = 1")
    report = verify_log(others=False)
    assert (len(report.problems), report.further) == (200, 410)


def test_checks_of_other_rooms_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_checks", {})
    problem = Problem("V901", "记录与重放不符。", "A record differs from its replay.")
    register_check("replay", lambda: [problem])
    assert verify_log().problems == (problem,)
    assert verify_log(others=False).sound


def test_an_event_added_between_is_found() -> None:
    add_events(5)
    seal(at=AT)
    add_event("late")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE log_event SET position = 5 WHERE key = 'late'")
    assert found() == [("V110", 5)]
    assert Checkpoint.objects.count() == 1
