"""The directory is a fold of its events: replayed from the first, it is the same, ids and all."""

import datetime as dt
import json

from zhangfa.directory import engine
from zhangfa.directory.fold import fold
from zhangfa.directory.models import Account, Person, Post, Unit, UnitSpan
from zhangfa.log.models import Event

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
JUNE = dt.date(2026, 6, 1)


def everything():
    spans = UnitSpan.objects.order_by("unit_id", "since")
    return {
        "units": list(Unit.objects.order_by("id").values()),
        "spans": list(spans.values("unit_id", "kind", "name", "parent_id", "since", "until")),
        "people": list(Person.objects.order_by("id").values()),
        "posts": list(Post.objects.order_by("id").values()),
        "accounts": list(Account.objects.order_by("id").values("id", "person_id", "username")),
    }


def wipe():
    for model in (Account, Post, Person, UnitSpan):
        model.objects.all().delete()
    Unit.objects.update(parent=None, merged_into=None)
    Unit.objects.all().delete()


def test_replay_gives_the_same_directory(county, add, person, key):
    words = {"by": None, "at": AT}
    other = add("village", "王庄村", county["王丕街道"])
    post = engine.appoint(person=person.id, role="host", unit=county["李庄村"].id, since=JUNE, **words, key=key())
    engine.rename_unit(unit=county["李庄村"].id, name="李家庄村", on=JUNE, **words, key=key())
    engine.move_unit(unit=county["李庄村"].id, parent=county["王丕街道"].id, **words, key=key())
    engine.end_post(post=post.id, until=JUNE, **words, key=key())
    engine.appoint(person=person.id, role="host", unit=county["李庄村"].id, since=JUNE, **words, key=key())
    engine.merge_unit(unit=county["李庄村"].id, into=other.id, **words, key=key())
    engine.close_unit(unit=county["第二网格"].id, **words, key=key())
    engine.set_pinyin(unit=county["县委组织部"].id, pinyin="ZZB", **words, key=key())
    engine.change_person(person=person.id, work_phone="0537-8700000", **words, key=key())
    engine.create_account(person=person.id, username="host", hashed="!", **words, key=key())
    before = everything()
    payloads = [json.loads(text) for text in Event.objects.order_by("seq").values_list("payload", flat=True)]
    wipe()
    for payload in payloads:
        fold(payload)
    assert everything() == before
