import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.calendar import SpecialDay, Text, WorkCalendar, Year, load_builtin_calendar

BUILTIN = load_builtin_calendar()
DAYS = st.dates(dt.date(2017, 12, 1), dt.date(2028, 1, 31))
FESTIVAL = Text("春节", "Spring Festival")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_workdays_follow_the_notice_of_2026():
    make_up = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    weekends = (dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(365))
    worked = [d.isoformat() for d in weekends if d.weekday() > 4 and BUILTIN.is_workday(d)]
    assert worked == make_up
    assert sum(not BUILTIN.is_workday(day("2026-02-15") + dt.timedelta(n)) for n in range(9)) == 9


def test_name_of_a_holiday_a_make_up_day_and_an_ordinary_day():
    assert BUILTIN.name_of(day("2026-02-17")) == FESTIVAL
    assert BUILTIN.name_of(day("2026-02-14")) == Text("春节调休上班", "make-up working day for Spring Festival")
    assert BUILTIN.name_of(day("2026-03-03")) is None


@pytest.mark.parametrize(
    ("year", "notice"),
    [(2022, "国办发明电〔2021〕11号"), (2024, "国办发明电〔2023〕7号"), (2026, "国办发明电〔2025〕7号")],
)
def test_notice_is_cited_for_each_announced_year(year, notice):
    assert BUILTIN.announced(year)
    assert BUILTIN.notice(year) == notice


def test_year_without_a_notice_has_weekends_only():
    assert not BUILTIN.announced(2027)
    assert BUILTIN.is_workday(day("2027-10-01"))
    assert not BUILTIN.is_workday(day("2027-10-02"))


def test_december_days_belong_to_the_next_years_notice():
    [year] = [one for one in BUILTIN.years() if one.year == 2019]
    assert year.days[0] == SpecialDay(day("2018-12-29"), "workday", Text("元旦", "New Year's Day"))


def test_with_year_replaces_that_year_and_leaves_the_others():
    changed = BUILTIN.with_year(Year(2026, "新", (SpecialDay(day("2026-03-02"), "holiday", FESTIVAL),)))
    assert not changed.is_workday(day("2026-03-02"))
    assert changed.is_workday(day("2026-02-17"))
    assert not changed.is_workday(day("2025-10-01"))
    assert BUILTIN.is_workday(day("2026-03-02"))


def test_stretches_gather_consecutive_days():
    found = BUILTIN.stretches(day("2024-02-05"), day("2024-02-29"))
    assert [(s.first.day, s.last.day, s.kind) for s in found] == [(10, 17, "holiday"), (18, 18, "workday")]


@given(DAYS, st.integers(1, 300))
def test_between_is_the_inverse_of_add(start, n):
    end = BUILTIN.add_workdays(start, n)
    assert BUILTIN.is_workday(end)
    assert BUILTIN.workdays_between(start, end) == n
    back = BUILTIN.add_workdays(start, -n)
    assert BUILTIN.is_workday(back)
    assert BUILTIN.workdays_between(start, back) == -n


@given(DAYS, st.integers(0, 300))
def test_add_is_a_walk_from_day_to_day(start, n):
    end, left = start, n
    while left:
        end += dt.timedelta(1)
        left -= BUILTIN.is_workday(end)
    assert BUILTIN.add_workdays(start, n) == end


@given(DAYS, DAYS)
def test_between_counts_each_day_once(a, b):
    a, b = sorted((a, b))
    days = (a + dt.timedelta(n) for n in range(1, (b - a).days + 1))
    assert BUILTIN.workdays_between(a, b) == sum(map(BUILTIN.is_workday, days))


@given(DAYS, DAYS, st.integers(0, 60))
def test_add_never_turns_the_order_round(a, b, n):
    a, b = sorted((a, b))
    assert BUILTIN.add_workdays(a, n) <= BUILTIN.add_workdays(b, n)
    assert BUILTIN.add_workdays(a, n) <= BUILTIN.add_workdays(a, n + 1)


@given(DAYS, DAYS, DAYS)
def test_between_adds_up(a, b, c):
    a, b, c = sorted((a, b, c))
    assert BUILTIN.workdays_between(a, c) == BUILTIN.workdays_between(a, b) + BUILTIN.workdays_between(b, c)


def test_empty_calendar_knows_weekends():
    assert WorkCalendar().add_workdays(day("2026-10-01"), 1) == day("2026-10-02")
