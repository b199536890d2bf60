"""What time does."""

from __future__ import annotations

from tests.acts.county import County, moment

from zhangfa.acts.clock import tick
from zhangfa.acts.invariants import broken
from zhangfa.acts.keys import lost_keys
from zhangfa.acts.models import Outbox, Record, Task


def test_tick_tells_of_a_late_task_once(county: County) -> None:
    opened = county.request()
    first = tick(at=moment("2026-03-04 00:10"))
    second = tick(at=moment("2026-03-05 00:10"))

    assert (first.late, second.late) == (1, 0)
    assert list(Outbox.objects.filter(record=opened.record).values_list("role", "kind")) == [("town-office", "late")]
    assert broken() == []


def test_tick_counts_ten_working_days_over_spring_festival(county: County) -> None:
    county.now = moment("2026-02-10 10:00")
    opened = county.request()
    county.on("accept", "wang", opened)

    task = Task.objects.get(record=opened.record, step="resolve")

    # 15 to 23 February are the festival; Saturdays 14 and 28 February are worked.
    assert task.due_at == moment("2026-03-02 23:59:59")


def test_referring_does_not_restart_the_deadline_and_reopening_does(county: County) -> None:
    opened = county.request()
    county.on("accept", "wang", opened)
    first = Task.objects.get(record=opened.record, step="resolve", state="open")
    county.now = moment("2026-03-05 09:00")
    county.on("refer", "wang", opened, department=county.units["water"])
    referred = Task.objects.get(record=opened.record, step="resolve", state="open")
    county.on("resolve", "specialist", opened, solved="solved", result="好了")
    county.take(
        "residents-requests.request",
        "reopen",
        "public",
        record=opened.record,
        data={"reopen_reason": "没好"},
        code=opened.code,
    )
    reopened = Task.objects.get(record=opened.record, step="resolve", state="open")

    assert (referred.pk, referred.due_at, referred.role) == (first.pk, first.due_at, "specialist")
    assert reopened.due_at == moment("2026-03-19 23:59:59")
    assert broken() == []


def test_tick_closes_in_silence_and_leaves_the_verdict_empty(county: County) -> None:
    opened = county.request()
    county.on("accept", "wang", opened)
    county.on("resolve", "wang", opened, solved="solved", result="好了")
    tick(at=moment("2026-03-10 00:00"))

    row = Record.objects.get(pk=opened.record)
    assert (row.state, row.closed, "resident_verdict" in row.payload) == ("closed", True, False)
    assert broken() == []


def test_tick_ends_retention_and_the_log_still_verifies(county: County) -> None:
    opened = county.request(phone="13800138000")
    county.on("accept", "wang", opened)
    county.on("resolve", "wang", opened, solved="solved", result="好了")
    tick(at=moment("2026-03-10 00:00"))
    ticked = tick(at=moment("2029-03-12 00:00"))

    row = Record.objects.get(pk=opened.record)
    assert (ticked.retired, "phone" in row.payload, row.code_hash) == (1, False, None)
    assert (broken(), list(lost_keys())) == ([], [])
