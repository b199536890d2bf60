"""Who did what when on a record, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from zhangfa.acts.situation import Situation
from zhangfa.acts.values.term import is_sealed
from zhangfa.acts.words import names_of, state_title, step_title
from zhangfa.log.models import Event

VERBS = {
    "pass_on": lambda: _("转办"),
    "add_signer": lambda: _("加签"),
    "return": lambda: _("退回"),
    "extend": lambda: _("延期"),
    "pause": lambda: _("暂停计时"),
    "resume": lambda: _("恢复计时"),
    "claim": lambda: _("领办"),
    "assign": lambda: _("按序指派"),
    "late": lambda: _("到期"),
    "recalendar": lambda: _("按新公布的放假安排重算期限"),
    "anonymise": lambda: _("保存期满，清除个人信息"),
    "erase": lambda: _("删除个人信息"),
    "rehome": lambda: _("随单位调整归属"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a record in words."""

    seq: int
    at: dt.datetime
    who: str
    """A person's name, or what the public and the clock are called."""
    role: str
    """The role in which a person acted; empty otherwise."""
    what: str
    """What was done: the step's or the verb's title."""
    kind: str
    """``step``, ``verb``, ``erase``."""
    step: str
    state: str
    """The state after it, in words, where it changed."""
    reason: str
    fields: tuple[str, ...]
    """Which fields it set, those hidden from the reader left out."""
    data: Mapping[str, Any]
    """What it set them to, as far as it stands open in the log: neither hidden nor sealed."""


def read_timeline(situation: Situation, hidden: frozenset[str]) -> tuple[Entry, ...]:
    """Return what happened to the record, oldest first; readings are listed elsewhere."""
    events = list(
        Event.objects.filter(record=situation.record["id"], kind__in=("step", "verb", "erase"))
        .order_by("seq")
        .values_list("seq", "ts", "kind", "step", "person", "payload")
    )
    names = names_of({event[4] for event in events if event[4] is not None})
    return tuple(_entry(event, names.get(event[4] or 0, ""), situation, hidden) for event in events)


def _entry(event: tuple[Any, ...], name: str, situation: Situation, hidden: frozenset[str]) -> Entry:
    seq, at, kind, step, _person, text = event
    payload = orjson.loads(text)
    data = payload.get("data", {})
    moved = payload.get("to") if payload.get("to") != payload.get("from") else None
    return Entry(
        seq=seq, at=at, kind=kind, step=step,
        who=name or _unnamed(payload.get("by", {}).get("kind", "system")),
        role=payload.get("by", {}).get("role", ""),
        what=_what(kind, step, situation),
        state=state_title(situation.register, moved) if moved else "",
        reason=payload.get("reason", ""),
        fields=tuple(sorted(set(data) - hidden)),
        data={name: value for name, value in data.items() if name not in hidden and not is_sealed(value)},
    )  # fmt: skip


def _unnamed(kind: str) -> str:
    return _("群众") if kind == "public" else _("系统")


def _what(kind: str, step: str, situation: Situation) -> str:
    if kind == "step":
        found = situation.register.steps.get(step)
        return step_title(found) if found else step
    words = VERBS.get(step or kind)
    return words() if words else step
