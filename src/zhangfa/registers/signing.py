"""Who signs a record, and who has: the parties of its countersigning steps."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhangfa.acts.reading import Case
from zhangfa.acts.rights import person_at
from zhangfa.acts.words import names_of, say_moment, title_of
from zhangfa.charter.model import Step, Who


def parties_of(case: Case) -> list[dict[str, str]]:
    """Return title, name and words beneath the line of every party; an unsigned line stays empty."""
    return [party for step in case.register.steps.values() if step.by.mode == "all" for party in _parties(step, case)]


def _parties(step: Step, case: Case) -> list[dict[str, str]]:
    sheets = {sheet["place"]: sheet for sheet in case.row["meta"].get("sheets", {}).get(step.id, [])}
    names = names_of({sheet["person"] for sheet in sheets.values()})
    found = []
    for place, who in enumerate(step.by.who):
        sheet = sheets.get(place)
        when = _("%(when)s 在系统中签字") % {"when": say_moment(sheet["at"])} if sheet else _blank_date()
        remark = " ".join(str(value) for value in sheet["values"].values() if value) if sheet else ""
        words = f"{when}；{remark}" if remark else when
        name = names.get(sheet["person"], "") if sheet else ""
        title = _("%(party)s（签字）") % {"party": _party(who, case)}
        found.append({"title": title, "name": name, "when": words, "signed": "1" if sheet else ""})
    return found


def _party(who: Who, case: Case) -> str:
    """Return the words for a party: the title of the field or the role, with the person's name."""
    if who.kind == "field" and who.name in case.register.fields:
        title = title_of(case.register.fields[who.name].title)
        person = person_at(who, case.situation)
        return f"{title} {names_of({person}).get(person, '')}" if person else title
    return title_of(case.charter.roles[who.name].title) if who.name in case.charter.roles else who.kind


def _blank_date() -> str:
    return _("　　　　年　　月　　日")
