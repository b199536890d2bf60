"""Which tasks a record owes in a state, and how an act opens, moves and closes them.

- Every step of the state with ``within`` is owed. Steps with the same ``by`` and ``within`` are
  alternatives (uphold or strike): one task, done by either.
- Where no step of the state has ``within``, the normal way on is owed without a due date: the first step
  in the charter's order whose taker has a workbench and from which the record does not come back here.
  A step into a final state counts only where the register knows deadlines at all; else the state is a
  resting one (a topic on offer does not owe its retirement). A register may name its resting states (``rests``).
- A task of a step that is possible before and after an act goes on with its due date (referring does not
  restart the ten days); one whose step is no longer possible is dropped; entering anew begins anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhangfa.acts.actor import Actor
from zhangfa.acts.deadlines import deadline_columns, is_on_time, moment_after
from zhangfa.acts.fold import Row
from zhangfa.acts.naming import id_of
from zhangfa.acts.once import once_per_version
from zhangfa.acts.rights import is_taker
from zhangfa.acts.situation import OWED, RETENTION, Situation, steps_from
from zhangfa.acts.takers import Taker, draw_panel, first_taker, taker_of
from zhangfa.acts.values.scalars import from_iso, iso
from zhangfa.charter.model import Charter, Register, Step
from zhangfa.directory import tree

LEVELS = ("county", "town", "village", "grid")
WARNING_ORDER = ("", "yellow", "orange", "red")


@dataclass(frozen=True, slots=True)
class Owed:
    """A step owed by one taker."""

    step: Step
    taker: Taker


@dataclass(slots=True)
class TaskChanges:
    """What an act does to a record's tasks."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    sets: dict[int, dict[str, Any]] = field(default_factory=dict)
    drawn: dict[str, Any] = field(default_factory=dict)
    """Panels drawn by lot on entering the state, by step."""


def owed_steps(situation: Situation) -> list[Step]:
    """Return the steps a record owes in its state (alternatives once)."""
    timed = _timed_steps(situation.charter, situation.register, situation.state)
    return list(timed) or _normal_way_on(situation)


@once_per_version
def _timed_steps(charter: Charter, register: Register, state: str) -> tuple[Step, ...]:
    timed: dict[tuple[object, ...], Step] = {}
    for step in steps_from(charter, register, state):
        if step.within:
            timed.setdefault(alternatives_key(step), step)
    return tuple(timed.values())


def alternatives_key(step: Step) -> tuple[object, ...]:
    """Return what alternatives have in common."""
    return (step.by, step.within)


def _normal_way_on(situation: Situation) -> list[Step]:
    if situation.state in situation.register.rests:
        return []
    ways = _ways_on(situation.charter, situation.register, situation.state)
    possible = [way for way in ways if any(taker.is_definite for taker in takers_of(way[0], situation))]
    onward = [step for step, comes_back in possible if not comes_back]
    return (onward or [step for step, _comes_back in possible])[:1]


@once_per_version
def _ways_on(charter: Charter, register: Register, state: str) -> tuple[tuple[Step, bool], ...]:
    """Return the steps out of a state that may be owed, each with whether the record may come back from there."""
    timed = register.within is not None or any(step.within for step in register.steps.values())
    return tuple(
        (step, any(leads_to(register, to, state) for to in step.to))
        for step in steps_from(charter, register, state)
        if state not in step.to and (timed or not all(register.states[to].final for to in step.to))
    )


def leads_to(register: Register, start: str, goal: str) -> bool:
    """Whether some chain of steps leads from one state to another."""
    seen, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        if state == goal:
            return True
        if state not in seen:
            seen.add(state)
            waiting += [to for step in register.steps.values() if state in step.from_ for to in step.to]
    return False


def takers_of(step: Step, situation: Situation) -> list[Taker]:
    """Return whose task a step is: every signer's, every drawn member's, else one taker's."""
    if step.by.mode == "all":
        signed = signed_places(step, situation)
        parties = [taker_of(who, situation) for place, who in enumerate(step.by.who) if place not in signed]
        extra = [Taker(person=person) for person in unsigned_extra(step, situation)]
        return [taker for taker in parties if taker is not None] + extra
    if step.by.mode == "panel" and step.by.drawn:
        drawn = situation.meta.get("drawn", {}).get(step.id, {}).get("people", ())
        done = {sheet["person"] for sheet in sheets_of(step, situation)}
        return [Taker(person=person) for person in drawn if person not in done]
    taker = first_taker(step, situation)
    return [taker] if taker is not None else []


def sheets_of(step: Step, situation: Situation) -> list[Mapping[str, Any]]:
    """Return the sheets filled so far for a step that several people take."""
    sheets: list[Mapping[str, Any]] = situation.meta.get("sheets", {}).get(step.id, [])
    return sheets


def signed_places(step: Step, situation: Situation) -> set[int]:
    """Return which parties of a countersigning step have signed."""
    return {sheet["place"] for sheet in sheets_of(step, situation)}


def unsigned_extra(step: Step, situation: Situation) -> list[int]:
    """Return the added signers (加签) who have not signed yet."""
    done = {sheet["person"] for sheet in sheets_of(step, situation)}
    return [person for person in situation.meta.get("signers", {}).get(step.id, []) if person not in done]


def plan_tasks(before: Situation, after: Situation, *, taken: Step, by: Actor, done: bool, key: str) -> TaskChanges:
    """Return how an act changes the record's tasks; ``done`` is false while signatures or marks are missing."""
    changes = TaskChanges()
    entered = done and (before.state != after.state or taken.id in [step.id for step in after.steps_here()])
    if entered:
        after = _with_panels(after, changes)
    owed = _all_owed(after)
    kept: list[dict[str, Any]] = []
    for task in before.tasks:
        _settle(task, before, after, taken, by, done, owed, changes, kept)
    for place, wanted in enumerate(owed):
        if not _is_covered(wanted, kept, after):
            changes.opened.append(_new_task(wanted, after, key, place))
            kept.append(changes.opened[-1])
    _note_own_part(before, after, taken, by, key, changes)
    _plan_whole_record(before, after, by, key, changes)
    return changes


def _note_own_part(before: Situation, after: Situation, taken: Step, by: Actor, key: str, changes: TaskChanges) -> None:
    """A member who has filled a sheet of a shared task gets a done one of their own: the workbench leaves it out."""
    shared = [task for task in before.owed(taken.id) if task["person"] is None]
    if taken.by.mode not in ("panel", "vote") or not shared or by.person is None:
        return
    kept = {
        name: shared[0][name] for name in ("role", "unit", *LEVELS, "due_at", "due_why", "provisional", "opened_at")
    }
    changes.opened.append(
        {"id": id_of(after.at, key, "part"), "step": taken.id, "person": by.person, **kept,
         **closing_columns(shared[0], "done", by, after.at)}
    )  # fmt: skip


def _with_panels(after: Situation, changes: TaskChanges) -> Situation:
    """Draw the panels of the state just entered."""
    for step in after.steps_here():
        if step.by.mode == "panel" and step.by.drawn and step.id not in after.meta.get("drawn", {}):
            changes.drawn[step.id] = draw_panel(step, after)
    if not changes.drawn:
        return after
    return after.having(meta={**after.meta, "drawn": {**after.meta.get("drawn", {}), **changes.drawn}})


def _all_owed(after: Situation) -> list[Owed]:
    return [Owed(step, taker) for step in owed_steps(after) for taker in takers_of(step, after) or _ownerless(step)]


def _ownerless(step: Step) -> list[Taker]:
    """A deadline stands even where nobody is found to owe the step."""
    return [Taker()] if step.within and step.by.mode == "any" else []


def _settle(
    task: Row, before: Situation, after: Situation, taken: Step, by: Actor, done: bool, owed: Iterable[Owed],
    changes: TaskChanges, kept: list[dict[str, Any]],
) -> None:  # fmt: skip
    """Close, drop, move or keep one open task."""
    if task["state"] not in OWED or not task["step"] or task["step"] == RETENTION:
        return
    step = before.register.steps.get(task["step"])
    if step is not None and _is_done_by(task, step, before, taken, by, done):
        changes.sets[task["id"]] = closing_columns(task, "done", by, after.at)
        return
    wanted = [each for each in owed if each.step.id == task["step"]]
    if not wanted:
        changes.sets[task["id"]] = closing_columns(task, "dropped", by, after.at)
        return
    kept.append({**task})
    if (
        len(wanted) == 1
        and step is not None
        and step.by.mode == "any"
        and (before.state != after.state or taken.assign)
    ):
        moved = _moved(task, wanted[0].taker, before, step)
        if moved:
            changes.sets[task["id"]] = moved
            kept[-1].update(moved)


def _is_done_by(task: Row, step: Step, before: Situation, taken: Step, by: Actor, done: bool) -> bool:
    if step.id != taken.id and alternatives_key(step) != alternatives_key(taken):
        return False
    if done and taken.by.mode != "all":
        return True
    own = task["person"] is not None and task["person"] == by.person
    return own or (taken.by.mode == "all" and task["person"] is None and is_taker(by, task))


def closing_columns(task: Row, state: str, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """Return the columns of a task that is done or dropped now."""
    columns: dict[str, Any] = {"state": state, "done_at": iso(at), "done_by": by.person, "claim_until": None}
    return columns | ({"on_time": is_on_time(task, at)} if state == "done" else {})


def _moved(task: Row, taker: Taker, before: Situation, step: Step) -> dict[str, Any]:
    """A kept task goes to a new taker only where the charter names another one than before."""
    if taker == first_taker(step, before):
        return {}
    return {"person": taker.person, "role": taker.role, **place_columns(taker.unit or before.record["unit"])}


def place_columns(unit: int | None) -> dict[str, Any]:
    """Return a task's unit and level columns."""
    if unit is None:
        return {"unit": None} | dict.fromkeys(LEVELS)
    now = tree.unit(unit)
    return {"unit": unit, "county": now.county, "town": now.town, "village": now.village, "grid": now.grid}


def _is_covered(wanted: Owed, kept: list[dict[str, Any]], after: Situation) -> bool:
    same = [task for task in kept if task["step"] == wanted.step.id]
    if wanted.step.by.mode == "any":
        return bool(same)
    taker = wanted.taker
    return any(
        task["person"] == taker.person and (taker.person is not None or task["role"] == taker.role) for task in same
    )


def _new_task(owed: Owed, after: Situation, key: str, place: int) -> dict[str, Any]:
    step, taker = owed.step, owed.taker
    task: dict[str, Any] = {
        "id": id_of(after.at, key, "task", step.id, place),
        "step": step.id,
        "state": "open",
        "person": taker.person,
        "role": taker.role,
        **place_columns(taker.unit or after.record["unit"]),
        **deadline_columns(step.within, received_for(step, after)),
    }
    if step.claim and taker.person is None and taker.role:
        task["claim_until"] = moment_after(step.claim, after.at)
    return task


def received_for(step: Step, situation: Situation) -> dt.datetime:
    """Return from when the step's time counts: the latest taking of its ``since`` steps, else now."""
    taken = situation.meta.get("step_at", {})
    moments = [from_iso(taken[name]) for name in step.since if name in taken]
    return max(moments, default=situation.at)


def _plan_whole_record(before: Situation, after: Situation, by: Actor, key: str, changes: TaskChanges) -> None:
    """Open the whole record's deadline with it, close it with a final state, then wait for the end of retention."""
    register = after.register
    if not before.state and register.within:
        changes.opened.append(
            {"id": id_of(after.at, key, "task", ""), "step": "", "state": "open", "role": "",
             **place_columns(after.record["unit"]), **deadline_columns(register.within, after.at)}
        )  # fmt: skip
    if not after.state or not register.states[after.state].final:
        return
    for task in before.tasks:
        if task["step"] == "" and task["state"] in OWED:
            changes.sets[task["id"]] = closing_columns(task, "done", by, after.at)
    if register.keep_for and before.state != after.state:
        changes.opened.append(
            {"id": id_of(after.at, key, "task", RETENTION), "step": RETENTION, "state": "waiting", "role": "",
             **place_columns(after.record["unit"]), "due_at": moment_after(register.keep_for, after.at)}
        )  # fmt: skip


def open_after(before: Iterable[Row], changes: TaskChanges) -> list[Row]:
    """Return the tasks that stay open after the changes."""
    moved = [{**task, **changes.sets.get(task["id"], {})} for task in before]
    return [task for task in [*moved, *changes.opened] if task["state"] in OWED]


def earliest_due(tasks: Iterable[Row]) -> str | None:
    """Return the earliest due date of those running."""
    return min(
        (task["due_at"] for task in tasks if task.get("due_at") and task["state"] == "open"), key=from_iso, default=None
    )


def worst_warning(warned: Mapping[str, str]) -> str:
    """Return the gravest level of a record's late tasks."""
    return max(warned.values(), key=WARNING_ORDER.index, default="")
