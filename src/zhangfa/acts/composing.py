"""Turn what a step does into the one event that says it all (see ``fold``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhangfa.acts.actor import Actor
from zhangfa.acts.fold import Happened, fold, merge
from zhangfa.acts.holding import plan_booking, plan_properties, plan_slot
from zhangfa.acts.joining import plan_joined
from zhangfa.acts.labels import label_fields, label_of
from zhangfa.acts.owed import TaskChanges, earliest_due, open_after, plan_tasks, worst_warning
from zhangfa.acts.sealing import secret_fields
from zhangfa.acts.situation import Situation
from zhangfa.acts.takers import assign
from zhangfa.acts.values.scalars import iso
from zhangfa.acts.writing import Writing
from zhangfa.charter.model import Step
from zhangfa.log.append import event_row


@dataclass(slots=True)
class Draft:
    """An act on one record in the making: the record before and after (both in the clear), and its event."""

    before: Situation
    after: Situation
    by: Actor
    key: str
    kind: str = "step"
    step: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    secret: tuple[int, bytes] | None = None
    salt: int = 0
    raw: Situation | None = None
    """The record before as stored, where that differs from ``before`` in being sealed."""
    _row: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Make the record after the draft's own: from here on it is changed in place."""
        self._row = {**self.after.record, "meta": dict(self.after.meta)}
        self.after = self.after.of(self._row)

    def remember(self, **facts: Any) -> None:
        """Set keys of the engine's own facts, in the event and in the record after."""
        self.payload.setdefault("meta", {}).update(facts)
        meta = self._row["meta"]
        for name, value in facts.items():
            if value is None:
                meta.pop(name, None)
            else:
                meta[name] = value

    def set_columns(self, **columns: Any) -> None:
        """Set columns of the record, in the event and in the record after."""
        self.payload.setdefault("record", {}).update(columns)
        self._row.update(columns)

    def enter(self, values: Mapping[str, Any], sheet: Mapping[str, Any]) -> None:
        """Set values of the record after, and the sheet of the step being taken."""
        self._row["payload"] = merge(self._row["payload"], values)
        if sheet:
            self.after = self.after.of(self._row, sheet)

    def add(self, parts: Mapping[str, Any]) -> None:
        """Add parts of a payload; ``meta`` is remembered, lists are joined."""
        for name, value in parts.items():
            if name == "meta":
                self.remember(**value)
            elif isinstance(value, list):
                self.payload[name] = [*self.payload.get(name, []), *value]
            else:
                self.payload[name] = value

    def to_writing(self) -> Writing:
        """Return the event and its rows, ready to be written."""
        before = self.raw or self.before
        at, unit = self.after.at, self.after.record["unit"]
        self.payload["version"] = self.before.record["version"] + 1
        payload = {
            name: value for name, value in self.payload.items() if value not in ({}, [], None) or name == "booking"
        }
        happened = Happened(
            self.after.record["id"], iso(at), self.after.charter.id, self.after.charter.version, self.after.key, payload
        )
        written = fold(happened, before.record if before.state else None)
        event = event_row(
            key=self.key, ts=at, kind=self.kind, payload=payload, charter=self.after.charter.id,
            version=self.after.charter.version, register=self.after.key, record=self.after.record["id"],
            step=self.step, person=self.by.person, unit=unit,
        )  # fmt: skip
        return Writing(event, payload, written, before.tasks, self.secret)


def settle(draft: Draft, step: Step, *, done: bool) -> None:
    """Add everything that follows from the step: assignment, tasks, who sees it, slot, booking, property, label."""
    if done:
        _assign(draft, step)
    changes = plan_tasks(draft.before, draft.after, taken=step, by=draft.by, done=done, key=f"{draft.key}~{draft.salt}")
    add_tasks(draft, changes)
    for parts in (plan_slot(draft.before, draft.after), plan_booking(draft.before, draft.after, draft.by)):
        draft.add(parts)
    draft.add({"properties": plan_properties(draft.before, draft.after)})
    draft.add(plan_joined(draft.before, draft.after, open_after(draft.before.tasks, changes)))
    _relabel(draft)


def _assign(draft: Draft, step: Step) -> None:
    """An assignment lasts as long as the state it was made for."""
    if step.assign is not None:
        draft.remember(assigned=assign(step.assign, draft.after))
    elif draft.before.state != draft.after.state and draft.before.meta.get("assigned"):
        draft.remember(assigned=None)


def add_tasks(draft: Draft, changes: TaskChanges) -> None:
    """Add an act's changes of tasks, with the due date and the warning of the record that follow from them."""
    draft.add({"tasks": changes.opened})
    if changes.sets:
        draft.payload["task_sets"] = {str(task): columns for task, columns in changes.sets.items()}
    if changes.drawn:
        draft.remember(drawn={**draft.after.meta.get("drawn", {}), **changes.drawn})
    open_tasks = open_after(draft.before.tasks, changes)
    due = earliest_due(open_tasks)
    if due != draft.before.record.get("due_at"):
        draft.set_columns(due_at=due)
    _settle_warnings(draft, {task["id"] for task in open_tasks})


def _settle_warnings(draft: Draft, open_ids: set[int]) -> None:
    """A warning stands as long as the late task that raised it is open."""
    warned = draft.after.meta.get("warned", {})
    if not warned and not draft.before.record.get("warning"):
        return
    standing = {task: level for task, level in warned.items() if int(task) in open_ids}
    if standing != warned:
        draft.remember(warned=standing or None)
    level = worst_warning(standing)
    if level != draft.before.record.get("warning", ""):
        draft.set_columns(warning=level)


def _relabel(draft: Draft) -> None:
    charter, register = draft.after.charter, draft.after.register
    fields = label_fields(charter, register)
    # Whose keeping has ended carries another label, and has forgotten its last step.
    if fields is not None and "last" in draft.before.meta and fields.isdisjoint(draft.payload["data"]):
        return
    label = label_of(draft.after, secret_fields(charter, register))
    if label != draft.before.record.get("label"):
        draft.set_columns(label=label)
