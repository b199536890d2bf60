"""The package's table against two libraries that draw on the notices independently."""

import datetime as dt

import pytest

from zhangfa.calendar import load_builtin_calendar
from zhangfa.calendar.table import read_row

FIRST, LAST = dt.date(2018, 1, 1), dt.date(2026, 12, 31)
EVERY_DAY = [FIRST + dt.timedelta(n) for n in range((LAST - FIRST).days + 1)]


def test_table_agrees_with_chinesecalendar():
    library = pytest.importorskip("chinese_calendar")
    ours = load_builtin_calendar()
    assert [day for day in EVERY_DAY if ours.is_workday(day) != library.is_workday(day)] == []


def test_table_agrees_with_holidays():
    library = pytest.importorskip("holidays").country_holidays("CN", years=range(2017, 2028))
    ours = load_builtin_calendar()
    assert [day for day in EVERY_DAY if ours.is_workday(day) != library.is_working_day(day)] == []


def test_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="half"):
        read_row({"date": "2026-01-01", "kind": "half", "name_zh": "元旦", "name_en": ""})
