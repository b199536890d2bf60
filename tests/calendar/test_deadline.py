import datetime as dt
import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.calendar import SHANGHAI, Deadline, Extension, Pause, load_builtin_calendar, reckon_deadline
from zhangfa.calendar.deadline import UNITS

BUILTIN = load_builtin_calendar()


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def reckon(received: str, amount: int, unit: str, **more) -> Deadline:
    within = SimpleNamespace(amount=amount, unit=unit)
    return reckon_deadline(received=at(received), within=within, calendar=BUILTIN, **more)


def test_ten_workdays_over_spring_festival_are_explained():
    deadline = reckon("2024-02-05 10:00", 10, "workdays")
    assert deadline.due == at("2024-02-23 23:59:59")
    assert deadline.why.en == (
        "received 5 Feb 2024, not counted; 10 working days; 10–17 Feb Spring Festival, 18 Feb worked → 23 Feb 2024"
    )
    assert deadline.why.zh == (
        "2024年2月5日收到，当日不计；10个工作日；2月10日至17日春节放假、2月18日调休上班 → 2024年2月23日"
    )
    assert not deadline.provisional


@pytest.mark.parametrize(
    ("received", "amount", "unit", "due"),
    [
        ("2026-02-13 23:59", 1, "workdays", "2026-02-14 23:59:59"),  # a worked Saturday
        ("2026-02-14 09:00", 1, "workdays", "2026-02-24 23:59:59"),  # then nine days off
        ("2026-03-06 09:00", 7, "days", "2026-03-13 23:59:59"),
        ("2026-03-06 09:00", 2, "weeks", "2026-03-20 23:59:59"),
        ("2026-01-31 09:00", 1, "months", "2026-02-28 23:59:59"),
        ("2024-01-31 09:00", 1, "months", "2024-02-29 23:59:59"),
        ("2025-11-30 09:00", 1, "quarters", "2026-02-28 23:59:59"),
        ("2024-02-29 09:00", 1, "years", "2025-02-28 23:59:59"),
        ("2026-12-15 09:00", 3, "years", "2029-12-15 23:59:59"),
        ("2026-02-16 22:30", 24, "hours", "2026-02-17 22:30:00"),
        ("2026-02-16 23:50", 15, "minutes", "2026-02-17 00:05:00"),
    ],
)
def test_due_moment(received, amount, unit, due):
    assert reckon(received, amount, unit).due == at(due)


def test_day_of_receipt_is_the_day_in_shanghai():
    received = dt.datetime(2026, 3, 2, 16, 30, tzinfo=dt.UTC)  # 00:30 of 3 March in Shanghai
    within = SimpleNamespace(amount=1, unit="days")
    assert reckon_deadline(received=received, within=within, calendar=BUILTIN).due == at("2026-03-04 23:59:59")


def test_pause_stops_counting_from_its_first_day_until_the_day_before_it_ends():
    pause = Pause(at("2026-03-04 15:00"), at("2026-03-09 09:00"), "等待鉴定")
    deadline = reckon("2026-03-02 09:00", 5, "workdays", paused=[pause])
    # counted: 3, 9, 10, 11, 12 March
    assert deadline.due == at("2026-03-12 23:59:59")
    assert deadline.why.en == (
        "received 2 Mar 2026, not counted; 5 working days; paused 4–8 Mar 2026 (等待鉴定) → 12 Mar 2026"
    )
    assert deadline.why.zh == (
        "2026年3月2日收到，当日不计；5个工作日；2026年3月4日至8日中止，不计（等待鉴定） → 2026年3月12日"
    )


def test_pause_moves_a_deadline_in_hours_by_its_own_length():
    pauses = [(at("2026-03-02 12:00"), at("2026-03-02 14:00")), (at("2026-03-03 10:00"), at("2026-03-03 11:00"))]
    assert reckon("2026-03-02 09:00", 24, "hours", paused=pauses).due == at("2026-03-03 12:00:00")


def test_overlapping_pauses_count_once():
    pauses = [(at("2026-03-02 12:00"), at("2026-03-02 14:00")), (at("2026-03-02 13:00"), at("2026-03-02 15:00"))]
    assert reckon("2026-03-02 09:00", 4, "hours", paused=pauses).due == at("2026-03-02 16:00:00")


def test_pause_after_the_due_day_changes_nothing():
    late = Pause(at("2026-04-01 09:00"), at("2026-04-03 09:00"))
    deadline = reckon("2026-03-02 09:00", 5, "workdays", paused=[late])
    assert (deadline.due, deadline.pauses) == (at("2026-03-09 23:59:59"), ())


def test_extension_is_added_and_named():
    deadline = reckon("2026-03-02 09:00", 5, "workdays", extended=[Extension(3, "workdays", "案情复杂")])
    assert deadline.due == at("2026-03-12 23:59:59")
    assert deadline.why.zh == ("2026年3月2日收到，当日不计；5个工作日；延长3个工作日（案情复杂） → 2026年3月12日")


def test_year_without_a_notice_makes_it_provisional():
    deadline = reckon("2026-12-28 09:00", 5, "workdays")
    assert deadline.provisional
    assert deadline.unannounced == (2027,)
    assert deadline.why.en == (
        "received 28 Dec 2026, not counted; 5 working days → 4 Jan 2027 "
        "(provisional: the holidays of 2027 are not announced yet)"
    )


def test_calendar_days_are_never_provisional():
    assert not reckon("2026-12-28 09:00", 5, "days").provisional


def test_unknown_unit_is_a_mistake():
    with pytest.raises(ValueError, match="fortnights"):
        reckon("2026-03-02 09:00", 1, "fortnights")


def test_naive_moment_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        reckon_deadline(
            received=dt.datetime(2026, 3, 2), within=SimpleNamespace(amount=1, unit="days"), calendar=BUILTIN
        )


MOMENTS = st.datetimes(dt.datetime(2018, 1, 1), dt.datetime(2027, 12, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=SHANGHAI)
)
LENGTHS = st.builds(SimpleNamespace, amount=st.integers(0, 40), unit=st.sampled_from(sorted(UNITS)))
PAUSES = st.lists(
    st.tuples(MOMENTS, st.timedeltas(dt.timedelta(), dt.timedelta(60))).map(
        lambda pair: Pause(pair[0], pair[0] + dt.timedelta(seconds=int(pair[1].total_seconds())))
    ),
    max_size=3,
)


@given(MOMENTS, LENGTHS, PAUSES, st.lists(st.builds(Extension, st.integers(1, 9), st.sampled_from(sorted(UNITS)))))
def test_deadline_survives_json(received, within, pauses, extensions):
    deadline = reckon_deadline(received=received, within=within, calendar=BUILTIN, paused=pauses, extended=extensions)
    text = json.dumps(deadline.to_json(), ensure_ascii=False)
    assert Deadline.from_json(text) == deadline
    assert Deadline.from_json(text).why == deadline.why


@given(MOMENTS, LENGTHS, PAUSES)
def test_pause_never_brings_a_deadline_nearer(received, within, pauses):
    plain = reckon_deadline(received=received, within=within, calendar=BUILTIN)
    paused = reckon_deadline(received=received, within=within, calendar=BUILTIN, paused=pauses)
    assert plain.due <= paused.due


@given(MOMENTS, MOMENTS, LENGTHS)
def test_earlier_receipt_is_never_due_later(a, b, within):
    a, b = sorted((a, b))
    first, second = (reckon_deadline(received=one, within=within, calendar=BUILTIN).due for one in (a, b))
    assert first <= second
