"""The index of scores: what I stand at, what I sign, the boards I may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@never_cache
@require_GET
def show_index(request: HttpRequest) -> HttpResponse:
    """Show the boards the reader may see."""
    return render(request, "scoreboards/index.html", {})
