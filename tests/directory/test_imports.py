import datetime as dt
import io
import json
import time

import pytest
import xlsxwriter

from zhangfa.directory import engine, posts, tree
from zhangfa.directory.fold import fold
from zhangfa.directory.imports import carry_out, plan_import
from zhangfa.directory.models import Person, Post, Unit
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 20)
UNITS = "代码,名称,类型,上级代码,生效日期,撤销日期,并入代码"
PEOPLE = "工号,姓名,办公电话,角色,单位代码,任职日期,免职日期"


def units(*lines: str):
    return plan_import("units", "\n".join((UNITS, *lines)).encode(), "units.csv", at=AT)


def people(*lines: str):
    return plan_import("people", "\n".join((PEOPLE, *lines)).encode(), "people.csv", at=AT)


def do(plan, key="import"):
    return carry_out(plan, by=None, at=AT, key=key)


@pytest.fixture
def places(db):
    """A county with two towns and three villages, imported."""
    plan = units(
        "370828,金乡县,county,,2020-01-01",
        "370828003,鱼山街道,town,370828,2020-01-01",
        "370828004,王丕街道,town,370828,2020-01-01",
        "370828003200,寻楼村,village,370828003,2020-01-01",
        "370828003201,周楼村,村,370828003,2020-01-01",
        "370828004200,李庄村,社区,370828004,2020-01-01",
    )
    do(plan, "places")


def sentences(plan):
    return [(problem.line, problem.column, problem.sentence) for problem in plan.problems]


def code(code):
    return tree.unit_by_code(code)


def test_import_of_units_is_one_event_with_the_files_digest(places):
    assert Unit.objects.count() == 6
    village = code("370828003200")
    assert (village.town, village.since, village.pinyin) == (code("370828003").id, dt.date(2020, 1, 1), "XLC")
    [event] = Event.objects.all()
    payload = json.loads(event.payload)
    assert (event.kind, payload["act"], len(payload["add"]), len(payload["digest"])) == ("unit", "import", 6, 64)


def test_rows_may_stand_in_any_order(db):
    do(units("3,村,village,2", "2,镇,town,1", "1,县,county,"))
    assert [one.name for one in tree.ancestors(code("3").id)] == ["镇", "县"]
    assert code("3").county == code("1").id


def test_plan_says_what_would_change_and_changes_nothing(places):
    plan = units(
        "370828003,鱼山街道,town,370828",
        "370828003200,寻楼新村,village,370828003",
        "370828003201,周楼村,village,370828004",
        "370828004200,李庄村,village,370828004,,2026-11-01",
        "370828004201,新村,village,370828004",
    )
    assert [(change.line, change.what, change.sentence) for change in plan.changes] == [
        (3, "rename", "更名 寻楼村 → 寻楼新村（370828003200）"),
        (4, "move", "划转 周楼村（370828003201）：鱼山街道 → 王丕街道"),
        (5, "close", "撤销 李庄村（370828004200）"),
        (6, "add", "新增 新村（370828004201），上级 王丕街道"),
    ]
    assert (plan.unchanged, plan.problems) == (1, ())
    assert plan.summary == "更名 1，划转 1，撤销 1，新增 1，不变 1"
    assert Unit.objects.count() == 6
    assert code("370828003200").name == "寻楼村"


def test_carried_out_plan_is_what_stands_afterwards(places):
    plan = units(
        "370828003200,寻楼新村,village,370828003,2026-11-01",
        "370828003201,周楼村,village,370828004,2026-11-01",
        "370828004200,李庄村,village,370828004,,2026-11-01",
    )
    imported = do(plan)
    assert imported.counts == {"rename": 1, "move": 1, "close": 1}
    assert imported.moved == (code("370828003201").id,)
    assert code("370828003200").name == "寻楼新村"
    assert code("370828003201").town == code("370828004").id
    assert code("370828004200").until == dt.date(2026, 11, 1)
    assert tree.path_name(code("370828003201").id, on=dt.date(2026, 10, 31)) == "金乡县鱼山街道周楼村"


def test_merging_row_hands_over_what_hangs_below(places, person, key):
    do(units("G1,第一网格,grid,370828003200,2021-01-01"), "grid")
    old = code("370828003200")
    engine.appoint(person=person.id, role="host", unit=old.id, since=TODAY, by=None, at=AT, key=key())
    do(units("370828003200,寻楼村,village,,,2026-11-20,370828004200"))
    assert code("370828003200").merged_into == code("370828004200").id
    assert code("G1").village == code("370828004200").id
    assert Post.objects.get().until == TODAY


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        (["9,新村,village,404"], [(2, "parent", "上级代码 404 既不在目录中，也不在这张表里。")]),
        (["9,新村,village,"], [(2, "parent", "缺少上级代码：只有市、县可以没有上级。")]),
        (["9,甲,village,370828003", "9,乙,village,370828003"], [(3, "code", "代码 9 与第 2 行重复。")]),
        (
            ["A,甲队,team,B", "B,乙队,team,A"],
            [(2, "parent", "上级关系成了一个圈：A → B → A。")],
        ),
        (["9,,village,370828003"], [(2, "name", "名称不能为空。")]),
        (["9,新村,village,370828003,明天"], [(2, "on", "“明天”不是日期，请写成 2026-11-22 的样子。")]),
        (["9,新村,village,370828003,2026-12-01"], [(2, "on", "日期 2026-12-01 还没有到，请在当天或之后导入。")]),
        (["9,新镇,town,370828003200"], [(2, "parent", "镇街不能挂在村居之下。")]),
        (["9,新村,village,370828003,,2026-11-01"], [(2, "until", "新村 在目录中不存在，不能撤销。")]),
        (
            ["370828003,鱼山街道,town,,,2026-11-01"],
            [(2, "until", "“鱼山街道”之下还有 2 个单位，不能撤销。")],
        ),
        (
            ["370828003200,寻楼村,village,,,2026-11-01,404"],
            [(2, "into", "并入的单位 404 不存在，或已经撤销，或正要撤销。")],
        ),
        (
            ["370828003200,寻楼村,grid,370828003"],
            [(2, "kind", "“寻楼村”是村居，类型不能改；请新增一个单位再合并。")],
        ),
        (
            ["370828003200,改名,village,,2019-01-01"],
            [(2, "on", "“寻楼村”上一次变更在 2020-01-01，新的变更不能早于这一天。")],
        ),
        (
            ["3.70828E+11,甲,village,370828003"],
            [(2, "code", "“代码”是数字格式，长代码会丢失末位数字；请把这一列设为文本后重新填写。")],
        ),
        (
            ["370828003200,寻楼村,village,,,2026-11-01", "9,新网格,grid,370828003200"],
            [(3, "parent", "上级 寻楼村 已经撤销或正要撤销。")],
        ),
    ],
)
def test_wrong_row_is_named_and_nothing_is_written(places, lines, problems):
    plan = units(*lines)
    found = sentences(plan)
    assert [one for one in found if one in problems] == problems
    assert plan.changes == ()
    before = Event.objects.count()
    with pytest.raises(Refusal, match="没有导入"):
        do(plan)
    assert (Unit.objects.count(), Event.objects.count()) == (6, before)


def test_all_problems_come_at_once(places):
    plan = units("8,甲,hamlet,370828003", "9 9,,village,404")
    assert [(line, column) for line, column, _ in sentences(plan)] == [(2, "kind"), (3, "code"), (3, "name")]


def test_town_can_be_closed_when_its_villages_move_in_the_same_file(places):
    plan = units(
        "370828003,鱼山街道,town,,,2026-11-01",
        "370828003200,寻楼村,village,370828004,2026-11-01",
        "370828003201,周楼村,village,370828004,2026-11-01",
    )
    assert plan.problems == ()
    do(plan)
    assert {one.name for one in tree.children(code("370828004").id)} == {"寻楼村", "周楼村", "李庄村"}


def test_plan_that_no_longer_fits_is_refused(places, key):
    plan = units("370828003200,寻楼新村,village,")
    engine.rename_unit(unit=code("370828003200").id, name="别名村", by=None, at=AT, key=key())
    with pytest.raises(Refusal) as refused:
        do(plan)
    assert (refused.value.code, refused.value.sentence) == ("changed", "预览之后目录已经变了，没有导入。")
    assert code("370828003200").name == "别名村"


def test_import_repeated_under_its_key_is_done_once(places):
    plan = units("9,新村,village,370828003")
    assert [do(plan).repeated, do(plan).repeated] == [False, True]
    assert Unit.objects.filter(code="9").count() == 1


def test_imported_units_are_rebuilt_by_a_replay(places):
    before = list(Unit.objects.order_by("id").values())
    payload = json.loads(Event.objects.get().payload)
    Unit.objects.update(parent=None)
    for model in (Unit._meta.get_field("spans").related_model, Unit):
        model.objects.all().delete()
    fold(payload)
    assert list(Unit.objects.order_by("id").values()) == before


def test_numeric_codes_of_excel_are_refused(db):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["代码", "名称", "类型"])
        sheet.write_row(1, 0, [370828003200, "金乡县", "county"])
    plan = plan_import("units", out.getvalue(), "units.xlsx", at=AT)
    assert sentences(plan) == [(2, "code", "“代码”是数字格式，长代码会丢失末位数字；请把这一列设为文本后重新填写。")]


def test_people_and_posts_are_imported(places):
    plan = people(
        "A1,单小芳,0537-1,host,370828003,2026-01-01",
        "A1,单小芳,,host,370828004,2026-01-01",
        "A2,王强,,,,",
    )
    assert plan.summary == "新增人员 2，任职 2，不变 0"
    do(plan)
    person = Person.objects.get(code="A1")
    assert (person.pinyin, person.work_phone) == ("SXF", "0537-1")
    assert [held.unit.name for held in posts.posts_held(person.id, TODAY)] == ["鱼山街道", "王丕街道"]
    assert Event.objects.filter(kind="person").count() == 1
    again = people("A1,单小芳,,host,370828003,2026-01-01", "A2,王强,,,,")
    assert (again.changes, again.unchanged) == ((), 2)


def test_post_ends_by_its_row(places):
    do(people("A1,王强,,host,370828003,2026-01-01"), "a")
    plan = people("A1,王强,,host,370828003,2026-01-01,2026-06-01")
    assert [change.what for change in plan.changes] == ["end"]
    do(plan, "b")
    assert Post.objects.get().until == dt.date(2026, 6, 1)


def test_name_and_phone_are_corrected(places):
    do(people("A1,王强,1,,,"), "a")
    do(people("A1,王刚,2,,,"), "b")
    person = Person.objects.get()
    assert (person.name, person.work_phone, person.pinyin) == ("王刚", "2", "WG")


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        (["11010519491231002X,王强"], [(2, "code", "工号不能用身份证号码。")]),
        (["A1,王强,,host,404"], [(2, "unit", "单位代码 404 不在目录中，或者已经撤销。")]),
        (["A1,王强,,host,"], [(2, "role", "角色和单位代码要么都填，要么都不填。")]),
        (
            ["A1,王强,,网格员,370828003"],
            [(2, "role", "“网格员”不是角色的标识，角色的标识写在章程里，例如 grid-worker。")],
        ),
        (["A1,王强", "A1,王刚"], [(3, "name", "工号 A1 在第 2 行是 王强，一个工号只能是一个人。")]),
        (["A1,王强,,host,370828003,五一"], [(2, "since", "“五一”不是日期，请写成 2026-11-22 的样子。")]),
        (
            ["A1,王强,,host,370828003,2026-05-01,2026-05-01"],
            [(2, "until", "任职的结束日期必须晚于开始日期。")],
        ),
        (
            ["A1,王强,,host,370828003,2026-05-01", "A1,王强,,host,370828003,2026-06-01"],
            [(3, "since", "王强 在这段时间已经在该单位担任 host。")],
        ),
    ],
)
def test_wrong_row_of_people_is_named(places, lines, problems):
    plan = people(*lines)
    assert sentences(plan) == problems
    assert plan.changes == ()


def test_six_thousand_villages_take_a_few_seconds(db):
    lines = ["1,县,county,", *(f"1{n:02},镇{n},town,1" for n in range(20))]
    lines += [f"V{n},第{n}村,village,1{n % 20:02}" for n in range(6350)]
    begin = time.process_time()
    do(units(*lines))
    assert time.process_time() - begin < 6
    assert Unit.objects.filter(kind="village").count() == 6350
