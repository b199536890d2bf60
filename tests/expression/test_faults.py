from __future__ import annotations

import pytest
from tests.expression.test_drafts import PANEL, SCOPE

from zhangfa.expression import (
    Scope,
    any_,
    bool_,
    choice,
    decimal_,
    evaluate,
    int_,
    parse_expression,
    table,
    text_,
    unit_,
)


def faults_of(source: str, scope: Scope = SCOPE, **wants: object) -> list[tuple[str, int, str]]:
    _, faults = parse_expression(source, scope, **wants)  # type: ignore[arg-type]
    return [(fault.code, fault.offset, fault.hint_en) for fault in faults]


def test_all_faults_are_told_at_once_in_order() -> None:
    assert faults_of("kind in ('industy', 'finance') and makr > 2 and rond(mark) = 1") == [
        ("E115", 9, "Did you mean `industry`?"),
        ("E110", 35, "Did you mean `mark`?"),
        ("E111", 48, "Did you mean `round`?"),
    ]


@pytest.mark.parametrize(
    ("source", "offset"),
    [("mark >= 1 and\n  makr = 2", 16), ("  makr", 2), ("'甲乙丙' = makr", 8), ("abs(\n\n makr)", 7), ("mark\n >", 6)],
)
def test_fault_points_at_its_place(source: str, offset: int) -> None:
    assert [at for _, at, _ in faults_of(source)] == [offset]


def test_option_is_checked_wherever_a_choice_meets_a_text() -> None:
    for source in ("kind = 'x'", "'x' <> kind", "kind in ('x')", "case kind when 'x' then 1 end"):
        assert [code for code, _, _ in faults_of(source)] == ["E115"], source
    for source in ("kind = 'industry'", "lower(kind) = 'x'", "kind = step", "kind like 'x%'"):
        assert faults_of(source) == [], source


def test_result_is_held_against_the_options_wanted() -> None:
    source = "case when trimmed_mean(mark, 0) >= 8 then 'on-ofer' else 'drafted' end"
    states = choice(["on-offer", "drafted"])
    assert faults_of(source, PANEL, wants=states) == [("E115", 0, "Did you mean `on-offer`?")]
    assert faults_of(source.replace("ofer", "offer"), PANEL, wants=states) == []


def test_result_of_another_type_is_a_fault() -> None:
    assert faults_of("mark + 1", wants="bool") == [("E116", 0, "")]
    assert faults_of("mark / 2", wants="int") == [("E116", 0, "Make it whole by ceil or floor")]
    assert faults_of("null", wants="bool") == []


def test_wanted_decimal_rounds_to_its_places() -> None:
    expression, _ = parse_expression("mark / 3", SCOPE, wants=decimal_(2))
    assert expression is not None
    assert str(evaluate(expression, {"mark": 200})) == "66.67"


def test_names_of_rows_are_no_names_of_the_record() -> None:
    expression, _ = parse_expression("every(items, content is not null) and days_since(opened) > 3", SCOPE)
    assert expression is not None
    assert expression.names == {"items", "opened", "today"}


def test_column_goes_before_a_field_of_the_same_name() -> None:
    scope = Scope({"mark": text_, "items": table({"mark": int_})})
    expression, faults = parse_expression("any(items, mark > 3) and mark = 'a'", scope)
    assert expression is not None, faults
    assert evaluate(expression, {"mark": "a", "items": [{"mark": 4}]}) is True
    assert evaluate(expression, {"mark": "a", "items": [{}]}) is False


def test_function_outside_the_scope_is_a_fault() -> None:
    assert [code for code, _, _ in faults_of("length(s)", Scope({"s": text_}, functions=frozenset({"abs"})))] == [
        "E123"
    ]
    assert [code for code, _, _ in faults_of("days_since('2026-01-01')", Scope({}))] == ["E123"]


def test_unknown_type_passes_every_check() -> None:
    assert faults_of("x.y.z > 3 and x.p and x.s like 'a%' and length(x.s) > 1", Scope({"x": any_})) == []


def test_unit_has_kind_name_code_and_its_properties() -> None:
    scope = Scope({"unit": unit_({"courtyard": choice(["built"])})})
    assert faults_of("unit.kind = 'village' and unit.courtyard = 'built' and unit.name is not null", scope) == []
    assert faults_of("unit.knd = 'village'", scope) == [("E110", 0, "Did you mean `kind`?")]


def test_scopes_of_the_same_names_are_equal() -> None:
    one, other = (Scope({"a": int_, "t": table({"p": bool_})}, shared={"b": text_}) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != Scope({"a": int_})
    assert parse_expression("a > 1", one)[0] is parse_expression("a > 1", other)[0]


def test_keyword_or_kebab_name_is_written_in_double_quotes() -> None:
    scope = Scope({"from-on": int_, "end": int_, "order": int_, "count": int_})
    assert faults_of('"from-on" + "end" + order + count > 0', scope) == []
