"""Groups beside the tree: joining, leaving, changing parts, imports, and the same from a replay."""

import datetime as dt
import json

import pytest
from tests.facts.county import MEASURED

from zhangfa.charter import engine as charters
from zhangfa.directory import engine
from zhangfa.directory.fold import fold
from zhangfa.directory.imports import carry_out, plan_import
from zhangfa.directory.models import GroupMember
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
MARCH, JUNE, TODAY = dt.date(2026, 3, 1), dt.date(2026, 6, 1), dt.date(2026, 11, 20)
GROUPS = """
groups:
  alliance: {title: {zh: 共建联盟, en: Alliance}, of: [village, department]}
  line: {title: 战线, of: department}
"""
ALLIANCE, LINE = "measured.alliance", "measured.line"
HEADING = "编组,分组,单位代码,加入日期,退出日期"


@pytest.fixture(autouse=True)
def charter(db):
    return charters.apply_charter(
        text=MEASURED.read_text() + GROUPS, name="measured.yaml", by=None, at=AT, key="charter", in_force=MARCH
    ).charter


@pytest.fixture
def join(county, key):
    """Return a joiner: ``join("李庄村", part="东片", since=JUNE)``."""

    def join(unit, group=ALLIANCE, **words):
        return engine.join_group(unit=county[unit].id, group=group, by=None, at=AT, key=key(), **words)

    return join


def members():
    rows = GroupMember.objects.order_by("id").values_list("group", "part", "unit__name", "since", "until")
    return [(*row[:3], row[3].isoformat(), row[4] and row[4].isoformat()) for row in rows]


def test_unit_joins_a_group_from_today_unless_told(join):
    join("李庄村")
    join("县委组织部", LINE, part=" 第三组 ", since=JUNE, until=TODAY)
    assert members() == [
        (ALLIANCE, "", "李庄村", "2026-11-20", None),
        (LINE, "第三组", "县委组织部", "2026-06-01", "2026-11-20"),
    ]


def test_joining_another_part_leaves_the_one_before(join):
    join("李庄村", part="东片", since=MARCH)
    join("李庄村", part="西片", since=JUNE)
    assert members() == [
        (ALLIANCE, "东片", "李庄村", "2026-03-01", "2026-06-01"),
        (ALLIANCE, "西片", "李庄村", "2026-06-01", None),
    ]


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"unit": "李庄村", "group": "measured.nothing"}, "group", "没有编组“measured.nothing”"),
        ({"unit": "李庄村", "group": LINE}, "group", "编组“战线”由部门组成，不收村居。"),
        ({"unit": "李庄村", "part": "很" * 41}, "part", "太长"),
        ({"unit": "李庄村", "part": "东片", "since": JUNE}, "since", "李庄村 在这段时间已经在这个编组里。"),
        ({"unit": "李庄村", "part": "西片", "since": MARCH}, "since", "李庄村 在这段时间已经在这个编组里。"),
        ({"unit": "李庄村", "since": JUNE, "until": JUNE}, "since", "退出日期必须晚于加入日期。"),
    ],
)
def test_joining_is_refused_in_a_sentence_at_its_field(join, words, field, said):
    join("李庄村", part="东片", since=MARCH)
    with pytest.raises(Refusal) as refused:
        join(**words)
    assert said in refused.value.fields[field]
    assert len(members()) == 1


def test_leaving_ends_once_and_the_past_stays(join, key):
    made = join("李庄村", since=MARCH)
    engine.leave_group(membership=made.id, until=JUNE, by=None, at=AT, key="leave")
    engine.leave_group(membership=made.id, until=JUNE, by=None, at=AT, key="leave")
    assert members() == [(ALLIANCE, "", "李庄村", "2026-03-01", "2026-06-01")]
    for until, said in ((TODAY, "已于 2026-06-01 结束"), (dt.date(2026, 1, 1), "不能早于加入日期 2026-03-01")):
        with pytest.raises(Refusal, match=said):
            engine.leave_group(membership=made.id, until=until, by=None, at=AT, key=key())
    with pytest.raises(Refusal, match="没有找到这项编组关系"):
        engine.leave_group(membership=999, by=None, at=AT, key=key())


def test_closed_and_merged_units_leave_their_groups(join, county, add, key):
    join("李庄村", since=MARCH)
    join("县委组织部", since=MARCH)
    other = add("village", "王庄村", county["王丕街道"])
    words = {"on": JUNE, "by": None, "at": AT}
    engine.merge_unit(unit=county["李庄村"].id, into=other.id, key=key(), **words)
    engine.close_unit(unit=county["县委组织部"].id, key=key(), **words)
    assert [row[4] for row in members()] == ["2026-06-01", "2026-06-01"]


def sheet(*lines):
    return plan_import("groups", "\n".join((HEADING, *lines)).encode(), "groups.csv", at=AT)


def test_import_joins_changes_parts_and_leaves(join, county):
    village, office = county["李庄村"].code, county["县委组织部"].code
    join("李庄村", part="东片", since=MARCH)
    join("县委组织部", LINE, since=MARCH)
    plan = sheet(
        f"共建联盟,西片,{village},2026-06-01,",
        f"line,,{office},,2026-06-01",
        f"{ALLIANCE},东片,{office},2026-06-01,",
    )
    assert plan.problems == ()
    assert plan.summary == "退出编组 2，加入编组 2，不变 0"
    assert [one.sentence for one in plan.changes] == [
        f"李庄村（{village}）退出共建联盟·东片 2026-06-01",
        f"李庄村（{village}）加入共建联盟·西片 2026-06-01",
        f"县委组织部（{office}）退出战线 2026-06-01",
        f"县委组织部（{office}）加入共建联盟·东片 2026-06-01",
    ]
    carry_out(plan, by=None, at=AT, key="import")
    assert carry_out(plan, by=None, at=AT, key="import").repeated
    assert members() == [
        (ALLIANCE, "东片", "李庄村", "2026-03-01", "2026-06-01"),
        (LINE, "", "县委组织部", "2026-03-01", "2026-06-01"),
        (ALLIANCE, "西片", "李庄村", "2026-06-01", None),
        (ALLIANCE, "东片", "县委组织部", "2026-06-01", None),
    ]
    again = sheet(f"共建联盟,西片,{village},2026-06-01,", f"{ALLIANCE},东片,{office},,")
    assert (again.changes, again.unchanged) == ((), 2)


def test_import_names_every_bad_row_and_writes_nothing(join, county):
    village = county["李庄村"].code
    plan = sheet(
        f"没有这个,,{village},,",
        f"战线,,{village},,",
        "共建联盟,,没有,,",
        f"共建联盟,,{village},不是日期,",
        f"共建联盟,东片,{village},2026-06-01,2026-06-01",
        f"共建联盟,东片,{village},2026-06-01,",
        f"共建联盟,西片,{village},2026-07-01,",
    )
    assert [(one.line, one.column) for one in plan.problems] == [
        (2, "group"), (3, "group"), (4, "unit"), (5, "since"), (6, "since"), (8, "since"),
    ]  # fmt: skip
    with pytest.raises(Refusal):
        carry_out(plan, by=None, at=AT, key="import")
    assert members() == []


def test_closing_by_import_leaves_the_groups(join, county):
    join("县委组织部", since=MARCH)
    office, top = county["县委组织部"].code, county["金乡县"].code
    text = f"代码,名称,类型,上级代码,撤销日期\n{office},县委组织部,department,{top},2026-06-01\n"
    carry_out(plan_import("units", text.encode(), "u.csv", at=AT), by=None, at=AT, key="close")
    assert members() == [(ALLIANCE, "", "县委组织部", "2026-03-01", "2026-06-01")]


def test_replay_gives_the_same_memberships(join, county, key):
    join("李庄村", part="东片", since=MARCH)
    made = join("县委组织部", LINE, since=MARCH)
    engine.leave_group(membership=made.id, until=JUNE, by=None, at=AT, key=key())
    carry_out(sheet(f"共建联盟,西片,{county['李庄村'].code},2026-06-01,"), by=None, at=AT, key="import")
    before = list(GroupMember.objects.order_by("id").values())
    GroupMember.objects.all().delete()
    for text in Event.objects.filter(kind="unit").order_by("seq").values_list("payload", flat=True):
        payload = json.loads(text)
        fold({part: payload[part] for part in ("join", "leave") if part in payload})
    assert list(GroupMember.objects.order_by("id").values()) == before
