"""How ranks moved over the periods."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.scoreboards import charts, wording
from zhangfa.scoreboards.around import address_of, around
from zhangfa.scoreboards.narrowing import narrow
from zhangfa.scoreboards.past import Stood, earlier_boards, past_of, period_titles
from zhangfa.scoreboards.seeing import enter, own_codes


@never_cache
@require_GET
def show_trend(request: HttpRequest, charter: str, score: str, area: str, period: str) -> HttpResponse:
    """Show where each stood in the last periods, as lines and as a table."""
    seen = enter(request, charter, score, area, period)
    if not seen.whole:
        raise Http404
    own = own_codes(seen.actor, seen.place.score)
    chosen = narrow(request.GET, seen.results, own)
    boards = earlier_boards(seen)
    past = past_of(seen, boards, {one.key.code for one in chosen.page})
    ids = [*(board.period for board in boards), seen.place.period.id]
    rows = []
    for one in chosen.page:
        held = {each.period: each for each in past.get(one.key.code, ())}
        place = one.rank.place if one.rank else None
        held[seen.place.period.id] = Stood(seen.place.period.id, place, one.rounded, None, one.status)
        rows.append((one.key, [held.get(each) for each in ids]))
    titles = period_titles(seen, ids)
    drawn = [(key.name, key.code in own, [one and one.place for one in stood]) for key, stood in rows]
    context = {
        **around(seen, "trend"), "chosen": chosen, "rows": rows, "titles": titles, "own": own,
        "chart_drawn": charts.trend(titles, drawn), "number": wording.number,
        "more_trail": [(wording.said(seen.place.score.title), address_of("scoreboard", seen))],
    }  # fmt: skip
    return render(request, "scoreboards/trend.html", context)
