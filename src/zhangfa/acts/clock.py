"""What time does: late tasks, unclaimed tasks, dates that a new calendar moves, the end of retention.

Everything is derived from the rows and the given moment; each occurrence is one event under a key of its
own in a transaction of its own. So a clock that stood still catches up in order, one that is killed midway
goes on where it stopped, and two clocks at once do nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from zhangfa.acts.actor import SYSTEM
from zhangfa.acts.deadlines import reckon_again
from zhangfa.acts.engine import carry_out
from zhangfa.acts.fold import Row
from zhangfa.acts.models import Task
from zhangfa.acts.owed import TaskChanges, sheets_of
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.retention import end_retention
from zhangfa.acts.situation import RETENTION, Situation, situation_from
from zhangfa.acts.steps import Asking
from zhangfa.acts.store import load_by_task
from zhangfa.acts.takers import fewest_tasks
from zhangfa.acts.tellings import tell
from zhangfa.acts.values.scalars import from_iso, iso
from zhangfa.acts.verbs import begin_verb, write_verb
from zhangfa.acts.writing import Clashed, Raced
from zhangfa.charter.model import Late
from zhangfa.directory.posts import holders

ATTEMPTS = 8
BATCH = 500


@dataclass(slots=True)
class Ticked:
    """What one look at the clock did, counted."""

    late: int = 0
    """Deadlines that passed and were told, warned of or acted upon."""
    steps: int = 0
    """Steps the clock took because ``late`` says so."""
    assigned: int = 0
    """Tasks nobody claimed, assigned by turn."""
    recalendared: int = 0
    """Deadlines that a newly announced calendar settled."""
    retired: int = 0
    """Closed records whose retention ended."""
    failed: list[str] = field(default_factory=list)
    """Sentences of what could not be done; it is tried again at the next look."""

    def to_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "late": self.late, "steps": self.steps, "assigned": self.assigned, "recalendared": self.recalendared,
            "retired": self.retired, "failed": list(self.failed),
        }  # fmt: skip


Progress = Callable[[int], None]


def tick(*, at: dt.datetime, progress: Progress | None = None) -> Ticked:
    """Do everything that is due at a moment, once each; what was missed first, in the order it was due."""
    ticked = Ticked()
    for handle, due in (
        (_recalendar, _provisional()),
        (_assign_by_turn, _due("claim_until", at, Q(claim_until__isnull=False, person=None, state="open"))),
        (_be_late, _due("due_at", at, Q(state="open", late_at=None))),
        (end_retention_of, _due("due_at", at, Q(state="waiting"))),
    ):
        for count, task in enumerate(due, start=1):
            _handle(handle, task, at, ticked)
            if progress:
                progress(count)
    return ticked


def _due(column: str, at: dt.datetime, condition: Q) -> Iterator[int]:
    """Yield the tasks due by a moment in order, a batch at a time; each only once though it may stay due."""
    last: tuple[Any, int] | None = None
    while True:
        tasks = Task.objects.filter(condition, done_at=None, **{f"{column}__lt": at}).order_by(column, "id")
        if last is not None:
            tasks = tasks.filter(Q(**{f"{column}__gt": last[0]}) | Q(**{column: last[0], "id__gt": last[1]}))
        rows = list(tasks.values_list(column, "id")[:BATCH])
        if not rows:
            return
        last = rows[-1]
        yield from (row[1] for row in rows)


def _provisional() -> Iterator[int]:
    ids = Task.objects.filter(provisional=True, state="open", done_at=None).order_by("id").values_list("id", flat=True)
    yield from list(ids)


Handler = Callable[[Situation, Row, Ticked], None]


def _handle(handle: Handler, task: int, at: dt.datetime, ticked: Ticked) -> None:
    """Do one occurrence; if somebody else changes the record meanwhile, look again."""
    for _attempt in range(ATTEMPTS):
        found = load_by_task(task)
        if found is None:
            return
        situation = situation_from(*found, at)
        row = next((one for one in situation.tasks if one["id"] == task), None)
        if row is None:
            return
        try:
            handle(situation, row, ticked)
        except (Raced, Clashed):
            continue
        except Refusal as refusal:
            ticked.failed.append(f"{situation.record['number']}: {refusal.sentence}")
        return


def _recalendar(situation: Situation, row: Row, ticked: Ticked) -> None:
    """Reckon an open provisional deadline anew; note it where the calendar changes it. Closed ones never move."""
    if not row["provisional"] or row["state"] != "open":
        return
    columns = reckon_again(row)
    if columns.get("due_why") == row["due_why"]:
        return
    draft = begin_verb(
        "recalendar", situation, SYSTEM, f"recal:{row['id']}:{_stamp(columns['due_at'])}:{situation.record['version']}"
    )
    write_verb(draft, TaskChanges(sets={row["id"]: {**columns, "late_at": None}}))
    ticked.recalendared += 1


def _assign_by_turn(situation: Situation, row: Row, ticked: Ticked) -> None:
    """A task nobody claimed in time goes to the holder with the fewest open tasks."""
    if row["person"] is not None or row["claim_until"] is None:
        return
    person = fewest_tasks(sorted(holders(row["role"], row["unit"], situation.today)))
    draft = begin_verb("assign", situation, SYSTEM, f"turn:{row['id']}:{_stamp(row['claim_until'])}")
    write_verb(draft, TaskChanges(sets={row["id"]: {"person": person, "claim_until": None}}))
    ticked.assigned += person is not None


def _be_late(situation: Situation, row: Row, ticked: Ticked) -> None:
    """Do what the charter says of a deadline that has passed."""
    if row["late_at"] is not None or row["state"] != "open" or from_iso(row["due_at"]) >= situation.at:
        return
    key = f"late:{row['id']}:{_stamp(row['due_at'])}"
    late = _late_of(situation, row)
    parts = _late_parts(situation, row, late, key)
    if _close_vote(situation, row, key, parts) or (late.do and _take(situation, late.do, key, parts)):
        ticked.steps += 1
    else:
        draft = begin_verb("late", situation, SYSTEM, key)
        draft.add({name: value for name, value in parts.items() if name != "late"})
        draft.payload["late"] = parts["late"]
        write_verb(draft, TaskChanges(sets={row["id"]: {"late_at": iso(situation.at)}}))
    ticked.late += 1


def _late_of(situation: Situation, row: Row) -> Late:
    if not row["step"]:
        return situation.register.late or Late()
    step = situation.register.steps.get(row["step"])
    return (step.late if step else None) or Late()


def _late_parts(situation: Situation, row: Row, late: Late, key: str) -> dict[str, Any]:
    """Return what the event says of the lateness: whom it tells and which warning stands."""
    parts: dict[str, Any] = {
        "late": {"task": row["id"], "step": row["step"], "due": row["due_at"]},
        "outbox": tell(late.tell, situation, kind="late", key=key, step=row["step"]),
    }
    if late.warn:
        parts["meta"] = {"warned": {**situation.meta.get("warned", {}), str(row["id"]): late.warn}}
    return parts


def _close_vote(situation: Situation, row: Row, key: str, parts: dict[str, Any]) -> bool:
    """A vote ends at its deadline with those present, if anybody was."""
    step = situation.register.steps.get(row["step"])
    if step is None or step.by.mode != "vote" or not sheets_of(step, situation):
        return False
    return _take(situation, step.id, key, parts, counting=True)


def _take(situation: Situation, step: str, key: str, parts: dict[str, Any], *, counting: bool = False) -> bool:
    """Take the step that ``late`` names; where a condition stands against it, be late all the same."""
    asking = Asking(
        register=situation.key,
        step=step,
        by=SYSTEM,
        at=situation.at,
        key=key,
        record=situation.record["id"],
        counting=counting,
        extra={name: value for name, value in parts.items() if name in ("late", "outbox")},
    )
    try:
        carry_out(asking)
    except Refusal:
        return False
    return True


def end_retention_of(situation: Situation, row: Row, ticked: Ticked) -> None:
    """A closed record's time of keeping has ended."""
    if row["step"] == RETENTION and row["state"] == "waiting":
        end_retention(situation, row)
        ticked.retired += 1


def _stamp(moment: str) -> str:
    return f"{from_iso(moment):%y%m%d%H%M}"
