"""What a process holds must never be older than two seconds, nor younger than the last commit."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from zhangfa.directory import engine, memory, tree
from zhangfa.directory.models import Revision, Unit
from zhangfa.refusal import Refusal

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


def create(key="a", name="济宁市"):
    return engine.create_unit(code=key, kind="prefecture", name=name, by=None, at=AT, key=key)


def rename(unit, name, key):
    return engine.rename_unit(unit=unit.id, name=name, by=None, at=AT, key=key)


def in_another_thread(ask):
    answers = []

    def run():
        answers.append(ask())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_leaves_no_trace():
    unit = create()
    with transaction.atomic():
        assert rename(unit, "新名", "b").name == "新名"
        assert tree.unit(unit.id).name == "新名"
        transaction.set_rollback(True)
    assert tree.unit(unit.id).name == "济宁市"


@pytest.mark.django_db(transaction=True)
def test_rolled_back_savepoint_leaves_the_rest_of_the_transaction():
    unit = create()
    with transaction.atomic():
        rename(unit, "甲", "b")
        with transaction.atomic():
            assert rename(unit, "乙", "c").name == "乙"
            transaction.set_rollback(True)
        assert tree.unit(unit.id).name == "甲"
    assert tree.unit(unit.id).name == "甲"


@pytest.mark.django_db(transaction=True)
def test_refused_change_is_not_held():
    unit = create()
    with pytest.raises(Refusal):
        rename(unit, "", "b")
    assert memory._thread.marks == [] or not memory._is_changing()
    assert tree.unit(unit.id).name == "济宁市"


@pytest.mark.django_db(transaction=True)
def test_other_thread_sees_a_change_when_it_commits():
    unit = create()
    assert in_another_thread(lambda: tree.unit(unit.id).name) == "济宁市"
    with transaction.atomic():
        rename(unit, "新名", "b")
        assert in_another_thread(lambda: tree.unit(unit.id).name) == "济宁市"
    assert in_another_thread(lambda: tree.unit(unit.id).name) == "新名"


@pytest.mark.django_db(transaction=True)
def test_other_process_sees_a_change_within_two_seconds():
    unit = create()
    assert tree.unit(unit.id).name == "济宁市"
    # As another process would: rows and revision change, and this one is told nothing.
    Unit.objects.filter(id=unit.id).update(name="新名")
    Revision.objects.filter(id=1).update(number=Revision.objects.get(id=1).number + 1)
    begin = time.monotonic()
    while tree.unit(unit.id).name != "新名":
        assert time.monotonic() - begin < 2
        time.sleep(0.05)
