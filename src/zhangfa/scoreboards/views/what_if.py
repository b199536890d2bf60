"""What if the rules of a board were others: its last periods ranked anew. Nothing is changed by trying."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.charter.engine import all_current, versions
from zhangfa.desk.clerks import is_clerk
from zhangfa.desk.drafting import stored_draft
from zhangfa.publishing import reading, rights
from zhangfa.publishing.models import Board
from zhangfa.scoreboards.around import around
from zhangfa.scoreboards.charter_lines import rewrite
from zhangfa.scoreboards.lines import group_title
from zhangfa.scoreboards.seeing import Seen, enter, own_codes
from zhangfa.scoreboards.tried_rules import read_trial, say_changes
from zhangfa.scoreboards.views.trial_page import answer_trial
from zhangfa.scoreboards.wording import said
from zhangfa.scores.engine import Scoring
from zhangfa.scores.period import Period, previous

PERIODS = 4
MOST_CODES = 2000


@never_cache
@require_GET
def show_what_if(request: HttpRequest, charter: str, score: str, area: str, period: str) -> HttpResponse:
    """Show the trial; of units for whoever sees the board, of people for the offices alone."""
    seen = enter(request, charter, score, area, period)
    if not may_try(seen):
        raise Http404
    scorings = [(seen.place.period, seen.scoring), *earlier(seen)]
    groups = {one.key.group for one in seen.scoring.results}
    rule = reverse("what-if-rule", args=[seen.place.charter.id, seen.place.score.id])
    context = {**around(seen, "what-if"), "rule_address": rule, "own": own_codes(seen.actor, seen.place.score)}
    return answer_trial(
        request, "scoreboards/what_if.html", scorings, {one: group_title(one) for one in groups}, context
    )


def may_try(seen: Seen) -> bool:
    """Whether the reader may try rules on this board: whoever sees it whole, of people only the offices."""
    if not seen.whole:
        return False
    if not seen.place.score.of_post or seen.signs:
        return True
    if seen.board is None:
        return False
    readers = rights.rules_of(seen.board).readers
    return any(post.role in readers for post in seen.actor.posts)


def earlier(seen: Seen) -> Iterator[tuple[Period, Scoring]]:
    """Yield the periods before, the newest first: signed boards, and for whoever signs what would come out now."""
    place, when = seen.place, previous(seen.place.period)
    for _ordinal in range(PERIODS - 1):
        if when is None:
            return
        if found := _scoring(seen, when, place.score.id):
            yield when, found
        when = previous(when)


def _scoring(seen: Seen, when: Period, score: str) -> Scoring | None:
    place = seen.place
    board = reading.find_board(seen.actor, charter=place.charter.id, score=score, period=when.id, area=place.area.id)
    try:
        if board is not None:
            scoring = reading.scoring_of(board)
            return scoring if _sees_whole(seen, board, scoring) else None
        if not seen.signs:
            return None
        live = reading.live_scoring(
            charter=place.charter.id, score=score, period=when.id, area=place.area.id, at=seen.at
        )
    except (LookupError, reading.NotReproduced):
        return None
    return live.scoring if any(one.rank for one in live.scoring.results) else None


def _sees_whole(seen: Seen, board: Board, scoring: Scoring) -> bool:
    """Whether the reader may read everybody on an earlier board; of people, that he does is noted."""
    if not board.of_people:
        return True
    return len(reading.visible_standings(board, seen.actor, at=seen.at)) == len(scoring.results)


@never_cache
@require_GET
def show_rule(request: HttpRequest, charter: str, score: str) -> HttpResponse:
    """Show which lines of the charter would make a trial the rule, for the clerk to agree to."""
    draft, held = stored_draft(charter), all_current().get(charter)
    newest = versions(charter)[-1] if held else None
    if draft is None or newest is None or score not in newest.scores:
        raise Http404
    trial = read_trial(newest.scores[score], request.GET)
    if trial.plain or trial.refused:
        return redirect(reverse("charter", args=[charter]))
    rewritten = rewrite(newest, score, trial.changes, draft.name, draft.files)
    if request.GET.get("as") == "text":
        answer = HttpResponse(rewritten.difference, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{charter}-{dt.date.today():%Y%m%d}.diff"'
        return answer
    shared = [
        (setting, [said(newest.scores[one].title) for one in others]) for setting, others in rewritten.shared.items()
    ]
    context = {
        "charter": newest, "score": newest.scores[score], "trial": trial, "said": say_changes(trial), "draft": draft,
        "rewritten": rewritten, "lines": _lines(rewritten.difference), "clerk": is_clerk(request.actor),
        "shared": shared, "title": _("怎样变成规定"),
    }  # fmt: skip
    return render(request, "scoreboards/rule.html", context)


def _lines(difference: str) -> list[tuple[str, str]]:
    """Return the lines of a difference, each with the element it is shown in."""
    kinds = {"+": "ins", "-": "del"}
    return [(kinds.get(line[:1], "span"), line) for line in difference.splitlines()[2:]]
