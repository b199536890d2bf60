"""The page on which other rules are tried on facts: on boards and on what somebody uploaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhangfa.scoreboards.comparing import compare
from zhangfa.scoreboards.tried_rules import Trial, lines_of, read_trial, say_changes
from zhangfa.scoreboards.wording import number
from zhangfa.scores.engine import Scoring
from zhangfa.scores.period import Period
from zhangfa.scores.whatif import Changes

MOST = 40
"""Lines shown until one asks for all."""


def answer_trial(
    request: HttpRequest, template: str, scorings: Sequence[tuple[Period, Scoring]], names: Mapping[str, str],
    context: Mapping[str, Any],
) -> HttpResponse:  # fmt: skip
    """Answer a trial: the whole page, or for htmx the result alone. The address holds what differs and nothing else."""
    trial = read_trial(scorings[0][1].score, request.GET)
    address = _address(request, trial)
    part = request.headers.get("HX-Request") == "true"
    if not part and not trial.errors and request.GET.get("do") == "try":
        return redirect(address)
    own = frozenset(context.get("own", ()))
    held = dict(context) | _shown(trial, scorings, names, "all" in request.GET, own) | {"address": address, "own": own}
    dimensions, indicators = lines_of(trial, request.GET)
    held |= {"dimensions": dimensions, "indicators": indicators, "part": part, "number": number}
    answer = render(request, "scoreboards/trial_result.html" if part else template, held)
    if part:
        answer["HX-Replace-Url"] = address
    return answer


def _address(request: HttpRequest, trial: Trial) -> str:
    query = "&".join(part for part in (trial.address, "all=1" if "all" in request.GET else "") if part)
    return f"{request.path}?{query}" if query else request.path


def _shown(
    trial: Trial, scorings: Sequence[tuple[Period, Scoring]], names: Mapping[str, str], everybody: bool,
    own: frozenset[str],
) -> dict[str, object]:  # fmt: skip
    changes = Changes() if trial.refused else trial.changes
    compared = compare(scorings, changes, names)
    lines = [one for place, one in enumerate(compared.lines) if everybody or place < MOST or one.code in own]
    grouped = len({one.group for one in compared.lines}) > 1
    refused = trial.refused or (_("有一个数不能用，下面仍按其余的改动排。") if trial.errors else "")
    return {
        "tried": trial, "compared": compared, "lines": lines, "grouped": grouped, "refused_words": refused,
        "said": say_changes(trial), "more": len(compared.lines) - len(lines), "everybody": everybody,
    }  # fmt: skip
