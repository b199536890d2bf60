"""Objections: the inbox, one of them beside its why, deciding with a reason, and the new edition that corrects."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhangfa.desk.posted import form_key
from zhangfa.publishing import reading, rights
from zhangfa.publishing.engine import decide_objection, revise_board
from zhangfa.publishing.models import OPEN, SHOWN, UPHELD, Board, Objection
from zhangfa.publishing.working import subject_of, work_out
from zhangfa.refusal import Refusal
from zhangfa.scoreboards import disputes
from zhangfa.scoreboards.differing import differences
from zhangfa.scoreboards.sections import sections
from zhangfa.scoreboards.wording import number, percent
from zhangfa.scores.engine import Scoring
from zhangfa.scores.why import explain


@never_cache
@require_GET
def show_objections(request: HttpRequest) -> HttpResponse:
    """Show what the reader has to decide, what waits for a correction, and what became of his own objections."""
    context = {"inbox": disputes.inbox_for(request.actor), "tabs": sections("objections")}
    return render(request, "scoreboards/objections.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def show_objection(request: HttpRequest, objection: int) -> HttpResponse:
    """Show one objection with the why of that standing beside it; whoever signs decides on it."""
    found = disputes.find_objection(request.actor, objection)
    if found is None:
        raise Http404
    decides = rights.may_sign(request.actor, found.board)
    typed = {"outcome": request.POST.get("outcome", ""), "reason": request.POST.get("reason", "")}
    errors: dict[str, str] = {}
    refused = None
    if request.method == "POST":
        if not decides:
            raise Http404
        try:
            errors = _missing(typed)
            if not errors:
                return _decide(request, found, typed)
        except Refusal as fault:
            refused, errors = fault, {"reason": fault.fields["text"]} if "text" in fault.fields else {}
    context = _context(request, found, decides) | {"typed": typed, "errors": errors, "refused": refused}
    return render(request, "scoreboards/objection.html", context, status=422 if refused or errors else 200)


def _missing(typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if typed["outcome"] not in ("upheld", "rejected"):
        errors["outcome"] = _("请选择成立还是不成立。")
    if not typed["reason"].strip():
        errors["reason"] = _("请写明理由：提出异议的人会看到。")
    return errors


def _decide(request: HttpRequest, found: Objection, typed: dict[str, str]) -> HttpResponse:
    upheld = typed["outcome"] == "upheld"
    decide_objection(
        objection=found.pk, upheld=upheld, reason=typed["reason"], by=request.actor, at=timezone.now(),
        key=form_key(request.POST),
    )  # fmt: skip
    if upheld:
        messages.success(request, _("已决定：成立。下一步请更正有误的记录，再出新一版。"))
        return redirect("board_changes", found.board_id)
    messages.success(request, _("已决定：不成立，理由已告知提出人。"))
    return redirect("objections")


def _context(request: HttpRequest, found: Objection, decides: bool) -> dict[str, object]:
    told = disputes.dress([found])[0]
    scoring = _read(request, found, decides)
    why = explain(scoring, told.code) if scoring and told.code in scoring.by_code else None
    mine = found.by == request.actor.person
    return {
        "told": told, "why": why, "decides": decides and found.state == OPEN and found.board.state == SHOWN,
        "takes_back": decides and not mine and found.state == UPHELD and found.board.state == SHOWN,
        "mine": mine, "signs": decides, "number": number, "percent": percent, "board": found.board,
        "title": disputes.board_title(found.board), "score": scoring.score if scoring else None,
    }  # fmt: skip


def _read(request: HttpRequest, found: Objection, decides: bool) -> Scoring | None:
    """Return the scoring behind the standing; of people whoever looks at another's is noted."""
    seen = reading.visible_standings(found.board, request.actor, at=timezone.now())
    if not any(one.standing.pk == found.standing_id and not one.erased for one in seen):
        return None
    try:
        return reading.scoring_of(found.board)
    except reading.NotReproduced:
        return None


@never_cache
@require_http_methods(["GET", "POST"])
def show_changes(request: HttpRequest, board: int) -> HttpResponse:
    """Show what a new edition would change, or did; whoever signs makes it."""
    found = Board.objects.filter(rights.visible(request.actor), pk=board).select_related("area").first()
    if found is None or not rights.may_sign(request.actor, found):
        raise Http404
    refused = None
    if request.method == "POST":
        try:
            _refuse_other(found, request.POST.get("seen", ""))
            made = revise_board(board=found.pk, by=request.actor, at=timezone.now(), key=form_key(request.POST))
            messages.success(request, _("已出第 %(n)s 版，结果有变动的都已告知，可以再提异议。") % {"n": made.edition})
            return redirect("board_changes", made.pk)
        except Refusal as fault:
            refused = fault
    context = _compared(request, found) | {"refused": refused}
    return render(request, "scoreboards/changes.html", context, status=422 if refused else 200)


def _refuse_other(found: Board, seen: str) -> None:
    """Refuse a signature under something else than what was looked at."""
    _before, after = _sides(found, waits=True)
    if seen and after is not None and after.digest != seen:
        raise Refusal("changed", _("您看过之后，记录又有了变化。"), hint=_("请核对下面新的结果，再签发。"))


def _compared(request: HttpRequest, found: Board) -> dict[str, object]:
    reading.visible_standings(found, request.actor, at=timezone.now())
    upheld = found.objections.filter(state=UPHELD).select_related("board__area", "standing__unit", "standing__person")
    waits = found.state == SHOWN and any(one.board_id == found.pk for one in upheld)
    before, after = _sides(found, waits)
    return {
        "board": found, "title": disputes.board_title(found), "waits": waits,
        "may": disputes.may_revise(request.actor, found),
        "open": found.objections.filter(state=OPEN).count(), "upheld": disputes.dress(upheld),
        "changes": differences(before, after) if before and after else [], "compared": bool(before and after),
        "same": bool(before and after and before.digest == after.digest), "number": number,
        "seen": after.digest if after else "",
        "address": disputes.address_on(found, "scoreboard"),
    }  # fmt: skip


def _sides(found: Board, waits: bool) -> tuple[Scoring | None, Scoring | None]:
    """Return the result as it stands and as it would come out now; of a new edition the one before and itself."""
    try:
        own = reading.scoring_of(found)
        if waits:
            return own, work_out(subject_of(found))[0].scoring
        earlier = Board.objects.filter(
            charter=found.charter, score=found.score, period=found.period, area=found.area_id, edition=found.edition - 1
        ).first()
        return (reading.scoring_of(earlier), own) if earlier else (None, own)
    except (LookupError, reading.NotReproduced):
        return None, None
