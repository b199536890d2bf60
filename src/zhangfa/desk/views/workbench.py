"""The workbench: what I have to do, by when and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from zhangfa.desk.work import desk_of
from zhangfa.notices.engine import mark_read


def show_workbench(request: HttpRequest) -> HttpResponse:
    """Show the reader's own tasks, openings, notices, warnings and units."""
    return render(request, "desk/workbench.html", {"desk": desk_of(request.actor, timezone.now())})


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark the reader's notices as read."""
    mark_read(person=request.actor.person, at=timezone.now())
    return redirect("workbench")
