"""Ask the database whether what was typed exists: people, units, records and files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.rights import sees
from zhangfa.acts.situation import Situation, situation_of
from zhangfa.acts.terms import RecordTerms
from zhangfa.charter.model import Field
from zhangfa.directory import tree
from zhangfa.directory.models import Person
from zhangfa.directory.posts import posts_held
from zhangfa.expression import evaluate

FileCheck = Callable[[Collection[str]], Collection[str]]
_file_checks: list[FileCheck] = []


def add_file_check(check: FileCheck) -> None:
    """Let the room that keeps files say which of the hashes it has; asked for every file handed in."""
    _file_checks.append(check)


def check_exists(field: Field, value: Any, actor: Actor, situation: Situation) -> str:
    """Return the sentence of what is wrong with a value that points at something, or an empty string."""
    match field.type:
        case "person":
            return _check_person(field, value, situation)
        case "unit":
            return _check_units(field, [value], situation)
        case "units":
            return _check_units(field, value, situation)
        case "ref":
            return _check_ref(field, value, actor, situation)
        case "files":
            return _check_files(value)
    return ""


def _check_person(field: Field, person: int, situation: Situation) -> str:
    if field.role:
        if any(post.role == field.role for post in posts_held(person, situation.today)):
            return ""
        return _("这个人没有担任“%(role)s”。") % {"role": _role_title(field.role, situation)}
    return "" if Person.objects.filter(pk=person).exists() else _("没有找到这个人，请从列表中选择。")


def _role_title(role: str, situation: Situation) -> str:
    from zhangfa.acts.words import title_of

    return title_of(situation.charter.roles[role].title) if role in situation.charter.roles else role


def _check_units(field: Field, units: Iterable[int], situation: Situation) -> str:
    for unit in units:
        found = tree.find_unit(unit)
        if found is None or not found.exists_on(situation.today):
            return _("没有找到这个单位，请从列表中选择。")
        if field.kind and found.kind not in field.kind:
            return _("“%(name)s”不是可选的单位类型。") % {"name": found.name}
    return ""


def _check_ref(field: Field, record: str, actor: Actor, situation: Situation) -> str:
    found = situation_of(int(record), situation.at)
    wanted = field.to if "." in field.to else f"{situation.charter.id}.{field.to}"
    if found is None or found.key != wanted or not (sees(actor, found) or is_offered(field, found, situation)):
        return _("没有找到这条记录，请从列表中选择。")
    if field.where is not None and evaluate(field.where, RecordTerms(found)) is not True:
        return _("“%(label)s”现在不能选。") % {"label": found.record["label"]}
    return ""


def is_offered(field: Field, found: Situation, situation: Situation) -> bool:
    """Whether a catalogue offers the record: a ref with ``where`` may point at what a unit above keeps, seen or not."""
    return field.where is not None and tree.reaches(found.record["unit"], situation.record["unit"])


def _check_files(files: list[dict[str, Any]]) -> str:
    hashes = {file["hash"] for file in files}
    for check in _file_checks:
        known = set(check(hashes))
        for file in files:
            if file["hash"] not in known:
                return _("文件“%(name)s”没有传上来，请重新选择。") % {"name": file["name"]}
    return ""
