"""The write path on the three charters."""

from __future__ import annotations

import pytest
from tests.acts.county import County

from zhangfa.acts.models import Record, Task
from zhangfa.acts.refusal import Refusal
from zhangfa.log.models import Event


def open_steps(record: int) -> list[str]:
    return sorted(Task.objects.filter(record=record, state__in=("open", "paused")).values_list("step", flat=True))


def test_take_step_opens_a_record_with_its_event_and_task(county: County) -> None:
    opened = county.request()

    row = Record.objects.get(pk=opened.record)
    assert (row.state, row.version, row.unit, row.town) == ("submitted", 1, county.units["g1"], county.units["yushan"])
    assert row.label == "安全隐患 · 路口井盖缺失"
    assert open_steps(opened.record) == ["accept"]
    assert Event.objects.filter(record=opened.record).count() == 1
    assert opened.code is not None


def test_take_step_walks_a_request_to_its_end(county: County) -> None:
    opened = county.request()
    county.on("accept", "wang", opened)
    county.on("refer", "wang", opened, department=county.units["water"])
    county.on("resolve", "specialist", opened, solved="solved", result="已补装井盖")
    closed = county.take(
        "residents-requests.request",
        "confirm",
        "public",
        record=opened.record,
        data={"stars": "5", "resident_verdict": "solved"},
        code=opened.code,
    )

    assert (closed.state, closed.version) == ("closed", 5)
    assert open_steps(opened.record) == []


def test_take_step_with_a_known_key_answers_the_earlier_outcome(county: County) -> None:
    first = county.take("residents-requests.request", "submit", "public", unit="g1", key="same",
                        data={"category": "other", "content": "路灯不亮了"})  # fmt: skip
    again = county.take("residents-requests.request", "submit", "public", unit="g1", key="same",
                        data={"category": "other", "content": "路灯不亮了"})  # fmt: skip

    assert (again.record, again.seq, again.code, again.repeated) == (first.record, first.seq, first.code, True)
    assert Record.objects.count() == 1


def test_take_step_by_somebody_else_is_absent_to_him(county: County) -> None:
    opened = county.request()

    with pytest.raises(Refusal) as denied:
        county.on("accept", "zhao", opened)
    with pytest.raises(Refusal) as absent:
        county.take("residents-requests.request", "accept", "zhao", record=12345)

    assert (
        (denied.value.code, denied.value.sentence)
        == (absent.value.code, absent.value.sentence)
        == ("not_found", absent.value.sentence)
    )


def test_take_step_names_every_wrong_field_at_once(county: County) -> None:
    with pytest.raises(Refusal) as refused:
        county.request(content="短", phone="123", category="weather")

    assert sorted(refused.value.fields) == ["category", "content", "phone"]
    assert Record.objects.count() == 0


def test_ids_that_are_taken_are_reckoned_anew(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhangfa.acts import naming, owed, steps

    def narrow(at: object, *parts: str | int) -> int:
        return naming.id_of(county.now, *parts) % 7

    monkeypatch.setattr(steps, "id_of", narrow)
    monkeypatch.setattr(owed, "id_of", narrow)
    opened = {county.request(content=f"第 {place} 个问题").record for place in range(3)}

    assert len(opened) == Record.objects.count() == 3
    assert Task.objects.count() == 3
