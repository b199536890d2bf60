"""The scoreboard: who stands where, and the draft that somebody signs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.scoreboards import charts, wording
from zhangfa.scoreboards.around import around
from zhangfa.scoreboards.lines import PAGE, groups_of, lines_of
from zhangfa.scoreboards.narrowing import narrow
from zhangfa.scoreboards.past import earlier_boards
from zhangfa.scoreboards.rules import rules_of
from zhangfa.scoreboards.seeing import enter, own_codes


@never_cache
@require_GET
def show_board(request: HttpRequest, charter: str, score: str, area: str, period: str) -> HttpResponse:
    """Show a result: ranks, totals, movement, and what made them."""
    seen = enter(request, charter, score, area, period)
    chosen = narrow(request.GET, seen.results, own_codes(seen.actor, seen.place.score))
    boards = earlier_boards(seen)
    lines = lines_of(seen, chosen.page, boards, chosen.own)
    context = {
        **around(seen, "scoreboard"), "chosen": chosen, "groups": list(groups_of(lines)), "lines": lines,
        "indicators": list(seen.place.score.indicators.values()), "counts": chosen.counts,
        "ties": wording.ties_words(seen.place.score), "status_help": wording.status_help, "page_size": PAGE,
        "chart_drawn": charts.contributions(seen, lines), "rules": rules_of(seen.place.charter, seen.place.score),
        "number": wording.number, "has_past": bool(boards),
    }  # fmt: skip
    return render(request, "scoreboards/board.html", context)
