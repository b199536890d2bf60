"""Files to fill in: an Excel sheet with the right headings for each table, and the units that are on file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence

import xlsxwriter
from django.db.models import Q
from django.utils.translation import gettext as _

from zhangfa.charter.fact_columns import LEVELS, Columns, fact_columns
from zhangfa.charter.model import Charter, Register
from zhangfa.charter.resolve.judged import columns_read, parts_of
from zhangfa.charter.score_model import Score
from zhangfa.directory.models import GroupMember, UnitSpan
from zhangfa.expression import tree
from zhangfa.scoreboards.uploads import title_of_column
from zhangfa.scores.tabular import headings_of

UNITS = ("代码", "名称", "类型", "上级", "编组")
WIDE = 18
MOST_UNITS = 100_000


def template_of(charter: Charter, score: Score, table: str, day: dt.date) -> bytes:
    """Return an XLSX file: headings and, of units, those on file; what each column takes stands on a second sheet."""
    if table == "units":
        rows = list(unit_rows(charter, score, day)) if score.of_kind else []
        return _book(_("单位") if score.of_kind else _("人员"), [UNITS, *rows], _unit_words(score))
    columns = needed_columns(charter, score, table)
    headings = headings_of(fact_columns(charter, table), charter.registers.get(table))
    titles = [title_of_column(charter.registers.get(table), name, headings) for name in columns]
    told = [(title, _takes(charter, table, name)) for title, name in zip(titles, columns, strict=True)]
    return _book(table, [titles], told)


def needed_columns(charter: Charter, score: Score, table: str) -> list[str]:
    """Return the columns a score reads of a table: whose the fact is, its date, and what its expressions name."""
    columns, register = fact_columns(charter, table), charter.registers.get(table)
    over = [one for one in score.indicators.values() if one.from_ == table]
    keys = [one.key or "unit" for one in over] or ["unit"]
    date = (register.dated_by if register and register.dated_by else "") or "dated"
    named = [name for one in over for name in columns_read(columns, one.where, one.value)]
    read = [part for name in named for part in _inputs(columns, register, name)]
    state = ["state"] if not over else []
    wanted = [*keys, date, *state, *read]
    return [one for one in dict.fromkeys(wanted) if one in columns and one not in LEVELS]


def _inputs(columns: Columns, register: Register | None, name: str) -> list[str]:
    """Return what a computed field is worked out from, where a file can hold all of it; else the field itself."""
    held = register.fields.get(name) if register else None
    if held is None or held.compute is None:
        return [name]
    parts = columns_read(columns, held.compute)
    whole = {one.path[0] for one in parts_of(held.compute.tree) if isinstance(one, tree.Name)} == set(parts)
    return parts if parts and whole else [name]


def units_on_file(charter: Charter, score: Score, day: dt.date) -> bytes:
    """Return the units that stand on a day as a CSV file of units."""
    out = io.StringIO()
    csv.writer(out).writerows([UNITS, *unit_rows(charter, score, day)])
    return out.getvalue().encode()


def unit_rows(charter: Charter, score: Score, day: dt.date) -> Iterator[Sequence[str]]:
    """Yield the units on file as rows of a file of units."""
    on = Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
    groups = _groups(charter, score, day) if score.peers else {}
    rows = UnitSpan.objects.filter(on).order_by("unit__code")
    held = rows.values_list("unit__code", "name", "kind", "parent__code", "unit_id")[:MOST_UNITS]
    for code, name, kind, parent, unit in held:
        yield code, name, kind, parent or "", groups.get(unit, "")


def _groups(charter: Charter, score: Score, day: dt.date) -> dict[int, str]:
    key = f"{charter.id}.{score.peers}"
    held = GroupMember.objects.filter(group__startswith=key, since__lte=day).exclude(until__lte=day)
    return {
        unit: part or group.removeprefix(f"{charter.id}.")
        for unit, group, part in held.values_list("unit", "group", "part")
    }


def _unit_words(score: Score) -> list[tuple[str, str]]:
    of = score.of_kind or score.of_post
    return [
        ("代码", _("单位代码或工号，请存成文本")),
        ("名称", _("单位名称或姓名")),
        ("类型", _("村、镇街、县……；要考核的是 %(kind)s") % {"kind": of}),
        ("上级", _("上级单位的代码")),
        ("编组", _("只和同组的比较时填写")),
    ]


def _takes(charter: Charter, table: str, name: str) -> str:
    """Say what a column takes."""
    register = charter.registers.get(table)
    held = register.fields.get(name) if register else None
    if name == "state" and register:
        return "、".join(one.title.zh for one in register.states.values())
    if held and held.options:
        return "、".join(one.title.zh for one in held.options)
    kind = fact_columns(charter, table)[name].kind
    return {
        "unit": _("单位的代码或名称，同单位表"), "person": _("姓名或工号，同人员表"), "int": _("整数"),
        "date": _("日期，写成 2026-11-22"),
        "datetime": _("日期和时间，写成 2026-11-22 08:30"), "decimal": _("数"), "bool": _("是 或 否"),
    }.get(kind, _("文字"))  # fmt: skip


def _book(title: str, rows: Sequence[Sequence[str]], told: Sequence[tuple[str, str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4", "border": 1, "border_color": "#C9D1D9"})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(title[:31])
    sheet.set_column(0, max(len(rows[0]) - 1, 0), WIDE, text)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for place, words in enumerate(row):
            sheet.write_string(number, place, words, bold if number == 0 else text)
    notes = book.add_worksheet(_("填写说明"))
    notes.set_column(0, 1, WIDE * 2)
    for number, (name, words) in enumerate(told):
        notes.write_string(number, 0, name, bold)
        notes.write_string(number, 1, words[:500])
    book.close()
    return out.getvalue()
