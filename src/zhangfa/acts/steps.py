"""Draft one step: everything that must be so, and everything that comes of it, without writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts import guards
from zhangfa.acts.actor import Actor
from zhangfa.acts.asked import derive, read_asked, sheet_terms
from zhangfa.acts.composing import Draft, settle
from zhangfa.acts.effects import draft_effects
from zhangfa.acts.naming import SHANGHAI, hash_code, id_of, number_of
from zhangfa.acts.opening import check_about, choose_unit
from zhangfa.acts.owed import sheets_of
from zhangfa.acts.refusal import Refusal, refuse_absent
from zhangfa.acts.rights import may_take, sees
from zhangfa.acts.sealing import opened, seal
from zhangfa.acts.sheets import Signed, add_sheet, as_taken, outcome_state, place_of
from zhangfa.acts.situation import Situation, situation_of, unopened
from zhangfa.acts.tellings import tell
from zhangfa.acts.values.scalars import iso
from zhangfa.acts.words import say_takers, step_title
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Register, Step

DEEPEST = 5
"""Records opening records opening records."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked of the engine."""

    register: str
    step: str
    by: Actor
    at: dt.datetime
    key: str
    record: int | None = None
    version: int | None = None
    unit: int | None = None
    about: int | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    code: str | None = None
    """The follow-up code a new public record gets."""
    origin: int | None = None
    """The record whose step opens this one; it stands in for the right to open."""
    depth: int = 0
    salt: int = 0
    """How often an id reckoned from the key was taken already; each time other ids are reckoned."""
    counting: bool = False
    """The clock closes a vote with those present."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Parts added to the event's payload: what the clock says and does beside the step."""


def draft_step(asking: Asking) -> list[Draft]:
    """Return the drafts of the step and of the records its effects open; raise a Refusal where it may not be."""
    raw = _find(asking)
    step = _as_asked(as_taken(find_step(raw.register, asking.step)), raw.register, asking)
    clear = opened(raw)
    if asking.counting:
        return _draft_count(asking, raw, clear, step)
    _check_rights(step, asking, raw)
    place = _check_guards(step, asking, clear)
    asked = read_asked(step, asking.by, clear, asking.data)
    draft = _begin(asking, raw, clear, step)
    _enter(draft, asked.data, sheet_terms(step, asked.sheet))
    guards.check_condition(step, draft.after)
    signed = add_sheet(step, asking.by, clear, place, asked.sheet)
    if asked.sheet:
        draft.payload["sheet"] = asked.sheet
    return _finish(draft, step, asking, signed)


def _draft_count(asking: Asking, raw: Situation, clear: Situation, step: Step) -> list[Draft]:
    """Complete a vote with the sheets there are."""
    draft = _begin(asking, raw, clear, step)
    draft.payload["data"] = {}
    return _finish(draft, step, asking, Signed([dict(sheet) for sheet in sheets_of(step, clear)], True))


def _finish(draft: Draft, step: Step, asking: Asking, signed: Signed) -> list[Draft]:
    """Move the record, settle what follows, and seal what is sensitive."""
    _move(draft, step, signed.sheets, done=signed.done)
    settle(draft, step, done=signed.done)
    others = _follow_up(draft, step, asking) if signed.done else []
    for name, value in asking.extra.items():
        draft.add({name: value})
    _seal(draft)
    return [draft, *others]


def find_step(register: Register, step: str) -> Step:
    """Return the step of that id; refuse one the charter does not have."""
    found = register.steps.get(step)
    if found is None:
        raise Refusal("not_now", _("章程里没有这一步。"), hint=_("章程可能已经更新，请刷新页面。"))
    return found


def _as_asked(step: Step, register: Register, asking: Asking) -> Step:
    """An effect may hand over values of fields that the opening step itself does not ask."""
    if asking.origin is None:
        return step
    asked = {one.id for one in step.asks}
    handed = [register.fields[name] for name in asking.data if name in register.fields and name not in asked]
    return replace(step, asks=(*step.asks, *handed))


def _find(asking: Asking) -> Situation:
    """Return the record the actor may see, or the one to be opened."""
    if asking.record is None:
        return _unopened(asking)
    found = situation_of(asking.record, asking.at)
    if found is None or found.key != asking.register or not sees(asking.by, found):
        raise refuse_absent()
    return found


def _unopened(asking: Asking) -> Situation:
    try:
        charter, register = charters.register(asking.register, asking.at.astimezone(SHANGHAI).date())
    except charters.UnknownCharter:
        raise refuse_absent()
    step = find_step(register, asking.step)
    if step.from_:
        raise Refusal(
            "not_now", _("“%(step)s”要在已有的记录上办理。") % {"step": step_title(step)}, hint=_("请先打开记录。")
        )
    unit = choose_unit(charter, register, step, asking)
    about = check_about(register, step, asking)
    return unopened(charter, register, asking.at, unit=unit, author=asking.by.person, about=about)


def _check_rights(step: Step, asking: Asking, situation: Situation) -> None:
    if asking.origin is not None or may_take(step, asking.by, situation):
        return
    guards.check_version(situation, asking.version)
    takers = say_takers(step, situation.charter, situation.register)
    sentence = _("“%(step)s”由%(takers)s办理，不由您办理。") % {"step": step_title(step), "takers": takers}
    raise Refusal("not_yours", sentence, hint=_("请由章程规定的人办理。"))


def _check_guards(step: Step, asking: Asking, situation: Situation) -> int:
    """Check what stands against the step before anything entered is read; return as which party it is signed."""
    if situation.state:
        guards.check_version(situation, asking.version)
    guards.check_state(step, situation)
    guards.check_claim(step, asking.by, situation)
    guards.check_count(step, situation)
    guards.check_four_eyes(step, asking.by, situation)
    return place_of(step, asking.by, situation)


def _begin(asking: Asking, raw: Situation, clear: Situation, step: Step) -> Draft:
    draft = Draft(clear, clear, asking.by, asking.key, "step", step.id, raw=raw, salt=asking.salt)
    draft.payload["by"] = {"kind": asking.by.kind}
    if raw.state:
        draft.payload["from"] = raw.state
        return draft
    parts = (asking.key, asking.register, asking.salt)
    now = raw.unit
    record = id_of(asking.at, *parts)
    number = number_of(raw.charter.id, raw.register.id, asking.at, *parts, single=len(raw.charter.registers) == 1)
    draft.before = clear.having(id=record)
    draft.set_columns(
        id=record, number=number, unit=now.id, county=now.county, town=now.town, village=now.village, grid=now.grid,
        author=asking.by.person, about_person=raw.record["about_person"], about_unit=raw.record["about_unit"],
        origin=asking.origin, code_hash=hash_code(asking.code) if asking.code else None,
        state="", closed=False, due_at=None, warning="",
    )  # fmt: skip
    return draft


def _enter(draft: Draft, data: Mapping[str, Any], sheet: Mapping[str, object]) -> None:
    """Put what was entered, and what follows from it, into the record after."""
    draft.enter(data, sheet)
    derived = derive(draft.after, data)
    draft.payload["data"] = {**data, **derived}
    if derived:
        draft.enter(derived, sheet)


def _move(draft: Draft, step: Step, sheets: list[dict[str, Any]], *, done: bool) -> None:
    """Put the record into the state the step leads to and note who did it."""
    person, at, version = draft.by.person, iso(draft.after.at), draft.before.record["version"] + 1
    meta = draft.before.meta
    took = meta.get("took", {})
    draft.remember(took={**took, step.id: sorted({*took.get(step.id, ()), *([person] if person else [])})})
    if step.by.mode != "any":
        draft.remember(sheets={**meta.get("sheets", {}), step.id: sheets})
    if not done:
        if draft.payload["data"]:
            draft.remember(changed=version)
        draft.payload["to"] = draft.before.state
        draft.set_columns(state=draft.before.state)
        return
    state = outcome_state(step, draft.after, sheets)
    draft.payload["to"] = state
    draft.set_columns(state=state, closed=draft.after.register.states[state].final)
    draft.remember(
        steps={**meta.get("steps", {}), step.id: meta.get("steps", {}).get(step.id, 0) + 1},
        step_at={**meta.get("step_at", {}), step.id: at},
        changed=version,
        last={"step": step.id, "person": person, "at": at},
    )
    _forget_round(draft, step)


def _forget_round(draft: Draft, step: Step) -> None:
    """A step of several people starts a new round when its state is entered anew: clear what the last one left.

    The sheets of the step just completed stay until then, to be read on the record.
    """
    sheets = draft.after.meta.get("sheets")
    if not sheets:
        return
    stale = {
        other.id
        for other in draft.after.steps_here()
        if other.id in sheets and (other.id != step.id or draft.before.state == draft.after.state)
    }
    if draft.before.state != draft.after.state or step.id in stale:
        for name in ("sheets", "drawn", "signers"):
            kept = draft.after.meta.get(name, {})
            if stale & kept.keys():
                draft.remember(**{name: {id_: value for id_, value in kept.items() if id_ not in stale} or None})


def _follow_up(draft: Draft, step: Step, asking: Asking) -> list[Draft]:
    """Tell whom the step tells and do what ``then`` says; return the drafts of the records it opens."""
    if step.tell:
        draft.add({"outbox": tell(step.tell, draft.after, kind="step", key=asking.key, step=step.id)})
    if not step.then:
        return []
    opening = draft_effects(draft, step, asking)
    if asking.depth >= DEEPEST and opening:
        raise Refusal(
            "guard", _("记录连环开立超过 %(most)d 层，没有办理。") % {"most": DEEPEST}, hint=_("请检查章程的“然后”。")
        )
    return [other for each in opening for other in draft_step(each)]


def _seal(draft: Draft) -> None:
    """Encrypt what is sensitive among the values the event carries."""
    data, secret = seal(draft.after, draft.payload["data"], new=not draft.before.state)
    draft.payload["data"], draft.secret = data, secret
