import datetime
import json
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.log.canonical import NotCanonical, canonical, is_canonical

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
)


@given(values)
def test_canonical_equals_the_standard_library_and_reads_back(value: object) -> None:
    text = canonical(value)
    assert text == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(text) == value
    assert is_canonical(text)


def test_canonical_sorts_keys_and_leaves_no_space() -> None:
    assert canonical({"里": [1, None, True], "b": {"d": "é", "c": -1}, "a": ""}) == (
        '{"a":"","b":{"c":-1,"d":"é"},"里":[1,null,true]}'
    )


@pytest.mark.parametrize(
    "value",
    [1.5, {"a": [1, {"b": 2.0}]}, 2**63, -(2**63) - 1, Decimal("1"), datetime.date(2026, 1, 1),
     uuid.UUID(int=1), {1: "a"}, {"a": {1, 2}}, b"x", "\ud800"],
)  # fmt: skip
def test_canonical_refuses_what_has_no_single_form(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize("text", ['{"a": 1}', '{"b":1,"a":2}', '{"a":1.0}', "{", '{"a":1,"a":1}', '"\\u00e9"'])
def test_is_canonical_refuses_other_spellings(text: str) -> None:
    assert not is_canonical(text)
