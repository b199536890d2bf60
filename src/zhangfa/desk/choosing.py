"""Choosing a unit or a person by what somebody typed: a name, a code, pinyin initials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.desk.posted import read_id
from zhangfa.directory import tree
from zhangfa.directory.models import Person
from zhangfa.directory.posts import search_people

MOST = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """The one that was meant; or several to choose from; or a sentence why there is none."""

    id: int | None = None
    several: tuple[tuple[str, str], ...] = ()
    error: str = ""


def choose_unit(form: Mapping[str, str], name: str) -> Chosen:
    """Read a unit from the form: the one picked from a list before, else by what was typed."""
    typed = form.get(name, "").strip()
    picked = form.get(f"{name}_id", "")
    if (unit := read_id(picked)) and tree.find_unit(unit):
        return Chosen(unit)
    exact = tree.unit_by_code(typed) if typed else None
    found = (exact,) if exact else tree.search(typed, limit=MOST)
    return _only((unit.id, unit.name, f"{tree.path_name(unit.id)} · {unit.code}") for unit in found) or _none(typed)


def choose_person(form: Mapping[str, str], name: str) -> Chosen:
    """Read a person from the form: the one picked from a list before, else by what was typed."""
    typed = form.get(name, "").strip()
    picked = form.get(f"{name}_id", "")
    if (person := read_id(picked)) and Person.objects.filter(pk=person).exists():
        return Chosen(person)
    exact = Person.objects.filter(code=typed).first() if typed else None
    found = [exact] if exact else search_people(typed, MOST)
    return _only((one.pk, one.name, f"{one.name} · {one.code}") for one in found) or _none(typed)


def _only(found: Iterable[tuple[int, str, str]]) -> Chosen | None:
    rows = list(found)
    if len(rows) == 1:
        return Chosen(rows[0][0])
    if rows:
        several = tuple((str(id), words) for id, _name, words in rows)
        return Chosen(several=several, error=_("有几个相近的，请在下面选一个。"))
    return None


def _none(typed: str) -> Chosen:
    if not typed:
        return Chosen(error=_("请填写名称、代码或拼音首字母。"))
    return Chosen(error=_("没有找到“%(typed)s”。请核对名称，或改用代码查找。") % {"typed": typed})
