"""A county's spreadsheets scored without a database; the figures are worked out by hand."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhangfa.cli.command import main

COUNTY = Path(__file__).parent / "county"
QUARTER = ["--score", "quarter", "--period", "2026-Q3", "--units", str(COUNTY / "units.csv")]
FACTS = ["--facts", f"courtyard={COUNTY / 'courtyards.csv'}", "--facts", f"visit={COUNTY / 'visits.csv'}"]


UNDATED = "“courtyard”的文件没有日期，全部行都计入本期。"


def run(*words):
    return CliRunner().invoke(main, ["try", str(COUNTY / "courtyards.yaml"), *words])


@pytest.fixture
def put(tmp_path):
    def write(name, text, encoding="utf-8"):
        (tmp_path / name).write_text(text, encoding=encoding)
        return str(tmp_path / name)

    return write


# 鱼山街道: 1 of 2 courtyards built, so 0.5 → 100 × 50 % = 50; random checks 90 and 80 in the quarter, mean 85 →
# (85 − 60) / 40 = 62.5 × 50 % = 31.25; together 81.25. 胡集镇: 2 of 3, 50; one check of 70 → 25 × 50 % = 12.5; 62.50.
# 羊山镇 has no courtyard, and its two rows cannot be read: not reported.
def test_towns_are_scored_from_villages_and_households():
    found = json.loads(run(*QUARTER, *FACTS, "--json").stdout)
    assert [(one["code"], one["total"], one["rank"], one["tier"], one["status"]) for one in found["results"]] == [
        ("T1", "81.25", "1", "good", "ranked"),
        ("T2", "62.50", "2", "rest", "ranked"),
        ("T3", None, None, "", "not_reported"),
    ]
    assert found["results"][0]["indicators"]["checks"] == {"value": "85", "facts": 2, "points": "62.5"}
    assert [one["zh"] for one in found["remarks"]] == [UNDATED]


def test_rows_that_cannot_be_read_are_named_and_end_with_one():
    ended = run(*QUARTER, *FACTS, "--json")
    found = json.loads(ended.stdout)["problems"]
    assert ended.exit_code == 1
    assert [(one["file"], one["line"], one["column"]) for one in found] == [
        ("visits.csv", 7, "厨厕分"),
        ("visits.csv", 8, "单位"),
        ("visits.csv", 9, "复核日期"),
    ]
    assert found[0]["zh"] == "“四十四”不是数。这一行没有计入。"


def test_the_order_of_rows_and_the_encoding_change_nothing(put):
    lines = (COUNTY / "visits.csv").read_text().splitlines()
    turned = put("visits.csv", "\n".join([lines[0], *reversed(lines[1:])]), "gb18030")
    facts = ["--facts", f"courtyard={COUNTY / 'courtyards.csv'}", "--facts", f"visit={turned}"]
    digests = {json.loads(run(*QUARTER, *given, "--json").stdout)["digest"] for given in (FACTS, facts)}
    assert len(digests) == 1


def test_a_year_is_scored_from_its_quarters(put):
    first = run(*QUARTER, *FACTS, "--csv").stdout
    second = first.replace("2026-Q3", "2026-Q4").replace("2026-09-30", "2026-12-31").replace("81.25", "90.00")
    files = [word for n, text in enumerate((first, second)) for word in ("--facts", f"score={put(f'{n}.csv', text)}")]
    ended = run("--score", "year", "--period", "2026", "--units", str(COUNTY / "units.csv"), *files, "--json")
    found = json.loads(ended.stdout)["results"]
    # 鱼山街道 (81.25 + 90.00) / 2 = 85.625 → 85.63; 胡集镇 62.50 twice
    assert [(one["code"], one["total"]) for one in found] == [("T1", "85.63"), ("T2", "62.50"), ("T3", None)]


def test_why_names_each_step_and_the_way_to_the_next_rank():
    ended = run(*QUARTER, *FACTS, "--why", "T2")
    assert ended.stdout.splitlines() == [
        "胡集镇：第 2 名（共 2），总分 62.50",
        "  创建率：3 条事实，得 0.6667；0.5 得 100 分，0 得 0 分，其间按比例 → 得 100 分；占 50%，计入 50 分。",
        "  抽查得分：1 条事实，得 70；100 得 100 分，60 得 0 分，其间按比例 → 得 25 分；占 50%，计入 12.5 分。",
        "距第 1 名（81.25）差 18.75 分。单靠一项赶上：",
        "  创建率：单靠这一项赶不上",
        "  抽查得分：达到 84.996",
    ]


def test_facts_not_given_are_not_reported_and_said():
    found = json.loads(run(*QUARTER, *FACTS[:2], "--json").stdout)
    assert {one["status"] for one in found["results"]} == {"not_reported"}
    assert found["remarks"][0]["zh"].startswith("没有给出“visit”的数据")


def test_a_column_an_indicator_reads_is_missed(put):
    visits = put("v.csv", "单位,复核日期,庭院分,厨厕分\nV1,2026-07-03,45,45\n")
    found = json.loads(run(*QUARTER, *FACTS[:2], "--facts", f"visit={visits}", "--json").stdout)
    assert [one["en"] for one in found["remarks"][1:]] == [
        "The file of 'visit' has no column 'kind', which indicator 'checks' reads: taken as empty."
    ]


def test_rows_without_a_date_are_left_out_and_counted(put):
    visits = put("v.csv", "单位,复核日期,庭院分,厨厕分,方式\nV1,2026-07-03,45,45,抽查\nV2,,45,45,抽查\n")
    found = json.loads(run(*QUARTER, *FACTS[:2], "--facts", f"visit={visits}", "--json").stdout)
    assert [one["indicators"]["checks"]["facts"] for one in found["results"]] == [1, 0, 0]
    assert [one["zh"] for one in found["remarks"]] == [UNDATED, "“visit”有 1 行没有日期，没有计入。"]


def test_a_quote_that_never_ends_is_one_problem(put):
    visits = put("v.csv", '单位,复核日期\nV1,"2026-07-03\n')
    found = json.loads(run(*QUARTER, "--facts", f"visit={visits}", "--json").stdout)
    assert [one["line"] for one in found["problems"]] == [0]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("代码,名称,类型\nT1,鱼山,镇街\nT1,胡集,镇街\n", 3, "代码 T1 与第 2 行重复。"),
        ("代码,名称,类型,上级\nT1,鱼山,镇街,370828\n", 2, "表中没有上级“370828”。"),
        ("甲,乙\n1,2\n", 1, "没有“代码”或“名称”一列。"),
    ],
)
def test_problems_of_the_units_are_named(put, text, line, said):
    words = ["--score", "quarter", "--period", "2026-Q3", "--units", put("u.csv", text), "--json"]
    found = json.loads(run(*words).stdout)["problems"]
    assert [(one["line"], one["zh"]) for one in found] == [(line, said)]


@pytest.mark.parametrize(
    "words",
    [
        ["--score", "month", "--period", "2026-Q3", "--units", str(COUNTY / "units.csv")],
        ["--score", "quarter", "--period", "2026-07", "--units", str(COUNTY / "units.csv")],
        [*QUARTER, "--facts", "visits.csv"],
        [*QUARTER, "--facts", f"visitt={COUNTY / 'visits.csv'}"],
        [*QUARTER, *FACTS, "--why", "T9"],
    ],
)
def test_wrong_use_ends_with_two_and_a_sentence(words):
    ended = run(*words)
    assert (ended.exit_code, "Traceback" in ended.output) == (2, False)


def test_the_ranking_is_a_table_for_the_eye():
    lines = run(*QUARTER, *FACTS).stdout.splitlines()
    assert lines[0] == "镇街季度排名 · 2026年第3季度"
    assert lines[2] == "1       T1    鱼山街道（370828）  81.25  先进  0.5     85"


def test_a_register_kept_once_per_unit_is_a_property_of_it():
    words = ["--score", "villages", "--period", "2026-09", "--units", str(COUNTY / "units.csv"), *FACTS[:2], "--json"]
    found = json.loads(run(*words).stdout)["results"]
    # 张庄村 1 of 2 households, 李楼村 2 of 3, 王集村 none at all; each alone in its town
    assert [(one["code"], one["group"], one["total"], one["rank"]) for one in found] == [
        ("V1", "T1", "50.00", "1"),
        ("V2", "T2", "66.67", "1"),
        ("V3", "T3", None, None),
    ]


def test_people_are_scored_by_what_is_about_them(put):
    people = "代码,姓名,角色,所属\nT1,鱼山,镇街,\nV1,张庄,村,T1\nP1,王兰,村妇联主席,V1\n"
    people += "P2,李芳,village-women,V1\nP3,赵静,village-women,V1\n"
    talks = "对象,单位,分值,评分,日期\n" + "".join(
        f"王兰,V1,{points},{mark},2026-03-0{day}\n"
        for day, (points, mark) in enumerate(((15, 6), (9.5, 8), (0, 9), (1, 10)), 1)
    )
    talks += "P2,V1,-2,7,2026-05-05\nP2,V1,0,7,2026-07-01\n"
    words = ["--score", "women", "--period", "2026-H1", "--units", put("p.csv", people)]
    found = json.loads(run(*words, "--facts", f"talk={put('t.csv', talks)}", "--json").stdout)
    # 王兰: 60 + 20 (of 25.5) + marks 8 and 9 of 6 8 9 10, mean 8.5 of 10 → 85; 165. 李芳: the malus of a bonus is none,
    # one mark is too few to trim, so left out: nothing weighted was reported. 赵静: nothing at all.
    assert [(one["name"], one["group"], one["total"], one["status"]) for one in found["results"]] == [
        ("王兰", "T1", "165.00", "ranked"),
        ("李芳", "T1", None, "not_reported"),
        ("赵静", "T1", None, "not_reported"),
    ]


def test_a_file_without_anybody_to_score_says_so():
    words = ["--score", "women", "--period", "2026-H1", "--units", str(COUNTY / "units.csv"), "--json"]
    assert json.loads(run(*words).stdout)["remarks"][0]["zh"] == "单位表里没有要考核的“village-women”。"


def test_other_weights_can_be_tried():
    # 鱼山街道 100 × 0.2 + 62.5 × 0.8 = 70; 胡集镇 20 + 25 × 0.8 = 40
    lines = run(*QUARTER, *FACTS, "--weight", "rate=20", "--weight", "checks=80").stdout.splitlines()
    assert [line.split() for line in lines[1:3]] == [
        ["名次", "原名次", "变化", "代码", "名称", "总分", "原总分"],
        ["1", "1", "T1", "鱼山街道", "70.00", "81.25"],
    ]
    assert lines[-1] == "上升 0 个，下降 0 个。 0 gain, 0 lose."


def test_bands_and_single_indicators_can_be_looked_at():
    lines = run(*QUARTER, *FACTS, "--bands").stdout.splitlines()
    assert lines[2].split() == ["1", "T1", "鱼山街道", "1", "1", "1", "100%"]
    lines = run(*QUARTER, *FACTS, "--each").stdout.splitlines()
    # without the checks both towns have 100 and share the first place
    assert [line.split() for line in lines[2:]] == [["创建率", "0", "0"], ["抽查得分", "1", "0", "胡集镇", "1"]]


@pytest.mark.parametrize("words", [["--weight", "rate"], ["--weight", "rait=3"], ["--target", "rate=0"]])
def test_changes_that_cannot_be_tried_end_with_two(words):
    ended = run(*QUARTER, *FACTS, *words)
    assert (ended.exit_code, "Traceback" in ended.output) == (2, False)
