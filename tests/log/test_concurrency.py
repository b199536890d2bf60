"""Writers, sealer and feed at once, each in a thread with its own connection and real commits."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from tests.log.events import AT, add_event

from zhangfa.log.models import Event
from zhangfa.log.seal import read_sealed, seal
from zhangfa.log.transaction import write_transaction
from zhangfa.log.verify import verify_log

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def running(*works: Callable[[], None]) -> Iterator[None]:
    """Run each work in a thread of its own over the block; raise what any of them raised."""
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
    assert not failures, failures


def write_some(name: str, until: float, saw: dict[str, str | None]) -> None:
    """Append events in transactions of random length; note the newest event each one could see."""
    chance = random.Random(name)
    for number in range(10_000):
        if time.monotonic() > until:
            return
        with write_transaction():
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SELECT pg_current_xact_id()")  # the transaction is numbered before it writes
                    time.sleep(chance.random() * 0.02)
            for part in range(chance.randint(1, 3)):
                key = f"{name}-{number}-{part}"
                seen = Event.objects.order_by("-seq").values_list("key", flat=True).first()
                add_event(key)
                saw[key] = seen
                time.sleep(chance.random() * (0.02 if connection.vendor == "postgresql" else 0.002))


def test_sealer_and_feed_miss_nothing_and_give_nothing_twice_under_eight_writers() -> None:
    until = time.monotonic() + 2.5
    saw: dict[str, str | None] = {}
    done = threading.Event()
    fed: list[tuple[int | None, str]] = []

    def sealer() -> None:
        while not done.is_set():
            seal(at=AT, batch=50)

    def feed() -> None:
        while not done.is_set():
            fed.extend((event.position, event.key) for event in read_sealed(len(fed) - 1, 40))

    with running(sealer, sealer, feed):
        with running(*[lambda name=f"w{n}": write_some(name, until, saw) for n in range(8)]):
            pass
        time.sleep(0.2)
        done.set()
    seal(at=AT)
    fed += [(event.position, event.key) for event in read_sealed(len(fed) - 1, 100_000)]
    place = {key: position for position, key in fed}
    assert [position for position, _key in fed] == list(range(len(saw)))
    assert set(place) == set(saw)
    assert [key for key, seen in saw.items() if seen and place[seen] >= place[key]] == []
    assert verify_log().problems == ()


def test_two_writers_with_one_key_make_one_event() -> None:
    results = []
    ready = threading.Barrier(6)

    def write() -> None:
        ready.wait()
        with write_transaction():
            results.append(add_event("same"))
            time.sleep(0.02)

    with running(*[write] * 6):
        pass
    assert Event.objects.count() == 1
    assert sorted(result.repeated for result in results) == [False] + [True] * 5
    assert {(result.seq, result.leaf) for result in results} == {(Event.objects.get().seq, results[0].leaf)}


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (DATABASE_URL)")
def test_an_open_transaction_holds_the_seal_back() -> None:
    appended, finish = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            add_event("first")
            appended.set()
            finish.wait(5)

    with running(first):
        appended.wait(5)
        add_event("second")
        held = seal(at=AT)
        finish.set()
    assert held == 0
    assert seal(at=AT) == 2
    assert [event.key for event in read_sealed(-1, 9)] == ["first", "second"]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (DATABASE_URL)")
def test_an_event_never_comes_before_one_its_writer_saw() -> None:
    """The reader's transaction is numbered first, a bystander's second, the writer's third."""
    numbered, open_too, written, read, finish = (threading.Event() for _ in range(5))

    def number_transaction() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")

    def reader() -> None:
        with transaction.atomic():
            number_transaction()
            numbered.set()
            written.wait(5)
            add_event("answer")
        read.set()

    def bystander() -> None:
        numbered.wait(5)
        with transaction.atomic():
            number_transaction()
            open_too.set()
            finish.wait(5)

    with running(reader, bystander):
        open_too.wait(5)
        add_event("question")
        written.set()
        read.wait(5)
        held = seal(at=AT)
        finish.set()
    assert held == 0
    assert seal(at=AT) == 2
    assert [event.key for event in read_sealed(-1, 9)] == ["question", "answer"]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (DATABASE_URL)")
def test_a_transaction_of_another_database_does_not_hold_the_seal_back() -> None:
    import psycopg

    elsewhere = {**connection.get_connection_params(), "dbname": "postgres"}
    elsewhere = {name: elsewhere[name] for name in ("dbname", "host", "port", "user", "password") if name in elsewhere}
    with psycopg.connect(**elsewhere) as other:
        other.execute("SELECT pg_current_xact_id()")
        add_event("ours")
        assert seal(at=AT) == 1
        other.rollback()
