"""Nobody moves a unit, a post or a name by hand without ``verify`` naming it."""

import datetime as dt
import random

import pytest

from zhangfa.directory import engine
from zhangfa.directory.models import Account, GroupMember, Neighbour, Person, Post, Unit, UnitSpan
from zhangfa.directory.replay import differences
from zhangfa.log.append import append_event
from zhangfa.log.verify import verify_log
from zhangfa.refusal import Refusal

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
JUNE = dt.date(2026, 6, 1)


@pytest.fixture
def lived(county, add, person, key):
    """A directory to which all has happened that can happen to one, groups and neighbours included."""
    words = {"by": None, "at": AT}
    village, other = county["李庄村"], add("village", "王庄村", county["王丕街道"])
    post = engine.appoint(person=person.id, role="host", unit=village.id, since=JUNE, **words, key=key())
    engine.rename_unit(unit=village.id, name="李家庄村", on=JUNE, **words, key=key())
    engine.rename_unit(unit=village.id, name="李庄子村", on=JUNE, **words, key=key())
    engine.move_unit(unit=village.id, parent=county["王丕街道"].id, **words, key=key())
    engine.end_post(post=post.id, until=JUNE, **words, key=key())
    engine.set_pinyin(unit=county["县委组织部"].id, pinyin="ZZB", **words, key=key())
    engine.change_person(person=person.id, work_phone="0537-8700000", **words, key=key())
    account = engine.create_account(person=person.id, username="host", hashed="!", **words, key=key())
    engine.close_account(account=account.id, **words, key=key())
    member = [1, "measured.east", "东片", other.id, "2026-01-01", None]
    beside = [1, *sorted((village.id, other.id)), "2026-01-01"]
    _write(key, {"act": "join_group", "join": [member]})
    _write(key, {"act": "set_beside", "beside": [beside]})
    _write(key, {"act": "leave_group", "leave": [[1, "2026-09-01"]]})
    engine.merge_unit(unit=county["第二网格"].id, into=county["第一网格"].id, **words, key=key())
    return county


def _write(key, payload):
    from zhangfa.directory.writing import write_change

    write_change(kind="unit", make=lambda: payload, by=None, at=AT, key=key())


def test_a_directory_equals_a_replay_of_its_log(lived):
    assert list(differences()) == []
    assert [problem.en for problem in verify_log().problems] == []


def test_a_unit_renamed_by_hand_is_named(lived):
    id = lived["李庄村"].id
    Unit.objects.filter(id=id).update(name="张庄村")
    [problem] = verify_log().problems
    code = Unit.objects.get(id=id).code
    assert (problem.code, problem.zh) == (
        "V701",
        f"目录与日志重放的结果不同：单位 {id} ({code})，日志为 name='李庄子村'，表中为 name='张庄村'。",
    )
    assert problem.en == (
        f"Replaying the log gives another directory: unit {id} ({code}), the log says name='李庄子村', "
        "the table says name='张庄村'."
    )


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        (lambda: Unit.objects.filter(name="第一网格").update(town=None), ("unit", {"town"})),
        (lambda: Unit.objects.filter(name="东巷").update(until=JUNE), ("unit", {"until"})),
        (lambda: UnitSpan.objects.filter(name="李庄村").update(name="赵庄村"), ("span of unit", {"name"})),
        (lambda: UnitSpan.objects.filter(name="李庄村").delete(), ("span of unit", None)),
        (lambda: Person.objects.update(work_phone="110"), ("person", {"work_phone"})),
        (lambda: Post.objects.update(until=None), ("post", {"until"})),
        (lambda: Post.objects.all().delete(), ("post", None)),
        (lambda: GroupMember.objects.update(part="西片"), ("membership", {"part"})),
        (lambda: Neighbour.objects.update(until=JUNE), ("pair of neighbours", {"until"})),
        (lambda: Account.objects.update(is_active=True), ("account", {"is_active"})),
    ],
)
def test_a_row_changed_by_hand_is_found(lived, change, differing):
    change()
    [found] = differences()
    assert (found.table.en, found.found and set(found.found)) == differing


def test_a_row_that_no_event_made_is_found(lived):
    Post.objects.create(person=Person.objects.get(), role="leader", unit_id=lived["金乡县"].id, since=JUNE)
    [found] = differences()
    assert (found.table.en, found.logged, found.found["role"]) == ("post", None, "leader")


def test_an_event_that_cannot_be_replayed_is_named(lived):
    event = append_event(key="odd", ts=AT, kind="unit", payload={"rename": [[987654, "甲", "J", "2026-01-01"]]})
    [problem] = verify_log().problems
    assert (problem.code, problem.seq) == ("V702", event.seq)


@pytest.mark.parametrize("seed", range(4))
def test_any_walk_equals_its_replay(county, person, key, seed):
    """The rules of ``replayed`` and of ``fold`` are the same, whatever the order of changes."""
    chance = random.Random(seed)
    words, done = {"by": None, "at": AT}, set()
    for step in range(60):
        units = list(Unit.objects.exclude(kind__in=("prefecture", "county")).values_list("id", flat=True))
        unit, other, on = *chance.sample(units, 2), dt.date(2026, chance.randint(1, 12), 1)
        doing = chance.choice(("rename", "move", "move", "move", "close", "merge", "appoint"))
        try:
            if doing == "rename":
                engine.rename_unit(unit=unit, name=f"名{step}", on=on, **words, key=key())
            elif doing == "move":
                engine.move_unit(unit=unit, parent=other, on=on, **words, key=key())
            elif doing == "close" and chance.random() < 0.3:
                engine.close_unit(unit=unit, on=on, **words, key=key())
            elif doing == "merge" and chance.random() < 0.3:
                engine.merge_unit(unit=unit, into=other, on=on, **words, key=key())
            elif doing == "appoint":
                engine.appoint(person=person.id, role=f"r{step}", unit=unit, since=on, **words, key=key())
        except Refusal:
            continue
        done.add(doing)
    assert done >= {"rename", "move", "appoint"}
    assert list(differences()) == []
