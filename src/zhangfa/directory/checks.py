"""What a unit, a person or a post must satisfy, each refused with a whole sentence."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from zhangfa.directory.kinds import kind_title
from zhangfa.directory.models import UNIT_KINDS, Unit, UnitSpan
from zhangfa.refusal import Refusal

CODE = re.compile(r"[0-9A-Za-z-]{1,32}")
ROLE = re.compile(r"[a-z][a-z0-9-]{0,47}")
PLACES = UNIT_KINDS[: UNIT_KINDS.index("household") + 1]
"""Kinds of the place tree, from the top; each hangs under one before it."""


def local_day(at: dt.datetime) -> dt.date:
    """Return the day in Shanghai."""
    return at.astimezone(ZoneInfo("Asia/Shanghai")).date()


def kind_sentence(kind: str) -> str:
    """Say what is wrong with a kind of unit; empty when nothing is."""
    if kind in UNIT_KINDS:
        return ""
    kinds = "、".join(f"{one}（{kind_title(one)}）" for one in UNIT_KINDS)
    return _("“%(kind)s”不是单位类型；可用的有：%(kinds)s。") % {"kind": kind, "kinds": kinds}


def code_sentence(code: str) -> str:
    """Say what is wrong with a code; empty when nothing is."""
    if CODE.fullmatch(code):
        return ""
    return _("代码“%(code)s”不合规：只能用数字、字母和连字符，最长 32 位。") % {"code": code}


def name_sentence(name: str, longest: int) -> str:
    """Say what is wrong with a name; empty when nothing is."""
    if not name.strip():
        return _("名称不能为空。")
    if len(name) > longest:
        return _("名称“%(name)s”太长：最多 %(longest)d 个字。") % {"name": name[:20] + "…", "longest": longest}
    return ""


def parent_sentence(kind: str, parent_kind: str) -> str:
    """Say why a unit of one kind may not hang under one of another; empty when it may."""
    if kind not in PLACES:
        return ""
    if parent_kind in PLACES and PLACES.index(parent_kind) < PLACES.index(kind):
        return ""
    words = {"kind": kind_title(kind), "parent": kind_title(parent_kind)}
    return _("%(kind)s不能挂在%(parent)s之下。") % words


def require(sentence: str, field: str, hint: str = "") -> None:
    """Refuse with this sentence, at this field, unless it is empty."""
    if sentence:
        raise Refusal("fields", sentence, hint=hint, fields={field: sentence})


def open_unit(id: int, field: str = "unit") -> Unit:
    """Return the unit to be changed, as it stands in the database, or refuse."""
    found = Unit.objects.filter(id=id, until=None).first()
    if found is None:
        sentence = _("这个单位不存在，或者已经撤销。")
        raise Refusal("no_unit", sentence, hint=_("请在单位目录中重新选择。"), fields={field: sentence})
    return found


def change_day(unit: Unit, on: dt.date | None, at: dt.datetime) -> dt.date:
    """Return the day from which a change holds: not in the future, and not before the last change."""
    today = local_day(at)
    day = on or today
    if day > today:
        require(_("变更日期 %(day)s 还没有到：请在当天或之后办理。") % {"day": day}, "on")
    since = UnitSpan.objects.filter(unit=unit, until=None).values_list("since", flat=True).first() or unit.since
    if day < since:
        words = {"name": unit.name, "since": since}
        require(_("“%(name)s”上一次变更在 %(since)s，新的变更不能早于这一天。") % words, "on")
    return day


def is_below(id: int, top: int) -> bool:
    """Tell whether one unit is another, or hangs anywhere below it."""
    at: int | None = id
    while at is not None:
        if at == top:
            return True
        at = Unit.objects.filter(id=at).values_list("parent_id", flat=True).first()
    return False
