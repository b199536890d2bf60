import datetime as dt
from decimal import Decimal

import pytest

from zhangfa.expression.scope import (
    bool_,
    choice,
    date_,
    datetime_,
    decimal_,
    int_,
    list_,
    person_,
    text_,
    time_,
    unit_,
)
from zhangfa.scores.book import read_book
from zhangfa.scores.values import SHANGHAI, NotRead, read_value

BOOK = read_book(
    "code,name,kind,parent\nA,甲,village,\nB,乙,village,\nC,乙,village,\n".encode(), "u.csv", "village", {}
)
TITLES = {"合格": "pass", "不合格": "fail"}
VERDICT = choice(("pass", "fail"))


@pytest.mark.parametrize(
    ("cell", "wanted", "expected"),
    [
        ("12", int_, 12),
        ("1,234", int_, 1234),
        ("12.0", int_, 12),
        ("12.5", decimal_(2), Decimal("12.50")),
        ("29.3%", decimal_(4), Decimal("0.2930")),
        ("2026-11-22", date_, dt.date(2026, 11, 22)),
        ("2026年1月2日", date_, dt.date(2026, 1, 2)),
        ("2026/1/2 9:05", datetime_, dt.datetime(2026, 1, 2, 9, 5, tzinfo=SHANGHAI)),
        ("2026-01-02T01:05:00+00:00", datetime_, dt.datetime(2026, 1, 2, 9, 5, tzinfo=SHANGHAI)),
        ("是", bool_, True),
        ("×", bool_, False),
        ("合格", VERDICT, "pass"),
        ("fail", VERDICT, "fail"),
        ("合格、不合格", list_(("pass", "fail")), ["pass", "fail"]),
        ("甲", unit_(), {"kind": "village", "name": "甲", "code": "A"}),
        ("A", person_, "A"),
        ("外人", person_, "外人"),
        ("随便", text_, "随便"),
        ("8:30", time_, dt.time(8, 30)),
    ],
)
def test_cells_are_read_as_their_type(cell, wanted, expected):
    assert read_value(cell, wanted, TITLES, BOOK) == expected


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("十", int_), ("1.5", int_), ("NaN", decimal_(2)), ("Infinity", int_), ("1.234", decimal_(2)),
        ("2026-13-01", date_), ("昨天", datetime_), ("2026-01-01 25:00", datetime_), ("也许", bool_), ("25点", time_),
        ("还行", VERDICT), ("丙", unit_()), ("乙", unit_()),
    ],
)  # fmt: skip
def test_cells_that_do_not_fit_are_refused_with_a_sentence(cell, wanted):
    with pytest.raises(NotRead) as refused:
        read_value(cell, wanted, TITLES, BOOK)
    assert cell in refused.value.said.zh
