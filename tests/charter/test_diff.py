"""Differences in words."""
# ruff: noqa: E501 — a change stands beside its sentence

from pathlib import Path

import pytest

from zhangfa.charter.diff import compare
from zhangfa.charter.load import load_charter

TEXT = (Path(__file__).parent / "good" / "small.yaml").read_text()
OLD = load_charter(TEXT, name="old.yaml").charter

CHANGES = [
    ("value: 5 workdays", "value: 3 workdays", {
        "设定值 reply_within（答复期限）的值由 5 个工作日改为 3 个工作日。", "步骤 reply（答复）的期限由 5 个工作日改为 3 个工作日。"}),
    ("title: 机井\n    unit", "title: 水井\n    unit", {"台账 well（水井）的名称由“机井”改为“水井”。"}),
    ("{title: 登记, to: listed, by: keeper", "{title: 登记, to: listed, by: [keeper, office]",
     {"步骤 list（登记）的办理人由管护员改为管护员或水务站。"}),
    ("late: {do: lapse, tell: office, warn: red}", "late: {do: lapse, warn: red}",
     {"步骤 reply（答复）的逾期处理由告知水务站，标为红色预警，由系统办理“逾期”改为标为红色预警，由系统办理“逾期”。"}),
    ("at: town, two_factor: true", "at: town", {"角色 office（水务站）的两步验证由是改为否。"}),
    ("when: ends > starts", "when: ends >= starts", {"步骤 make（巡查）的办理条件由 ends > starts 改为 ends >= starts。"}),
    ("      note: {type: text, long: true, title: 记事}\n", "      note: {type: text, long: true, title: 记事}\n      mood: {type: text, title: 心情, default: \"'好'\"}\n",
     {"新增字段 mood（心情）。"}),
    ("asks: {score: {type: int, min: 0, max: 10", "asks: {score: {type: int, min: 0, max: 9", {"评分项 score（评分）的上限由 10 改为 9。"}),
    ("columns: {mark: {type: int, title: 得分, min: 0, max: 20}}", "columns: {mark: {type: int, title: 得分, min: 0, max: 30}}",
     {"列 mark（得分）的上限由 20 改为 30。"}),
    ("bad: 待修, closed", "bad: 待修理, closed", {"状态 bad（待修理）的名称由“待修”改为“待修理”。"}),
    ("source: M13", "source: [M13, M14]", {"章程的出处由 M13 改为 M13、M14。"}),
    ("# The smallest", "# A small", set()),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CHANGES, ids=[new[:24].strip() for _, new, _ in CHANGES])
def test_compare_says_what_changed(old, new, said):
    assert old in TEXT
    loaded = load_charter(TEXT.replace(old, new), name="new.yaml")
    assert loaded.problems == ()
    assert {text.zh for text in compare(OLD, loaded.charter)} == said


def test_compare_says_it_in_english_too():
    new = load_charter(TEXT.replace("value: 5 workdays", "value: 3 workdays"), name="new.yaml").charter
    assert (
        compare(OLD, new)[-1].en == "Deadline of the step reply (答复) changes from 5 working days to 3 working days."
    )


def test_compare_names_what_is_removed():
    new = load_charter(TEXT.replace("doors:\n  visits: {", "doors:\n  shown: {"), name="new.yaml").charter
    assert [text.zh for text in compare(OLD, new)] == ["删去窗口 visits（巡查公示）。", "新增窗口 shown（巡查公示）。"]


def test_compare_with_itself_says_nothing():
    assert compare(OLD, OLD) == ()
