"""What a record holds against others: its slot (``one_per``), its booking (``never_two``), its unit's property."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.once import once_per_version
from zhangfa.acts.refusal import Refusal, refuse_fields
from zhangfa.acts.rights import sees
from zhangfa.acts.situation import Situation, situation_of
from zhangfa.acts.store import query, read_moment, write_moment
from zhangfa.acts.terms import RecordTerms, follow
from zhangfa.acts.values.scalars import from_iso
from zhangfa.acts.words import name_of, say_end, say_moment
from zhangfa.charter.model import Charter, Register
from zhangfa.log.canonical import canonical

LONGEST_SLOT = 160


def slot_of(situation: Situation) -> str | None:
    """Return the slot a record takes; ``None`` where the charter demands none or a part is still missing."""
    if not situation.register.one_per:
        return None
    parts = [_slot_part(name, situation) for name in situation.register.one_per]
    if any(part is None for part in parts):
        return None
    slot = "|".join([situation.key, *map(canonical, parts)])
    return slot if len(slot) <= LONGEST_SLOT else f"{situation.key}|{hashlib.sha256(slot.encode()).hexdigest()}"


def _slot_part(name: str, situation: Situation) -> Any:
    record = situation.record
    if name == "unit":
        return record["unit"]
    if name == "about":
        return record["about_person"] or record["about_unit"]
    return situation.payload.get(name)


@once_per_version
def main_road(charter: Charter, register: Register) -> frozenset[str]:
    """Return the states met by taking the first step in the charter's order from each state on.

    A final state off this road is a refusal (declined, rejected, withdrawn): it gives the slot back.
    """
    step = next((one for one in register.steps.values() if not one.from_), None)
    met: list[str] = []
    while step is not None and step.to[0] not in met:
        met.append(step.to[0])
        step = next((one for one in register.steps.values() if met[-1] in one.from_ and one.to[0] not in met), None)
    return frozenset(met)


def plan_slot(before: Situation, after: Situation) -> dict[str, Any]:
    """Return the payload's ``slots`` and ``freed`` and the slot to remember."""
    held = before.meta.get("slot")
    if held is None and not after.register.one_per:
        return {}
    final = after.register.states[after.state].final
    closed = final and after.state not in main_road(after.charter, after.register)
    wanted = None if closed else slot_of(after)
    if wanted == held:
        return {}
    parts: dict[str, Any] = {"meta": {"slot": wanted}}
    if held is not None:
        parts["freed"] = [held]
    if wanted is not None:
        parts["slots"] = [wanted]
    return parts


def refuse_slot() -> Refusal:
    """Build the refusal for a slot another record holds."""
    return Refusal("taken", _("已经有一条同样的记录，不能重复登记。"), hint=_("请在原来的记录上办理。"))


def plan_properties(before: Situation, after: Situation) -> list[list[Any]]:
    """A register with one record per unit shows its state as a property of the unit."""
    if after.register.one_per != ("unit",) or before.state == after.state:
        return []
    return [[after.record["unit"], property_name(after.register.id), after.state]]


def property_name(word: str) -> str:
    """Return the name under which expressions read a property."""
    return word.replace("-", "_")


def plan_booking(before: Situation, after: Situation, actor: Actor) -> dict[str, Any]:
    """Return the payload's ``booking`` where it changes; refuse an overlap with a sentence that names it."""
    rule = after.register.never_two
    if rule is None:
        return {}
    held = before.meta.get("booking")
    closed = after.register.states[after.state].final
    wanted = None if closed else booking_of(after)
    if wanted == held:
        return {}
    if wanted is None:
        return {"booking": {}, "meta": {"booking": None}}
    refuse_overlap(after, wanted, actor)
    return {"booking": wanted, "meta": {"booking": wanted}}


def booking_of(situation: Situation) -> dict[str, str] | None:
    """Return the stretch of time a record books of its resource; ``None`` while a part is missing."""
    rule = situation.register.never_two
    assert rule is not None
    path, first, last = rule
    resource = follow(RecordTerms(situation), path)
    starts, ends = situation.payload.get(first), situation.payload.get(last)
    if resource is None or starts is None or ends is None:
        return None
    if from_iso(_moment(starts)) >= from_iso(_moment(ends)):
        raise refuse_fields({last: _("结束时间要晚于开始时间。")})
    name = resource["id"] if isinstance(resource, Mapping) else resource
    return {"resource": f"{situation.key}:{path}:{name}"[:120], "starts": _moment(starts), "ends": _moment(ends)}


def _moment(stored: str) -> str:
    """A booking by days runs from midnight to midnight in UTC, which keeps their order."""
    return stored if "T" in stored else f"{stored}T00:00:00Z"


def refuse_overlap(situation: Situation, booking: Mapping[str, str], actor: Actor) -> None:
    """Raise the refusal that names the clash, where there is one now."""
    rows = query(
        "SELECT record, starts, ends FROM acts_booking "
        "WHERE resource = %s AND starts < %s AND ends > %s AND record <> %s ORDER BY starts LIMIT 1",
        [booking["resource"], write_moment(booking["ends"]), write_moment(booking["starts"]), situation.record["id"]],
    )
    if rows:
        record, starts, ends = rows[0]
        raise _overlap(situation, actor, int(record), read_moment(starts), read_moment(ends))


def _overlap(situation: Situation, actor: Actor, record: int, starts: str, ends: str) -> Refusal:
    rule = situation.register.never_two
    assert rule is not None
    resource = follow(RecordTerms(situation), rule[0])
    who = resource["name"] if isinstance(resource, Mapping) and "name" in resource else None
    other = situation_of(record, situation.at)
    label = _("（%(label)s）") % {"label": other.record["label"]} if other and sees(actor, other) else ""
    values = {
        "who": who or (name_of(resource) if isinstance(resource, int) else resource),
        "from": say_moment(starts),
        "to": say_end(starts, ends),
        "label": label,
    }
    sentence = _("%(who)s在%(from)s至%(to)s已有安排%(label)s，时间冲突。") % values
    return Refusal("overlap", sentence, hint=_("请换一个时间，或另请他人。"), fields={rule[1]: sentence})
