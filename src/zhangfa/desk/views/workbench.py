"""The workbench: what I have to do, by when and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhangfa.desk.work import desk_of


def show_workbench(request: HttpRequest) -> HttpResponse:
    """Show the reader's own tasks, openings, notices, warnings and units."""
    return render(request, "desk/workbench.html", {"desk": desk_of(request.actor, timezone.now())})
