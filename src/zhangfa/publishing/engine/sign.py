"""Sign a board off: a person stands for exactly what he saw, and those scored are shown it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.deadlines import deadline_columns
from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.values.scalars import iso
from zhangfa.publishing.engine.groundwork import signers_board, standing_rows
from zhangfa.publishing.engine.writing import write, written_under
from zhangfa.publishing.models import DRAFT, LOCKED, SHOWN, Board
from zhangfa.publishing.rows import Change, board_row
from zhangfa.publishing.subjects import Subject, subject_of
from zhangfa.publishing.tellings import Telling, concerned, say_shown, tell
from zhangfa.publishing.working import NotReproduced, scored_again
from zhangfa.refusal import Refusal
from zhangfa.scores.gathering import Scored


def sign_board(*, board: int, digest: str, by: Actor, at: dt.datetime, key: str) -> Board:
    """Sign the draft whose digest was seen; it is shown, or locked where the charter takes no objections.

    Works it out again and refuses where anything else comes out. Tells those scored and the readers within the area.
    """
    if (earlier := written_under(key, "sign", by)) is not None:
        return Board.objects.get(pk=earlier)
    found = signers_board(board, by)
    _refuse_other(found, digest)
    scored, subject = _again(found), subject_of(found)

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        now = Board.objects.get(pk=board)
        _refuse_other(now, digest)
        row = board_row(now) | signed_columns(subject, by, at) | {"changes": now.changes + 1}
        told = told_of(subject, scored, at)
        rows = standing_rows(scored, board=now.pk, of_people=now.of_people)
        return Change(row, rows, told=tuple(told)), tell(told, row, say_shown(subject, row))

    return Board.objects.get(pk=write(draw, step="sign", by=by, at=at, key=key))


def _refuse_other(board: Board, digest: str) -> None:
    if board.state != DRAFT:
        raise Refusal("changed", _("这张考核榜已经签发。"), hint=_("请刷新页面查看。"))
    if board.digest != digest:
        raise Refusal("changed", _("草稿已经更新，与您看到的不同。"), hint=_("请刷新页面，核对后再签发。"))


def _again(board: Board) -> Scored:
    try:
        return scored_again(board)
    except NotReproduced:
        sentence = _("重新计算的结果与草稿不一致，不能签发。")
        raise Refusal("guard", sentence, hint=_("请重新拟定草稿；仍不一致的，请联系管理员核验日志。"))


def signed_columns(subject: Subject, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """Return the columns of a signature, with the time for objections and its calculation."""
    signed = {"signed_by": by.person, "signed_at": iso(at)}
    within = subject.rules.publish.objections
    if within is None:
        return signed | {"state": LOCKED, "locked_at": iso(at)}
    deadline = deadline_columns(within, at)
    return signed | {"state": SHOWN, "objections_until": deadline["due_at"], "why": deadline["due_why"]}


def told_of(subject: Subject, scored: Scored, at: dt.datetime, codes: set[str] | None = None) -> list[int]:
    """Return whom a signed board is shown to; given ``codes``, only for these."""
    whose = [one for code, one in scored.whose.items() if codes is None or code in codes]
    people = [one.id for one in whose] if subject.rules.score.of_post else []
    return concerned(subject, (one.unit for one in whose), people, at.astimezone(SHANGHAI).date())
