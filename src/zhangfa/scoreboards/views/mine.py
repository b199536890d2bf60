"""Where I stand: as a person, or as the unit I answer for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.scoreboards.cards import cards_of
from zhangfa.scoreboards.sections import sections


@never_cache
@require_GET
def show_mine(request: HttpRequest) -> HttpResponse:
    """Show the newest standing of each score the reader or his units are in."""
    context = {"cards": cards_of(request.actor, timezone.now()), "tabs": sections("my_scores")}
    return render(request, "scoreboards/mine.html", context)
