"""Trying a score on tables somebody uploads: choose the rules, hand the files in, look at what comes out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.desk.drafting import typed_draft
from zhangfa.refusal import Refusal
from zhangfa.scoreboards import handing_in, trials, trying_out
from zhangfa.scoreboards.needs import needs_of, periods_of
from zhangfa.scoreboards.sections import sections
from zhangfa.scoreboards.templates_for_files import template_of
from zhangfa.scoreboards.trials import Trial
from zhangfa.scoreboards.wording import said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def choose_rules(request: HttpRequest) -> HttpResponse:
    """Choose a score of a charter in force, or upload a charter."""
    error, problems = "", ()
    if request.method == "POST":
        try:
            trial = handing_in.begin(request.POST, typed_draft(request, "charter.yaml"))
            trials.open_trial(request.session, trial)
            return redirect("score_try_files", trial.token)
        except handing_in.NotACharter as fault:
            error, problems = (
                _("这份章程还有 %(n)d 处问题，不能用来试算。") % {"n": len(fault.problems)},
                fault.problems,
            )
        except Refusal as refused:
            error = refused.sentence
    context = {
        "offers": handing_in.offers(), "mine": list(trials.trials_of(request.session)), "error": error,
        "problems": problems, "tabs": sections("score_try"),
        "chosen": request.POST.get("score", request.GET.get("score", "")),
    }  # fmt: skip
    return render(request, "scoreboards/try.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the period and the files, and begin to reckon; what was handed in before stays."""
    trial, charter, score = _enter(request, token)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = handing_in.take(trial, charter, score, request.POST, request.FILES, timezone.localdate())
        trials.save(trial)
        if request.POST.get("do") == "keep":
            errors = {name: said for name, said in errors.items() if name.startswith("facts.")}
            charter, score = trial.read_score() or (charter, score)
        elif not errors:
            period = handing_in.period_of_trial(trial, charter, score)
            assert period is not None
            trying_out.start(trial, charter, score, period)
            return redirect("score_try_result", token)
    context = _context(trial, charter, score) | {
        "needs": needs_of(charter, score), "errors": errors, "state": trying_out.state_of(token)["state"],
        "periods": periods_of(charter, score, timezone.localdate()),
    }  # fmt: skip
    return render(request, "scoreboards/try_files.html", context, status=422 if errors else 200)


@require_GET
def give_template(request: HttpRequest, token: str, table: str) -> HttpResponse:
    """Send an Excel file with the right headings; of units with those on file."""
    _trial, charter, score = _enter(request, token)
    if table != "units" and table not in {one.table for one in needs_of(charter, score)}:
        raise Http404
    answer = HttpResponse(template_of(charter, score, table, timezone.localdate()), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{table}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Throw a trial away with its files."""
    _enter(request, token)
    trials.forget(request.session, token)
    messages.success(request, _("已删除这次试算和上传的文件。"))
    return redirect("score_try")


def _enter(request: HttpRequest, token: str) -> tuple[Trial, Charter, Score]:
    trial = trials.find(request.session, token)
    held = trial.read_score() if trial else None
    if trial is None or held is None:
        raise Http404
    return trial, *held


def _context(trial: Trial, charter: Charter, score: Score) -> dict[str, object]:
    title = f"{said(charter.title)} · {said(score.title) or score.id}"
    return {"trial": trial, "charter": charter, "score": score, "title": title}
