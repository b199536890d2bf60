"""What a record's page says: how it stands, what is owed, what happened, what belongs to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.models import Record
from zhangfa.acts.reading import Case, OwedTask
from zhangfa.acts.rights import seeing_roles
from zhangfa.acts.timeline import Entry
from zhangfa.acts.words import names_of, say_moment, state_title, step_title
from zhangfa.charter.model import Text
from zhangfa.directory import tree
from zhangfa.registers.display import shown_fields

UNTOLD = ("table", "files", "point", "ref")
"""Types of fields the timeline leaves to the record's own cards."""
MOMENTS = ("opened_at", "updated_at", "due_at")


@dataclass(frozen=True, slots=True)
class Owed:
    """An open task as the page shows it."""

    id: int
    title: str
    who: str
    due_at: dt.datetime | None
    why: str
    """How the deadline was reckoned, in words."""
    provisional: bool
    paused: bool
    row: Mapping[str, Any]


def words_of(text: Text) -> str:
    """Return a title in the reader's language."""
    return text.in_language(get_language() or "zh-hans")


def with_moments(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's row with its moments as such."""
    return {**row, **{name: dt.datetime.fromisoformat(row[name]) if row[name] else None for name in MOMENTS}}


def standing_of(case: Case) -> str:
    """Return the words for the record's state."""
    return state_title(case.register, case.row["state"])


def about_of(case: Case) -> str:
    """Return whom or what the record is about."""
    if case.row["about_person"]:
        return names_of({case.row["about_person"]}).get(case.row["about_person"], "")
    return tree.path_name(case.row["about_unit"]) if case.row["about_unit"] else ""


def story_of(case: Case) -> list[dict[str, object]]:
    """Return what happened, the newest first, as the timeline component takes it."""
    story = []
    for entry in reversed(case.timeline):
        facts = _facts_of(entry, case) if entry is not case.timeline[0] else ()
        moved = _("→ %(state)s") % {"state": entry.state} if entry.state else ""
        role = case.charter.roles.get(entry.role)
        who = f"{entry.who}（{words_of(role.title)}）" if role else entry.who
        words = " ".join(filter(None, [moved, entry.reason]))
        story.append({"title": entry.what, "who": who, "words": words, "facts": facts, "at": entry.at, "tone": ""})
    return story


def _facts_of(entry: Entry, case: Case) -> tuple[tuple[str, str], ...]:
    """Return what a step said, by title: a later step may have written over it. What opened the record stands above."""
    told = [field for field in case.register.fields.values() if field.id in entry.data]
    said = shown_fields((field for field in told if field.type not in UNTOLD), entry.data, ())
    return tuple((each.title, each.words) for each in said)


def owed_of(case: Case) -> list[Owed]:
    """Return the open tasks, the one of the whole record last."""
    names = names_of({task.row["person"] for task in case.tasks if task.row["person"]})
    return sorted((_owed(task, case, names) for task in case.tasks), key=lambda task: task.row["step"] == "")


def _owed(task: OwedTask, case: Case, names: Mapping[int, str]) -> Owed:
    row = task.row
    step = case.register.steps.get(row["step"])
    return Owed(
        id=row["id"], title=step_title(step) if step else _("整件记录办结"), who=_who(row, case, names),
        due_at=task.due, why=words_of(task.why) if task.why else "", provisional=row["provisional"],
        paused=row["state"] == "paused", row=row,
    )  # fmt: skip


def _who(row: Mapping[str, Any], case: Case, names: Mapping[int, str]) -> str:
    """Return who owes a task: a person, or the holders of a role at a unit."""
    if row["person"]:
        return names.get(row["person"], "")
    role = case.charter.roles.get(row["role"])
    unit = tree.find_unit(row["unit"]) if row["unit"] else None
    return " · ".join(filter(None, [unit.name if unit and role else "", words_of(role.title) if role else ""]))


def waiting_for(case: Case, owed: Sequence[Owed]) -> str:
    """Say whom a record waits for when its reader has nothing to do."""
    whom = _("、").join(dict.fromkeys(task.who for task in owed if task.row["step"] and task.who))
    return _("现在等待：%(whom)s。") % {"whom": whom} if whom else _("现在没有需要您办理的步骤。")


def seen_by_words(case: Case) -> str:
    """Say who may see the record."""
    roles = [
        words_of(case.charter.roles[role].title)
        for role in case.charter.roles
        if role in seeing_roles(case.charter, case.register)
    ]
    unit = tree.unit(case.row["unit"]).name
    said = _("管到“%(unit)s”的%(roles)s") % {"unit": unit, "roles": _("、").join(roles)}
    return _("%(said)s；发起人、记录所涉的人和有待办的人。其他人看不到。") % {"said": said}


def links_of(case: Case) -> list[tuple[str, Record]]:
    """Return the record this came from and those it opened, as far as the reader may see them."""
    origin = [case.origin[0]] if case.origin else []
    rows = Record.objects.in_bulk([*origin, *(record for record, _label in case.opened)])
    linked = [(_("来自"), rows[record]) for record in origin if record in rows]
    return linked + [(_("开出"), rows[record]) for record, _label in case.opened if record in rows]


def moment_words(at: dt.datetime) -> str:
    """Return a moment as papers write it."""
    return say_moment(at)
