"""The page of a verb on a task: 转办, 加签, 退回, 延期, 暂停, 恢复, 领办."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhangfa.acts.refusal import Refusal
from zhangfa.desk.posted import form_key
from zhangfa.registers.candidates import Candidates
from zhangfa.registers.controls import Sheet, controls_of
from zhangfa.registers.decoding import decode
from zhangfa.registers.verbs import VERBS, fields_of, use, verbs_for
from zhangfa.registers.views.records import case_or_404


@never_cache
@require_http_methods(["GET", "POST"])
def use_verb(request: HttpRequest, number: str, task: str, verb: str) -> HttpResponse:
    """Ask what the verb needs, and do it."""
    at, actor = timezone.now(), request.actor
    case = case_or_404(request, number, at)
    owed = next((each.row for each in case.tasks if str(each.row["id"]) == task), None)
    if verb not in VERBS or owed is None or verb not in dict(verbs_for(owed, case, actor)):
        if verb in VERBS and request.method == "POST":
            messages.warning(request, _("没有办理：这项任务已经变了，或不在您手上。下面是它现在的情况。"))
            return redirect("record", number)
        raise Http404
    fields = fields_of(VERBS[verb], owed)
    raw, _wrong = decode(fields, request.POST, request.FILES, by=actor, at=at)
    finds = {
        name.removesuffix(".find"): typed.strip()[:40] for name, typed in request.POST.items() if name.endswith(".find")
    }
    refused = None
    if request.method == "POST" and not request.POST.get("find"):
        try:
            use(verb, task=owed["id"], raw=raw, by=actor, at=at, key=form_key(request.POST))
        except Refusal as refusal:
            refused = refusal
        else:
            messages.success(request, _("%(verb)s：已办理。") % {"verb": VERBS[verb].title()})
            return redirect("record", number)
    sheet = Sheet(raw, refused.fields if refused else {}, Candidates(actor, at, case.charter.id), {}, {}, finds, {})
    context = {
        "row": case.row, "register": case.register, "verb_title": VERBS[verb].title(),
        "explained": VERBS[verb].explained(),
        "controls": controls_of(fields, sheet), "refused": refused, "sending": request.POST.get("key", ""),
    }  # fmt: skip
    return render(request, "registers/verb.html", context, status=422 if refused else 200)
