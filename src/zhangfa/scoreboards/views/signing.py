"""Working out a draft and signing exactly what was seen."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhangfa.desk.posted import form_key
from zhangfa.publishing import reading
from zhangfa.publishing.engine import draft_board, sign_board
from zhangfa.refusal import Refusal
from zhangfa.scoreboards.seeing import Place, place_of, signs_at


@require_POST
def draft(request: HttpRequest, charter: str, score: str, area: str, period: str) -> HttpResponse:
    """Work out a draft at the log's last sealed position; an earlier draft gives way to it."""
    place = _signing_place(request, charter, score, area, period)

    def carry_out(key: str) -> str:
        draft_board(
            charter=charter, score=score, period=period, area=place.area.id, by=request.actor, at=timezone.now(),
            key=key,
        )  # fmt: skip
        return _("草稿已拟定。请核对后签发。")

    return _answer(request, place, carry_out)


@require_POST
def sign(request: HttpRequest, charter: str, score: str, area: str, period: str) -> HttpResponse:
    """Sign the draft whose digest was on the page."""
    place = _signing_place(request, charter, score, area, period)
    board = reading.find_board(request.actor, charter=charter, score=score, period=period, area=place.area.id)
    if board is None:
        raise Http404

    def carry_out(key: str) -> str:
        if not request.POST.get("sure"):
            raise Refusal("fields", _("没有签发：请先核对，再勾选“我已核对”。"))
        sign_board(board=board.id, digest=request.POST.get("digest", ""), by=request.actor, at=timezone.now(), key=key)
        return _("已签发，并通知了被考核的单位或本人。")

    return _answer(request, place, carry_out)


def _signing_place(request: HttpRequest, charter: str, score: str, area: str, period: str) -> Place:
    place = place_of(charter, score, area, period, timezone.now())
    if not signs_at(request.actor, place):
        raise Http404
    return place


def _answer(request: HttpRequest, place: Place, carry_out: Callable[[str], str]) -> HttpResponse:
    """Carry it out and come back to the board, with what was done or why it was not."""
    try:
        messages.success(request, carry_out(form_key(request.POST)))
    except Refusal as refused:
        if refused.code == "not_found":
            raise Http404 from None
        messages.error(request, f"{refused.sentence} {refused.hint}".strip())
    return redirect("scoreboard", *place.address)
