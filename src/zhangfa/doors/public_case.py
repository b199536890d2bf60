"""A request as its resident sees it: what was said, what the office answered, what comes next, and by when.

The office's verdict and the resident's are two facts and stand side by side; roles stand in it, never
names; a field that is sensitive or shown to some roles only does not.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.actor import PUBLIC, Actor
from zhangfa.acts.models import Task
from zhangfa.acts.naming import SHANGHAI, hash_code
from zhangfa.acts.rights import is_who
from zhangfa.acts.situation import Situation, situation_of
from zhangfa.acts.values import Names, show_value
from zhangfa.acts.words import say_moment, state_title, step_title, title_of
from zhangfa.attachments.engine import StoredFile
from zhangfa.charter.model import Field, Step
from zhangfa.directory import tree
from zhangfa.directory.posts import posts_held
from zhangfa.doors.due_words import Due, due_of
from zhangfa.doors.models import Quarantined
from zhangfa.log.models import Event

PRIVATE = frozenset({"person", "phone", "id-number", "files", "point", "table", "credit-code"})
OWN = frozenset({"public", "author"})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the public timeline."""

    at: str
    what: str
    who: str
    facts: tuple[tuple[str, str], ...]
    photos: tuple[StoredFile, ...]
    own: bool
    clock: bool
    """Done by the clock, because nobody did anything in time."""
    step: str
    state: str
    """The state it led to."""


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What the page of one request says."""

    situation: Situation
    actor: Actor
    number: str
    state: str
    closed: bool
    place: str
    opened: str
    facts: tuple[tuple[str, str], ...]
    photos: tuple[StoredFile, ...]
    """What the resident sent along."""
    timeline: tuple[Told, ...]
    """The newest first."""
    office: Told | None
    office_on_time: bool | None
    own: Told | None
    lapsed: bool
    """Closed by the clock without a word of the resident."""
    dues: tuple[Due, ...]
    offers: tuple[Step, ...]
    used_up: tuple[str, ...]
    """Titles of the resident's steps that may not be taken again."""


def read_public_case(*, record: int, code: str, at: dt.datetime) -> PublicCase | None:
    """Return the request behind a follow-up code; nothing where the code is not its own."""
    situation = situation_of(record, at)
    digest = hash_code(code)
    if situation is None or situation.record["code_hash"] != digest:
        return None
    actor = PUBLIC.with_code(code)
    told = _timeline(situation)
    office, own = _verdicts(situation, told)
    offers, used_up = _offers(situation, actor)
    return PublicCase(
        situation=situation, actor=actor, number=situation.record["number"],
        state=state_title(situation.register, situation.state), closed=bool(situation.record["closed"]),
        place=tree.path_name(int(situation.record["unit"])), opened=say_moment(situation.opened_at),
        facts=_asked_facts(situation), photos=told[0].photos if told else (),
        timeline=tuple(reversed(told)), office=office,
        office_on_time=_on_time(record, office.step) if office else None, own=own,
        lapsed=bool(situation.record["closed"]) and bool(told) and told[-1].clock,
        dues=_dues(situation, at), offers=offers, used_up=used_up,
    )  # fmt: skip


def _verdicts(situation: Situation, told: list[Told]) -> tuple[Told | None, Told | None]:
    """Return the office's last answer and what its resident said after it: two facts."""
    own: Told | None = None
    for each in reversed(told):
        if each.own:
            own = own or each
        elif not each.clock and _is_answer(situation, each):
            return _with_values(situation, each), _with_values(situation, own)
    return None, None


def _is_answer(situation: Situation, told: Told) -> bool:
    """An answer ends the matter, or leads to where the resident has a say."""
    register = situation.register
    here = [step for step in register.steps.values() if told.state in step.from_]
    states = register.states
    return any(who.kind in OWN for step in here for who in step.by.who) or (
        told.state in states and states[told.state].final
    )


def _with_values(situation: Situation, told: Told | None) -> Told | None:
    """Show what stands now in the fields the step asks: an event says only what it changed."""
    step = situation.register.steps.get(told.step) if told else None
    if told is None or step is None:
        return told
    stands = {asked.id: situation.payload.get(asked.id) for asked in step.asks}
    return replace(told, facts=_public_facts(situation, stands), photos=_public_photos(situation, stands))


def _timeline(situation: Situation) -> list[Told]:
    rows = Event.objects.filter(record=situation.record["id"], kind="step").order_by("seq")
    return [_told(situation, row, json.loads(row.payload)) for row in rows]


def _told(situation: Situation, row: Event, payload: Mapping[str, object]) -> Told:
    step = situation.register.steps.get(row.step)
    by = payload.get("by")
    by = by if isinstance(by, dict) else {}
    data = payload.get("data")
    data = data if isinstance(data, dict) else {}
    return Told(
        at=say_moment(row.ts),
        what=step_title(step) if step else row.step,
        who=_role(situation, row, step, str(by.get("kind"))),
        facts=_public_facts(situation, data),
        photos=_public_photos(situation, data),
        own=by.get("kind") == "public",
        clock=by.get("kind") == "system",
        step=row.step,
        state=str(payload.get("to") or ""),
    )


def _role(situation: Situation, row: Event, step: Step | None, kind: str) -> str:
    """Say who did it by role and unit, never by name."""
    if kind != "person" or row.person is None:
        return _("系统") if kind == "system" else _("您")
    named = {who.name for who in step.by.who if who.kind == "role"} if step else set()
    held = posts_held(row.person, row.ts.astimezone(SHANGHAI).date())
    posts = [post for post in held if post.role in situation.charter.roles]
    post = next((post for post in posts if post.role in named), posts[0] if posts else None)
    if post is None:
        return _("工作人员")
    title = title_of(situation.charter.roles[post.role].title)
    return title if post.unit.id == situation.record["unit"] else f"{post.unit.name} {title}"


def _public_facts(situation: Situation, data: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    fields = [field for field in situation.register.fields.values() if field.id in data]
    shown = [(field, data[field.id]) for field in fields if is_public(field) and data[field.id] is not None]
    names = Names(units=_unit_names(shown))
    language = get_language() or "zh-hans"
    return tuple((title_of(field.title), show_value(field, value, language, names)) for field, value in shown)


def _unit_names(shown: list[tuple[Field, object]]) -> Mapping[int, str]:
    ids = [int(str(value)) for field, value in shown if field.type == "unit"]
    return {id_: unit.name for id_, unit in tree.units(ids).items()}


def is_public(field: Field) -> bool:
    """Tell whether a field may stand on its resident's page."""
    if field.sensitive or field.type in PRIVATE:
        return False
    return not field.visible_to or any(who.kind in OWN for who in field.visible_to)


def _asked_facts(situation: Situation) -> tuple[tuple[str, str], ...]:
    """What the resident said when opening it."""
    opening = [step for step in situation.register.steps.values() if not step.from_]
    asked = {field.id for step in opening for field in step.asks}
    return _public_facts(situation, {name: value for name, value in situation.payload.items() if name in asked})


def _public_photos(situation: Situation, data: Mapping[str, object]) -> tuple[StoredFile, ...]:
    """Return the files among these values that may stand on the resident's page."""
    fields = [situation.register.fields[name] for name in data if name in situation.register.fields]
    files = [field for field in fields if field.type == "files" and not field.sensitive and not field.visible_to]
    shown = [data[field.id] for field in files]
    return tuple(file for value in shown if isinstance(value, list) for file in value)


def _on_time(record: int, step: str) -> bool | None:
    done = Task.objects.filter(record=record, step=step, state="done").order_by("-done_at")
    return done.values_list("on_time", flat=True).first()


def _dues(situation: Situation, at: dt.datetime) -> tuple[Due, ...]:
    open_ = [task for task in situation.tasks if task["state"] in ("open", "paused") and task["due_at"]]
    dues = [due_of(situation, task, at) for task in open_]
    return tuple(sorted(dues, key=lambda due: due.at))


def _offers(situation: Situation, actor: Actor) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Return the steps the resident may take now, and the titles of those used up."""
    taken: Mapping[str, int] = situation.meta.get("steps", {})
    here = situation.steps_here()
    own = [step for step in here if any(is_who(who, actor, situation, step.id) for who in step.by.who)]
    used = [step for step in own if step.at_most is not None and taken.get(step.id, 0) >= step.at_most]
    return tuple(step for step in own if step not in used), tuple(step_title(step) for step in used)


def waiting_words(waiting: Quarantined) -> tuple[str, str]:
    """Say how a request stands that was kept back."""
    if waiting.decided_at is None:
        return _("等工作人员看一眼"), _("内容和照片都已保存。看过之后就转给经办人，办理期限从您提交时算起。")
    return _("没有受理"), _("工作人员看过后认为这不是一件诉求。如果看错了，请重新提一件，或到镇街办公室当面反映。")


def shown_files(seen: PublicCase) -> set[str]:
    """Return the hashes of every file that stands on the page."""
    return {file["hash"] for told in seen.timeline for file in told.photos}
