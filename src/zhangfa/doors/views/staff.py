"""The staff's side: sheets to print, codes to renew, requests that wait to be looked at."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhangfa.acts.actor import Actor
from zhangfa.acts.refusal import Refusal, refuse_absent
from zhangfa.acts.values import show_value
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter, Door, Field
from zhangfa.desk.posted import read_id
from zhangfa.directory import tree
from zhangfa.doors import quarantine
from zhangfa.doors.door_codes import codes_for, renew_code
from zhangfa.doors.door_frame import now
from zhangfa.doors.models import Quarantined
from zhangfa.doors.sheets import print_sheets, sheet_doors
from zhangfa.settings import CONFIG

PAGE = 100


@dataclass(frozen=True, slots=True)
class Group:
    """The doors of one charter below one of the actor's posts."""

    charter: Charter
    door: Door
    unit: tree.UnitNow
    units: tuple[int, ...]


@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """List the doors below the reader's posts with their codes and sheets."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    language = get_language() or "zh-hans"
    start = read_id(request.GET.get("from")) or 0
    listed = []
    for group in groups_of(actor):
        page = group.units[start : start + PAGE]
        codes = codes_for(charter=group.charter.id, door=group.door.id, units=page, at=now())
        listed.append(
            {
                "title": group.charter.title.in_language(language),
                "charter": group.charter.id,
                "door": group.door.id,
                "unit": group.unit,
                "count": len(group.units),
                "doors": [(id_, tree.path_name(id_), code) for id_, code in codes.items()],
                "before": max(0, start - PAGE) if start else None,
                "after": start + PAGE if start + PAGE < len(group.units) else None,
                "first": start + 1,
            }
        )
    boards = [
        (charter.title.in_language(language), reverse("board", args=[charter.id, door.id]))
        for charter in charters.all_current().values()
        for door in charter.doors.values()
        if door.shows
    ]
    context = {"groups": listed, "boards": boards, "waiting": quarantine.waiting_for(actor).count()}
    return render(request, "doors/staff_doors.html", context)


def groups_of(actor: Actor) -> list[Group]:
    """List the request doors of charters in which the actor holds a role, with the units below each post."""
    found: dict[tuple[str, str, int], Group] = {}
    for charter in charters.all_current().values():
        for door in charter.doors.values():
            for post in actor.posts:
                if door.submit and door.code_for and post.role in charter.roles:
                    units = units_below(post.unit, door.code_for)
                    if units:
                        found[charter.id, door.id, post.unit.id] = Group(charter, door, post.unit, units)
    return list(found.values())


def units_below(unit: tree.UnitNow, kind: str) -> tuple[int, ...]:
    """Return the unit itself where it is of that kind, else those below it in order of their codes."""
    if unit.kind == kind:
        return (unit.id,)
    below = tree.units(tree.descendants(unit.id, kind))
    return tuple(each.id for each in sorted(below.values(), key=lambda each: each.code))


@require_safe
def sheets(request: HttpRequest, charter: str, door: str) -> HttpResponse:
    """Answer with one PDF of all sheets below ``?unit=``."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unit = tree.find_unit(read_id(request.GET.get("unit")) or 0)
    group = _group(actor, charter, door, unit.id if unit else 0)
    if unit is None or group is None:
        raise refuse_absent()
    at = now()
    codes = codes_for(charter=charter, door=door, units=units_below(unit, group.door.code_for), at=at)
    if not codes:
        raise Refusal("no_unit", _("%(unit)s下面没有可以印码的单位。") % {"unit": unit.name})
    county = tree.unit(unit.county).name if unit.county else unit.name
    pdf = print_sheets(
        charter=group.charter, county=county, doors=sheet_doors(codes=codes, public_url=CONFIG.public_url)
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{charter}-{unit.code}.pdf"'
    return response


def _group(actor: Actor, charter: str, door: str, unit: int) -> Group | None:
    for group in groups_of(actor):
        if (group.charter.id, group.door.id) == (charter, door) and tree.reaches(group.unit.id, unit):
            return group
    return None


@require_POST
def renew(request: HttpRequest, charter: str, door: str) -> HttpResponse:
    """Put a new code in force for one unit."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unit = read_id(request.POST.get("unit")) or 0
    group = _group(actor, charter, door, unit)
    if group is None or unit not in group.units:
        raise refuse_absent()
    renew_code(charter=charter, door=door, unit=unit, at=now())
    messages.success(request, _("已换新码。请重新打印并张贴；旧码扫开后会指到新窗口。"))
    return redirect("doors")


def waiting(request: HttpRequest) -> HttpResponse:
    """List the requests that wait to be looked at; release or mark the chosen ones."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        _decide(request, actor)
        return redirect("quarantine")
    rows = quarantine.waiting_for(actor)
    language = get_language() or "zh-hans"
    shown = [_opened(row, language) for row in rows[:PAGE]]
    return render(request, "doors/staff_quarantine.html", {"rows": shown, "count": rows.count(), "reasons": reasons()})


def reasons() -> dict[str, str]:
    """Say why a request was kept back."""
    return {
        "work": _("没有通过自动校验（多半是浏览器关了脚本）"),
        "used": _("自动校验过期或重复"),
        "address": _("同一网络短时间提得太多"),
        "door": _("这个窗口短时间提得太多"),
    }


def _opened(row: Quarantined, language: str) -> dict[str, object]:
    charter = charters.current(row.charter)
    register = charter.registers[charter.doors[row.door].register]
    data = quarantine.open_kept(row)
    fields = [register.fields[name] for name in data if name in register.fields]
    words = [(field.title.in_language(language), _said(field, data[field.id], language)) for field in fields]
    return {
        "id": row.id,
        "at": row.at,
        "unit": tree.path_name(row.unit),
        "reason": row.reason,
        "charter": charter.title.in_language(language),
        "words": [pair for pair in words if pair[1]],
    }


def _said(field: Field, stored: object, language: str) -> str:
    """Put an answer into words; what is sensitive stays closed until the request is a record."""
    if not stored:
        return ""
    return _("（内容受保护）") if field.sensitive or field.visible_to else show_value(field, stored, language)


def _decide(request: HttpRequest, actor: Actor) -> None:
    """Carry out what was chosen, each request by itself, and say how many went through."""
    chosen = [id_ for each in request.POST.getlist("chosen") if (id_ := read_id(each)) is not None]
    spam = request.POST.get("do") == "spam"
    done: Tally[str] = Tally()
    for row in quarantine.waiting_for(actor).filter(id__in=chosen):
        try:
            if spam:
                quarantine.mark_spam(row=row, by=actor, at=now())
            else:
                quarantine.release(row=row, by=actor, at=now())
            done["done"] += 1
        except Refusal as refusal:
            done["refused"] += 1
            messages.error(request, refusal.sentence)
    _say(request, done["done"], spam=spam, chosen=bool(chosen))


def _say(request: HttpRequest, count: int, *, spam: bool, chosen: bool) -> None:
    if not chosen:
        messages.warning(request, _("没有勾选任何一件。"))
    elif count and spam:
        words = ngettext("已标为垃圾信息 %(n)d 件。", "已标为垃圾信息 %(n)d 件。", count)
        messages.success(request, words % {"n": count})
    elif count:
        messages.success(request, ngettext("已放行 %(n)d 件。", "已放行 %(n)d 件。", count) % {"n": count})
