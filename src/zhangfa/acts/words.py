"""Words for people: titles in the language at hand, names of people, moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.values.scalars import from_iso
from zhangfa.charter.model import Charter, Field, Register, Step, Text
from zhangfa.directory.models import Person


def title_of(text: Text) -> str:
    """Return a title in the language at hand."""
    return text.in_language(get_language() or "zh-hans")


def name_of(person: int | None) -> str:
    """Return a person's name; the public and the clock have words of their own."""
    if person is None:
        return _("系统或群众")
    return Person.objects.filter(pk=person).values_list("name", flat=True).first() or f"#{person}"


def names_of(people: set[int]) -> Mapping[int, str]:
    """Return the names of many people by one query."""
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))


def _local(moment: dt.datetime | str) -> dt.datetime:
    return (from_iso(moment) if isinstance(moment, str) else moment).astimezone(SHANGHAI)


def say_end(start: dt.datetime | str, end: dt.datetime | str) -> str:
    """Write the end of a span whose start was just said: on the same day the time alone."""
    return f"{_local(end):%H:%M}" if _local(start).date() == _local(end).date() else say_moment(end)


def say_moment(moment: dt.datetime | str) -> str:
    """Write a moment as people read it, in Shanghai's time."""
    local = _local(moment)
    if (get_language() or "zh").startswith("en"):
        return f"{local:%d %b %Y %H:%M}"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def state_title(register: Register, state: str) -> str:
    """Return the words for a state."""
    found = register.states.get(state)
    return (title_of(found.title) if found else "") or state


def step_title(step: Step) -> str:
    """Return the words for a step."""
    return title_of(step.title) or step.id


def field_titles(register: Register, step: Step | None = None) -> dict[str, Text]:
    """Return the titles of everything an expression of the register may name."""
    fields: list[Field] = [*register.fields.values(), *(step.asks if step else ())]
    titles = {field.id: field.title for field in fields}
    titles |= {f"{field.id}.{column.id}": column.title for field in fields for column in field.columns}
    titles |= {f"{field.id}={option.id}": option.title for field in fields for option in field.options}
    titles |= {f"state={state.id}": state.title for state in register.states.values()}
    return titles


def condition_titles(charter: Charter, register: Register, step: Step) -> dict[str, Text]:
    """Return the titles of everything a condition of a step may name, counters and settings too."""
    titles = field_titles(register, step) | {setting.id: setting.title for setting in charter.settings.values()}
    for other in register.steps.values():
        zh, en = other.title.zh, other.title.en or other.id
        titles[f"{other.id}_count"] = Text(f"“{zh}”的次数", f"times of “{en}”")
    return titles


def say_missing(field: Field) -> str:
    """Say that a field must be filled in, by its name."""
    return _("请填写“%(field)s”。") % {"field": title_of(field.title)}


def say_takers(step: Step, charter: Charter, register: Register) -> str:
    """Say who may take a step, as the charter names them."""
    fixed = {
        "public": _("群众"),
        "author": _("提出的人"),
        "about": _("所涉及的人"),
        "assignee": _("接办的人"),
        "system": _("系统"),
    }
    names: list[str] = []
    for who in step.by.who:
        if who.kind == "role" and who.name in charter.roles:
            names.append(title_of(charter.roles[who.name].title))
        elif who.kind == "field":
            field = register.fields.get(who.name.partition(".")[0])
            names.append(title_of(field.title) if field else who.name)
        else:
            names.append(fixed.get(who.kind, who.name))
    return _("、").join(names)
