import datetime as dt
import threading

import pytest
from django.db import connection

from zhangfa.directory import engine
from zhangfa.directory.models import Unit
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    """Run ``act(n)`` in so many threads that start together; return what each returned or raised."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(n):
        barrier.wait()
        try:
            results[n] = act(n)
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def create(code, key):
    return engine.create_unit(code=code, kind="county", name="金乡县", by=None, at=AT, key=key)


def test_one_key_from_four_writers_makes_one_unit():
    made = at_once(4, lambda n: create("370828", "one"))
    assert len({unit.id for unit in made}) == 1
    assert (Unit.objects.count(), Event.objects.count()) == (1, 1)


def test_one_code_from_four_writers_is_given_once_and_refused_in_words():
    results = at_once(4, lambda n: create("370828", f"key-{n}"))
    refused = [one.sentence for one in results if isinstance(one, Refusal)]
    assert refused == ["代码 370828 已经用于另一个单位，每个代码只能用一次。"] * 3
    assert (Unit.objects.count(), Event.objects.count()) == (1, 1)


def test_writers_side_by_side_get_ids_of_their_own():
    made = at_once(4, lambda n: create(f"37082{n}", f"key-{n}"))
    assert len({unit.id for unit in made}) == 4
    assert Event.objects.count() == 4


def test_two_moves_never_make_a_circle():
    top = create("1", "top").id
    a, b = (
        engine.create_unit(code=code, kind="team", name=code, parent=top, by=None, at=AT, key=code).id for code in "ab"
    )

    def move(n):
        unit, parent = ((a, b), (b, a))[n]
        return engine.move_unit(unit=unit, parent=parent, by=None, at=AT, key=f"move-{n}")

    results = at_once(2, move)
    assert sum(isinstance(one, Refusal) for one in results) == 1
    parents = dict(Unit.objects.filter(id__in=[a, b]).values_list("id", "parent_id"))
    assert top in parents.values()
