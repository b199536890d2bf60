"""Importing units, people, groups or neighbours: upload, preview of what would change, confirm, all or nothing."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhangfa.acts.rehoming import rehome_records
from zhangfa.desk.clerks import demand_clerk
from zhangfa.desk.import_shelf import shelve, take
from zhangfa.desk.posted import form_key
from zhangfa.directory.imports import carry_out, plan_import
from zhangfa.directory.plan import Plan
from zhangfa.log.transaction import write_transaction
from zhangfa.refusal import Refusal

KINDS = ("units", "people", "groups", "beside")
LARGEST = 20 * 1024 * 1024
MOST_SHOWN = 300


def import_directory(request: HttpRequest) -> HttpResponse:
    """Ask for a table, show what it would change, and do it."""
    demand_clerk(request.actor)
    if request.method != "POST":
        return render(request, "desk/import.html", {"kind": "units", "refused": None})
    kind = request.POST.get("kind", "units")
    if kind not in KINDS:
        raise Http404
    try:
        return _confirm(request, kind) if request.POST.get("shelf") else _preview(request, kind)
    except Refusal as refused:
        return render(request, "desk/import.html", {"kind": kind, "refused": refused}, status=422)


def _preview(request: HttpRequest, kind: str) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Refusal("fields", _("请先选择一个 Excel 或 CSV 文件。"))
    if file.size > LARGEST:
        raise Refusal("fields", _("文件超过 20 MB，请分成几个再导入。"))
    content = file.read()
    plan = plan_import(kind, content, file.name, at=timezone.now())
    return _show(request, plan, shelve(content), file.name)


def _show(request: HttpRequest, plan: Plan, shelf: str, name: str) -> HttpResponse:
    context = {"plan": plan, "shelf": shelf, "name": name, "most": MOST_SHOWN}
    return render(request, "desk/import_preview.html", context, status=422 if plan.problems else 200)


def _confirm(request: HttpRequest, kind: str) -> HttpResponse:
    name, content = request.POST.get("name", ""), take(request.POST["shelf"])
    if content is None:
        raise Refusal("changed", _("预览已经过期，没有导入。"), hint=_("请重新选择文件。"))
    at = timezone.now()
    plan = plan_import(kind, content, name, at=at)
    if plan.digest != request.POST.get("digest"):
        messages.warning(request, _("预览之后目录有了变化，请再看一遍下面的结果。"))
        return _show(request, plan, request.POST["shelf"], name)
    with write_transaction():
        done = carry_out(plan, by=request.actor.person, at=at, key=form_key(request.POST))
        rehome_records(done.moved)
    messages.success(request, _("已导入：%(summary)s。") % {"summary": plan.summary})
    return redirect("directory")


@require_GET
def export_problems(request: HttpRequest) -> HttpResponse:
    """Answer the problems of a previewed table as CSV, a row each, for whoever mends it in a spreadsheet."""
    demand_clerk(request.actor)
    kind, content = request.GET.get("kind", ""), take(request.GET.get("shelf", ""))
    if content is None or kind not in KINDS:
        raise Http404
    plan = plan_import(kind, content, request.GET.get("name", "table.csv"), at=timezone.now())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="problems.csv"'
    answer.write("\ufeff")
    table = csv.writer(answer)
    table.writerow([_("行"), _("列"), _("问题")])
    table.writerows([one.line, _plain(one.column), _plain(one.sentence)] for one in plan.problems)
    return answer


def _plain(text: str) -> str:
    """Keep a spreadsheet from reading a cell as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
