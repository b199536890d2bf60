"""The page that shows every component, for whoever builds a page (debug and demo only)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


@login_not_required
def show_style(request: HttpRequest) -> HttpResponse:
    """Show the components with example content."""
    if not (settings.DEBUG or settings.CONFIG.demo):
        raise Http404
    now = timezone.now()
    dues = [now - dt.timedelta(days=3), now + dt.timedelta(hours=2), now + dt.timedelta(days=9), None]
    return render(request, "desk/style.html", {"dues": dues})
