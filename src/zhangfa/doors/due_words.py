"""A deadline in the resident's words: who, what, by when, and how the day was reckoned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.situation import Situation
from zhangfa.acts.values.scalars import from_iso
from zhangfa.acts.words import step_title, title_of
from zhangfa.desk.dates import reckoned
from zhangfa.directory import tree


@dataclass(frozen=True, slots=True)
class Due:
    """One thing owed to the resident, or by the resident."""

    at: dt.datetime
    who: str
    what: str
    date: str
    why: str
    late: bool
    provisional: bool
    own: bool


def due_of(situation: Situation, task: Mapping[str, Any], at: dt.datetime) -> Due:
    """Put a task of the request into words."""
    step = situation.register.steps.get(task["step"])
    due = from_iso(task["due_at"])
    own = not task["role"] and task["person"] is None
    role = situation.charter.roles.get(task["role"])
    unit = tree.find_unit(task["unit"]) if task["unit"] and task["unit"] != situation.record["unit"] else None
    title = title_of(role.title) if role else _("经办人")
    return Due(
        at=due,
        who=_("您") if own else f"{unit.name} {title}" if unit else title,
        what=step_title(step) if step else _("整件办结"),
        date=say_due(due),
        why=reckoned(task["due_why"]),
        late=due < at,
        provisional=bool(task["provisional"]),
        own=own,
    )


def say_due(due: dt.datetime) -> str:
    """Write the last day with its weekday; with the hour where it is not the day's end."""
    local = due.astimezone(SHANGHAI)
    weekdays = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    words = {"year": local.year, "month": local.month, "day": local.day, "weekday": weekdays[local.weekday()]}
    date = _("%(year)d年%(month)d月%(day)d日（%(weekday)s）") % words
    return date if (local.hour, local.minute) == (23, 59) else f"{date} {local:%H:%M}"
