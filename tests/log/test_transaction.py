import threading
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.log.events import add_event

from zhangfa.log.models import Event
from zhangfa.log.transaction import refuse_unsafe_sqlite, write_transaction

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite's lock file")


def add_and_fail(key: str) -> None:
    with write_transaction():
        add_event(key)
        raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_write_transaction_commits_or_undoes_the_whole() -> None:
    with write_transaction():
        add_event("kept")
    with pytest.raises(RuntimeError):
        add_and_fail("undone")
    assert list(Event.objects.values_list("key", flat=True)) == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_write_transaction_joins_an_outer_one_and_an_inner_failure_undoes_the_inner_only() -> None:
    with write_transaction():
        add_event("outer")
        with pytest.raises(RuntimeError):
            add_and_fail("inner")
        add_event("after")
    assert list(Event.objects.order_by("seq").values_list("key", flat=True)) == ["outer", "after"]


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_take_turns() -> None:
    longest, counts = [0.0] * 16, [0] * 16
    until = time.monotonic() + 1.5

    def write(number: int) -> None:
        while time.monotonic() < until:
            asked = time.monotonic()
            with write_transaction():
                add_event(f"{number}-{counts[number]}")
            longest[number] = max(longest[number], time.monotonic() - asked)
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Event.objects.count() == sum(counts)
    usual = 16 * 1.5 / sum(counts)
    assert max(longest) < max(0.5, 10 * usual), "a writer starved (on a slow machine measured by the usual wait)"
    assert min(counts) > max(counts) / 2


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_a_writer_inside_a_plain_transaction_does_not_wait_for_the_lock_file() -> None:
    """Else it would hold SQLite's lock and wait for the file, and the file's holder the other way round."""
    from django.db import transaction

    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        from zhangfa.log.transaction import _hold_pen

        with _hold_pen(str(Path(str(connection.settings_dict["NAME"])))):
            holding.set()
            release.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(5)
    with transaction.atomic(), write_transaction():
        add_event("inside")
    release.set()
    thread.join()
    assert Event.objects.count() == 1


@sqlite_only
def test_refuse_unsafe_sqlite_names_the_version_and_the_cure() -> None:
    sentence = refuse_unsafe_sqlite(4, (3, 40, 1))
    assert sentence is not None
    assert "3.40.1" in sentence.zh
    assert "WORKERS=1" in sentence.zh
    assert "PostgreSQL" in sentence.en
    assert refuse_unsafe_sqlite(1, (3, 40, 1)) is None
    assert refuse_unsafe_sqlite(4, (3, 51, 3)) is None
