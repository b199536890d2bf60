"""The index of scores: where I stand, what I sign, the boards I may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.desk.my_scores import to_sign
from zhangfa.publishing import reading
from zhangfa.scoreboards.cards import cards_of
from zhangfa.scoreboards.listing import running_of, schemes_of
from zhangfa.scoreboards.sections import sections


@never_cache
@require_GET
def show_index(request: HttpRequest) -> HttpResponse:
    """Show the boards the reader may see, with what waits for him."""
    actor, at = request.actor, timezone.now()
    context = {
        "cards": cards_of(actor, at)[:6], "to_sign": to_sign(actor, at), "running": running_of(actor, at),
        "schemes": schemes_of(actor), "tabs": sections("scores"), "objections": len(reading.inbox_of(actor)),
    }  # fmt: skip
    return render(request, "scoreboards/index.html", context)
