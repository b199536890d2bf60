"""What an act came to, and the same answer again for a repeated key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.store import query

LONGEST_KEY = 64
"""Of a caller's key; what the engine derives from it still fits the log's column."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step came to: the record as the act left it."""

    record: int
    number: str
    state: str
    version: int
    seq: int
    repeated: bool = False
    """True where the key was known: the earlier act's outcome, nothing was done twice."""
    code: str | None = None
    """The follow-up code, for the public and only when a record was opened."""


def earlier_outcome(key: str, *, by: Actor, register: str, step: str, record: int | None) -> Outcome | None:
    """Return the outcome of the act already written under the key; refuse a key that stands for another act."""
    rows = query(
        "SELECT e.seq, e.register, e.step, e.record, e.person, e.payload, r.number FROM log_event e "
        "LEFT JOIN acts_record r ON r.id = e.record WHERE e.key = %s",
        [key],
    )
    if not rows:
        return None
    seq, its_register, its_step, its_record, person, payload, number = rows[0]
    same = (its_register, its_step, person) == (register, step, by.person) and record in (None, its_record)
    if not same:
        raise Refusal("key_used", _("这次提交的编号已经用过，没有重复办理。"), hint=_("请重新打开页面再提交。"))
    said: dict[str, Any] = orjson.loads(payload)
    return Outcome(its_record, number or "", said.get("to", ""), said.get("version", 0), seq, repeated=True)
