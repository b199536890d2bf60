"""Planning an import of memberships of groups: one row says that a unit is in a group, or in a part of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.directory import checks
from zhangfa.directory.groups import Group, Held, group_sentence, groups_in_force, part_sentence, place_among
from zhangfa.directory.models import GroupMember, Unit
from zhangfa.directory.plan import Change, Plan, RowProblem, What
from zhangfa.directory.sheet import Row, Sheet, read_date

COLUMNS = {
    "group": ("编组", "编组代号"),
    "part": ("分组", "小组", "组别", "联盟"),
    "unit": ("单位代码", "代码", "unit_code"),
    "since": ("加入日期", "起始日期", "from"),
    "until": ("退出日期", "截止日期", "to"),
}
REQUIRED = ("group", "unit")


@dataclass(slots=True)
class _Work:
    today: dt.date
    groups: Mapping[str, Group]
    units: dict[str, tuple[str, str]]
    """By code: name and kind of the units that exist."""
    held: dict[tuple[str, str], list[Held]]
    """By group and unit's code."""
    changes: list[Change] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unchanged: int = 0
    lists: dict[str, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))

    def blame(self, row: Row, column: str, sentence: str) -> None:
        self.problems.append(RowProblem(row.line, column, sentence))

    def note(self, row: Row, what: What, group: str, part: str, day: dt.date) -> None:
        code = row.text("unit")
        title = self.groups[group].titles[0] + (f"·{part}" if part else "")
        self.changes.append(Change(row.line, what, code, self.units[code][0], after=f"{title} {day}"))


def plan_groups(sheet: Sheet, at: dt.datetime) -> Plan:
    """Compare every row with the memberships as they stand."""
    today = checks.local_day(at)
    work = _Work(today, groups_in_force(today), _read_units(), _read_held())
    for row in sheet.rows:
        _read_row(row, work)
    changes = () if work.problems else tuple(work.changes)
    return Plan("groups", sheet, changes, work.unchanged, tuple(work.problems), dict(work.lists))


def _read_units() -> dict[str, tuple[str, str]]:
    rows = Unit.objects.filter(until=None).values_list("code", "name", "kind")
    return {code: (name, kind) for code, name, kind in rows}


def _read_held() -> dict[tuple[str, str], list[Held]]:
    held: dict[tuple[str, str], list[Held]] = defaultdict(list)
    columns = ("group", "unit__code", "id", "part", "since", "until")
    for group, code, *rest in GroupMember.objects.order_by("since").values_list(*columns):
        held[group, code].append(tuple(rest))
    return held


def _read_row(row: Row, work: _Work) -> None:
    group, sentences = _group_of(row, work), {}
    days: dict[str, dt.date | None] = {}
    for column in ("since", "until"):
        try:
            days[column] = read_date(row, column)
        except ValueError as error:
            sentences[column] = _("“%(text)s”不是日期，请写成 2026-11-22 的样子。") % {"text": error}
    sentences |= _faults(row, group, work)
    for column, sentence in sentences.items():
        work.blame(row, column, sentence)
    if not sentences:
        _take(row, group, days["since"], days["until"], work)


def _group_of(row: Row, work: _Work) -> str:
    """Return the full key of the group a row names: by its key, its id, or its title where only one has it."""
    word = row.text("group")
    fitting = [one.key for one in work.groups.values() if word in (one.key.rpartition(".")[2], *one.titles)]
    return fitting[0] if word not in work.groups and len(fitting) == 1 else word


def _faults(row: Row, group: str, work: _Work) -> dict[str, str]:
    code = row.text("unit")
    if row.is_number("unit"):
        heading = {"column": COLUMNS["unit"][0]}
        return {"unit": _("“%(column)s”是数字格式，长代码会丢失末位数字；请把这一列设为文本后重新填写。") % heading}
    if code not in work.units:
        return {"unit": _("单位代码 %(unit)s 不在目录中，或者已经撤销。") % {"unit": code}}
    found = {
        "group": group_sentence(group, work.units[code][1], work.groups),
        "part": part_sentence(row.text("part")),
    }
    return {column: sentence for column, sentence in found.items() if sentence}


def _take(row: Row, group: str, since: dt.date | None, until: dt.date | None, work: _Work) -> None:
    """Take a sound row in: it says what stands, ends a membership, or begins one."""
    part, code = row.text("part"), row.text("unit")
    held = work.held[group, code]
    same = [one for one in held if one[1] == part and since in (None, one[2])]
    running = next((one for one in same if one[3] is None), None)
    if any(one[3] == until for one in same):
        work.unchanged += 1
    elif running and until:
        _leave(row, group, running, until, work)
    else:
        _join(row, group, since or work.today, until, work)


def _leave(row: Row, group: str, running: Held, until: dt.date, work: _Work) -> None:
    id, part, since, _until = running
    if id == 0 or until < since:
        work.blame(row, "until", _("退出日期不能早于加入日期 %(since)s。") % {"since": since})
        return
    work.note(row, "leave", group, part, until)
    work.lists["leave"].append([id, until.isoformat()])
    held = work.held[group, row.text("unit")]
    held[held.index(running)] = (id, part, since, until)


def _join(row: Row, group: str, start: dt.date, until: dt.date | None, work: _Work) -> None:
    part, code = row.text("part"), row.text("unit")
    held = work.held[group, code]
    leaving, sentence = place_among(held, part, start, until)
    if not sentence and any(one[0] == 0 for one in leaving):
        sentence = _("%(name)s 在这段时间已经在这个编组里。")
    if sentence:
        work.blame(row, "since", sentence % {"name": work.units[code][0]})
        return
    for one in leaving:
        _leave(row, group, one, start, work)
    work.note(row, "join", group, part, start)
    work.lists["join"].append([group, part, code, start.isoformat(), until.isoformat() if until else None])
    held.append((0, part, start, until))
