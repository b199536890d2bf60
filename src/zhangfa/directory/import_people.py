"""Planning an import of people and their posts: one row a post; a person without one has a row without role."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from stdnum.cn import ric

from zhangfa.directory import checks
from zhangfa.directory.models import Person, Post, Unit
from zhangfa.directory.pinyin import initials_of_person
from zhangfa.directory.plan import Change, Plan, RowProblem, What
from zhangfa.directory.sheet import Row, Sheet, read_date

COLUMNS = {
    "code": ("工号", "人员编号", "staff_number"),
    "name": ("姓名",),
    "work_phone": ("办公电话", "工作电话", "phone"),
    "role": ("角色", "职务角色"),
    "unit": ("单位代码", "unit_code"),
    "since": ("任职日期", "from"),
    "until": ("免职日期", "to"),
}
REQUIRED = ("code", "name")

Held = tuple[int, dt.date, dt.date | None]
"""Id, first day and day of ending of a post; id 0 for one that a row would add."""


@dataclass(slots=True)
class _Work:
    today: dt.date
    people: dict[str, tuple[int, str, str]]
    """By staff number: id (0 for a new one), name, phone."""
    units: dict[str, tuple[int, str]]
    """By code: id and name of the units that exist."""
    posts: dict[tuple[str, str, str], list[Held]]
    """By staff number, role and unit's code."""
    changes: list[Change] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unchanged: int = 0
    named: dict[str, tuple[str, int]] = field(default_factory=dict)
    lists: dict[str, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))

    def blame(self, row: Row, column: str, sentence: str) -> None:
        self.problems.append(RowProblem(row.line, column, sentence))

    def note(self, row: Row, what: What, code: str, name: str, before: str = "", after: str = "") -> None:
        self.changes.append(Change(row.line, what, code, name, before, after))


def plan_people(sheet: Sheet, at: dt.datetime) -> Plan:
    """Compare every row with the people and posts as they stand."""
    work = _Work(checks.local_day(at), _read_people(), _read_units(), _read_posts())
    for row in sheet.rows:
        before = len(work.changes)
        if _read_row(row, work) and len(work.changes) == before:
            work.unchanged += 1
    changes = () if work.problems else tuple(work.changes)
    return Plan("people", sheet, changes, work.unchanged, tuple(work.problems), dict(work.lists))


def _read_people() -> dict[str, tuple[int, str, str]]:
    rows = Person.objects.values_list("code", "id", "name", "work_phone")
    return {code: (id, name, phone) for code, id, name, phone in rows}


def _read_units() -> dict[str, tuple[int, str]]:
    return {code: (id, name) for code, id, name in Unit.objects.filter(until=None).values_list("code", "id", "name")}


def _read_posts() -> dict[tuple[str, str, str], list[Held]]:
    posts: dict[tuple[str, str, str], list[Held]] = defaultdict(list)
    columns = ("person__code", "role", "unit__code", "id", "since", "until")
    for code, role, unit, id, since, until in Post.objects.order_by("since").values_list(*columns):
        posts[code, role, unit].append((id, since, until))
    return posts


def _read_row(row: Row, work: _Work) -> bool:
    """Take one row in; tell whether it is sound."""
    sentences = _faults(row, work)
    for column, sentence in sentences.items():
        work.blame(row, column, sentence)
    if sentences:
        return False
    _take_person(row, work)
    return _take_post(row, work) if row.text("role") else True


def _faults(row: Row, work: _Work) -> dict[str, str]:
    code, name, role, unit = (row.text(column) for column in ("code", "name", "role", "unit"))
    faults: dict[str, str] = {}
    for column in ("code", "unit"):
        if row.is_number(column):
            heading = {"column": COLUMNS[column][0]}
            faults[column] = _("“%(column)s”是数字格式，长代码会丢失末位数字；请把这一列设为文本后重新填写。") % heading
    if faults:
        return faults
    earlier = work.named.setdefault(code, (name, row.line))
    found = {
        "code": checks.code_sentence(code) or _id_number_sentence(code),
        "name": checks.name_sentence(name, 40),
        "role": _role_sentence(role, unit),
    }
    if earlier[0] != name:
        words = {"code": code, "line": earlier[1], "name": earlier[0]}
        found["name"] = _("工号 %(code)s 在第 %(line)d 行是 %(name)s，一个工号只能是一个人。") % words
    if unit and unit not in work.units:
        found["unit"] = _("单位代码 %(unit)s 不在目录中，或者已经撤销。") % {"unit": unit}
    for column in ("since", "until"):
        try:
            read_date(row, column)
        except ValueError as error:
            found[column] = _("“%(text)s”不是日期，请写成 2026-11-22 的样子。") % {"text": error}
    return {column: sentence for column, sentence in found.items() if sentence}


def _id_number_sentence(code: str) -> str:
    return _("工号不能用身份证号码。") if ric.is_valid(code) else ""


def _role_sentence(role: str, unit: str) -> str:
    if bool(role) != bool(unit):
        return _("角色和单位代码要么都填，要么都不填。")
    if role and not checks.ROLE.fullmatch(role):
        return _("“%(role)s”不是角色的标识，角色的标识写在章程里，例如 grid-worker。") % {"role": role}
    return ""


def _take_person(row: Row, work: _Work) -> None:
    code, name = row.text("code"), row.text("name")
    known = work.people.get(code)
    phone = row.text("work_phone")[:24] or (known[2] if known else "")
    if known and known[1:] == (name, phone):
        return
    if known is None:
        work.note(row, "person", code, name)
    else:
        work.note(
            row, "correct", code, known[1], " ".join(filter(None, known[1:])), " ".join(filter(None, (name, phone)))
        )
    # Of several rows for one person the last word stands.
    work.lists["people"].append([code, name, initials_of_person(name)[:40], phone])
    work.people[code] = (known[0] if known else 0, name, phone)


def _take_post(row: Row, work: _Work) -> bool:
    code, name, role, unit = (row.text(column) for column in ("code", "name", "role", "unit"))
    since, until = read_date(row, "since"), read_date(row, "until")
    held = work.posts[code, role, unit]
    running = next((post for post in held if post[2] is None and since in (None, post[1])), None)
    known = next((post for post in held if (since in (None, post[1])) and post[2] == until), None)
    where = f"{role} @ {work.units[unit][1]}"
    if known:
        return True
    if running and until:
        return _end_post(row, work, running, until, where)
    start = since or work.today
    if until is not None and until <= start:
        work.blame(row, "until", _("任职的结束日期必须晚于开始日期。"))
        return False
    if any(post[1] < (until or dt.date.max) and start < (post[2] or dt.date.max) for post in held):
        work.blame(row, "since", _("%(name)s 在这段时间已经在该单位担任 %(role)s。") % {"name": name, "role": role})
        return False
    work.note(row, "appoint", code, name, after=where)
    work.lists["posts"].append([code, role, unit, start.isoformat(), until.isoformat() if until else None])
    held.append((0, start, until))
    return True


def _end_post(row: Row, work: _Work, post: Held, until: dt.date, where: str) -> bool:
    id, since, _until = post
    if id == 0 or until < since:
        work.blame(row, "until", _("任职的结束日期不能早于开始日期 %(since)s。") % {"since": since})
        return False
    work.note(row, "end", row.text("code"), row.text("name"), after=f"{where} {until}")
    work.lists["end"].append([id, until.isoformat()])
    return True
