"""What came out of a try: the ranking with why, what if, and the files to take away."""

from __future__ import annotations

import csv
import io
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.scoreboards import trials, trying_out
from zhangfa.scoreboards.trials import Trial
from zhangfa.scoreboards.trying_out import Outcome
from zhangfa.scoreboards.views.trial_page import answer_trial
from zhangfa.scoreboards.wording import number, percent, said
from zhangfa.scores.listing import as_facts, as_json
from zhangfa.scores.why import explain

SHOWN = 100
UNDER_WAY = ("waiting", "reading", "ranking")


@require_GET
def show_result(request: HttpRequest, token: str) -> HttpResponse:
    """Show the ranking; while it is being worked out, how far it is; with ``of`` why one stands where it stands."""
    trial, charter, score = _enter(request, token)
    state = trying_out.state_of(token)
    outcome = trying_out.outcome_of(trial, charter, score)
    if outcome is None:
        return _progress(request, trial, charter, score, state)
    context = _context(trial, charter, score, outcome) | {"here": "result", "all": "all" in request.GET}
    code = request.GET.get("of")
    if code is None:
        return render(request, "scoreboards/try_result.html", context | {"rows": state.get("rows", 0), "most": SHOWN})
    if code not in outcome.scoring.by_code:
        raise Http404
    return render(request, "scoreboards/try_why.html", context | {"why": explain(outcome.scoring, code)})


@require_GET
def what_if(request: HttpRequest, token: str) -> HttpResponse:
    """Try other weights and targets on what was handed in."""
    trial, charter, score, outcome = _demand(request, token)
    rule = reverse("what-if-rule", args=[charter.id, score.id]) if trial.version else ""
    context = _context(trial, charter, score, outcome) | {"here": "what_if", "rule_address": rule}
    scorings = [(outcome.period, outcome.scoring)]
    return answer_trial(request, "scoreboards/try_what_if.html", scorings, outcome.names, context)


@require_GET
def give_rows(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Send the result as CSV, from which a longer period can be scored, or as JSON."""
    _trial, charter, score, outcome = _demand(request, token)
    if kind == "json":
        body, type_ = _as_json(outcome), "application/json; charset=utf-8"
    else:
        body, type_ = _as_csv(outcome), "text/csv; charset=utf-8"
    answer = HttpResponse(body, content_type=type_)
    answer["Content-Disposition"] = f'attachment; filename="{charter.id}.{score.id}.{outcome.period.id}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _progress(request: HttpRequest, trial: Trial, charter: Charter, score: Score, state: dict) -> HttpResponse:
    if state["state"] == "none":
        return redirect("score_try_files", trial.token)
    context = {"trial": trial, "title": _title(charter, score), "state": state, "going": state["state"] in UNDER_WAY}
    answer = render(request, "scoreboards/try_progress.html", context)
    if context["going"]:
        answer["Refresh"] = "1"
    return answer


def _enter(request: HttpRequest, token: str) -> tuple[Trial, Charter, Score]:
    trial = trials.find(request.session, token)
    held = trial.read_score() if trial else None
    if trial is None or held is None:
        raise Http404
    return trial, *held


def _demand(request: HttpRequest, token: str) -> tuple[Trial, Charter, Score, Outcome]:
    trial, charter, score = _enter(request, token)
    outcome = trying_out.outcome_of(trial, charter, score)
    if outcome is None:
        raise Http404
    return trial, charter, score, outcome


def _context(trial: Trial, charter: Charter, score: Score, outcome: Outcome) -> dict[str, object]:
    return {
        "trial": trial, "charter": charter, "score": score, "outcome": outcome, "title": _title(charter, score),
        "scoring": outcome.scoring, "number": number, "percent": percent,
    }  # fmt: skip


def _title(charter: Charter, score: Score) -> str:
    return _("试算：%(title)s") % {"title": said(score.title) or score.id}


def _as_json(outcome: Outcome) -> str:
    problems = [{"file": one.file, "line": one.line, "column": one.column, "zh": one.zh, "en": one.en}
                for one in outcome.problems]  # fmt: skip
    remarks = [{"zh": one.zh, "en": one.en} for one in outcome.remarks]
    found = {**as_json(outcome.scoring, outcome.period), "remarks": remarks, "problems": problems}
    return json.dumps(found, ensure_ascii=False, indent=2)


def _as_csv(outcome: Outcome) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    rows = as_facts(outcome.scoring, outcome.period)
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else ["unit"])
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _plain(text: str) -> str:
    """Keep a spreadsheet from reading a cell as a formula; negative totals stay numbers."""
    risky = text.startswith(("=", "+", "@", "\t", "\r")) or (text.startswith("-") and not text[1:2].isdigit())
    return f"'{text}" if risky else text
