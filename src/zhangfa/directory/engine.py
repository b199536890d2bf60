"""Every change of units: one transaction and one event each, written once per key.

``by`` is the person who acts (None for the system), ``at`` an aware moment, ``key`` the idempotency
key: a second call with the same key changes nothing and returns the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.directory import checks, tree
from zhangfa.directory.beside import set_apart, set_beside
from zhangfa.directory.fold import Payload
from zhangfa.directory.groups import join_group, leave_group, memberships_ending
from zhangfa.directory.models import Post, Unit
from zhangfa.directory.people import (
    appoint,
    change_person,
    close_account,
    create_account,
    create_person,
    end_post,
    set_password,
)
from zhangfa.directory.pinyin import initials
from zhangfa.directory.tree import UnitNow, descendants
from zhangfa.directory.writing import Written, expect_act, reserve_ids, write_change
from zhangfa.refusal import Refusal

__all__ = [
    "Moved",
    "appoint",
    "change_person",
    "close_account",
    "close_unit",
    "create_account",
    "create_person",
    "create_unit",
    "end_post",
    "join_group",
    "leave_group",
    "merge_unit",
    "move_unit",
    "rename_unit",
    "set_apart",
    "set_beside",
    "set_password",
    "set_pinyin",
]


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit that moved, and every unit whose level columns moved with it.

    Records and tasks carry these columns too: whoever keeps them re-homes those of the units in
    ``moved``, in the same transaction. On a repeated key ``moved`` is the unit and all below it.
    """

    unit: UnitNow
    moved: tuple[int, ...]


def create_unit(
    *,
    code: str,
    kind: str,
    name: str,
    parent: int | None = None,
    since: dt.date | None = None,
    pinyin: str = "",
    by: int | None,
    at: dt.datetime,
    key: str,
) -> UnitNow:
    """Create a unit that exists from ``since`` (the day of ``at`` unless told)."""

    def make() -> Payload:
        day = since or checks.local_day(at)
        checks.require(checks.kind_sentence(kind), "kind")
        checks.require(checks.code_sentence(code), "code")
        checks.require(checks.name_sentence(name, 80), "name")
        if day > checks.local_day(at):
            checks.require(_("成立日期 %(day)s 还没有到：请在当天或之后办理。") % {"day": day}, "since")
        if parent is not None:
            checks.require(checks.parent_sentence(kind, checks.open_unit(parent, "parent").kind), "parent")
        if Unit.objects.filter(code=code).exists():
            checks.require(_("代码 %(code)s 已经用于另一个单位，每个代码只能用一次。") % {"code": code}, "code")
        [id] = reserve_ids(Unit, 1)
        row = [id, code, kind, name.strip(), pinyin or initials(name)[:80], parent, day.isoformat()]
        return {"act": "create_unit", "add": [row]}

    written = write_change(kind="unit", make=make, by=by, at=at, key=key, unit=parent)
    expect_act(written, "create_unit")
    return tree.unit(written.payload["add"][0][0])


def rename_unit(
    *,
    unit: int,
    name: str,
    on: dt.date | None = None,
    pinyin: str = "",
    by: int | None,
    at: dt.datetime,
    key: str,
) -> UnitNow:
    """Give a unit another name from a day on; its earlier name stays reachable."""

    def make() -> Payload:
        row = checks.open_unit(unit)
        checks.require(checks.name_sentence(name, 80), "name")
        day = checks.change_day(row, on, at)
        return {
            "act": "rename_unit",
            "rename": [[unit, name.strip(), pinyin or initials(name)[:80], day.isoformat()]],
        }

    expect_act(write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit), "rename_unit")
    return tree.unit(unit)


def move_unit(*, unit: int, parent: int, on: dt.date | None = None, by: int | None, at: dt.datetime, key: str) -> Moved:
    """Hang a unit, with everything below it, under another parent from a day on."""

    def make() -> Payload:
        row, target = checks.open_unit(unit), checks.open_unit(parent, "parent")
        checks.require(checks.parent_sentence(row.kind, target.kind), "parent")
        if checks.is_below(parent, unit):
            words = {"name": row.name, "parent": target.name}
            checks.require(_("不能把“%(name)s”挂到它自己或它的下级“%(parent)s”之下。") % words, "parent")
        day = checks.change_day(row, on, at)
        return {"act": "move_unit", "move": [[unit, parent, day.isoformat()]]}

    written = write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit)
    expect_act(written, "move_unit")
    return _moved(unit, written)


def merge_unit(*, unit: int, into: int, on: dt.date | None = None, by: int | None, at: dt.datetime, key: str) -> Moved:
    """Merge a unit into another: what hangs below it moves over, its posts end, it exists no longer.

    ``moved`` names the units that moved over. Records of the merged unit itself stay with it: they are its past.
    """

    def make() -> Payload:
        row, target = checks.open_unit(unit), checks.open_unit(into, "into")
        if checks.is_below(into, unit):
            words = {"name": row.name, "into": target.name}
            checks.require(_("不能把“%(name)s”并入它自己或它的下级“%(into)s”。") % words, "into")
        day = checks.change_day(row, on, at)
        below = list(Unit.objects.filter(parent_id=unit, until=None).order_by("id"))
        for child in below:
            checks.require(checks.parent_sentence(child.kind, target.kind), "into")
            checks.change_day(child, day, at)
        return {
            "act": "merge_unit",
            "move": [[child.id, into, day.isoformat()] for child in below],
            "close": [[unit, day.isoformat(), into]],
            "end": _posts_ending(unit, day),
            "leave": memberships_ending({unit: day}),
        }

    written = write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit)
    expect_act(written, "merge_unit")
    if written.repeated:
        moved = [row[0] for row in written.payload["move"]]
        return Moved(tree.unit(unit), tuple(sorted({*moved, *(one for top in moved for one in descendants(top))})))
    return Moved(tree.unit(unit), written.moved)


def close_unit(*, unit: int, on: dt.date | None = None, by: int | None, at: dt.datetime, key: str) -> UnitNow:
    """Close a unit from a day on, with its posts; refused while other units hang below it."""

    def make() -> Payload:
        row = checks.open_unit(unit)
        day = checks.change_day(row, on, at)
        below = Unit.objects.filter(parent_id=unit, until=None).count()
        if below:
            sentence = _("“%(name)s”之下还有 %(below)d 个单位，不能撤销。") % {"name": row.name, "below": below}
            raise Refusal("guard", sentence, hint=_("请先把下级单位移走、合并或撤销。"))
        return {
            "act": "close_unit",
            "close": [[unit, day.isoformat(), None]],
            "end": _posts_ending(unit, day),
            "leave": memberships_ending({unit: day}),
        }

    expect_act(write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit), "close_unit")
    return tree.unit(unit)


def set_pinyin(*, unit: int, pinyin: str, by: int | None, at: dt.datetime, key: str) -> UnitNow:
    """Correct the pinyin initials by which a unit is found."""

    def make() -> Payload:
        checks.open_unit(unit)
        letters = pinyin.strip().upper()
        if not (letters.isascii() and letters.isalnum() and len(letters) <= 80):
            checks.require(_("拼音首字母只能用英文字母和数字，最长 80 位。"), "pinyin")
        return {"act": "set_pinyin", "pinyin": [[unit, letters]]}

    expect_act(write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit), "set_pinyin")
    return tree.unit(unit)


def _moved(unit: int, written: Written) -> Moved:
    everything = (unit, *descendants(unit)) if written.repeated else written.moved
    return Moved(tree.unit(unit), everything)


def _posts_ending(unit: int, day: dt.date) -> list[list[object]]:
    # A post that had not begun by that day ends on the day it would have begun.
    running = Post.objects.filter(unit_id=unit).exclude(until__lte=day).order_by("id").values_list("id", "since")
    return [[id, max(since, day).isoformat()] for id, since in running]
