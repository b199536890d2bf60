"""The engine's own verbs on a task: 转办, 加签, 退回, 延期, 暂停, 恢复, 领办. Each is one event, once per key.

Allowed to whoever holds the task, unless its step says ``never``. All raise ``Refusal``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.composing import Draft, add_tasks
from zhangfa.acts.deadlines import read_deadline, reckon_again
from zhangfa.acts.fold import Row
from zhangfa.acts.joining import plan_joined
from zhangfa.acts.naming import id_of
from zhangfa.acts.outcome import LONGEST_KEY, Outcome, earlier_outcome
from zhangfa.acts.owed import TaskChanges, open_after
from zhangfa.acts.refusal import Refusal, refuse_absent, refuse_fields
from zhangfa.acts.rights import holds, is_taker, sees
from zhangfa.acts.situation import OWED, Situation, situation_from
from zhangfa.acts.store import load_by_task
from zhangfa.acts.values.scalars import from_iso, iso
from zhangfa.acts.words import name_of
from zhangfa.acts.writing import Clashed, Raced, write_acts
from zhangfa.calendar.deadline import UNITS, Extension, Pause
from zhangfa.charter.model import Step
from zhangfa.directory.models import Person
from zhangfa.directory.posts import posts_held

ATTEMPTS = 8
LONGEST_REASON = 500
LONGEST_EXTENSION = 366
Change = Callable[[Draft, Row, TaskChanges], None]


def claim(*, task: int, by: Actor, at: dt.datetime, key: str, reason: str = "") -> Outcome:
    """Take a task of one's role for oneself (领办); whoever is first has it."""

    def change(draft: Draft, row: Row, changes: TaskChanges) -> None:
        if row["person"] is not None:
            raise Refusal(
                "claimed", _("已由%(who)s领办。") % {"who": name_of(row["person"])}, hint=_("请办理其他任务。")
            )
        if not is_taker(by, row):
            raise _not_holder()
        changes.sets[row["id"]] = {"person": by.person, "claim_until": None}

    return _do("claim", task, by, at, key, reason, change, holder=False)


def pass_on(*, task: int, to: int, by: Actor, at: dt.datetime, key: str, reason: str = "") -> Outcome:
    """Pass a task on to another person (转办). He must hold the task's role, where it has one."""

    def change(draft: Draft, row: Row, changes: TaskChanges) -> None:
        _check_successor(to, row, draft.before)
        changes.sets[row["id"]] = {"person": to, "claim_until": None}
        _hand_assignment(draft, row, to)

    return _do("pass_on", task, by, at, key, reason, change)


def return_task(*, task: int, by: Actor, at: dt.datetime, key: str, reason: str = "") -> Outcome:
    """Give a task back (退回): to the role it came from, or to whoever passed it on."""

    def change(draft: Draft, row: Row, changes: TaskChanges) -> None:
        _need_reason(reason)
        if row["person"] is None:
            raise Refusal("not_now", _("这项任务没有指定到人，无须退回。"), hint=_("不归您办时可以转办。"))
        before = draft.before.meta.get("passed", {}).get(str(row["id"]))
        if before is None and not row["role"]:
            raise Refusal("not_now", _("这项任务只能由您办理，不能退回。"), hint=_("可以转办给他人。"))
        changes.sets[row["id"]] = {"person": before}
        _hand_assignment(draft, row, before)

    return _do("return", task, by, at, key, reason, change)


def add_signer(*, task: int, person: int, by: Actor, at: dt.datetime, key: str, reason: str = "") -> Outcome:
    """Ask one more person to sign a countersigning step (加签); it is done only when he has signed, too."""

    def change(draft: Draft, row: Row, changes: TaskChanges) -> None:
        step = _step_of(row, draft.before)
        if step is None or step.by.mode != "all":
            raise Refusal("not_now", _("只有会签的步骤可以加签。"), hint=_("请改用转办。"))
        signers = draft.before.meta.get("signers", {})
        if person in signers.get(step.id, ()) or not Person.objects.filter(pk=person).exists():
            raise refuse_fields({"person": _("请另选一人。")})
        draft.remember(signers={**signers, step.id: [*signers.get(step.id, ()), person]})
        kept = {
            name: row[name]
            for name in ("unit", "county", "town", "village", "grid", "due_at", "due_why", "provisional")
        }
        changes.opened.append(
            {**kept, "id": id_of(at, key, "signer"), "step": step.id, "state": "open", "person": person, "role": ""}
        )

    return _do("add_signer", task, by, at, key, reason, change)


def extend(
    *, task: int, amount: int, unit: str = "workdays", by: Actor, at: dt.datetime, key: str, reason: str = ""
) -> Outcome:
    """Give a task more time (延期), with its reason; once per task unless the charter's own step says more."""

    def change(draft: Draft, row: Row, changes: TaskChanges) -> None:
        _need_reason(reason)
        if unit not in UNITS or not 0 < int(amount) <= LONGEST_EXTENSION:
            raise refuse_fields({"amount": _("请填写要延长的时间。")})
        if read_deadline(row) is None:
            raise Refusal("not_now", _("这项任务没有期限，无须延期。"), hint=_("直接办理即可。"))
        if from_iso(row["due_at"]) < at:
            raise Refusal("not_now", _("期限已过，不能再延期。"), hint=_("请尽快办理。"))
        changes.sets[row["id"]] = {
            **reckon_again(row, extensions=[Extension(int(amount), unit, reason)]),
            "late_at": None,
        }

    return _do("extend", task, by, at, key, reason, change)


def pause(*, task: int, by: Actor, at: dt.datetime, key: str, reason: str = "") -> Outcome:
    """Stop a task's clock (暂停), with its reason, such as waiting for the other side's papers."""

    def change(draft: Draft, row: Row, changes: TaskChanges) -> None:
        _need_reason(reason)
        if row["state"] != "open" or read_deadline(row) is None:
            raise Refusal("not_now", _("这项任务现在不能暂停计时。"), hint=_("没有期限或已经暂停。"))
        changes.sets[row["id"]] = {"state": "paused"}
        draft.remember(paused={**draft.before.meta.get("paused", {}), str(row["id"]): {"at": iso(at), "why": reason}})

    return _do("pause", task, by, at, key, reason, change)


def resume(*, task: int, by: Actor, at: dt.datetime, key: str, reason: str = "") -> Outcome:
    """Let a paused task's clock run on (恢复); the days it stood do not count."""

    def change(draft: Draft, row: Row, changes: TaskChanges) -> None:
        since = draft.before.meta.get("paused", {}).get(str(row["id"]))
        if row["state"] != "paused" or since is None:
            raise Refusal("not_now", _("这项任务没有暂停。"), hint=_("直接办理即可。"))
        pauses = [Pause(from_iso(since["at"]), at, since["why"])]
        changes.sets[row["id"]] = {"state": "open", **reckon_again(row, pauses=pauses)}
        left = {id_: one for id_, one in draft.before.meta["paused"].items() if id_ != str(row["id"])}
        draft.remember(paused=left or None)

    return _do("resume", task, by, at, key, reason, change)


def _do(
    verb: str, task: int, by: Actor, at: dt.datetime, key: str, reason: str, change: Change, *, holder: bool = True
) -> Outcome:
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"an idempotency key has 1 to {LONGEST_KEY} signs, not {len(key)}")
    for _attempt in range(ATTEMPTS):
        found = load_by_task(task)
        if found is None:
            raise refuse_absent()
        situation = situation_from(*found, at)
        try:
            return _try(verb, task, by, key, reason[:LONGEST_REASON], change, situation, holder)
        except Refusal:
            if earlier := earlier_outcome(key, by=by, register=situation.key, step=verb, record=situation.record["id"]):
                return earlier
            raise
        except Clashed:
            if earlier := earlier_outcome(key, by=by, register=situation.key, step=verb, record=situation.record["id"]):
                return earlier
        except Raced:
            pass
    raise Refusal("busy", _("同时办理的人太多，这次没有办成。"), hint=_("请再试一次。"))


def _try(
    verb: str, task: int, by: Actor, key: str, reason: str, change: Change, situation: Situation, holder: bool
) -> Outcome:
    if not sees(by, situation):
        raise refuse_absent()
    row = next((one for one in situation.tasks if one["id"] == task and one["state"] in OWED), None)
    if row is None:
        raise Refusal("not_now", _("这项任务已经办结或取消。"), hint=_("请刷新后查看。"))
    _check_verb(verb, row, by, situation, holder)
    draft = begin_verb(verb, situation, by, key, reason)
    changes = TaskChanges()
    change(draft, row, changes)
    return write_verb(draft, changes)


def begin_verb(verb: str, situation: Situation, by: Actor, key: str, reason: str = "") -> Draft:
    """Return the draft of a verb's event."""
    draft = Draft(situation, situation, by, key, "verb", verb)
    draft.payload |= {"by": {"kind": by.kind}, "from": situation.state, "to": situation.state}
    if reason:
        draft.payload["reason"] = reason
    return draft


def write_verb(draft: Draft, changes: TaskChanges) -> Outcome:
    """Write a verb's event with its changes of tasks and what follows from them."""
    add_tasks(draft, changes)
    draft.add(plan_joined(draft.before, draft.after, open_after(draft.before.tasks, changes)))
    seq = write_acts([draft.to_writing()])[0]
    record = draft.after.record
    return Outcome(record["id"], record["number"], record["state"], draft.before.record["version"] + 1, seq)


def _check_verb(verb: str, row: Row, by: Actor, situation: Situation, holder: bool) -> None:
    step = _step_of(row, situation)
    if step is not None and verb in step.never:
        raise Refusal("never", _("章程规定这一步不能这样办。"), hint=_("请按章程办理。"))
    if holder and not is_taker(by, row) and not _oversees(by, row, situation):
        raise _not_holder()


def _oversees(by: Actor, row: Row, situation: Situation) -> bool:
    """A whole record's deadline has no holder: whoever it is told to when late looks after it."""
    late = situation.register.late
    return (
        row["step"] == ""
        and late is not None
        and any(who.kind == "role" and holds(by, who.name, situation.record["unit"]) for who in late.tell)
    )


def _step_of(row: Row, situation: Situation) -> Step | None:
    return situation.register.steps.get(row["step"])


def _not_holder() -> Refusal:
    return Refusal("not_yours", _("这项任务不在您手上。"), hint=_("请由任务的承办人办理。"))


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse_fields({"reason": _("请写明原因。")})


def _check_successor(to: int, row: Row, situation: Situation) -> None:
    if not Person.objects.filter(pk=to).exists() or to == row["person"]:
        raise refuse_fields({"to": _("请另选一人。")})
    if row["role"] and not any(post.role == row["role"] for post in posts_held(to, situation.today)):
        raise refuse_fields({"to": _("这个人没有担任承办这项任务的职务。")})


def _hand_assignment(draft: Draft, row: Row, to: int | None) -> None:
    """Remember who passed the task on, and let an assignment follow it."""
    passed: dict[str, Any] = {**draft.before.meta.get("passed", {}), str(row["id"]): row["person"]}
    draft.remember(passed={id_: person for id_, person in passed.items() if person is not None} or None)
    assigned = draft.before.meta.get("assigned")
    if assigned is not None and assigned.get("role") == row["role"] and row["role"]:
        draft.remember(assigned={**assigned, "person": to})
