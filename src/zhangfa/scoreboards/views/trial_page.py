"""The page on which other rules are tried on facts: on boards and on what somebody uploaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhangfa.scoreboards.comparing import Line, compare
from zhangfa.scoreboards.tried_rules import Trial, lines_of, read_trial, say_changes
from zhangfa.scoreboards.wording import number
from zhangfa.scores.engine import Scoring
from zhangfa.scores.period import Period
from zhangfa.scores.whatif import Changes

MOST, FEWEST = 40, 5
"""Lines shown until one asks for all, and least of each group."""


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


def _first(lines: Sequence[Line], own: frozenset[str]) -> list[Line]:
    """Return the first of every group, the reader's own, and nobody who is not ranked."""
    each = max(FEWEST, MOST // max(len({one.group for one in lines}), 1))
    seen: Counter[str] = Counter()
    found = []
    for one in lines:
        ranked = one.places[0] is not None and bool(one.places[0].place)
        seen[one.group] += ranked
        if one.code in own or (ranked and seen[one.group] <= each):
            found.append(one)
    return found


def _address(request: HttpRequest, trial: Trial) -> str:
    query = "&".join(part for part in (trial.address, "all=1" if "all" in request.GET else "") if part)
    return f"{request.path}?{query}" if query else request.path


def _shown(
    trial: Trial, scorings: Sequence[tuple[Period, Scoring]], names: Mapping[str, str], everybody: bool,
    own: frozenset[str],
) -> dict[str, object]:  # fmt: skip
    changes = Changes() if trial.refused else trial.changes
    compared = compare(scorings, changes, names)
    lines = list(compared.lines) if everybody else _first(compared.lines, own)
    grouped = len({one.group for one in compared.lines}) > 1
    refused = trial.refused or (_("有一个数不能用，下面仍按其余的改动排。") if trial.errors else "")
    return {
        "tried": trial, "compared": compared, "lines": lines, "grouped": grouped, "refused_words": refused,
        "said": say_changes(trial), "more": len(compared.lines) - len(lines), "everybody": everybody,
    }  # fmt: skip
