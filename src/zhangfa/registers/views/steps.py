"""The form of a step: asked, sent, refused with everything typed still there, or done."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhangfa.acts.engine import Outcome
from zhangfa.acts.offers import openings_for
from zhangfa.acts.reading import Case
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.sheets import as_taken
from zhangfa.acts.situation import unopened
from zhangfa.attachments.views import remember_upload
from zhangfa.charter.engine import register as register_of
from zhangfa.desk.posted import form_key, read_id
from zhangfa.registers.display import Shown, shown_fields
from zhangfa.registers.forms import StepForm, summary_of
from zhangfa.registers.views.records import case_or_404, offer_of


@never_cache
@require_http_methods(["GET", "POST"])
def new_record(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Ask what a record needs to be opened, and open it."""
    return _answer(request, _opening_form(request, key, step), {"back": reverse("register", args=[key])})


@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Ask what a step on a record needs, and take it."""
    at = timezone.now()
    case = case_or_404(request, number, at)
    # What was sent goes to the engine even where the step stands open no more: it says who was first and when,
    # and what was typed comes back.
    form = _record_form(request, case, step, at, offered=request.method != "POST")
    if form is None:
        messages.warning(request, _("这一步现在不能办理：记录可能已被别人办过，或不归您办理。下面是它现在的情况。"))
        return redirect("record", number)
    return _answer(request, form, {"back": reverse("record", args=[number]), "number": number, "case": case})


@never_cache
@require_GET
def pick(request: HttpRequest, where: str, step: str) -> HttpResponse:
    """Answer what was typed into a picker with its findings, to be swapped in."""
    at = timezone.now()
    if "." in where:
        form = _opening_form(request, where, step)
    else:
        form = _record_form(request, case_or_404(request, where, at), step, at)
    if form is None:
        raise Http404
    name = request.GET.get("field", "")
    raw, _wrong = form.read(request.GET, request.FILES)
    form = replace(form, raw=raw, finds={name: request.GET.get(f"{name}.find", "").strip()[:40]})
    found = [
        control
        for control in _all_controls(form.controls())
        if control.name == name and control.draw in ("pick", "select")
    ]
    if not found:
        raise Http404
    return render(request, "registers/found.html", {"c": found[0]})


def _all_controls(controls):
    """Yield the controls of the form and of the cells of its tables."""
    for control in controls:
        yield control
        for row in control.rows:
            yield from (cell.control for cell in row.cells if cell.control)


def _opening_form(request: HttpRequest, key: str, step: str) -> StepForm:
    actor, at = request.actor, timezone.now()
    openings = openings_for(actor, at)
    units = [found for register, opening, found in openings if (register, opening.id) == (key, step)]
    if not units:
        raise Http404
    charter, register = register_of(key)
    ids = tuple(dict.fromkeys(unit for found in units for unit in found))
    unit = ids[0] if ids else actor.posts[0].unit.id
    situation = unopened(charter, register, at, unit=unit, author=actor.person, about=None)
    address = reverse("pick", args=[key, step])
    return StepForm(key, charter, register, register.steps[step], actor, at, situation, ids, address)


def _record_form(
    request: HttpRequest, case: Case, step: str, at: dt.datetime, *, offered: bool = True
) -> StepForm | None:
    """Return the form of a step; where it must be ``offered``, None unless it is open to the actor now."""
    if step not in case.register.steps:
        raise Http404
    if offered and offer_of(case, step, request.actor, at) is None:
        return None
    situation = case.situation.having(payload=case.values)
    address = reverse("pick", args=[case.row["number"], step])
    key = f"{case.charter.id}.{case.register.id}"
    return StepForm(
        key, case.charter, case.register, as_taken(case.register.steps[step]), request.actor, at, situation, (), address
    )


def _answer(request: HttpRequest, form: StepForm, context: dict[str, object]) -> HttpResponse:
    if request.method != "POST":
        return _show(request, form, context)
    raw, wrong = form.read(request.POST, request.FILES)
    for file in _uploaded(raw):
        remember_upload(request, file)
    finds = {
        name.removesuffix(".find"): value.strip()[:40] for name, value in request.POST.items() if name.endswith(".find")
    }
    form = replace(form, raw=raw, finds=finds)
    if request.POST.get("more"):
        _add_row(raw, request.POST["more"])
    if request.POST.get("more") or request.POST.get("find"):
        return _show(request, form, context)
    try:
        if wrong:
            raise Refusal("fields", _("有文件没有收下，其余内容都还在。"), hint=_("请换一个文件再提交。"), fields=wrong)
        outcome = form.send(raw=raw, key=form_key(request.POST), version=read_id(request.POST.get("version")))
    except Refusal as refused:
        if refused.code == "not_found":
            raise Http404
        return _show(request, replace(form, errors=refused.fields), context, refused)
    return _done(request, form, outcome)


def _uploaded(raw: object):
    """Yield every file among what was read, in tables too."""
    if isinstance(raw, dict) and {"hash", "name", "type", "size"} <= raw.keys():
        yield raw
    elif isinstance(raw, dict | list | tuple):
        for part in raw.values() if isinstance(raw, dict) else raw:
            yield from _uploaded(part)


def _add_row(raw: dict[str, object], name: str) -> None:
    rows = raw.get(name)
    if isinstance(rows, list):
        raw[name] = [*rows, {}]


def _show(
    request: HttpRequest, form: StepForm, context: dict[str, object], refused: Refusal | None = None
) -> HttpResponse:
    controls = form.controls()
    placed = {control.name for control in _all_controls(controls)}
    summary = summary_of(refused, controls) if refused else {}
    shown = context | {
        "form": form, "controls": controls, "refused": refused, "summary": summary, "placed": placed,
        "sending": request.POST.get("key", "") if not refused or refused.code != "key_used" else "",
        "version": form.situation.record["version"], "charter": form.charter, "register": form.register,
        "record": form.situation.record if form.situation.state else None, "so_far": _so_far(context.get("case"), form),
    }  # fmt: skip
    return render(request, "registers/step.html", shown, status=422 if refused else 200)


def _so_far(case: Case | None, form: StepForm) -> list[Shown]:
    """Return what the record says already and this form does not ask: one signs with it before one's eyes."""
    asked = {field.id for field in form.step.asks}
    rest = [field for field in form.register.fields.values() if field.id not in asked]
    return shown_fields(rest, case.values, case.hidden, case.erased) if case else []


def _done(request: HttpRequest, form: StepForm, outcome: Outcome) -> HttpResponse:
    state = form.register.states.get(outcome.state)
    title = state.title.in_language(_language()) if state else outcome.state
    said = {"step": form.step.title.in_language(_language()), "state": title, "number": outcome.number}
    if outcome.repeated:
        messages.info(request, _("“%(step)s”已经办过了，没有重复登记。现在的状态：%(state)s。") % said)
    else:
        messages.success(request, _("%(step)s：已办理，%(number)s 现在是“%(state)s”。") % said)
    return redirect("record", outcome.number)


def _language() -> str:
    from django.utils.translation import get_language

    return get_language() or "zh-hans"
