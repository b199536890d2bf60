"""Several people at once, with real commits on whichever database is set."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.acts.county import FILE, County, build_county, moment
from tests.threads import at_once

from zhangfa.acts import verbs
from zhangfa.acts.clock import tick
from zhangfa.acts.engine import Outcome
from zhangfa.acts.invariants import broken, i1_acknowledged_is_logged
from zhangfa.acts.models import Booking, Outbox, Record, Task
from zhangfa.acts.refusal import Refusal
from zhangfa.log.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
REQUEST = "residents-requests.request"
LECTURE = "lecture-team.lecture"
TOPIC = "lecture-team.topic"


@pytest.fixture
def busy(transactional_db: None) -> County:
    """A county whose rows are really committed."""
    return build_county()


def test_double_submit_in_parallel_opens_one_record(busy: County) -> None:
    data = {"category": "other", "content": "路灯不亮了", "phone": "13800138000"}

    def submit() -> Outcome:
        return busy.take("residents-requests.request", "submit", "public", unit="g1", key="one", data=data)

    answers = at_once([submit] * 8)

    assert {(one.record, one.number, one.code) for one in answers} == {
        (answers[0].record, answers[0].number, answers[0].code)
    }
    assert (Record.objects.count(), sum(not one.repeated for one in answers)) == (1, 1)
    assert broken() == []
    assert list(i1_acknowledged_is_logged(answers)) == []


def test_two_people_take_the_same_step_and_one_wins(busy: County) -> None:
    opened = busy.request()
    answers = at_once(
        [lambda name=name, n=n: busy.take(REQUEST, "accept", name, key=f"a{n}", record=opened.record, version=1)
         for n, name in enumerate(["wang", "li"] * 4)]
    )  # fmt: skip

    won = [one for one in answers if isinstance(one, Outcome)]
    lost = [one for one in answers if isinstance(one, Refusal)]
    assert (len(won), len(lost), {one.code for one in lost}) == (1, 7, {"changed"})
    assert Event.objects.filter(record=opened.record).count() == 2
    assert broken() == []


def a_topic(county: County) -> int:
    data = {"name": "廉洁", "theme": "culture", "lecturer": county.people["lecturer"], "outline": [FILE]}
    topic = county.take(TOPIC, "draft", "lecturer", unit="jinxiang", data=data)
    for name in ("l1", "l2", "l3"):
        county.take(TOPIC, "trial", name, record=topic.record, data={"mark": "9", "cleared": "on"})
    return topic.record


def test_eight_hosts_book_one_lecturer_and_one_gets_him(busy: County) -> None:
    topic = a_topic(busy)
    data = {"topic": topic, "starts": "2026-03-10 09:00", "ends": "2026-03-10 11:00", "place": "会议室"}
    hosts = [("host", "yushan"), ("host2", "huji")] * 4
    answers = at_once(
        [lambda who=who, unit=unit, n=n: busy.take(LECTURE, "order", who, unit=unit, key=f"b{n}", data=data)
         for n, (who, unit) in enumerate(hosts)]
    )  # fmt: skip

    lost = [one for one in answers if isinstance(one, Refusal)]
    assert (len(lost), {one.code for one in lost}, Booking.objects.count()) == (7, {"overlap"}, 1)
    assert all("lecturer在2026年3月10日 09:00至11:00已有安排" in one.sentence for one in lost)
    assert broken() == []


def test_lecturer_is_free_again_after_a_cancellation_and_between_lectures(busy: County) -> None:
    topic = a_topic(busy)

    def order(starts: str, ends: str) -> Outcome:
        data = {"topic": topic, "starts": f"2026-03-10 {starts}", "ends": f"2026-03-10 {ends}", "place": "会议室"}
        return busy.take(LECTURE, "order", "host", unit="yushan", data=data)

    first = order("09:00", "11:00")
    order("11:00", "12:00")
    with pytest.raises(Refusal):
        order("10:59", "11:30")
    busy.take(LECTURE, "cancel", "host", record=first.record, data={"cancel_reason": "改期"})

    assert order("09:30", "10:30").state == "ordered"
    assert broken() == []


def test_eight_claim_one_task_and_one_has_it(busy: County) -> None:
    repair = busy.take("everything.repair", "order", "boss", unit="east")
    task = Task.objects.get(record=repair.record, step="do")
    answers = at_once(
        [lambda name=name, n=n: verbs.claim(task=task.pk, by=busy.actor(name), at=busy.now, key=f"c{n}")
         for n, name in enumerate(["k1", "k2"] * 4)]
    )  # fmt: skip

    assert sum(isinstance(one, Outcome) for one in answers) == 1
    assert {one.code for one in answers if isinstance(one, Refusal)} == {"claimed"}
    assert broken() == []


def test_four_clocks_at_once_do_everything_once(busy: County) -> None:
    for place in range(6):
        busy.request(content=f"第 {place} 个问题")
    answers = at_once([lambda: tick(at=moment("2026-03-05 08:00"))] * 4)

    assert sum(one.late for one in answers) == 6
    assert (Event.objects.filter(step="late").count(), Outbox.objects.filter(kind="late").count()) == (6, 6)
    assert broken() == []


def test_clock_killed_midway_goes_on_where_it_stopped(busy: County, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(5):
        busy.request(content=f"第 {place} 个问题")

    class Killed(BaseException):
        pass

    def stop_after_two(done: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        tick(at=moment("2026-03-05 08:00"), progress=stop_after_two)
    again = tick(at=moment("2026-03-06 08:00"))

    assert (again.late, Outbox.objects.filter(kind="late").count()) == (3, 5)
    assert broken() == []


def test_overlap_is_impossible_in_the_database_itself(busy: County) -> None:
    from django.db import DatabaseError

    day = dt.datetime(2026, 3, 10, 1, tzinfo=dt.UTC)
    hour = dt.timedelta(hours=1)
    Booking.objects.create(resource="r", starts=day, ends=day + 2 * hour, record=1)
    with pytest.raises(DatabaseError, match="booking_overlap"):
        Booking.objects.create(resource="r", starts=day + hour, ends=day + 3 * hour, record=2)
    Booking.objects.create(resource="r", starts=day + 2 * hour, ends=day + 3 * hour, record=2)
