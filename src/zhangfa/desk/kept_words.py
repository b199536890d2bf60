"""A kept form in words: what was typed, under the titles its charter gives the fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.gate import may_see
from zhangfa.acts.models import Record
from zhangfa.acts.words import title_of
from zhangfa.charter.engine import UnknownCharter, at_version
from zhangfa.charter.engine import register as register_of
from zhangfa.charter.model import Field, Step
from zhangfa.desk.kept import Kept

UNSAID = ("key", "version", "next", "charter", "kept")
"""Names of what a form carries without anybody having typed it."""
CHOSEN = ("person", "unit", "units", "ref")
"""Types of which the form holds a number nobody would know again."""


def say_kept(form: Kept, actor: Actor, at: dt.datetime) -> list[tuple[str, str]]:
    """Return titles and values of what was typed; by the form's own names where it belongs to no charter."""
    step = _step_of(form.path, actor, at)
    typed = [(name, value) for name, value in form.fields if value and name not in UNSAID]
    return list(_in_words(typed, {field.id: field for field in step.asks})) if step else typed


def _step_of(path: str, actor: Actor, at: dt.datetime) -> Step | None:
    """Return the step whose form stands at an address; a record nobody showed the actor has none."""
    try:
        named = resolve(urlsplit(path).path).kwargs
        if "key" in named:
            return register_of(named["key"])[1].steps.get(named.get("step", ""))
    except (Resolver404, UnknownCharter):
        return None
    record = Record.objects.filter(number=named.get("number", "")).first()
    if record is None or not may_see(actor, record.pk, at):
        return None
    register = at_version(record.charter, record.charter_version).registers[record.register.rpartition(".")[2]]
    return register.steps.get(named.get("step", ""))


def _in_words(typed: list[tuple[str, str]], asked: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    for name, value in typed:
        head, _dot, rest = name.partition(".")
        field = asked.get(head)
        if field is None or (rest and field.type != "table"):
            continue
        if not rest:
            yield title_of(field.title), _said(field, value)
            continue
        row, _dot, column = rest.partition(".")
        cell = next((each for each in field.columns if each.id == column), None)
        if cell:
            yield f"{title_of(field.title)} {row} · {title_of(cell.title)}", _said(cell, value)


def _said(field: Field, value: str) -> str:
    options = {option.id: option.title.in_language(get_language() or "zh-hans") for option in field.options}
    if field.type in CHOSEN:
        return _("已选好")
    return _("是") if field.type == "bool" and value == "true" else options.get(value, value)
