"""Importing units, people, posts and memberships of groups from Excel or CSV: first a plan, then all of it or nothing.

An import is one event: it carries the file's digest and every row that changes something, with the
ids given to new ones, so that a replay rebuilds the same directory. An event for every unit would say
no more and take 6,350 times the place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from django.utils.translation import gettext as _

from zhangfa.directory import import_beside, import_groups, import_people, import_units
from zhangfa.directory.fold import Payload
from zhangfa.directory.groups import memberships_ending
from zhangfa.directory.models import GroupMember, Neighbour, Person, Post, Unit
from zhangfa.directory.plan import Change, Kind, Plan, RowProblem
from zhangfa.directory.sheet import Sheet, read_sheet
from zhangfa.directory.writing import expect_act, reserve_ids, write_change
from zhangfa.refusal import Refusal

__all__ = ["Change", "Imported", "Plan", "RowProblem", "carry_out", "plan_import"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    counts: Mapping[str, int]
    moved: tuple[int, ...]
    """Ids of the units whose level columns changed; their records are to be re-homed."""
    repeated: bool


def plan_import(kind: Kind, data: bytes, name: str, *, at: dt.datetime) -> Plan:
    """Read a file and say what it would change; problems by row, all at once.

    Raises:
        Refusal: the file as a whole cannot be read as a table of this kind.
    """
    rules = RULES[kind]
    return _plan(kind, read_sheet(data, name, rules.COLUMNS, rules.REQUIRED), at)


def carry_out(plan: Plan, *, by: int | None, at: dt.datetime, key: str) -> Imported:
    """Do what a plan says, all of it or nothing, in one transaction and one event.

    Raises:
        Refusal: a problem stands, or the directory has changed so that the file now says something else.
    """

    def make() -> Payload:
        if plan.problems:
            raise Refusal("fields", _("表中还有 %(count)d 处问题，没有导入。") % {"count": len(plan.problems)})
        if _plan(plan.kind, plan.sheet, at).digest != plan.digest:
            sentence = _("预览之后目录已经变了，没有导入。")
            raise Refusal("changed", sentence, hint=_("请重新预览这个文件，再确认导入。"))
        head = {"act": "import", "source": plan.sheet.name[:120], "digest": plan.sheet.digest, "counts": plan.counts}
        return {**head, **WRITTEN[plan.kind](plan)}

    event: Literal["unit", "person"] = "person" if plan.kind == "people" else "unit"
    written = write_change(kind=event, make=make, by=by, at=at, key=key)
    expect_act(written, "import")
    return Imported(written.payload["counts"], written.moved, written.repeated)


def _plan(kind: Kind, sheet: Sheet, at: dt.datetime) -> Plan:
    return PLANS[kind](sheet, at)


def _units(plan: Plan) -> dict[str, Any]:
    """Give ids to new units and write the plan's codes as ids."""
    lists = plan.work
    ids: dict[str, int | None] = dict(Unit.objects.values_list("code", "id"))
    ids[""] = None
    additions = lists.get("add", [])
    ids.update(zip((row[0] for row in additions), reserve_ids(Unit, len(additions)), strict=True))
    closing = [[ids[code], day, ids[into]] for code, day, into in lists.get("close", [])]
    payload = {
        "add": [[ids[c], c, kind, name, letters, ids[up], since] for c, kind, name, letters, up, since in additions],
        "rename": [[ids[code], *rest] for code, *rest in lists.get("rename", [])],
        "move": [[ids[code], ids[parent], on] for code, parent, on in lists.get("move", [])],
        "close": closing,
        "end": _posts_ending({id: day for id, day, _into in closing}),
        "leave": memberships_ending({id: dt.date.fromisoformat(day) for id, day, _into in closing if id}),
    }
    return {name: rows for name, rows in payload.items() if rows}


def _posts_ending(closing: Mapping[int | None, str]) -> list[list[Any]]:
    posts = Post.objects.filter(unit_id__in=[id for id in closing if id]).order_by("id")
    ends = ((post, dt.date.fromisoformat(closing[post.unit_id])) for post in posts)
    return [[p.id, max(p.since, day).isoformat()] for p, day in ends if p.until is None or p.until > day]


def _people(plan: Plan) -> dict[str, Any]:
    lists = plan.work
    ids = dict(Person.objects.values_list("code", "id"))
    units = dict(Unit.objects.values_list("code", "id"))
    new = list(dict.fromkeys(row[0] for row in lists.get("people", []) if row[0] not in ids))
    ids.update(zip(new, reserve_ids(Person, len(new)), strict=True))
    posts = lists.get("posts", [])
    post_ids = reserve_ids(Post, len(posts))
    rows = {row[0]: [ids[row[0]], *row] for row in lists.get("people", [])}
    payload = {
        "people": list(rows.values()),
        "posts": [[id, ids[row[0]], row[1], units[row[2]], *row[3:]] for id, row in zip(post_ids, posts, strict=True)],
        "end": lists.get("end", []),
    }
    return {name: rows for name, rows in payload.items() if rows}


def _groups(plan: Plan) -> dict[str, Any]:
    lists, units = plan.work, dict(Unit.objects.values_list("code", "id"))
    joining = lists.get("join", [])
    ids = reserve_ids(GroupMember, len(joining))
    payload = {
        "join": [
            [id, group, part, units[code], since, until]
            for id, (group, part, code, since, until) in zip(ids, joining, strict=True)
        ],
        "leave": lists.get("leave", []),
    }
    return {name: rows for name, rows in payload.items() if rows}


def _beside(plan: Plan) -> dict[str, Any]:
    lists, units = plan.work, dict(Unit.objects.values_list("code", "id"))
    pairs = lists.get("beside", [])
    ids = reserve_ids(Neighbour, len(pairs))
    payload = {
        "beside": [
            [id, *sorted((units[one], units[other])), since] for id, (one, other, since) in zip(ids, pairs, strict=True)
        ],
        "apart": lists.get("apart", []),
    }
    return {name: rows for name, rows in payload.items() if rows}


RULES: dict[Kind, ModuleType] = {
    "units": import_units, "people": import_people, "groups": import_groups, "beside": import_beside,
}  # fmt: skip
PLANS: dict[Kind, Callable[[Sheet, dt.datetime], Plan]] = {
    "units": import_units.plan_units, "people": import_people.plan_people, "groups": import_groups.plan_groups,
    "beside": import_beside.plan_beside,
}  # fmt: skip
WRITTEN: dict[Kind, Callable[[Plan], dict[str, Any]]] = {
    "units": _units,
    "people": _people,
    "groups": _groups,
    "beside": _beside,
}
