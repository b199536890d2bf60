"""The promises that acts must keep, each as a function that yields what breaks it. Tests and checks call these.

I1 every acknowledged write is in the log · I2 the log has no gap and every leaf recomputes · I4 rows equal a replay ·
I6 one effect for one key · I7 one taker per claim, no step outside the charter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import orjson
from django.db.models import Count

from zhangfa.acts.models import Outbox, Record
from zhangfa.acts.outcome import Outcome
from zhangfa.acts.replay import differences
from zhangfa.charter import engine as charters
from zhangfa.log.models import Event
from zhangfa.log.verify import verify_log

Broken = Iterator[str]


def i1_acknowledged_is_logged(outcomes: Collection[Outcome]) -> Broken:
    """Every outcome a caller was given stands in the log, with its record at least at that version."""
    logged = set(Event.objects.filter(seq__in=[one.seq for one in outcomes]).values_list("seq", flat=True))
    versions = dict(Record.objects.filter(pk__in=[one.record for one in outcomes]).values_list("pk", "version"))
    for one in outcomes:
        if one.seq not in logged:
            yield f"I1: the act acknowledged as {one.seq} is not in the log"
        if versions.get(one.record, 0) < one.version:
            yield f"I1: record {one.record} is behind the acknowledged version {one.version}"


def i2_log_verifies() -> Broken:
    """The log has no gap and every leaf recomputes."""
    for problem in verify_log(others=False).problems:
        yield f"I2: {problem.en}"


def i4_replay_equals_rows() -> Broken:
    """Records, tasks, participants, slots, bookings and properties equal a replay from event 1."""
    for difference in differences():
        yield f"I4: {difference}"


def i6_one_effect_per_key() -> Broken:
    """No key stands twice: neither an event nor a telling."""
    for model, what in ((Event, "event"), (Outbox, "telling")):
        doubled = model.objects.values("key").annotate(n=Count("pk")).filter(n__gt=1)
        for row in doubled:
            yield f"I6: {what} {row['key']} stands {row['n']} times"


def i7_one_taker_and_no_step_outside() -> Broken:
    """A claimed task has one claim between two openings; each step leads from and to states its charter names."""
    holder: dict[str, int | None] = {}
    state: dict[int, str] = {}
    events = Event.objects.filter(kind__in=("step", "verb")).order_by("record", "seq")
    for event in events.iterator(chunk_size=2000):
        payload = orjson.loads(event.payload)
        record = event.record or 0
        if event.kind == "step":
            yield from _step_inside(event, payload, state.get(record, ""))
        for task in payload.get("tasks", ()):
            holder[str(task["id"])] = task.get("person")
        for id_, columns in payload.get("task_sets", {}).items():
            if event.step == "claim" and holder.get(id_) is not None:
                yield f"I7: task {id_} was claimed twice"
            holder[id_] = columns.get("person", holder.get(id_))
        state[record] = payload.get("to", state.get(record, ""))


def _step_inside(event: Event, payload: Mapping[str, object], state: str) -> Broken:
    register = charters.at_version(event.charter, event.version).registers[event.register.partition(".")[2]]
    step = register.steps.get(event.step)
    if step is None:
        yield f"I7: event {event.seq} takes the step {event.step}, which the charter does not have"
        return
    if (state in step.from_) is False and (state or step.from_):
        yield f"I7: event {event.seq} takes {event.step} from {state!r}"
    if payload.get("to") not in (*step.to, state):
        yield f"I7: event {event.seq} leads to {payload.get('to')!r}"


ALL: tuple[Callable[[], Broken], ...] = (
    i2_log_verifies, i4_replay_equals_rows, i6_one_effect_per_key, i7_one_taker_and_no_step_outside,
)  # fmt: skip


def broken() -> list[str]:
    """Return everything that breaks an invariant; empty when all is well."""
    return [sentence for check in ALL for sentence in check()]
