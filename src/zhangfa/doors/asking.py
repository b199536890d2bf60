"""Hand a resident's request in: at once where it came the ordinary way, into quarantine where it did not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.acts.actor import PUBLIC
from zhangfa.acts.engine import take_step
from zhangfa.acts.naming import hash_code
from zhangfa.acts.refusal import refuse_fields
from zhangfa.acts.values import parse_value
from zhangfa.charter.model import Charter, Door, Step
from zhangfa.doors.follow_codes import code_for_key
from zhangfa.doors.forms import fields_asked
from zhangfa.doors.limits import LIMITS, count_one, keyed
from zhangfa.doors.models import Quarantined
from zhangfa.doors.quarantine import keep_back
from zhangfa.doors.work import take_solution
from zhangfa.log.models import Event


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What the resident carries away."""

    code: str
    waiting: bool


def hand_in(
    *,
    charter: Charter,
    door: Door,
    unit: int,
    data: Mapping[str, object],
    solution: str,
    address: str,
    key: str,
    at: dt.datetime,
) -> HandedIn:
    """Open the record, or keep the request back with a code that works all the same.

    Raises :class:`Refusal` where the answers themselves need another look. A second sending of the
    same form yields the same code and opens nothing twice.
    """
    check_answers(charter.registers[door.register].steps[door.submit], data)
    code = code_for_key(key)
    kept = Quarantined.objects.filter(key=key).first()
    if kept is not None:
        return HandedIn(code, waiting=kept.record is None)
    reason = _why_keep_back(charter, door, unit, solution, address, key, at)
    if reason:
        keep_back(
            key=key,
            code_hash=hash_code(code),
            charter=charter.id,
            door=door.id,
            unit=unit,
            data=data,
            reason=reason,
            at=at,
        )
        return HandedIn(code, waiting=True)
    take_step(
        register=f"{charter.id}.{door.register}", step=door.submit, by=PUBLIC, at=at, key=key, unit=unit, data=data
    )
    return HandedIn(code, waiting=False)


def _why_keep_back(
    charter: Charter, door: Door, unit: int, solution: str, address: str, key: str, at: dt.datetime
) -> str:
    """Return why a request is kept back, empty where it is not; a form sent again counts once."""
    if Event.objects.filter(key=key).exists():
        return ""
    place = f"{charter.id}.{door.id}"
    wrong = take_solution(solution=solution, door=place, key=key, at=at)
    by_address = count_one(key=keyed("ask", address, place), at=at)
    by_door = count_one(key=keyed("ask", place, str(unit)), at=at)
    if wrong:
        return wrong
    if by_address > LIMITS.per_address:
        return "address"
    return "door" if by_door > LIMITS.per_door else ""


def check_answers(step: Step, data: Mapping[str, object]) -> None:
    """Refuse answers that need another look, as ``take_step`` would, before they are kept back."""
    wrong: dict[str, str] = {}
    for asked in fields_asked(step):
        value, problems = parse_value(asked, data.get(asked.id))
        wrong |= {f"{asked.id}.{path}" if path else asked.id: sentence for path, sentence in problems.items()}
        if value is None and asked.required and not problems:
            wrong[asked.id] = _("请填写。")
    if wrong:
        raise refuse_fields(wrong)
