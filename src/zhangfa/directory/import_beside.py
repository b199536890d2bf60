"""Planning an import of neighbours: one row says beside which units a unit lies."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.directory import checks
from zhangfa.directory.beside import beside_sentence
from zhangfa.directory.models import Neighbour, Unit
from zhangfa.directory.plan import Change, Plan, RowProblem, What
from zhangfa.directory.sheet import Row, Sheet, read_date

COLUMNS = {
    "unit": ("单位代码", "代码", "unit_code"),
    "next_to": ("相邻单位代码", "相邻代码", "相邻", "beside"),
    "since": ("起始日期", "生效日期", "from"),
    "until": ("结束日期", "截止日期", "to"),
}
REQUIRED = ("unit", "next_to")
BETWEEN = re.compile(r"[、，；,;\s]+")
Pair = tuple[str, str]


@dataclass(slots=True)
class _Work:
    today: dt.date
    units: dict[str, tuple[str, str]]
    """By code: name and kind of the units that exist."""
    held: dict[Pair, tuple[int, dt.date]]
    """Running relations by the codes in order: id (0: not written yet) and first day."""
    changes: list[Change] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unchanged: int = 0
    lists: dict[str, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))

    def blame(self, row: Row, column: str, sentence: str) -> None:
        self.problems.append(RowProblem(row.line, column, sentence))

    def note(self, row: Row, what: What, other: str, day: dt.date) -> None:
        code = row.text("unit")
        self.changes.append(Change(row.line, what, code, self.units[code][0], after=f"{self.units[other][0]} {day}"))


def plan_beside(sheet: Sheet, at: dt.datetime) -> Plan:
    """Compare every row with the relations as they stand."""
    work = _Work(checks.local_day(at), _read_units(), _read_held())
    for row in sheet.rows:
        _read_row(row, work)
    changes = () if work.problems else tuple(work.changes)
    return Plan("beside", sheet, changes, work.unchanged, tuple(work.problems), dict(work.lists))


def _read_units() -> dict[str, tuple[str, str]]:
    rows = Unit.objects.filter(until=None).values_list("code", "name", "kind")
    return {code: (name, kind) for code, name, kind in rows}


def _read_held() -> dict[Pair, tuple[int, dt.date]]:
    rows = Neighbour.objects.filter(until=None).values_list("unit__code", "other__code", "id", "since")
    return {_pair(one, other): (id, since) for one, other, id, since in rows}


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _read_row(row: Row, work: _Work) -> None:
    days: dict[str, dt.date | None] = {}
    sentences: dict[str, str] = {}
    for column in ("since", "until"):
        try:
            days[column] = read_date(row, column)
        except ValueError as error:
            sentences[column] = _("“%(text)s”不是日期，请写成 2026-11-22 的样子。") % {"text": error}
    others = [one for one in BETWEEN.split(row.text("next_to")) if one]
    sentences |= _faults(row, others, days, work)
    for column, sentence in sentences.items():
        if sentence:
            work.blame(row, column, sentence)
    if not any(sentences.values()):
        for other in others:
            _take(row, other, days["since"], days["until"], work)


def _faults(row: Row, others: list[str], days: dict[str, dt.date | None], work: _Work) -> dict[str, str]:
    for column in ("unit", "next_to"):
        if row.is_number(column):
            heading = {"column": COLUMNS[column][0]}
            return {column: _("“%(column)s”是数字格式，长代码会丢失末位数字；请把这一列设为文本后重新填写。") % heading}
    for column, codes in (("unit", [row.text("unit")]), ("next_to", others)):
        for code in codes:
            if code not in work.units:
                return {column: _("单位代码 %(unit)s 不在目录中，或者已经撤销。") % {"unit": code}}
    if any(day is not None and day > work.today for day in days.values()):
        return {"since": _("日期还没有到，请在当天或之后导入。")}
    unit = row.text("unit")
    said = [beside_sentence(unit, work.units[unit][1], other, work.units[other][1]) for other in others]
    return {"next_to": next((one for one in said if one), "") if others else _("请填写相邻单位的代码。")}


def _take(row: Row, other: str, since: dt.date | None, until: dt.date | None, work: _Work) -> None:
    """Take one pair in: it says what stands, ends a relation, or begins one."""
    pair = _pair(row.text("unit"), other)
    held = work.held.get(pair)
    if until is not None:
        _end(row, other, held, until, work)
    elif held is not None:
        work.unchanged += 1
    else:
        start = since or work.today
        work.note(row, "beside", other, start)
        work.lists["beside"].append([*pair, start.isoformat()])
        work.held[pair] = (0, start)


def _end(row: Row, other: str, held: tuple[int, dt.date] | None, until: dt.date, work: _Work) -> None:
    if held is None:
        work.unchanged += 1
    elif held[0] == 0 or until < held[1]:
        work.blame(row, "until", _("结束日期不能早于 %(since)s。") % {"since": held[1]})
    else:
        work.note(row, "apart", other, until)
        work.lists["apart"].append([held[0], until.isoformat()])
        del work.held[_pair(row.text("unit"), other)]
