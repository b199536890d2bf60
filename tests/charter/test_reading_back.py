"""What a charter yields without any further word: explanation, flow, burden, editor's schema."""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from zhangfa.charter.burden import burden, by_role
from zhangfa.charter.explain import explain
from zhangfa.charter.flow import CARD, PAD, draw_flow
from zhangfa.charter.lanes import Line, Run, lay_lanes, wide, wrap
from zhangfa.charter.load import load_charter, load_file
from zhangfa.charter.schema_json import json_schema

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "charters").glob("*.yaml")), ROOT / "tests" / "charter" / "good" / "small.yaml"]
CHARTERS = {path.stem: load_file(path).charter for path in FILES}
REGISTERS = [(charter, register) for charter in CHARTERS.values() for register in charter.registers.values()]
SVG = "{http://www.w3.org/2000/svg}"
LONG = "转交有管辖权的县直部门或者水电气暖通信企业的专业网格员承办并且告知居民"


def section(name, charter):
    return [line.zh for one in explain(charter) if one.id == name for line in one.lines]


def test_explain_says_who_may_see_the_phone():
    assert "联系电话加密保存，只有网格员、专业网格员看得到，每次查看留痕。" in section(
        "protect", CHARTERS["residents-requests"]
    )


def test_explain_says_each_deadline_with_its_start_and_end():
    assert (
        "“办结”须在最近一次“提交”或“改为受理”或“要求返工”之后 10 个工作日内；逾期告知镇街综治办，标为黄色预警。"
        in section("when", CHARTERS["residents-requests"])
    )


def test_explain_says_conditions_in_words():
    assert any("交接清单每一行都满足" in line for line in section("how", CHARTERS["leaders-handover"]))


@pytest.mark.parametrize("charter", CHARTERS.values(), ids=CHARTERS)
def test_every_line_is_a_sentence_in_both_languages(charter):
    for one in explain(charter):
        for line in one.lines:
            assert line.zh.endswith("。"), line.zh
            assert (line.en or "。").endswith((".", "。")), line.en


@pytest.mark.parametrize("charter", CHARTERS.values(), ids=CHARTERS)
def test_every_step_and_field_is_explained(charter):
    told = "".join(line.zh for one in explain(charter) for line in one.lines)
    for register in charter.registers.values():
        for thing in (*register.steps.values(), *register.fields.values(), *register.states.values()):
            assert thing.title.zh in told


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("charter", "register"), REGISTERS, ids=[f"{c.id}.{r.id}" for c, r in REGISTERS])
def test_flow_is_valid_svg_without_style_or_script(charter, register, language):
    drawn = draw_flow(register, language, charter=charter)
    root = ET.fromstring(drawn)
    assert root.tag == f"{SVG}svg"
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|href", drawn)
    assert root.find(f"{SVG}title").text
    assert root.get("aria-labelledby").split() == [
        root.find(f"{SVG}title").get("id"),
        root.find(f"{SVG}desc").get("id"),
    ]


@pytest.mark.parametrize(("charter", "register"), REGISTERS, ids=[f"{c.id}.{r.id}" for c, r in REGISTERS])
def test_flow_names_every_state_and_step(charter, register):
    told = "".join(ET.fromstring(draw_flow(register, "zh", charter=charter)).itertext())
    for thing in (*register.steps.values(), *register.states.values()):
        assert thing.title.zh in told


def test_flow_never_lets_texts_overlap_however_long():
    text = (ROOT / "charters" / "residents-requests.yaml").read_text()
    text = (
        text.replace("zh: 转部门", f"zh: {LONG}")
        .replace("zh: 待居民评价", f"zh: {LONG}等")
        .replace("zh: 网格员", f"zh: {LONG}人")
    )
    charter = load_charter(text, name="long.yaml").charter
    root = ET.fromstring(draw_flow(charter.registers["request"], "zh", charter=charter))
    boxes = [_box(one) for one in root.iter(f"{SVG}text")]
    left = min(box[0] for box in boxes)
    for index, one in enumerate(boxes):
        assert one[2] <= left + CARD - 2 * PAD + 1
        for other in boxes[index + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)


def _box(text):
    size = float(text.get("font-size"))
    width = wide(text.text, size)
    x = float(text.get("x")) - (width if text.get("text-anchor") == "end" else 0)
    y = float(text.get("y"))
    return x, y - size * 0.85, x + width, y + size * 0.15


def test_flow_is_no_wider_than_a_phone_shows():
    for charter, register in REGISTERS:
        assert float(ET.fromstring(draw_flow(register, charter=charter)).get("width")) <= 412


def test_lanes_never_share_a_height():
    lines = [
        Line(1, True, 100, [Run(0, False)]),
        Line(2, True, 60, [Run(20, False)]),
        Line(3, True, 300, [Run(200, False)]),
    ]
    assert lay_lanes(lines) == (0, 2)
    assert lines[0].lane != lines[1].lane


def test_wrap_keeps_closing_marks_with_their_word():
    assert wrap("甲乙丙丁，戊", 40, 10) == ["甲乙丙丁，", "戊"]
    assert wrap("Organisation office", 80, 10) == ["Organisation", "office"]


def test_burden_counts_fields_and_minutes_per_case():
    rows = {(row.step, row.role): row for row in burden(CHARTERS["residents-requests"])}
    submit = rows["submit", "public"]
    # opening 20 s + choice 6 + long text 90 + photos 40 + place 15 + phone 12 = 183 s
    assert (submit.fields, submit.minutes) == (5, Decimal("3.1"))
    assert ("lapse", "system") not in rows


def test_burden_multiplies_by_what_a_month_brings():
    rows = {(row.step, row.role): row for row in burden(CHARTERS["residents-requests"], {"request.accept": 240})}
    accept = rows["accept", "grid-worker"]
    assert (accept.monthly, accept.monthly_minutes) == (Decimal(240), accept.minutes * 240)


def test_burden_of_a_panel_counts_each_member():
    [row] = [row for row in burden(CHARTERS["lecture-team"]) if row.step == "trial"]
    assert row.monthly == 3


def test_burden_adds_the_minutes_a_charter_states():
    [row] = [row for row in burden(CHARTERS["small"]) if (row.step, row.role) == ("make", "keeper")]
    # 3 minutes + opening 20 s + datetime 12 + datetime 12 + long text 90 + phone 12 = 146 s
    assert row.minutes == Decimal("5.4")


def test_burden_counts_only_the_columns_a_party_fills_in():
    rows = {(row.step, row.role): row.fields for row in burden(CHARTERS["leaders-handover"])}
    assert rows["list", "outgoing"] == 19 * 4
    assert rows["agree", "incoming"] == 19 * 2


def test_by_role_sums_with_the_heaviest_first():
    titles = [title.zh for title, _, _ in by_role(burden(CHARTERS["leaders-handover"]))]
    assert titles[0] == "离任方"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_json_schema_accepts_good_charters(path):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(yaml.load(path.read_text(), Loader=_Plain), json_schema())


class _Plain(yaml.SafeLoader):
    """Dates stay texts, as JSON has none."""

    yaml_implicit_resolvers = {
        key: [(tag, regexp) for tag, regexp in found if tag != "tag:yaml.org,2002:timestamp"]
        for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }  # fmt: skip


def test_json_schema_describes_every_word_in_both_languages():
    schema = json_schema()
    words = {
        **schema["properties"],
        **{name: one for part in schema["$defs"].values() for name, one in part["properties"].items()},
    }
    assert all(" · " in one["description"] for one in words.values())
