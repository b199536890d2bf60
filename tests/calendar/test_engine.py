import datetime as dt
import json

import pytest

from zhangfa.calendar import engine
from zhangfa.calendar.models import CalendarYear
from zhangfa.log.models import Event
from zhangfa.refusal import Refusal

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
TABLE = """date,kind,name_zh,name_en
2027-02-06,holiday,春节,Spring Festival
2027-02-08,holiday,春节,Spring Festival
2027-02-20,workday,春节,Spring Festival
2026-12-31,holiday,元旦,New Year's Day
"""


def upload(text=TABLE, year=2027, key="k1"):
    return engine.upload_year(text=text, year=year, notice="国办发明电〔2026〕0号", by=None, at=AT, key=key)


def test_uploaded_year_is_in_force_at_once():
    assert engine.current_calendar().is_workday(dt.date(2027, 2, 8))
    upload()
    calendar = engine.current_calendar()
    assert calendar.announced(2027)
    assert not calendar.is_workday(dt.date(2027, 2, 8))
    assert calendar.is_workday(dt.date(2027, 2, 20))
    assert not calendar.is_workday(dt.date(2026, 12, 31))
    assert calendar.is_workday(dt.date(2026, 2, 14))


def test_what_must_come_out_the_same_is_reckoned_by_the_calendar_of_then():
    upload()
    assert engine.calendar_at(AT).announced(2027)
    assert not engine.calendar_at(AT - dt.timedelta(seconds=1)).announced(2027)


def test_upload_appends_one_event_for_one_key():
    upload()
    upload()
    [event] = Event.objects.filter(kind="calendar")
    assert json.loads(event.payload)["days"][0] == ["2026-12-31", "holiday", "元旦", "New Year's Day"]
    assert CalendarYear.objects.count() == 1


def test_later_upload_of_a_year_stands():
    upload()
    upload(text="date,kind,name_zh,name_en\n2027-02-09,holiday,春节,\n", key="k2")
    calendar = engine.current_calendar()
    assert calendar.is_workday(dt.date(2027, 2, 8))
    assert not calendar.is_workday(dt.date(2027, 2, 9))


def test_replayed_upload_gives_the_same_calendar():
    upload()
    event = Event.objects.get(kind="calendar")
    CalendarYear.objects.all().delete()
    engine.fold(json.loads(event.payload), event.ts)
    engine.forget()
    assert not engine.current_calendar().is_workday(dt.date(2027, 2, 8))


@pytest.mark.parametrize(
    ("row", "line", "sentence"),
    [
        ("2026-10-01,holiday,国庆节,", 2, "第 2 行：2026-10-01 不在 2027 年的安排之内。"),
        ("2027-10-01,half,国庆节,", 2, "第 2 行：“half”不是日子的种类：放假写 holiday，调休上班写 workday。"),
        ("10/1,holiday,国庆节,", 2, "第 2 行：“10/1”不是日期，请写成 2027-02-05 的样子。"),
        ("2027-10-01,holiday,,", 2, "第 2 行：缺少节日名称（name_zh）。"),
        ("2027-10-04,workday,国庆节,", 2, "第 2 行：2027-10-04 本来就是工作日，调休上班只能是周六或周日。"),
        (
            "2027-10-01,holiday,国庆节,\n2027-10-01,holiday,国庆节,",
            3,
            "第 3 行：日期 2027-10-01 出现了两次，每一天只能写一行。",
        ),
    ],
)
def test_wrong_row_is_refused_with_its_line(row, line, sentence):
    with pytest.raises(Refusal) as refused:
        upload(text=f"date,kind,name_zh,name_en\n{row}\n")
    assert refused.value.fields == {f"rows.{line}": sentence}
    assert not Event.objects.exists()


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "date,kind,name_zh,name_en\n", "\0", "x" * 200_000])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(Refusal):
        upload(text=text)


def test_other_process_sees_an_upload_within_two_seconds(monkeypatch):
    engine.current_calendar()
    CalendarYear.objects.create(
        year=2027, notice="", days='[["2027-02-08","holiday","春节","Spring Festival"]]', uploaded_at=AT
    )
    clock = engine.time.monotonic() + 1.5
    monkeypatch.setattr(engine.time, "monotonic", lambda: clock)
    assert not engine.current_calendar().is_workday(dt.date(2027, 2, 8))
