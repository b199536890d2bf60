"""Planning an import of units: every row against the tree as it stands, and against the other rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.directory import checks
from zhangfa.directory.kinds import kind_title
from zhangfa.directory.models import Unit, UnitSpan
from zhangfa.directory.pinyin import initials
from zhangfa.directory.plan import Change, Plan, RowProblem, What
from zhangfa.directory.sheet import Row, Sheet, read_date

COLUMNS = {
    "code": ("代码", "单位代码", "区划代码", "统计用区划代码"),
    "name": ("名称", "单位名称"),
    "kind": ("类型", "单位类型", "级别", "level"),
    "parent": ("上级代码", "上级", "parent_code"),
    "pinyin": ("拼音", "拼音首字母"),
    "on": ("生效日期", "日期", "date", "since"),
    "until": ("撤销日期", "closed"),
    "into": ("并入代码", "并入", "merged_into"),
}
REQUIRED = ("code", "name", "kind")
KINDS = {
    "地级市": "prefecture", "设区市": "prefecture", "city": "prefecture",
    "县": "county", "区": "county", "县级市": "county", "县区": "county",
    "镇": "town", "乡": "town", "街道": "town", "镇街": "town", "乡镇": "town", "管区": "precinct",
    "村": "village", "社区": "village", "村居": "village", "网格": "grid", "巷": "lane", "胡同": "lane",
    "户": "household", "部门": "department", "支部": "branch", "队": "team", "小组": "team",
    "合作社": "cooperative", "企业": "company", "公司": "company", "学校": "school",
}  # fmt: skip
ROOTS = ("prefecture", "county")
"""Kinds that may stand without a parent."""


@dataclass(slots=True)
class Known:
    """A unit as the directory has it, or as a row would add it (``id`` None)."""

    code: str
    kind: str
    name: str
    parent: str
    id: int | None = None
    closed: bool = False
    since: dt.date = dt.date.min


@dataclass(slots=True)
class _Work:
    today: dt.date
    units: dict[str, Known]
    """By code: the tree as it will be."""
    changes: list[Change] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unchanged: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    """Line of each code in the file."""
    placed: list[tuple[Row, str]] = field(default_factory=list)
    """Rows whose parent is to be looked at when all rows are known."""
    lists: dict[str, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))

    def blame(self, row: Row | int, column: str, sentence: str) -> None:
        line = row if isinstance(row, int) else row.line
        self.problems.append(RowProblem(line, column, sentence))

    def note(self, row: Row, what: What, unit: Known, before: str = "", after: str = "") -> None:
        self.changes.append(Change(row.line, what, unit.code, unit.name, before, after))


def plan_units(sheet: Sheet, at: dt.datetime) -> Plan:
    """Compare every row with the tree and with the other rows."""
    work = _Work(checks.local_day(at), _read_tree())
    for row in sheet.rows:
        _read_row(row, work)
    closing = {row[0] for row in work.lists["close"]}
    for row, parent in work.placed:
        _check_place(row, parent, work, closing)
    _check_cycles(work)
    _check_closing(work)
    _order_additions(work)
    problems = tuple(sorted(work.problems, key=lambda one: one.line))
    changes = () if problems else tuple(_named(change, work.units) for change in work.changes)
    return Plan("units", sheet, changes, work.unchanged, problems, dict(work.lists))


def _named(change: Change, units: Mapping[str, Known]) -> Change:
    """Write a change's parents by their names, now that all rows are known."""
    if change.what not in ("add", "move"):
        return change
    before, after = (units[code].name if code in units else code for code in (change.before, change.after))
    return replace(change, before=before, after=after)


def _read_tree() -> dict[str, Known]:
    codes: dict[int | None, str] = dict(Unit.objects.values_list("id", "code"))
    codes[None] = ""
    since = dict(UnitSpan.objects.filter(until=None).values_list("unit_id", "since"))
    rows = Unit.objects.values_list("id", "code", "kind", "name", "parent_id", "until")
    return {
        code: Known(code, kind, name, codes[parent], id, until is not None, since.get(id, dt.date.min))
        for id, code, kind, name, parent, until in rows
    }


def _read_row(row: Row, work: _Work) -> None:
    code, name = row.text("code"), row.text("name")
    kind = KINDS.get(row.text("kind"), row.text("kind"))
    numbers = [column for column in ("code", "parent", "into") if row.is_number(column)]
    for column in numbers:
        heading = {"column": COLUMNS[column][0]}
        work.blame(
            row, column, _("“%(column)s”是数字格式，长代码会丢失末位数字；请把这一列设为文本后重新填写。") % heading
        )
    if numbers:
        return
    sentences = {
        "code": checks.code_sentence(code),
        "name": checks.name_sentence(name, 80),
        "kind": checks.kind_sentence(kind),
    }
    if code in work.lines:
        words = {"code": code, "line": work.lines[code]}
        sentences["code"] = _("代码 %(code)s 与第 %(line)d 行重复。") % words
    on, until, sentences["on"] = _read_days(row, work)
    for column, sentence in sentences.items():
        if sentence:
            work.blame(row, column, sentence)
    if any(sentences.values()):
        return
    work.lines[code] = row.line
    known = work.units.get(code)
    if known is None:
        _add(row, Known(code, kind, name, row.text("parent")), on, until, work)
    else:
        _compare(row, known, Known(code, kind, name, row.text("parent") or known.parent), on, until, work)


def _read_days(row: Row, work: _Work) -> tuple[dt.date, dt.date | None, str]:
    try:
        on, until = read_date(row, "on"), read_date(row, "until")
    except ValueError as error:
        return work.today, None, _("“%(text)s”不是日期，请写成 2026-11-22 的样子。") % {"text": error}
    for day in (on, until):
        if day and day > work.today:
            return work.today, None, _("日期 %(day)s 还没有到，请在当天或之后导入。") % {"day": day}
    return on or work.today, until, ""


def _add(row: Row, unit: Known, on: dt.date, until: dt.date | None, work: _Work) -> None:
    if until is not None or row.text("into"):
        work.blame(row, "until", _("%(name)s 在目录中不存在，不能撤销。") % {"name": unit.name})
        return
    if not unit.parent and unit.kind not in ROOTS:
        work.blame(row, "parent", _("缺少上级代码：只有市、县可以没有上级。"))
        return
    work.units[unit.code] = unit
    work.placed.append((row, unit.parent))
    work.note(row, "add", unit, after=unit.parent or "—")
    letters = row.text("pinyin").upper() or initials(unit.name)[:80]
    work.lists["add"].append([unit.code, unit.kind, unit.name, letters, unit.parent, on.isoformat()])


def _compare(row: Row, known: Known, wanted: Known, on: dt.date, until: dt.date | None, work: _Work) -> None:
    assert known.id is not None
    renamed, moved = wanted.name != known.name, wanted.parent != known.parent
    closes = until is not None or bool(row.text("into"))
    if known.closed:
        if renamed or moved or not closes:
            work.blame(row, "code", _("%(name)s 已经撤销，不能再改。") % {"name": known.name})
        else:
            work.unchanged += 1
        return
    if wanted.kind != known.kind:
        words = {"name": known.name, "kind": kind_title(known.kind)}
        work.blame(row, "kind", _("“%(name)s”是%(kind)s，类型不能改；请新增一个单位再合并。") % words)
        return
    if (renamed or moved or closes) and min(on, until or on) < known.since:
        facts = {"name": known.name, "since": known.since}
        work.blame(row, "on", _("“%(name)s”上一次变更在 %(since)s，新的变更不能早于这一天。") % facts)
        return
    if not (renamed or moved or closes):
        work.unchanged += 1
        return
    if renamed:
        work.note(row, "rename", wanted, known.name, wanted.name)
        letters = row.text("pinyin").upper() or initials(wanted.name)[:80]
        work.lists["rename"].append([known.code, wanted.name, letters, on.isoformat()])
        known.name = wanted.name
    if moved:
        work.note(row, "move", known, known.parent or "—", wanted.parent)
        work.lists["move"].append([known.code, wanted.parent, on.isoformat()])
        work.placed.append((row, wanted.parent))
        known.parent = wanted.parent
    if closes:
        _close(row, known, until or on, work)


def _close(row: Row, unit: Known, day: dt.date, work: _Work) -> None:
    into = row.text("into")
    after = _("，并入 %(into)s") % {"into": into} if into else ""
    work.note(row, "close", unit, after=after)
    work.lists["close"].append([unit.code, day.isoformat(), into])


def _check_place(row: Row, parent: str, work: _Work, closing: set[str]) -> None:
    if not parent:
        return
    unit, above = work.units[row.text("code")], work.units.get(parent)
    if above is None:
        work.blame(row, "parent", _("上级代码 %(parent)s 既不在目录中，也不在这张表里。") % {"parent": parent})
    elif above.closed or parent in closing:
        work.blame(row, "parent", _("上级 %(parent)s 已经撤销或正要撤销。") % {"parent": above.name})
    elif sentence := checks.parent_sentence(unit.kind, above.kind):
        work.blame(row, "parent", sentence)


def _check_cycles(work: _Work) -> None:
    sound: set[str] = set()
    for row, _parent in work.placed:
        path: list[str] = []
        at = row.text("code")
        while at and at not in sound and at in work.units and at not in path:
            path.append(at)
            at = work.units[at].parent
        if at in path:
            ring = " → ".join([*path[path.index(at) :], at])
            work.blame(row, "parent", _("上级关系成了一个圈：%(ring)s。") % {"ring": ring})
        sound.update(path)


def _check_closing(work: _Work) -> None:
    """Whoever hangs below a unit to be closed must go elsewhere: by its own row, or into the unit it merges with."""
    closing = {code: (day, into) for code, day, into in work.lists["close"]}
    if not closing:
        return
    for code, (_day, into) in closing.items():
        target = work.units.get(into)
        if into and (target is None or target.closed or into in closing or into == code):
            sentence = _("并入的单位 %(into)s 不存在，或已经撤销，或正要撤销。") % {"into": into}
            work.blame(work.lines[code], "into", sentence)
    left: dict[str, list[Known]] = defaultdict(list)
    for unit in work.units.values():
        if unit.parent in closing and not unit.closed and unit.code not in closing:
            left[unit.parent].append(unit)
    for code, below in left.items():
        day, into = closing[code]
        if into:
            work.lists["move"] += [[unit.code, into, day] for unit in below]
            continue
        words = {"name": work.units[code].name, "below": len(below)}
        work.blame(work.lines[code], "until", _("“%(name)s”之下还有 %(below)d 个单位，不能撤销。") % words)


def _order_additions(work: _Work) -> None:
    """Put every new unit behind its parent."""

    def depth(code: str) -> int:
        steps = 0
        while code in work.units and steps < 50:
            code, steps = work.units[code].parent, steps + 1
        return steps

    work.lists["add"].sort(key=lambda row: depth(row[0]))
