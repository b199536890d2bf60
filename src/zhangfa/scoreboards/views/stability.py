"""How firm the ranks are under slightly different weights."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.scoreboards import charts, wording
from zhangfa.scoreboards.around import address_of, around
from zhangfa.scoreboards.lines import group_titles
from zhangfa.scoreboards.seeing import enter, own_codes
from zhangfa.scores.stability import Band, bands


@never_cache
@require_GET
def show_stability(request: HttpRequest, charter: str, score: str, area: str, period: str) -> HttpResponse:
    """Show the band of each rank, and where the difference to the next one says little."""
    seen = enter(request, charter, score, area, period)
    if not seen.whole:
        raise Http404
    found = bands(seen.scoring)
    held: dict[str, list[Band]] = {}
    for one in found:
        held.setdefault(one.key.group, []).append(one)
    titles = group_titles(held)
    asked = request.GET.get("group", "")
    shown = {asked: held[asked]} if asked in held else dict(list(held.items())[:1])
    context = {
        **around(seen, "stability"), "titles": titles, "number": wording.number, "percent": wording.percent,
        "groups": [(titles[code], code, firm, charts.bands(firm)) for code, firm in shown.items()],
        "blurred": sum(one.blurred for firm in shown.values() for one in firm), "chosen_group": next(iter(shown), ""),
        "own": own_codes(seen.actor, seen.place.score),
        "more_trail": [(wording.said(seen.place.score.title), address_of("scoreboard", seen))],
    }  # fmt: skip
    return render(request, "scoreboards/stability.html", context)
