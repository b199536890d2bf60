"""Why somebody stands where they stand, and the records behind each number."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.scoreboards import charts, wording
from zhangfa.scoreboards.around import address_of, around
from zhangfa.scoreboards.behind import behind
from zhangfa.scoreboards.lines import lines_of
from zhangfa.scoreboards.objecting import objections_on, time_to_object
from zhangfa.scoreboards.past import Stood, earlier_boards, past_of, period_titles
from zhangfa.scoreboards.seeing import Seen, enter, own_codes
from zhangfa.scoreboards.steps import among, lacks_of, parts_of, steps_of
from zhangfa.scores.why import Why, explain


@never_cache
@require_GET
def show_why(request: HttpRequest, charter: str, score: str, area: str, period: str, code: str) -> HttpResponse:
    """Explain one standing: facts, value, scale, weight, points, and the distance to the next rank."""
    seen = enter(request, charter, score, area, period)
    why = explained(seen, code)
    boards = earlier_boards(seen)
    line = lines_of(seen, [why.result], boards, own_codes(seen.actor, seen.place.score))[0]
    context = {
        **around(seen, "why"), "why": why, "line": line, "sections": parts_of(seen, why), "lacks": lacks_of(seen, why),
        "among": among(seen, why),
        "number": wording.number,
        "status_help": wording.status_help, "past": _titled(seen, past_of(seen, boards, {code}).get(code, ())),
        "dots": charts.dots(seen, why) if seen.whole or not seen.place.score.of_post else None,
        "parts": charts.makeup(why), "until": time_to_object(seen, code),
        "objections": objections_on(seen, code),
        "more_trail": [(wording.said(seen.place.score.title), address_of("scoreboard", seen)), (line.name, "")],
    }  # fmt: skip
    return render(request, "scoreboards/why.html", context)


def _titled(seen: Seen, past: Sequence[Stood]) -> list[tuple[str, Stood]]:
    return list(zip(period_titles(seen, [one.period for one in past]), past, strict=True))


@never_cache
@require_GET
def show_facts(
    request: HttpRequest, charter: str, score: str, area: str, period: str, code: str, indicator: str
) -> HttpResponse:
    """List the records that made one number; what the reader may not open is counted and not shown."""
    seen = enter(request, charter, score, area, period)
    why = explained(seen, code)
    step = next((one for one in steps_of(seen, why) if one.id == indicator), None)
    if step is None:
        raise Http404
    context = {
        **around(seen, "why"), "line_name": why.result.key.name, "step": step, "code": code, "number": wording.number,
        "found": behind(seen, code, seen.place.score.indicators[indicator]),
        "more_trail": [
            (wording.said(seen.place.score.title), address_of("scoreboard", seen)),
            (why.result.key.name, address_of("score_why", seen, code)), (step.title, ""),
        ],
    }  # fmt: skip
    return render(request, "scoreboards/facts.html", context)


def explained(seen: Seen, code: str) -> Why:
    """Explain a key of a result; who is not on it, or not for this reader, is absent."""
    if code not in seen.scoring.by_code or (seen.codes is not None and code not in seen.codes):
        raise Http404
    return explain(seen.scoring, code)
