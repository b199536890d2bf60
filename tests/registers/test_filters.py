import datetime as dt
from types import MappingProxyType

import pytest
from django.http import QueryDict

from zhangfa.charter.model import Field, Register, Text
from zhangfa.registers.filters import Filter, read_filter

FIELDS = {
    "category": Field("category", "choice", Text("类别")),
    "stars": Field("stars", "int", Text("满意度")),
    "phone": Field("phone", "phone", Text("电话"), sensitive="personal"),
    "secret": Field("secret", "choice", Text("密"), sensitive="personal"),
}
REGISTER = Register(
    "request", Text("诉求"), ("grid",), MappingProxyType(FIELDS), MappingProxyType({}), MappingProxyType({})
)
STATES = {"submitted": None, "closed": None}


def read(query: str) -> Filter:
    return read_filter(QueryDict(query), REGISTER, STATES)


def test_a_whole_address_is_read():
    address = (
        "state=submitted&unit=7&due=late&q=井盖&field.category=other&from=2026-01-01&to=2026-02-01"
        "&sort=due&columns=state,label&view=board"
    )
    assert read(address) == Filter(
        view="board", states=("submitted",), unit=7, due="late", q="井盖", fields=(("category", "other"),),
        since=dt.date(2026, 1, 1), until=dt.date(2026, 2, 1), sort="due", columns=("state", "label"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "state=nowhere",
        "unit=x",
        "unit=²",
        "due=soon",
        "from=2026-13-01",
        "sort=colour",
        "view=map",
        "after=1",
        "after=x-2",
        "month=2026-1",
    ],
)
def test_wrong_words_of_an_address_are_left_out(query):
    assert read(query) == Filter()


def test_sensitive_fields_cannot_be_filtered_by():
    assert read("field.phone=13800000000&field.secret=a") == Filter()


def test_two_inputs_make_a_range():
    assert read("field.stars.from=2&field.stars.to=4").fields == (("stars", "2..4"),)


def test_address_and_filter_are_each_others_inverse():
    chosen = read(
        "state=submitted&state=closed&unit=7&q=井盖&field.stars=2..4&from=2026-01-01&columns=label&view=calendar&month=2026-02"
    )
    assert read(chosen.address().removeprefix("?")) == chosen


def test_an_empty_filter_has_an_empty_address():
    assert Filter().address() == "?"


def test_changing_a_part_goes_back_to_the_first_page():
    assert Filter(after="5-6", q="a").but(q="b") == Filter(q="b")


@pytest.mark.parametrize(
    ("query", "beyond"),
    [
        ("state=closed&due=late&q=井盖", False),
        ("state=closed&unit=7", True),
        ("due=none", True),
        ("field.category=other", True),
        ("from=2026-01-01", True),
    ],
)
def test_a_filter_says_whether_it_goes_beyond_the_chips(query: str, beyond: bool):
    assert read(query).beyond_chips is beyond
