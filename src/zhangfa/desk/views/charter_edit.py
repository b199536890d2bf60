"""Writing a charter: problems as one types, differences in words, and putting it in force."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhangfa.charter.engine import CharterRefused, apply_charter, versions
from zhangfa.desk.clerks import demand_clerk
from zhangfa.desk.drafting import Draft, Judged, judge, stored_draft, typed_draft
from zhangfa.desk.posted import form_key

NEW = "charter.yaml"


def edit_charter(request: HttpRequest, charter: str = "") -> HttpResponse:
    """Show the editor of a charter (or of a new one); check, confirm and put in force."""
    demand_clerk(request.actor)
    stored = stored_draft(charter) if charter else Draft(NEW, "", {})
    if stored is None:
        raise Http404
    if request.method != "POST":
        return _editor(request, charter, stored, judge(stored, timezone.now()) if charter else None)
    draft = typed_draft(request, stored.name)
    judged = judge(draft, timezone.now())
    if judged.charter and charter and judged.charter.id != charter:
        messages.warning(request, _("文件里的章程标识和当前章程不同，将作为另一部章程施行。"))
    asked = request.POST.get("do")
    if judged.charter and not judged.same and asked == "confirm":
        return _confirm(request, charter, draft, judged)
    if judged.charter and asked == "apply":
        return _apply(request, charter, draft, judged)
    return _editor(request, charter, draft, judged, status=422 if judged.problems and asked != "check" else 200)


@require_POST
def check_charter(request: HttpRequest) -> HttpResponse:
    """Answer a draft's problems or differences alone, for htmx."""
    demand_clerk(request.actor)
    draft = typed_draft(request, request.POST.get("name", NEW))
    return render(request, "desk/charter_judged.html", {"draft": draft, "judged": judge(draft, timezone.now())})


def _editor(request: HttpRequest, charter: str, draft: Draft, judged: Judged | None, status: int = 200) -> HttpResponse:
    title = versions(charter)[-1].title if charter else None
    context = {"id": charter, "title": title, "draft": draft, "judged": judged}
    return render(request, "desk/charter_edit.html", context, status=status)


def _confirm(
    request: HttpRequest, charter: str, draft: Draft, judged: Judged, error: str = "", status: int = 200
) -> HttpResponse:
    day = request.POST.get("in_force") or max(judged.charter.in_force, timezone.localdate()).isoformat()
    context = {"id": charter, "draft": draft, "judged": judged, "day": day, "error": error}
    return render(request, "desk/charter_confirm.html", context, status=status)


def _apply(request: HttpRequest, charter: str, draft: Draft, judged: Judged) -> HttpResponse:
    try:
        day = dt.date.fromisoformat(request.POST.get("in_force", ""))
    except ValueError:
        return _confirm(request, charter, draft, judged, _("日期请写成 2026-11-22 的样子。"), status=422)
    try:
        applied = apply_charter(
            text=draft.text,
            files=draft.files,
            name=draft.name,
            by=request.actor.person,
            at=timezone.now(),
            key=form_key(request.POST),
            in_force=day,
        )
    except CharterRefused as refused:
        return _editor(request, charter, draft, Judged(problems=refused.problems), status=422)
    said = {"title": applied.charter.title.zh, "version": applied.charter.version, "day": applied.charter.in_force}
    messages.success(request, _("《%(title)s》第 %(version)s 版自 %(day)s 起施行，各处两秒内生效。") % said)
    return redirect("charter", applied.charter.id)
