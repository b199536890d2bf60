"""Honours: what is held by whom since when and why, awarding within the quota, taking back with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhangfa.desk.posted import form_key, read_id
from zhangfa.directory import tree
from zhangfa.honours import reading
from zhangfa.honours.engine import award, withdraw
from zhangfa.honours.reading import Listed
from zhangfa.refusal import Refusal
from zhangfa.scoreboards import honoured
from zhangfa.scoreboards.sections import sections
from zhangfa.scoreboards.wording import said

CANDIDATES = 30
ABOVE = ("prefecture", "county", "precinct")
"""Kinds of unit that tell nobody apart within a county."""


@never_cache
@require_GET
def show_honours(request: HttpRequest) -> HttpResponse:
    """Show the reader's own honours and his units', then every honour that concerns him."""
    at = timezone.now()
    context = {
        "mine": honoured.rows_of(honoured.mine(request.actor, at), at),
        "shelves": honoured.shelves(request.actor, at),
        "lapsing": honoured.lapsing(request.actor, at),
        "tabs": sections("honours"),
    }
    return render(request, "scoreboards/honours.html", context)


@never_cache
@require_GET
def show_honour(request: HttpRequest, charter: str, honour: str) -> HttpResponse:
    """Show who holds an honour, or (``past``) who ever held it; for a roll-up how every unit stands."""
    at, listed = timezone.now(), _enter(request, charter, honour)
    past = "past" in request.GET
    found = reading.held(charter=charter, honour=honour, actor=request.actor, at=at, history=past)
    found = tuple(sorted(found, key=lambda one: (-one.since.toordinal(), one.id)))
    quota = reading.quota_of(charter=charter, honour=honour, at=at)
    lasts = honoured.lasts_of(listed.honour)
    context = _context(listed) | {
        "rows": honoured.rows_of(found, at), "past": past, "quota": quota, "place_words": honoured.place_words,
        "lasts": said(lasts) if lasts else "", "ties": honoured.ties_of(request.actor, listed),
        "standings": None if past else honoured.standings(request.actor, listed, at), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "scoreboards/honour.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def award_honour(request: HttpRequest, charter: str, honour: str) -> HttpResponse:
    """Ask whom an honour is awarded to and why, and award it."""
    listed = _enter(request, charter, honour)
    if not listed.awarding:
        raise Http404
    typed = {name: request.POST.get(name, "") for name in ("q", "whose", "reason")}
    refused = None
    if request.method == "POST" and request.POST.get("do") == "award":
        try:
            return _award(request, listed, typed)
        except Refusal as fault:
            refused = fault
    at = timezone.now()
    found = reading.candidates(
        charter=charter, honour=honour, actor=request.actor, at=at, text=typed["q"], limit=CANDIDATES
    )
    tree.units(one.place for one in found)
    context = _context(listed) | {
        "typed": typed, "refused": refused, "most": CANDIDATES, "key": request.POST.get("key", ""),
        "found": [(one.id, one.name, _where(one)) for one in found],
        "quota": reading.quota_of(charter=charter, honour=honour, at=at),
        "errors": refused.fields if refused else {},
    }  # fmt: skip
    template = "scoreboards/candidates.html" if request.headers.get("HX-Request") else "scoreboards/award.html"
    return render(request, template, context, status=422 if refused else 200)


def _where(one: reading.Candidate) -> str:
    unit = tree.unit(one.place)
    if one.id != one.place:
        return unit.name
    return "".join(up.name for up in reversed(tree.ancestors(unit.id)) if up.kind not in ABOVE)


def _award(request: HttpRequest, listed: Listed, typed: dict[str, str]) -> HttpResponse:
    whose = read_id(typed["whose"])
    if whose is None:
        sentence = _("请从名单里选一个。")
        raise Refusal("fields", sentence, fields={"whose": sentence})
    holder = {"unit": whose} if listed.honour.of_kind else {"person": whose}
    made = award(
        charter=listed.charter.id, honour=listed.honour.id, by=request.actor, reason=typed["reason"],
        at=timezone.now(), key=form_key(request.POST), **holder,
    )  # fmt: skip
    messages.success(request, _("已授予“%(title)s”，并已告知。") % {"title": said(listed.honour.title)})
    return redirect("holding", made.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def show_holding(request: HttpRequest, holding: int) -> HttpResponse:
    """Show one holding with its reason and the holder's history; whoever may takes it back with a reason."""
    at = timezone.now()
    found = reading.find_held(holding=holding, actor=request.actor, at=at)
    if found is None:
        raise Http404
    typed, refused = {"reason": request.POST.get("reason", "")}, None
    if request.method == "POST":
        if not found.may_withdraw:
            raise Http404
        try:
            return _withdraw(request, found.id, typed["reason"])
        except Refusal as fault:
            refused = fault
    whose = {"unit": found.unit.id} if found.unit else {"person": found.person.pk if found.person else None}
    history = reading.honours_of(actor=request.actor, at=at, history=True, **whose)
    context = {
        "row": honoured.rows_of((found,), at)[0], "held": found, "typed": typed, "refused": refused,
        "errors": refused.fields if refused else {}, "place": honoured.place_words(found),
        "history": honoured.rows_of(tuple(one for one in history if one.id != found.id), at),
        "charter": found.charter,
    }  # fmt: skip
    return render(request, "scoreboards/holding.html", context, status=422 if refused else 200)


def _withdraw(request: HttpRequest, holding: int, reason: str) -> HttpResponse:
    if not request.POST.get("sure"):
        sentence = _("请勾选“确认撤销”。")
        raise Refusal("fields", sentence, fields={"sure": sentence})
    withdraw(holding=holding, reason=reason, by=request.actor, at=timezone.now(), key=form_key(request.POST))
    messages.success(request, _("已撤销，理由已告知。"))
    return redirect("holding", holding)


def _enter(request: HttpRequest, charter: str, honour: str) -> Listed:
    found = honoured.find_honour(request.actor, charter, honour, timezone.now())
    if found is None:
        raise Http404
    return found


def _context(listed: Listed) -> dict[str, object]:
    return {
        "listed": listed, "charter": listed.charter, "honour": listed.honour, "title": said(listed.honour.title),
        "way": honoured.way_of(listed),
    }  # fmt: skip
