import datetime as dt

import pytest

from zhangfa.charter.model import Season, Text
from zhangfa.scores.period import NoPeriod, following, period_of, periods_within, previous, read_period

SPRING = Season("spring-contest", Text("春季擂台", "Spring contest"), dt.date(2026, 3, 5), dt.date(2026, 5, 20))
SEASONS = {SPRING.id: SPRING}


@pytest.mark.parametrize(
    ("written", "every", "start", "end", "zh", "en"),
    [
        ("2026-09", "month", "2026-09-01", "2026-09-30", "2026年9月", "September 2026"),
        ("2024-02", "month", "2024-02-01", "2024-02-29", "2024年2月", "February 2024"),
        ("2026-Q4", "quarter", "2026-10-01", "2026-12-31", "2026年第4季度", "Q4 2026"),
        ("2026-H1", "half-year", "2026-01-01", "2026-06-30", "2026年上半年", "first half of 2026"),
        ("2026-H2", "half-year", "2026-07-01", "2026-12-31", "2026年下半年", "second half of 2026"),
        ("2026", "year", "2026-01-01", "2026-12-31", "2026年", "2026"),
        ("spring-contest", "spring-contest", "2026-03-05", "2026-05-20", "春季擂台", "Spring contest"),
    ],
)
def test_periods_are_read_as_written(written, every, start, end, zh, en):
    period = read_period(written, every, SEASONS)
    assert (period.id, period.start.isoformat(), period.end.isoformat()) == (written, start, end)
    assert (period.title.zh, period.title.en) == (zh, en)


@pytest.mark.parametrize(
    ("written", "every"),
    [("2026-Q5", "quarter"), ("2026-13", "month"), ("2026", "quarter"), ("0000", "year"), ("autumn", "spring-contest")],
)
def test_anything_else_is_refused_with_an_example(written, every):
    with pytest.raises(NoPeriod) as refused:
        read_period(written, every, SEASONS)
    assert written in refused.value.said.zh


@pytest.mark.parametrize("every", ["month", "quarter", "half-year", "year"])
def test_the_one_before_the_one_after_is_itself(every):
    for day in (dt.date(2026, 1, 1), dt.date(2026, 6, 30), dt.date(2026, 12, 31)):
        period = period_of(day, every)
        assert day in period
        assert previous(following(period)) == period


def test_a_season_has_neither():
    period = read_period("spring-contest", "spring-contest", SEASONS)
    assert (previous(period), following(period)) == (None, None)


def test_a_quarter_is_made_of_its_months():
    months = periods_within(read_period("2026-Q3", "quarter", {}), "month")
    assert [one.id for one in months] == ["2026-07", "2026-08", "2026-09"]
