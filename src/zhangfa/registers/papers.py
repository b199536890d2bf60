"""What stands on a register's papers: the record as it is, and the empty form of an opening step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from zhangfa.acts.reading import Case
from zhangfa.charter.model import Charter, Field, Register, Step
from zhangfa.registers.checklist import row_group, row_title
from zhangfa.registers.display import Shown, shown_fields
from zhangfa.registers.printing import Block, set_paper
from zhangfa.registers.records import about_of, moment_words, standing_of, story_of, words_of
from zhangfa.registers.signing import parties_of
from zhangfa.registers.silence import unstated

WIDE_FROM = 4
"""A table of so many columns is set across the page."""
WIDTHS = {
    "bool": "13",
    "date": "20",
    "int": "15",
    "decimal": "17",
    "percent": "15",
    "money": "22",
    "files": "30",
    "time": "14",
}
BOX_HEIGHTS = {True: 30, False: 8}


def record_pdf(case: Case, *, printed_by: str, at: dt.datetime) -> bytes:
    """Return the paper of a record, as far as the reader may see it."""
    register = case.register
    fields = register.fields.values()
    shown = shown_fields(fields, case.values, case.hidden, case.erased, unstated=unstated(case), checklists=True)
    tables = [each for each in shown if each.draw == "table"]
    blocks: list[Block] = [_facts(case, shown), *(_lines(each) for each in tables)]
    parties = parties_of(case)
    if parties:
        blocks.append({"kind": "signatures", "title": _("签字"), "parties": parties})
    story = [
        [moment_words(entry["at"]), entry["title"], entry["who"], entry["words"]] for entry in reversed(story_of(case))
    ]
    blocks.append({"kind": "story", "title": _("办理经过"), "rows": story})
    said = {"who": printed_by, "when": moment_words(at), "number": case.row["number"]}
    return set_paper(
        title=_title(case), subtitle=f"{case.row['number']} · {standing_of(case)}",
        foot=_("%(number)s · %(who)s 打印于 %(when)s") % said, blocks=blocks,
        address=settings.CONFIG.public_url + reverse("record", args=[case.row['number']]),
        wide=any(len(each.field.columns) >= WIDE_FROM for each in tables),
    )  # fmt: skip


def _title(case: Case) -> str:
    """Return the paper's title: the mechanism's where it is named after the register, else the register's."""
    charter, register = words_of(case.charter.title), words_of(case.register.title)
    if charter.endswith(register):
        return _("%(title)s表") % {"title": charter}
    return _("%(title)s登记表") % {"title": register}


def _facts(case: Case, shown: Sequence[Shown]) -> Block:
    from zhangfa.directory.tree import path_name

    cells = [{"label": _("单位"), "words": path_name(case.row["unit"]), "wide": False}]
    if about := about_of(case):
        cells.append({"label": _("对象"), "words": about, "wide": False})
    for each in shown:
        if each.draw != "table":
            cells.append(
                {"label": each.title, "words": _in_words(each), "wide": each.draw in ("long", "files", "links")}
            )
    return {"kind": "facts", "title": "", "cells": _evened(cells)}


def _evened(cells: list[dict[str, object]]) -> list[dict[str, object]]:
    """Widen the narrow cell that would stand alone in its row."""
    alone = None
    for cell in cells:
        if cell["wide"]:
            if alone is not None:
                alone["wide"] = True
            alone = None
        else:
            alone = cell if alone is None else None
    if alone is not None:
        alone["wide"] = True
    return cells


def _in_words(each: Shown) -> str:
    if each.hidden:
        return _("不对您的角色显示")
    if each.files:
        return "；".join(str(file["name"]) for file in each.files)
    return "；".join(f"{words}（{number}）" for words, number in each.links) if each.links else each.words


def _lines(table: Shown) -> Block:
    rows, group = [], ""
    for place, line in enumerate(table.lines, start=1):
        if line.group and line.group != group:
            group = line.group
            rows.append({"group": True, "cells": [group]})
        rows.append({"group": False, "cells": [str(place), line.title, *(_in_words(cell) for cell in line.cells)]})
    return {
        "kind": "lines",
        "title": table.title,
        "rows": rows,
        "head": _head(table.field),
        "widths": _widths(table.field),
    }


def _head(table: Field) -> list[str]:
    return [_("序号"), _("项目"), *(words_of(column.title) for column in table.columns)]


def _widths(table: Field) -> list[str]:
    flexible = {column.id: "2fr" if column.long else "1.1fr" for column in table.columns}
    return ["11", "46", *(WIDTHS.get(column.type, flexible[column.id]) for column in table.columns)]


def step_form_pdf(charter: Charter, register: Register, step: Step, *, key: str) -> bytes:
    """Return the empty form of an opening step, to be filled in by hand and typed in later."""
    address = settings.CONFIG.public_url + reverse("new_record", args=[key, step.id])
    unit = {"label": _("所属单位"), "required": True, "help": "", "options": [], "height": 8}
    items = [unit, *(_box(each) for each in step.asks if each.type not in ("table", "files", "point"))]
    blocks: list[Block] = [{"kind": "boxes", "title": "", "items": items}]
    blocks += [_empty_lines(each) for each in step.asks if each.type == "table"]
    blocks.append(
        {"kind": "signatures", "title": "", "parties": [_party(_("填表人（签字）")), _party(_("受理人（签字）"))]}
    )
    if register.help:
        blocks.insert(0, {"kind": "note", "title": "", "words": words_of(register.help)})
    wide = any(len(each.columns) >= WIDE_FROM for each in step.asks)
    title = f"{words_of(register.title)} · {words_of(step.title)}"
    foot = _("%(charter)s 第 %(version)s 版") % {"charter": words_of(charter.title), "version": charter.version}
    return set_paper(
        title=title, subtitle=words_of(charter.title), foot=foot, blocks=blocks, address=address, wide=wide
    )


def _party(title: str) -> Mapping[str, str]:
    return {"title": title, "name": "", "when": _("　　　　年　　月　　日")}


def _box(asked: Field) -> Mapping[str, object]:
    options = [words_of(option.title) for option in asked.options]
    if asked.type == "bool":
        options = [_("是"), _("否")]
    return {
        "label": words_of(asked.title) + (f"（{asked.measure}）" if asked.measure else ""), "required": asked.required,
        "help": words_of(asked.help) if asked.help else "", "options": options, "height": BOX_HEIGHTS[asked.long],
    }  # fmt: skip


def _empty_lines(table: Field) -> Block:
    rows, group = [], ""
    blank = [""] * len(table.columns)
    for place, row in enumerate(table.rows, start=1):
        if row_group(row) != group:
            group = row_group(row)
            rows.append({"group": True, "cells": [group]})
        rows.append({"group": False, "cells": [str(place), row_title(row), *blank]})
    rows = rows or [{"group": False, "cells": [str(place), "", *blank]} for place in range(1, 9)]
    return {
        "kind": "lines",
        "title": words_of(table.title),
        "rows": rows,
        "head": _head(table),
        "widths": _widths(table),
    }
