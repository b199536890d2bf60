"""Groups beside the place tree: which unit belongs to which, and to which part of it, from when until when.

The groups themselves stand in the charters (``groups:``); who belongs is the directory's to say, dated. Reached
through :mod:`zhangfa.directory.engine`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhangfa.directory import checks
from zhangfa.directory.fold import Payload
from zhangfa.directory.kinds import kind_title
from zhangfa.directory.models import GroupMember
from zhangfa.directory.writing import expect_act, reserve_ids, write_change
from zhangfa.refusal import Refusal

LONGEST_PART = 40
Held = tuple[int, str, dt.date, dt.date | None]
"""Id (0: not written yet), part, first day and day of ending of a membership."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a charter in force."""

    key: str
    """``charter.group``."""
    titles: tuple[str, ...]
    of: tuple[str, ...]


def groups_in_force(on: dt.date) -> Mapping[str, Group]:
    """Return the groups of the charters in force on a day, by their full keys."""
    # Read here and not at the top: charters are loaded by a room that writes to the log, as this one does.
    from zhangfa.charter.engine import all_current

    return {
        key: Group(key, tuple(filter(None, (group.title.zh, group.title.en))), group.of)
        for charter in all_current(on).values()
        for group in charter.groups.values()
        for key in (f"{charter.id}.{group.id}",)
    }


def join_group(
    *,
    unit: int,
    group: str,
    part: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    by: int | None,
    at: dt.datetime,
    key: str,
) -> GroupMember:
    """Put a unit into a group (and a part of it) from ``since`` on; where it is in another part, it leaves that one."""
    start = since or checks.local_day(at)

    def make() -> Payload:
        row = checks.open_unit(unit)
        checks.require(group_sentence(group, row.kind, groups_in_force(checks.local_day(at))), "group")
        checks.require(part_sentence(part), "part")
        leaving, sentence = place_among(_held(unit, group), part.strip(), start, until)
        checks.require(sentence % {"name": row.name} if sentence else "", "since")
        [id] = reserve_ids(GroupMember, 1)
        joining = [id, group, part.strip(), unit, start.isoformat(), until.isoformat() if until else None]
        return {"act": "join_group", "join": [joining], "leave": [[one[0], start.isoformat()] for one in leaving]}

    written = write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit)
    expect_act(written, "join_group")
    return GroupMember.objects.get(id=written.payload["join"][0][0])


def leave_group(
    *, membership: int, until: dt.date | None = None, by: int | None, at: dt.datetime, key: str
) -> GroupMember:
    """End a membership: from ``until`` on (the day of ``at`` unless told) the unit is no longer in the group."""
    day = until or checks.local_day(at)

    def make() -> Payload:
        row = GroupMember.objects.filter(id=membership).first()
        if row is None:
            raise Refusal("not_found", _("没有找到这项编组关系。"), hint=_("请在单位目录中重新选择。"))
        if row.until is not None and row.until <= day:
            checks.require(_("这项编组关系已于 %(until)s 结束。") % {"until": row.until}, "until")
        if day < row.since:
            checks.require(_("退出日期不能早于加入日期 %(since)s。") % {"since": row.since}, "until")
        return {"act": "leave_group", "leave": [[membership, day.isoformat()]]}

    expect_act(write_change(kind="unit", make=make, by=by, at=at, key=key), "leave_group")
    return GroupMember.objects.get(id=membership)


def group_sentence(group: str, kind: str, known: Mapping[str, Group]) -> str:
    """Say why a unit of a kind cannot be in a group; empty when it can."""
    if group not in known:
        return _("没有编组“%(group)s”：编组写在施行中的章程里（groups）。") % {"group": group}
    if kind not in known[group].of:
        kinds = "、".join(kind_title(one) for one in known[group].of)
        words = {"title": known[group].titles[0], "kinds": kinds, "kind": kind_title(kind)}
        return _("编组“%(title)s”由%(kinds)s组成，不收%(kind)s。") % words
    return ""


def part_sentence(part: str) -> str:
    """Say what is wrong with the name of a part; empty when nothing is."""
    return checks.name_sentence(part, LONGEST_PART) if part.strip() else ""


def place_among(held: list[Held], part: str, start: dt.date, until: dt.date | None) -> tuple[list[Held], str]:
    """Return which memberships of the same unit and group end when another begins, or a sentence (with the name to
    fill in) on why it cannot begin.
    """
    if until is not None and until <= start:
        return [], _("退出日期必须晚于加入日期。")
    meeting = [one for one in held if one[2] < (until or dt.date.max) and start < (one[3] or dt.date.max)]
    if any(one[3] is not None or one[2] >= start or one[1] == part for one in meeting):
        return [], _("%(name)s 在这段时间已经在这个编组里。")
    return meeting, ""


def memberships_ending(closing: Mapping[int, dt.date]) -> list[list[object]]:
    """Return which memberships end when units close on these days, as a change says it."""
    running = GroupMember.objects.filter(unit_id__in=closing).order_by("id")
    ends = ((one, max(one.since, closing[one.unit_id])) for one in running)
    return [[one.id, day.isoformat()] for one, day in ends if one.until is None or one.until > day]


def _held(unit: int, group: str) -> list[Held]:
    rows = GroupMember.objects.filter(unit_id=unit, group=group).order_by("since")
    return list(rows.values_list("id", "part", "since", "until"))
