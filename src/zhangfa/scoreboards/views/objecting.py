"""Objecting to a standing or to one indicator of it, within the time given."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhangfa.desk.posted import form_key
from zhangfa.publishing.engine import object_to
from zhangfa.refusal import Refusal
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.around import address_of, around
from zhangfa.scoreboards.objecting import time_to_object
from zhangfa.scoreboards.seeing import Seen, enter
from zhangfa.scoreboards.steps import steps_of
from zhangfa.scoreboards.views.why import explained


@never_cache
@require_http_methods(["GET", "POST"])
def object_here(request: HttpRequest, charter: str, score: str, area: str, period: str, code: str) -> HttpResponse:
    """Show the form, or take the objection; for whoever speaks for who stands there, and nobody else."""
    seen = enter(request, charter, score, area, period)
    why = explained(seen, code)
    until = time_to_object(seen, code)
    if until is None and request.method == "GET":
        raise Http404
    typed = {"indicator": request.GET.get("indicator", ""), "text": ""}
    refused = None
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            return _object(request, seen, code, typed)
        except Refusal as fault:
            if fault.code == "not_found":
                raise Http404 from None
            refused = fault
    options = [(step.id, step.title) for step in steps_of(seen, why)]
    context = {
        **around(seen, "why"), "why": why, "code": code, "until": until, "typed": typed, "refused": refused,
        "options": options, "back": address_of("score_why", seen, code),
        "more_trail": [
            (wording.said(seen.place.score.title), address_of("scoreboard", seen)),
            (why.result.key.name, address_of("score_why", seen, code)), (_("异议"), ""),
        ],
    }  # fmt: skip
    return render(request, "scoreboards/object.html", context, status=422 if refused else 200)


def _object(request: HttpRequest, seen: Seen, code: str, typed: dict[str, str]) -> HttpResponse:
    standing = seen.standings.get(code)
    if seen.board is None or standing is None:
        raise Http404
    object_to(
        board=seen.board.id, standing=standing.id, indicator=typed["indicator"], text=typed["text"], by=request.actor,
        at=timezone.now(), key=form_key(request.POST),
    )  # fmt: skip
    messages.success(request, _("异议已提交，签发人会在期限内答复，并写明理由。"))
    return redirect(address_of("score_why", seen, code))
