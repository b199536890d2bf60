"""Giving an honour by hand and taking it back: rights, reason, quota, in whole sentences where it is refused."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.charter import engine as charters
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import Charter, Text
from zhangfa.directory import tree
from zhangfa.directory.kinds import kind_title
from zhangfa.directory.posts import posts_held
from zhangfa.honours import says
from zhangfa.honours.changes import Changes, Ended, Given, day_of
from zhangfa.honours.held import current_of, opened
from zhangfa.honours.models import LAPSED, MOVED, WITHDRAWN, Holding
from zhangfa.honours.pools import above_each
from zhangfa.honours.rights import may_give, may_take_back, places_of
from zhangfa.honours.units import units_where
from zhangfa.honours.writing import write_changes
from zhangfa.log.append import find_event
from zhangfa.refusal import Refusal

LONGEST = 500
"""Signs a reason may have."""


def award(
    *, charter: str, honour: str, unit: int | None = None, person: int | None = None, by: Actor, reason: str,
    at: dt.datetime, key: str,
) -> Holding:  # fmt: skip
    """Award an honour to a unit or a person, within its quota; the holder of a moving one passes it on.

    Raises:
        Refusal: no right, no such holder, held already, nothing left of the quota, or without a reason.
    """
    rules, one = _find(charter, honour, day_of(at))
    place = _place(one, unit, person, by, at)
    if not may_give(by, one, place):
        raise Refusal("not_yours", _("这个称号不由您评授。"), hint=_("请联系章程写明的评授单位。"))
    text = _reason(reason)
    if find_event(key) is None:
        _refuse_unfit(rules, one, unit, at)

    def make() -> Changes:
        given = Given(one, place, text, unit, person)
        return Changes("award", (given,), tuple(_making_room(rules, one, given, at)))

    written = write_changes(charter=rules, make=make, by=by.person, at=at, key=key, place=place)
    if written.payload.get("act") != "award":
        raise _key_used()
    return opened(Holding.objects.filter(pk__in=written.conferred))[0]


def withdraw(*, holding: int, reason: str, by: Actor, at: dt.datetime, key: str) -> Holding:
    """Take an honour back, with a reason that its holder is told.

    Raises:
        Refusal: no right, ended already, or without a reason.
    """
    held = next(iter(opened(Holding.objects.filter(pk=holding))), None)
    if held is None:
        raise _absent()
    rules = rules_of(held, at)
    one = rules.honours.get(held.honour)
    if one is None or not may_take_back(by, one, held.place_id):
        raise _absent()
    text = _reason(reason)

    def make() -> Changes:
        now = opened(Holding.objects.filter(pk=holding))[0]
        if now.ended is not None:
            sentence = _("这个称号已于 %(day)s 终止，不用再撤销。") % {"day": now.ended}
            raise Refusal("changed", sentence, hint=_("请刷新页面查看。"))
        return Changes("withdraw", (), (Ended(now, WITHDRAWN, text),))

    written = write_changes(charter=rules, make=make, by=by.person, at=at, key=key, place=held.place_id)
    if written.payload.get("act") != "withdraw" or holding not in written.ended:
        raise _key_used()
    return opened(Holding.objects.filter(pk=holding))[0]


def rules_of(held: Holding, at: dt.datetime) -> Charter:
    """Return the charter in force, or where it knows the honour no more the version it was conferred under."""
    try:
        now = charters.current(held.charter, day_of(at))
    except charters.UnknownCharter:
        return charters.at_version(held.charter, held.version)
    return now if held.honour in now.honours else charters.at_version(held.charter, held.version)


def _find(charter: str, honour: str, day: dt.date) -> tuple[Charter, Honour]:
    try:
        rules = charters.current(charter, day)
    except charters.UnknownCharter:
        raise _absent() from None
    one = rules.honours.get(honour)
    if one is None:
        raise _absent()
    if one.by != "award":
        raise Refusal("never", _("这个称号按规则产生，不能直接评授。"), hint=_("规则见章程说明。"))
    return rules, one


def _place(honour: Honour, unit: int | None, person: int | None, by: Actor, at: dt.datetime) -> int:
    """Return the unit, or where the person holds the post below the awarder; refuse another kind of holder."""
    day = day_of(at)
    if honour.of_kind:
        found = tree.find_unit(unit) if unit is not None else None
        if found is None or found.kind != honour.of_kind or not found.exists_on(day):
            words = {"kind": kind_title(honour.of_kind)}
            raise Refusal("fields", _("请选择要评授的%(kind)s。") % words, fields={"unit": _("请重新选择。")})
        return found.id
    seats = [post.unit.id for post in posts_held(person, day) if post.role == honour.of_post] if person else []
    reached = [one for one in seats if any(tree.reaches(up.id, one) for up in places_of(by, honour.awarders))]
    if not seats:
        raise Refusal("fields", _("请选择在任的人员。"), fields={"person": _("请重新选择。")})
    return (reached or seats)[0]


def _reason(reason: str) -> Text:
    text = reason.strip()
    if not text:
        raise Refusal("fields", _("请写明理由：当事单位或本人会看到。"), fields={"reason": _("请填写理由。")})
    if len(text) > LONGEST:
        words = {"most": LONGEST}
        raise Refusal("fields", _("理由太长，最多 %(most)d 字。") % words, fields={"reason": _("请写短一些。")})
    return Text(text, text)


def _refuse_unfit(charter: Charter, honour: Honour, unit: int | None, at: dt.datetime) -> None:
    if honour.withdrawn_when is None or unit is None:
        return
    if unit in units_where(charter, honour.withdrawn_when, [unit], day_of(at)):
        why = says.withdrawn_by_rule(honour, charter).in_language(get_language() or "zh-hans")
        raise Refusal("guard", _("现在不能评授：%(why)s") % {"why": why}, hint=_("请先核对该单位的现状。"))


def _making_room(charter: Charter, honour: Honour, given: Given, at: dt.datetime) -> list[Ended]:
    """Return what ends so that this one can be given: what has lapsed, and a moving honour's holder; or refuse."""
    day = day_of(at)
    held = current_of(charter.id, honour)
    over = [one for one in held if one.until is not None and one.until <= day]
    ended = [Ended(one, LAPSED, says.lapsed(one.until and one.until - dt.timedelta(days=1)), one.until) for one in over]
    running = [one for one in held if one not in over]
    if any(given.whose == (one.unit_id if honour.of_kind else one.person_id) for one in running):
        raise Refusal("taken", _("已经持有这个称号，不用重复评授。"), hint=_("请刷新页面查看。"))
    pool = _pool(honour, given.place, running, day)
    most = honour.quota or (1 if honour.moving else None)
    if most is None or len(pool) < most:
        return ended
    if honour.moving and most == 1:
        to = says.units_named([given.unit]) if given.unit is not None else Text("", "")
        return ended + [Ended(one, MOVED, says.moved_on(to)) for one in pool]
    words = {"most": most, "title": honour.title.in_language(get_language() or "zh-hans")}
    raise Refusal("guard", _("“%(title)s”的 %(most)d 个名额已满。") % words, hint=_("请先撤销一个，或等其到期。"))


def _pool(honour: Honour, place: int, running: list[Holding], day: dt.date) -> list[Holding]:
    """Return those who share a quota with a place."""
    if not honour.per:
        return running
    above = above_each({place, *(one.place_id for one in running)}, honour.per, day)
    return [one for one in running if above[one.place_id] == above[place]]


def _absent() -> Refusal:
    return Refusal("not_found", _("没有找到这个称号。"), hint=_("请回到称号列表查找。"))


def _key_used() -> Refusal:
    return Refusal("key_used", _("这次提交的编号已用于别的办理。"), hint=_("请刷新页面后重新提交。"))
