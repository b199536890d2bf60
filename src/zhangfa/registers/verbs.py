"""The engine's own verbs as forms: which stand open on a task, and what each asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from zhangfa.acts import verbs
from zhangfa.acts.actor import Actor
from zhangfa.acts.fold import Row
from zhangfa.acts.outcome import Outcome
from zhangfa.acts.reading import Case
from zhangfa.acts.rights import is_taker
from zhangfa.charter.model import Field, Text

REASON = Field("reason", "text", Text("原因", "Reason"), required=True, long=True, max=Decimal(500))
NOTE = Field("reason", "text", Text("说明", "Note"), long=True, max=Decimal(500))
AMOUNT = Field(
    "amount", "int", Text("延长几个工作日", "Working days more"), required=True, min=Decimal(1), max=Decimal(366)
)


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its words, what it asks and what it does."""

    title: Callable[[], str]
    explained: Callable[[], str]
    asks: tuple[Field, ...]
    act: Callable[..., Outcome]


TO = Field("to", "person", Text("转给", "To"), required=True)
SIGNER = Field("person", "person", Text("加签人", "Signer"), required=True)
VERBS: Mapping[str, Verb] = {
    "claim": Verb(
        lambda: _("领办"), lambda: _("由您承办这项任务，别人不再办理。"), (NOTE,), verbs.claim
    ),
    "pass_on": Verb(
        lambda: _("转办"), lambda: _("交给另一个担任这项职务的人承办，期限不变。"), (TO, NOTE), verbs.pass_on
    ),
    "add_signer": Verb(
        lambda: _("加签"), lambda: _("请一个人也来签字；大家都签了，这一步才算办完。"), (SIGNER, NOTE), verbs.add_signer
    ),
    "return_task": Verb(
        lambda: _("退回"), lambda: _("退给转来的人，或退回由同一职务的人承办。"), (REASON,), verbs.return_task
    ),
    "extend": Verb(
        lambda: _("延期"), lambda: _("期限按工作日顺延，原因记入办理经过。"), (AMOUNT, REASON), verbs.extend
    ),
    "pause": Verb(
        lambda: _("暂停计时"), lambda: _("暂停的天数不计入期限，例如等待对方补充材料。"), (REASON,), verbs.pause
    ),
    "resume": Verb(
        lambda: _("恢复计时"), lambda: _("期限从现在起继续计算，暂停的天数顺延。"), (NOTE,), verbs.resume
    ),
}  # fmt: skip
NEVER = {"return_task": "return"}
"""Where the charter's word for switching a verb off is another one."""


def verbs_for(task: Row, case: Case, actor: Actor) -> list[tuple[str, str]]:
    """Return the verbs that stand open on a task to the actor, with their words."""
    if not task["step"] or not is_taker(actor, task):
        return []
    step = case.register.steps.get(task["step"])
    never = step.never if step else frozenset()
    return [(name, VERBS[name].title()) for name in _fitting(task, step) if NEVER.get(name, name) not in never]


def _fitting(task: Row, step: object) -> Sequence[str]:
    """Return the verbs that make sense on the task as it stands."""
    if task["state"] == "paused":
        return ["resume"]
    found = ["claim"] if task["person"] is None and task["claim_until"] else []
    found += ["pass_on"]
    found += ["add_signer"] if getattr(getattr(step, "by", None), "mode", "") == "all" else []
    found += ["return_task"] if task["person"] is not None and task["role"] else []
    return [*found, *(["extend", "pause"] if task["due_at"] else [])]


def fields_of(verb: Verb, task: Row) -> tuple[Field, ...]:
    """Return what the verb asks on this task: a successor must hold the task's role."""
    return tuple(
        Field("to", "person", each.title, required=True, role=task["role"]) if each.id == "to" else each
        for each in verb.asks
    )


def use(name: str, *, task: int, raw: Mapping[str, object], by: Actor, at: dt.datetime, key: str) -> Outcome:
    """Do a verb with what was typed."""
    asked = {each.id: _given(each, raw.get(each.id)) for each in VERBS[name].asks}
    return VERBS[name].act(task=task, by=by, at=at, key=key, **asked)


def _given(field: Field, raw: object) -> object:
    """Return a person or a number as such; an impossible one as 0, which the engine refuses with its sentence."""
    if field.type == "text":
        return str(raw or "")
    text = str(raw or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
