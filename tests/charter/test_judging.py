"""Scores and honours: what the checker proves of them, and what it reads back."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from zhangfa.charter.burden import score_burden
from zhangfa.charter.diff import compare
from zhangfa.charter.explain import explain
from zhangfa.charter.fact_columns import ENGINE_TABLES, fact_columns
from zhangfa.charter.load import load_charter, load_file
from zhangfa.charter.schema_json import json_schema
from zhangfa.charter.score_model import Band

TEXT = (Path(__file__).parent / "good" / "judged.yaml").read_text()
CHARTER = load_charter(TEXT, name="judged.yaml").charter


def codes(old, new):
    assert old in TEXT
    return [one.code for one in load_charter(TEXT.replace(old, new, 1), name="x.yaml").problems]


def lines(name):
    return [line.zh for one in explain(CHARTER) if one.id == name for line in one.lines]


def test_a_weight_that_a_setting_holds_says_so():
    assert CHARTER.scores["wells"].dimensions["care"].weight == Decimal(30)
    months = CHARTER.scores["season"].indicators["months"]
    assert (months.weight, months.weight_source) == (Decimal(30), "setting:care_weight")


def test_given_marks_take_their_judges_from_the_step_that_asks_them():
    marks = CHARTER.scores["keepers"].indicators["marks"]
    assert [who.name for who in marks.scale.given_by.who] == ["office"]
    assert marks.value.source == "trimmed_mean(mark, 1)"


def test_bands_keep_which_end_is_taken_in():
    bands = CHARTER.scores["wells"].indicators["on_time"].scale.bands
    assert bands == (
        Band(Decimal("0.5"), Decimal(0)), Band(Decimal("0.8"), Decimal(60), True), Band(None, Decimal(100))
    )  # fmt: skip


def test_too_few_by_kind_of_fact_holds_for_every_indicator_over_it():
    assert CHARTER.scores["wells"].too_few == {"pleased": 3, "fixed": 3, "approved": 2}


def test_people_are_keyed_by_the_person_of_the_row():
    assert [one.key for one in CHARTER.scores["keepers"].indicators.values()] == ["about", "person", "about"]


def test_a_roll_up_knows_the_honours_below_it_rests_on():
    town = CHARTER.honours["town"]
    assert (town.by, town.over, town.adjoining, town.needs) == ("rule", "village", 3, ("model",))


def test_an_honour_takes_its_holders_from_its_score():
    assert CHARTER.honours["card"].of_post == "keeper"
    assert (CHARTER.honours["next"].first, CHARTER.honours["next"].last) == (4, 10)


VERIFIED = "state in ('fixed', 'done')"


@pytest.mark.parametrize(
    "where",
    [
        "state = 'done'", "state = 'fixed' or state = 'done'", "pleased >= 3", "pleased between 2 and 5",
        "what is not null and state = 'done'", "fix_count > 0", "closed is not null", "not (pleased is null)",
    ],
)  # fmt: skip
def test_a_complaint_counts_once_somebody_looked_into_it(where):
    assert codes(f'where: "{VERIFIED}"', f'where: "{where}"') == []


@pytest.mark.parametrize(
    "where",
    [
        "state in ('sent', 'done')", "state <> 'done'", "state = 'done' or what is not null", "what is not null",
        "pleased is null", "send_count > 0", "fix_count = 0", "fix_count >= 0", "not (state = 'done')",
    ],
)  # fmt: skip
def test_an_unverified_complaint_counts_for_nothing(where):
    assert codes(f'where: "{VERIFIED}"', f'where: "{where}"') == ["C314"]


@pytest.mark.parametrize(
    "title",
    [
        "签到率", "登录次数", "在线时长", "点赞数", "转发量", "学习时长", "步数", "巡查轨迹",
        "{zh: 活跃, en: Log-ins}", "{zh: 活跃, en: Time online}", "{zh: 活跃, en: Likes}",
        "{zh: 活跃, en: Study hours}",
    ],
)  # fmt: skip
def test_presence_is_never_counted_whatever_its_name(title):
    assert codes("title: {zh: 验收率, en: Approved}", f"title: {title}") == ["C310"]


@pytest.mark.parametrize(
    "title", ["{zh: 满意, en: Liked by residents}", "{zh: 登记率, en: Track record of the village}"]
)
def test_words_that_only_look_like_presence_are_let_through(title):
    assert codes("title: {zh: 验收率, en: Approved}", f"title: {title}") == []


def test_presence_is_found_in_the_title_of_a_field_that_is_read():
    assert codes("title: {zh: 井深, en: Depth}}\n    states", "title: 打卡次数}\n    states") == ["C310"]


@pytest.mark.parametrize("cap", ["5", "-10"])
def test_a_cap_may_be_above_or_below_zero_but_not_zero(cap):
    assert codes(f"add: {{cap: {cap}}}", "add: {cap: 0}") == ["C257"]


@pytest.mark.parametrize(
    "bands",
    [
        "[{below: 1, points: 0}, {below: 1, points: 5}, {points: 9}]",
        "[{upto: 1, points: 0}, {below: 1, points: 5}, {points: 9}]",
        "[{below: 1, points: 0}]", "[{points: 0}, {upto: 2, points: 1}]", "[{upto: 2, points: 101}, {points: 0}]",
    ],
)  # fmt: skip
def test_bands_with_a_gap_or_an_overlap_are_refused(bands):
    old = "bands: [{below: 0.5, points: 0}, {upto: 0.8, points: pass_mark}, {points: 100}]"
    assert codes(old, f"bands: {bands}") == ["C256"]


def test_bands_may_meet_in_a_point():
    old = "bands: [{below: 0.5, points: 0}, {upto: 0.8, points: pass_mark}, {points: 100}]"
    assert codes(old, "bands: [{below: 1, points: 0}, {upto: 1, points: 50}, {points: 9}]") == []


def test_scores_of_scores_go_round_in_no_circle():
    text = "target: 1, weight: 20, clause: 第五条"
    round_trip = "from: score, where: scheme = 'season', value: avg(total), target: 1, weight: 20, clause: 第五条"
    assert codes(f"from: well, value: \"share(state = 'good')\", {text}", round_trip) == ["C259"]


def test_a_score_may_not_rest_on_an_honour_that_rests_on_it():
    old = "from: well, value: \"share(state = 'lost')\""
    assert codes(old, "from: unit, value: share(has_flag)") == ["C259"]


def test_a_role_that_only_signs_off_a_score_is_used():
    new = "  office: {title: {zh: 水务站, en: Water office}, at: town}\n  chief: {title: 局长, at: county}\n"
    text = TEXT.replace("  office: {title: {zh: 水务站, en: Water office}, at: town}\n", new)
    signed = text.replace("publish: {by: office, objections: 5 workdays, to: [office, about]}",
                          "publish: {by: chief, objections: 5 workdays, to: about}")  # fmt: skip
    assert [one.code for one in load_charter(text, name="x").problems] == ["C218"]
    assert load_charter(signed, name="x").problems == ()


@pytest.mark.parametrize("table", ["well", "complaint", "check", *ENGINE_TABLES])
def test_every_table_of_facts_says_where_a_fact_belongs(table):
    columns = fact_columns(CHARTER, table)
    assert {"unit", "county", "town", "village", "grid"} <= set(columns)


def test_sealed_values_are_no_columns():
    sealed = TEXT.replace(
        "what: {type: text, title: 事由}", "what: {type: text, sensitive: personal, visible_to: office, title: 事由}"
    )
    sealed = sealed.replace(
        "    title: {zh: 报修, en: Complaint}\n", "    title: 报修\n    keep: {for: 1 year, then: erase}\n"
    )
    sealed = sealed.replace("settings:\n", "lawful_basis: 法定职责。\nimpact: 低。\nsettings:\n", 1)
    charter = load_charter(sealed, name="x").charter
    assert "what" not in fact_columns(charter, "complaint")
    assert "what" in fact_columns(CHARTER, "complaint")


def test_an_unknown_table_is_a_programmers_mistake():
    with pytest.raises(KeyError):
        fact_columns(CHARTER, "wells")


def test_every_indicator_and_honour_is_explained_in_both_languages():
    told = [line for one in explain(CHARTER) for line in one.lines]
    for thing in (
        *(one for score in CHARTER.scores.values() for one in score.indicators.values()), *CHARTER.honours.values()
    ):  # fmt: skip
        assert any(thing.title.zh in line.zh and thing.title.en in line.en for line in told)
    assert all(line.zh.endswith("。") and line.en.endswith((".", "。")) for line in told)


def test_explain_says_what_counts_and_how():
    said = "修复数看报修：份数，只算状态是“已修复”或“已办结”的，在同组最低与最高之间按比例，在管护中权重 2。"
    assert said in lines("judged")
    assert "流动红旗（授予村（社区））：“机井月评”每个镇街前 2 名，流动。" in lines("honours")


CHANGES = [
    ("target: 1, weight: 20,", "target: 0.9, weight: 20,", {
        "指标 approved（验收率）的计分办法由达到 1 得满分，0 得零分改为达到 0.9 得满分，0 得零分。"}),
    ("ties: dense", "ties: competition", {"考核 wells（机井月评）的并列由 dense 改为 competition。"}),
    ("share: 0.2", "share: 0.3", {"等次 best（优秀）的比例由 0.2 改为 0.3。"}),
    ("objections: 5 workdays, to: [office, about]", "objections: 3 workdays, to: [office, about]", {
        "考核 keepers（管护员季评）的公布由水务站签发，给水务站、当事人或当事单位看，5 个工作日内可提异议"
        "改为水务站签发，给水务站、当事人或当事单位看，3 个工作日内可提异议。"}),
    ("rank: 4-10", "rank: 4-8", {"称号 next（争先村）的末名由 10 改为 8。"}),
    ("at_least: 95", "at_least: 96", {"级别 five（五星）的最低分由 95 改为 96。"}),
    ("pass_mark: {type: decimal, value: 60", "pass_mark: {type: decimal, value: 70", {
        "设定值 pass_mark（合格分）的值由 60 改为 70。"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CHANGES, ids=[new[:20] for _, new, _ in CHANGES])
def test_compare_says_what_changed_in_how_one_is_judged(old, new, said):
    assert old in TEXT
    changed = load_charter(TEXT.replace(old, new, 1), name="new").charter
    assert {one.zh for one in compare(CHARTER, changed)} >= said


def test_signing_off_is_the_only_burden_of_a_score():
    rows = [(row.register, row.role, row.fields, row.minutes) for row in score_burden(CHARTER)]
    assert rows == [("wells", "office", 0, Decimal("10.3")), ("keepers", "office", 0, Decimal("10.3"))]


def test_json_schema_ahead_accepts_scores():
    jsonschema = pytest.importorskip("jsonschema")
    plain = yaml.load(re.sub(r"(from|to): (\d{4}-\d\d-\d\d)", r"\1: '\2'", TEXT), Loader=yaml.SafeLoader)
    jsonschema.validate(plain, json_schema())


def test_files_of_a_checklist_are_read_ahead_too():
    path = Path(__file__).parent / "good" / "judged.yaml"
    assert load_file(path).charter.digest == CHARTER.digest


def test_explain_says_where_one_is_ranked_and_what_one_starts_with():
    assert "机井月评：每月考核村（社区），在同一镇街内排名。" in lines("judged")
    assert "管护员季评：每季度考核管护员，基础分 10。" in lines("judged")


def test_a_household_is_scored_like_people():
    found = (Path(__file__).parents[2] / "charters").rglob("beautiful-courtyard.yaml")
    path = next(one for one in found if one.parent.name != "tests")
    text = path.read_text()
    homes = text.replace(
        "    of: town\n    every: quarter\n    rank_in: county", "    of: household\n    every: quarter"
    )
    homes = homes.replace("        from: activity", "        key: spare\n        from: activity")
    found = [one.code for one in load_charter(homes, name="x").problems]
    assert "C312" in found
    assert "C312" not in [one.code for one in load_charter(text, name="x").problems]


def test_a_register_may_not_take_the_name_of_a_table_of_facts():
    assert codes("  check:\n    title", "  task:\n    title").count("C112") == 1


@pytest.mark.parametrize("line", range(0, len(TEXT.splitlines()), 3))
def test_a_missing_line_is_a_problem_or_a_charter_and_never_an_error(line):
    lines_left = TEXT.splitlines()
    del lines_left[line]
    loaded = load_charter("\n".join(lines_left), name="x")
    assert (loaded.charter is None) == bool(loaded.problems)


def test_the_example_of_the_reference_can_be_put_into_a_charter():
    root = Path(__file__).parents[2]
    page = (root / "docs" / "reference" / "language.md").read_text()
    example = page.split("\n## score\n", 1)[1].split("```yaml\n", 1)[1].split("```", 1)[0]
    text = (root / "charters" / "residents-requests.yaml").read_text()
    loaded = load_charter(re.split(r"^scores:", text, flags=re.M)[0] + "\n" + example, name="x")
    assert loaded.problems == ()
    assert list(loaded.charter.scores) == ["grid-service"]


def test_a_resident_who_comes_back_as_the_author_gives_a_verdict_too():
    text = TEXT.replace(
        "judge: {title: 评价, from: fixed, to: done, by: public",
        "judge: {title: 评价, from: fixed, to: done, by: author",
    )
    assert text != TEXT
    assert load_charter(text, name="x").problems == ()


def test_what_a_resident_writes_again_is_no_verdict():
    text = TEXT.replace("pleased: {type: int, min: 1, max: 5,", "pleased: {type: text,").replace(
        "avg(pleased)", "count(pleased)"
    )
    assert [one.code for one in load_charter(text, name="x").problems] == ["C314"]
