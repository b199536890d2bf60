"""The board for everybody: units and never people, from what was signed, light enough for an old phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhangfa.acts.actor import PUBLIC
from zhangfa.acts.refusal import Refusal
from zhangfa.desk.posted import read_id
from zhangfa.doors.door_frame import public_page, show
from zhangfa.publishing import reading
from zhangfa.publishing.models import LOCKED, SHOWN, Board
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.lines import group_titles
from zhangfa.scores.period import read_period

PAGE = 200


@public_page
def show_public(request: HttpRequest, charter: str, score: str) -> HttpResponse:
    """Show the newest public board of a score, or the one of the period and place asked for."""
    boards = list(
        reading.visible_boards(PUBLIC)
        .filter(charter=charter, score=score, of_people=False, state__in=(SHOWN, LOCKED))
        .order_by("-until", "area__code")[:PAGE]
    )
    board = _chosen(boards, request)
    rules = reading.rules_of(board)
    number = max(1, read_id(request.GET.get("page")) or 1)
    rows = reading.open_standings(
        board.standings.select_related("unit", "person").order_by("place")[(number - 1) * PAGE : number * PAGE + 1]
    )
    context = {
        "title": wording.said(rules.score.title), "board": board, "score": rules.score, "number": wording.number,
        "period": _period(board), "state": wording.state_words(board.state), "shown": board.state == SHOWN,
        "by": wording.said(rules.charter.roles[rules.publish.by].title), "ties": wording.ties_words(rules.score),
        "groups": _grouped(rows[:PAGE]), "status_of": wording.status_of,
        "tiers": {one.id: wording.said(one.title) for one in rules.score.tiers}, "page": number,
        "more": len(rows) > PAGE, "periods": _others(boards, board), "places": _places(boards, board),
    }  # fmt: skip
    return show(request, "public.html", context, room="scoreboards")


def _chosen(boards: list[Board], request: HttpRequest) -> Board:
    period, area = request.GET.get("period", ""), request.GET.get("area", "")
    for board in boards:
        if (not period or board.period == period) and (not area or board.area.code == area):
            return board
    raise Refusal("not_found", _("没有找到这个公开页面。"), hint=_("请核对地址，或向发给您地址的单位询问。"))


def _period(board: Board) -> str:
    rules = reading.rules_of(board)
    return wording.said(read_period(board.period, rules.score.every, rules.charter.seasons).title)


def _grouped(rows: tuple[reading.Seen, ...]) -> list[tuple[str, list[reading.Seen]]]:
    held: dict[str, list[reading.Seen]] = {}
    for row in rows:
        held.setdefault(row.group, []).append(row)
    titles = group_titles(held)
    return [(titles[code] if len(held) > 1 else "", each) for code, each in held.items()]


def _others(boards: list[Board], board: Board) -> list[tuple[str, str, bool]]:
    """Return the periods of this place, the newest first."""
    same = [one for one in boards if one.area_id == board.area_id]
    return [(_period(one), f"?period={one.period}&area={one.area.code}", one.pk == board.pk) for one in same[:8]]


def _places(boards: list[Board], board: Board) -> list[tuple[str, str, bool]]:
    """Return the places of this period, where there are several."""
    same = [one for one in boards if one.period == board.period]
    found = [(one.area.name, f"?period={one.period}&area={one.area.code}", one.pk == board.pk) for one in same]
    return found if len(found) > 1 else []
