import datetime as dt
import json

import pytest
from django.contrib.auth.backends import ModelBackend

from zhangfa.directory import engine, tree
from zhangfa.directory.models import Account, Person, Post, Unit, UnitSpan
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 20)
JUNE = dt.date(2026, 6, 1)


def test_create_unit_fills_the_level_columns(county):
    grid = county["第一网格"]
    levels = (county["金乡县"].id, county["鱼山街道"].id, county["李庄村"].id, grid.id)
    assert (grid.county, grid.town, grid.village, grid.grid) == levels
    household = county["1号"]
    assert (household.county, household.town, household.village, household.grid) == levels
    assert (county["县委组织部"].county, county["县委组织部"].town) == (county["金乡县"].id, None)
    assert county["济宁市"].county is None
    assert county["鱼山街道"].pinyin == "YSJD"


def test_create_unit_appends_one_event_for_one_key(db):
    made = [
        engine.create_unit(code="370800000000", kind="prefecture", name="济宁市", by=None, at=AT, key="k")
        for _ in range(2)
    ]
    assert made[0] == made[1]
    [event] = Event.objects.all()
    assert (event.kind, event.key, event.person) == ("unit", "k", None)
    assert json.loads(event.payload) == {
        "act": "create_unit",
        "add": [[made[0].id, "370800000000", "prefecture", "济宁市", "JNS", None, "2026-11-20"]],
    }


def test_key_of_another_act_is_refused(county, key):
    used = key()
    engine.rename_unit(unit=county["李庄村"].id, name="李家庄村", by=None, at=AT, key=used)
    with pytest.raises(Refusal) as refused:
        engine.close_unit(unit=county["第一网格"].id, by=None, at=AT, key=used)
    assert refused.value.code == "key_used"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "hamlet"}, "“hamlet”不是单位类型"),
        ({"code": "370 828"}, "代码“370 828”不合规"),
        ({"name": "  "}, "名称不能为空"),
        ({"name": "长" * 81}, "太长：最多 80 个字"),
        ({"parent": "1号"}, "村居不能挂在住户之下"),
        ({"code": "taken"}, "代码 taken 已经用于另一个单位"),
        ({"since": dt.date(2026, 11, 21)}, "成立日期 2026-11-21 还没有到"),
    ],
)
def test_create_unit_refuses_with_a_sentence(county, add, key, change, sentence):
    add("town", "旧镇", county["金乡县"], code="taken")
    words = {"code": "new", "kind": "village", "name": "新村", "parent": "鱼山街道"} | change
    words["parent"] = county[words["parent"]].id
    before = Event.objects.count()
    with pytest.raises(Refusal, match=sentence):
        engine.create_unit(**words, by=None, at=AT, key=key())
    assert Event.objects.count() == before


def test_rename_keeps_the_earlier_name_reachable(county, key):
    village = county["李庄村"]
    renamed = engine.rename_unit(unit=village.id, name="李家庄村", on=JUNE, by=None, at=AT, key=key())
    assert (renamed.name, renamed.pinyin) == ("李家庄村", "LJZC")
    assert tree.as_of(village.id, dt.date(2026, 5, 31)).name == "李庄村"
    assert tree.as_of(village.id, JUNE).name == "李家庄村"
    assert tree.path_name(village.id, on=dt.date(2026, 5, 31)) == "金乡县鱼山街道李庄村"
    assert tree.path_name(village.id) == "金乡县鱼山街道李家庄村"


def test_two_changes_on_one_day_leave_one_span(county, key):
    village = county["李庄村"]
    engine.rename_unit(unit=village.id, name="甲村", on=JUNE, by=None, at=AT, key=key())
    engine.rename_unit(unit=village.id, name="乙村", on=JUNE, by=None, at=AT, key=key())
    names = list(UnitSpan.objects.filter(unit_id=village.id).order_by("since").values_list("name", flat=True))
    assert names == ["李庄村", "乙村"]


def test_move_takes_everything_below_along(county, key):
    village, grid, household = county["李庄村"], county["第一网格"], county["1号"]
    moved = engine.move_unit(unit=village.id, parent=county["王丕街道"].id, on=JUNE, by=None, at=AT, key=key())
    assert set(moved.moved) == {village.id, *tree.descendants(village.id)}
    for one in (village, grid, household):
        assert tree.unit(one.id).town == county["王丕街道"].id
        assert Unit.objects.get(id=one.id).town == county["王丕街道"].id
    assert tree.unit(household.id).grid == grid.id
    assert tree.path_name(grid.id, on=dt.date(2026, 5, 31)) == "金乡县鱼山街道李庄村第一网格"
    assert tree.path_name(grid.id) == "金乡县王丕街道李庄村第一网格"
    assert [span.name for span in tree.children_as_of(county["鱼山街道"].id, dt.date(2026, 5, 31))] == ["李庄村"]
    assert tree.children_as_of(county["鱼山街道"].id, JUNE) == ()


def test_repeated_move_names_everything_below_again(county, key):
    used = key()
    words = {"unit": county["李庄村"].id, "parent": county["王丕街道"].id, "by": None, "at": AT, "key": used}
    first, second = engine.move_unit(**words), engine.move_unit(**words)
    assert set(second.moved) == set(first.moved)
    assert Event.objects.filter(key=used).count() == 1


def test_unit_cannot_hang_below_itself(county, add, key):
    team = add("team", "甲队", county["县委组织部"])
    below = add("team", "乙队", team)
    with pytest.raises(Refusal, match="不能把“甲队”挂到它自己或它的下级“乙队”之下"):
        engine.move_unit(unit=team.id, parent=below.id, by=None, at=AT, key=key())


def test_merge_hands_over_what_hangs_below(county, add, key, person):
    old, into = county["李庄村"], add("village", "王庄村", county["王丕街道"])
    post = engine.appoint(person=person.id, role="host", unit=old.id, since=JUNE, by=None, at=AT, key=key())
    moved = engine.merge_unit(unit=old.id, into=into.id, by=None, at=AT, key=key())
    assert (moved.unit.until, moved.unit.merged_into) == (TODAY, into.id)
    assert set(moved.moved) == set(tree.descendants(into.id))
    assert {one.name for one in tree.children(into.id)} == {"第一网格", "第二网格"}
    assert Post.objects.get(id=post.id).until == TODAY
    assert tree.as_of(old.id, TODAY) is None
    assert tree.as_of(old.id, TODAY - dt.timedelta(1)).name == "李庄村"


def test_close_is_refused_while_units_hang_below(county, key):
    with pytest.raises(Refusal, match="“李庄村”之下还有 2 个单位，不能撤销"):
        engine.close_unit(unit=county["李庄村"].id, by=None, at=AT, key=key())
    assert engine.close_unit(unit=county["第二网格"].id, by=None, at=AT, key=key()).until == TODAY
    assert county["第二网格"].id not in tree.descendants(county["李庄村"].id)
    with pytest.raises(Refusal, match="已经撤销"):
        engine.rename_unit(unit=county["第二网格"].id, name="网格", by=None, at=AT, key=key())


@pytest.mark.parametrize(
    ("on", "sentence"), [(dt.date(2026, 12, 1), "还没有到"), (dt.date(2019, 1, 1), "上一次变更在 2020-01-01")]
)
def test_change_is_neither_in_the_future_nor_before_the_last(county, key, on, sentence):
    with pytest.raises(Refusal, match=sentence):
        engine.rename_unit(unit=county["李庄村"].id, name="新名", on=on, by=None, at=AT, key=key())


def test_pinyin_can_be_corrected(county, key):
    engine.set_pinyin(unit=county["李庄村"].id, pinyin="lzx", by=None, at=AT, key=key())
    assert [one.id for one in tree.search("LZX")] == [county["李庄村"].id]
    with pytest.raises(Refusal, match="只能用英文字母"):
        engine.set_pinyin(unit=county["李庄村"].id, pinyin="李", by=None, at=AT, key=key())


def test_person_and_account(person, key):
    assert person.pinyin == "SXF"
    changed = engine.change_person(person=person.id, name="解小芳", by=None, at=AT, key=key())
    assert (changed.name, changed.pinyin, changed.code) == ("解小芳", "XXF", "P1")
    words = {"person": person.id, "username": "grid", "password": "long-enough-secret", "by": None, "at": AT}
    account = engine.create_account(**words, key=key())
    assert account.must_change_password
    assert ModelBackend().authenticate(None, username="grid", password="long-enough-secret") == account
    with pytest.raises(Refusal, match="已经被使用"):
        engine.create_account(**words, key=key())
    assert "long-enough-secret" not in "".join(Event.objects.values_list("payload", flat=True))


def test_password_set_by_its_owner_need_not_be_changed(person, key):
    account = engine.create_account(
        person=person.id, username="grid", password="long-enough-secret", by=None, at=AT, key=key()
    )
    words = {"account": account.id, "at": AT}
    assert not engine.set_password(
        **words, password="another-long-secret", by=person.id, key=key()
    ).must_change_password
    assert engine.set_password(**words, password="yet-another-secret", by=None, key=key()).must_change_password
    with pytest.raises(Refusal) as refused:
        engine.set_password(**words, password="1234", by=person.id, key=key())
    assert set(refused.value.fields) == {"password"}
    engine.close_account(account=account.id, by=None, at=AT, key=key())
    assert ModelBackend().authenticate(None, username="grid", password="yet-another-secret") is None


def test_repeated_set_password_does_not_set_it_again(person, key):
    words = {"person": person.id, "username": "grid", "password": "long-enough-secret", "by": None, "at": AT}
    account, used = engine.create_account(**words, key=key()), key()
    for password in ("first-long-secret", "second-long-secret"):
        engine.set_password(account=account.id, password=password, by=None, at=AT, key=used)
    assert Account.objects.get(id=account.id).check_password("first-long-secret")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "Grid Worker"}, "不是角色的标识"),
        ({"until": JUNE}, "结束日期必须晚于开始日期"),
        ({"person": 999_999}, "没有找到这个人"),
        ({"unit": 999_999}, "这个单位不存在"),
    ],
)
def test_appoint_refuses_with_a_sentence(county, person, key, change, sentence):
    words = {"person": person.id, "role": "grid-worker", "unit": county["第一网格"].id, "since": JUNE} | change
    with pytest.raises(Refusal, match=sentence):
        engine.appoint(**words, by=None, at=AT, key=key())


def test_nobody_holds_one_post_twice_at_a_time(county, person, key):
    words = {"person": person.id, "role": "host", "unit": county["鱼山街道"].id, "by": None, "at": AT}
    first = engine.appoint(**words, since=JUNE, until=dt.date(2026, 8, 1), key=key())
    with pytest.raises(Refusal, match="已经在该单位担任 host"):
        engine.appoint(**words, since=dt.date(2026, 7, 31), key=key())
    again = engine.appoint(**words, since=dt.date(2026, 8, 1), key=key())
    assert again.id != first.id


def test_post_ends_once(county, person, key):
    post = engine.appoint(
        person=person.id, role="host", unit=county["鱼山街道"].id, since=JUNE, by=None, at=AT, key=key()
    )
    assert engine.end_post(post=post.id, by=None, at=AT, key=key()).until == TODAY
    with pytest.raises(Refusal, match="已于 2026-11-20 结束"):
        engine.end_post(post=post.id, by=None, at=AT, key=key())


def test_staff_number_is_used_once(person, key):
    with pytest.raises(Refusal, match="工号 P1 已经属于另一个人"):
        engine.create_person(code="P1", name="王强", by=None, at=AT, key=key())
    assert Person.objects.count() == 1
