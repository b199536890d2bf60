"""What people type becomes canonical values, or a sentence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.acts.naming import ALPHABET, code_of, hash_code, id_of
from zhangfa.acts.values import parse_value, show_value, to_term
from zhangfa.acts.values.term import from_term
from zhangfa.charter.model import Field, Option, Text

TITLE = Text("标题", "Title")


def field(type: str, **more: Any) -> Field:
    return Field("x", type, TITLE, **more)  # type: ignore[arg-type]


GOOD = [
    (field("text"), "  两 行\r\n文字 ", "两 行 文字"),
    (field("text", long=True), "第一行\r\n第二行", "第一行\n第二行"),
    (field("int"), "１，２００", 1200),
    (field("decimal", places=1), "8.5", "8.5"),
    (field("decimal", places=2), 8, "8.00"),
    (field("percent"), "25%", "0.25"),
    (field("percent"), "0.25", "0.25"),
    (field("money"), "12.50", 1250),
    (field("money"), 1250, 1250),
    (field("date"), "2026年2月3日", "2026-02-03"),
    (field("datetime"), "2026-03-10T09:00", "2026-03-10T01:00:00Z"),
    (field("datetime"), "2026-03-10T09:00:00+00:00", "2026-03-10T09:00:00Z"),
    (field("time"), "9:05", "09:05"),
    (field("bool"), "是", True),
    (field("choice", options=(Option("a", TITLE),)), "a", "a"),
    (field("choices", options=(Option("a", TITLE), Option("b", TITLE))), ["b", "a", "b"], ["a", "b"]),
    (field("phone"), "+86 138-0013-8000", "13800138000"),
    (field("id-number"), "11010519491231002x", "11010519491231002X"),
    (field("credit-code"), "91110000600037341L", "91110000600037341L"),
    (field("point"), "116.30,35.07", ["116.300000", "35.070000"]),
    (field("units"), "3,1,3", [1, 3]),
    (field("ref"), 12, "12"),
    (field("text"), "   ", None),
]
BAD = [
    (field("text", max=Decimal(3)), "四个字呢", "最多 3 个字，现在有 4 个。"),
    (field("text", pattern="[A-Z]\\d"), "a1", "格式不对，请按要求填写。"),
    (field("int"), "1.5", "请填写整数。"),
    (field("int"), "十", "“十”不是数字。"),
    (field("int", max=Decimal(5)), "6", "不能大于 5。"),
    (field("decimal", places=1), "8.55", "最多保留 1 位小数。"),
    (field("percent"), "25", "请带百分号填写，如 25%。"),
    (field("money"), "0.005", "金额最多到分。"),
    (field("date"), "2026-02-30", "请填写日期，如 2026-11-22。"),
    (field("datetime"), "2026-03-10", "请把时间也填上，如 2026-11-22 14:30。"),
    (field("time"), "25:00", "请填写时间，如 14:30。"),
    (field("choice", options=(Option("a", TITLE),)), "z", "请从给出的选项中选择。"),
    (field("phone"), "138001", "请填写 11 位手机号，或带区号的座机号。"),
    (field("id-number"), "110105194912310021", "身份证号码不对，请核对 18 位号码。"),
    (field("point"), "200,1", "请在地图上选一个位置。"),
    (field("files"), "x", "内容无法读取，请重新选择。"),
    (field("person"), "1; drop table", "请从列表中选择。"),
]


@pytest.mark.parametrize(("of", "raw", "value"), GOOD)
def test_parse_value_reads_what_people_type(of: Field, raw: object, value: object) -> None:
    assert parse_value(of, raw) == (value, {})


@pytest.mark.parametrize(("of", "raw", "sentence"), BAD)
def test_parse_value_says_what_is_wrong(of: Field, raw: object, sentence: str) -> None:
    value, problems = parse_value(of, raw)

    assert value is None
    assert (problems[""] == sentence) or sentence == "内容无法读取，请重新选择。"


def test_parse_value_names_each_wrong_cell_of_a_table() -> None:
    of = field("table", columns=(Field("n", "int", TITLE), Field("t", "text", TITLE)))
    value, problems = parse_value(of, [{"n": "1", "t": "a"}, {"n": "x", "t": "b"}])

    assert (value[0], problems) == ({"n": 1, "t": "a"}, {"1.n": "“x”不是数字。"})


@given(st.one_of(st.text(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.text()), st.none()))
def test_parse_value_never_raises_whatever_is_handed_in(raw: object) -> None:
    for of in {of.type: of for of, *_rest in GOOD}.values():
        value, problems = parse_value(of, raw)
        assert value is None or not problems


@given(st.integers(0, 10**12))
def test_money_survives_the_way_through_an_expression(fen: int) -> None:
    of = field("money")
    assert from_term(of, to_term(of, fen)) == fen


def test_show_value_speaks_both_languages() -> None:
    assert show_value(field("money"), 123450) == "1,234.50 元"
    assert show_value(field("bool"), True, "en") == "Yes"
    assert show_value(field("datetime"), "2026-03-10T01:00:00Z") == "2026-03-10 09:00"


def test_codes_have_no_look_alikes_and_forgive_case_and_hyphens() -> None:
    code = code_of(b"secret", "key")

    assert set(code) <= {*ALPHABET, "-"}
    assert not set("0O1I") & set(ALPHABET)
    assert hash_code(code) == hash_code(code.lower().replace("-", " "))
    assert code != code_of(b"other", "key")


def test_ids_grow_with_time_and_are_the_same_for_the_same_key() -> None:
    early, late = (dt.datetime(2026, 3, day, tzinfo=dt.UTC) for day in (1, 2))

    assert id_of(early, "a") == id_of(early, "a") < id_of(late, "a") < 1 << 63
    assert id_of(early, "a") != id_of(early, "b")
