"""Which units lie side by side (相邻): lanes along a street, villages that share a border; dated, both ways.

The tree says what lies in what, and never what lies beside what: numbers and names of lanes do not either. So the
county says it, pair by pair. Reached through :mod:`zhangfa.directory.engine`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from zhangfa.directory import checks
from zhangfa.directory.fold import Payload
from zhangfa.directory.kinds import kind_title
from zhangfa.directory.models import Neighbour
from zhangfa.directory.writing import expect_act, reserve_ids, write_change

CHUNK = 5000


def set_beside(
    *, unit: int, other: int, since: dt.date | None = None, by: int | None, at: dt.datetime, key: str
) -> Neighbour:
    """Say that two units of one kind lie side by side from ``since`` on (the day of ``at`` unless told)."""

    def make() -> Payload:
        row, second, day = checks.open_unit(unit), checks.open_unit(other, "other"), since or checks.local_day(at)
        checks.require(beside_sentence(row.code, row.kind, second.code, second.kind), "other")
        if day > checks.local_day(at):
            checks.require(_("日期 %(day)s 还没有到，请在当天或之后办理。") % {"day": day}, "since")
        if find_pair(unit, other) is not None:
            checks.require(
                _("%(name)s 与 %(other)s 已经登记为相邻。") % {"name": row.name, "other": second.name}, "other"
            )
        [id] = reserve_ids(Neighbour, 1)
        return {"act": "set_beside", "beside": [[id, *sorted((unit, other)), day.isoformat()]]}

    written = write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit)
    expect_act(written, "set_beside")
    return Neighbour.objects.get(id=written.payload["beside"][0][0])


def set_apart(
    *, unit: int, other: int, until: dt.date | None = None, by: int | None, at: dt.datetime, key: str
) -> Neighbour:
    """Say that two units no longer lie side by side from ``until`` on (the day of ``at`` unless told)."""

    def make() -> Payload:
        day, pair = until or checks.local_day(at), find_pair(unit, other)
        if pair is None:
            checks.require(_("这两个单位没有登记为相邻。"), "other")
        assert pair is not None
        if day < pair.since:
            checks.require(_("结束日期不能早于 %(since)s。") % {"since": pair.since}, "until")
        return {"act": "set_apart", "apart": [[pair.id, day.isoformat()]]}

    written = write_change(kind="unit", make=make, by=by, at=at, key=key, unit=unit)
    expect_act(written, "set_apart")
    return Neighbour.objects.get(id=written.payload["apart"][0][0])


def beside_sentence(code: str, kind: str, other_code: str, other_kind: str) -> str:
    """Say why two units cannot lie side by side; empty when they can."""
    if code == other_code:
        return _("一个单位不能与自己相邻。")
    if kind != other_kind:
        words = {"kind": kind_title(kind), "other": kind_title(other_kind)}
        return _("只有同类单位才登记相邻：这里一个是%(kind)s，一个是%(other)s。") % words
    return ""


def find_pair(unit: int, other: int) -> Neighbour | None:
    """Return the running relation of two units."""
    first, second = sorted((unit, other))
    return Neighbour.objects.filter(unit=first, other=second, until=None).first()


def pairs_among(units: Iterable[int], on: dt.date) -> list[tuple[int, int]]:
    """Return the pairs among these units that lay side by side on a day."""
    wanted = set(units)
    standing = Neighbour.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    ordered = sorted(wanted)
    found: list[tuple[int, int]] = []
    for start in range(0, len(ordered), CHUNK):
        rows = standing.filter(unit__in=ordered[start : start + CHUNK]).order_by("id").values_list("unit", "other")
        found += [(one, other) for one, other in rows if other in wanted]
    return found


def beside_of(unit: int, on: dt.date) -> list[int]:
    """Return the units beside one on a day."""
    standing = Neighbour.objects.filter(Q(until=None) | Q(until__gt=on), Q(unit=unit) | Q(other=unit), since__lte=on)
    rows = standing.order_by("id").values_list("unit", "other")
    return [other if one == unit else one for one, other in rows]
