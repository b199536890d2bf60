"""Versions: put in force once, numbered, dated, seen."""

import datetime as dt
from pathlib import Path

import pytest

from zhangfa.charter import engine, memory
from zhangfa.charter.models import CharterVersion
from zhangfa.log.models import Event

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
TEXT = (Path(__file__).parents[2] / "charters" / "lecture-team.yaml").read_text()
UNNUMBERED = TEXT.replace("in_force: 2026-01-01\n", "")
TEXT = TEXT.replace("in_force: 2026-01-01\n", "in_force: 2026-01-01\nversion: 1\n")


def apply(text: str = TEXT, key: str = "k1", at: dt.datetime = AT, **more: object) -> engine.Applied:
    return engine.apply_charter(text=text, name="lecture-team.yaml", by=None, at=at, key=key, **more)


@pytest.fixture(autouse=True)
def _fresh():
    engine.forget_all()
    yield
    engine.forget_all()


@pytest.mark.django_db
def test_apply_puts_in_force_and_writes_one_event():
    applied = apply()
    event = Event.objects.get()
    assert (event.kind, event.charter, event.version, event.seq) == ("charter", "lecture-team", 1, applied.event)
    assert engine.current("lecture-team", dt.date(2026, 3, 2)) == applied.charter


@pytest.mark.django_db
def test_apply_twice_writes_once():
    first = apply()
    second = apply(key="k2")
    assert (second.repeated, second.event, Event.objects.count()) == (True, first.event, 1)


@pytest.mark.django_db
def test_apply_refuses_a_charter_with_problems():
    with pytest.raises(engine.CharterRefused) as refused:
        apply(TEXT.replace("by: lecture-office\n        asks: [starts", "by: lecture-ofice\n        asks: [starts"))
    assert [problem.code for problem in refused.value.problems] == ["C201"]
    assert CharterVersion.objects.count() == 0


@pytest.mark.django_db
def test_apply_refuses_another_text_under_the_same_version():
    apply()
    with pytest.raises(engine.CharterRefused) as refused:
        apply(TEXT + "# changed\n", key="k2")
    assert [problem.code for problem in refused.value.problems] == ["C401"]


@pytest.mark.django_db
def test_apply_refuses_a_version_that_does_not_grow():
    apply(TEXT.replace("version: 1", "version: 3"))
    with pytest.raises(engine.CharterRefused) as refused:
        apply(TEXT.replace("version: 1", "version: 2"), key="k2")
    assert [problem.code for problem in refused.value.problems] == ["C402"]


@pytest.mark.django_db
def test_apply_refuses_a_date_before_that_of_the_version_it_follows():
    apply(in_force=dt.date(2026, 2, 1))
    with pytest.raises(engine.CharterRefused) as refused:
        apply(TEXT.replace("version: 1", "version: 2"), key="k2")
    assert [problem.code for problem in refused.value.problems] == ["C403"]


@pytest.mark.django_db
def test_apply_refuses_a_key_of_another_act():
    apply()
    with pytest.raises(engine.CharterRefused) as refused:
        apply(TEXT.replace("version: 1", "version: 2"))
    assert [problem.code for problem in refused.value.problems] == ["C400"]


@pytest.mark.django_db
def test_apply_numbers_and_dates_a_file_that_does_not():
    assert apply(UNNUMBERED).charter.version == 1
    second = apply(UNNUMBERED + "# more\n", key="k2", at=dt.datetime(2026, 3, 31, 17, 0, tzinfo=dt.UTC))
    assert (second.charter.version, second.charter.in_force) == (2, dt.date(2026, 4, 1))


@pytest.mark.django_db
def test_current_is_the_newest_in_force_on_the_day_and_old_versions_stay():
    apply()
    apply(TEXT.replace("version: 1", "version: 2"), key="k2", in_force=dt.date(2026, 6, 1))
    assert engine.current("lecture-team", dt.date(2026, 5, 31)).version == 1
    assert engine.current("lecture-team", dt.date(2026, 6, 1)).version == 2
    assert engine.at_version("lecture-team", 1).in_force == dt.date(2026, 1, 1)
    assert [one.version for one in engine.versions("lecture-team")] == [1, 2]
    assert dict(engine.all_current(dt.date(2025, 12, 31))) == {}


@pytest.mark.django_db
def test_register_answers_by_its_full_key():
    apply()
    charter, register = engine.register("lecture-team.topic", dt.date(2026, 3, 2))
    assert (charter.id, register.id) == ("lecture-team", "topic")
    with pytest.raises(engine.UnknownCharter):
        engine.register("lecture-team.lessons", dt.date(2026, 3, 2))


@pytest.mark.django_db
def test_questions_cost_no_query_until_the_next_look(django_assert_num_queries):
    apply()
    engine.current("lecture-team", dt.date(2026, 3, 2))
    with django_assert_num_queries(0):
        engine.register("lecture-team.topic", dt.date(2026, 3, 2))
        engine.all_current(dt.date(2026, 3, 2))


@pytest.mark.django_db(transaction=True)
def test_another_process_is_noticed_at_the_next_look(monkeypatch):
    apply()
    assert engine.current("lecture-team", dt.date(2026, 3, 2)).version == 1
    row = CharterVersion.objects.get()
    row.pk, row.version, row.digest = None, 2, "0" * 64
    row.text = row.text.replace("version: 1", "version: 2")
    row.save(force_insert=True)  # as another process would, unknown to this one
    assert engine.current("lecture-team", dt.date(2026, 3, 2)).version == 1
    monkeypatch.setattr(memory.time, "monotonic", lambda: memory._shared.looked + 1.01)
    assert engine.current("lecture-team", dt.date(2026, 3, 2)).version == 2


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_application_leaves_nothing_behind():
    from django.db import transaction

    with transaction.atomic():
        apply()
        assert engine.current("lecture-team", dt.date(2026, 3, 2)).version == 1
        transaction.set_rollback(True)
    with pytest.raises(engine.UnknownCharter):
        engine.current("lecture-team", dt.date(2026, 3, 2))
