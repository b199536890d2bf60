"""Revise a board after an upheld objection: the corrected records make a new edition at a new position."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.naming import id_of
from zhangfa.acts.values.scalars import iso
from zhangfa.publishing.engine.draft import first_row, worked_columns
from zhangfa.publishing.engine.groundwork import reckon, shown_of, signers_board, standing_rows
from zhangfa.publishing.engine.sign import signed_columns, told_of
from zhangfa.publishing.engine.writing import write, written_under
from zhangfa.publishing.models import OPEN, SHOWN, UPHELD, Board, Standing
from zhangfa.publishing.rows import Change
from zhangfa.publishing.subjects import Subject, subject_of
from zhangfa.publishing.tellings import Telling, say_revised, tell
from zhangfa.publishing.working import NotReproduced, scored_again
from zhangfa.refusal import Refusal
from zhangfa.scores.engine import Scoring
from zhangfa.scores.gathering import Scored


def revise_board(*, board: int, by: Actor, at: dt.datetime, key: str) -> Board:
    """Put a new edition in a board's place, signed by whoever revises it; those whose result changed may object again.

    Seals the log. Refused while an objection is open, where none was upheld, and where nothing changed.
    """
    if (earlier := written_under(key, "revise", by)) is not None:
        return Board.objects.get(pk=earlier)
    found = signers_board(board, by)
    _refuse_revising(found)
    subject = subject_of(found)
    scored, sources = reckon(subject, at)
    changed = _changed(found, scored.scoring)

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        now = Board.objects.get(pk=board)
        _refuse_revising(now)
        id_ = id_of(at, key, "board")
        row = _row(now, subject, scored, sources, by, at, id_, changed=bool(changed))
        rows = standing_rows(
            scored, board=id_, of_people=now.of_people, editions=_editions(now, scored, changed), edition=row["edition"]
        )
        told = told_of(subject, scored, at, changed)
        tellings = tell(told, row, say_revised(subject, row))
        return Change(row, rows, replaces=now.pk, told=tuple(told)), tellings

    return Board.objects.get(pk=write(draw, step="revise", by=by, at=at, key=key))


def _refuse_revising(board: Board) -> None:
    if board.state != SHOWN:
        raise Refusal("not_now", _("只有公示中的考核榜可以更正。"), hint=_("请刷新页面查看。"))
    states = set(board.objections.values_list("state", flat=True))
    if OPEN in states:
        raise Refusal("guard", _("还有异议没有决定，不能更正。"), hint=_("请先逐条作出决定。"))
    if UPHELD not in states:
        raise Refusal("guard", _("没有成立的异议，不能更正。"), hint=_("考核榜只因成立的异议而更正。"))


def _changed(board: Board, after: Scoring) -> set[str]:
    """Return the codes of those whose result or points became others; refuse where the scoring is the same."""
    try:
        before = scored_again(board).scoring
    except NotReproduced:
        raise Refusal("guard", _("原考核榜无法重新计算，不能更正。"), hint=_("请联系管理员核验日志。"))
    if before.digest == after.digest:
        raise Refusal("guard", _("记录没有变化，重新计算的结果与原来相同。"), hint=_("请先更正有误的记录。"))
    codes = {code for code in after.by_code if code not in before.by_code or _differs(before, after, code)}
    return codes


def _differs(before: Scoring, after: Scoring, code: str) -> bool:
    was, now = shown_of(before.by_code[code]), shown_of(after.by_code[code])
    del was[3], now[3]  # among how many: another's entry is no change of one's own
    return was != now or before.points_of(code) != after.points_of(code)


def _row(
    before: Board,
    subject: Subject,
    scored: Scored,
    sources: str,
    by: Actor,
    at: dt.datetime,
    id_: int,
    *,
    changed: bool,
) -> dict[str, Any]:
    row = first_row(subject, id_, edition=before.edition + 1) | worked_columns(subject, scored, sources)
    row |= signed_columns(subject, by, at)
    row |= {"drafted_by": by.person, "drafted_at": iso(at), "changes": before.changes + 1}
    if not changed:
        row |= {"objections_until": before.objections_until and iso(before.objections_until), "why": before.why}
    return row


def _editions(board: Board, scored: Scored, changed: set[str]) -> dict[str, int]:
    """Return by code in which edition the unchanged ones last changed."""
    held = {
        unit if unit is not None else person: edition
        for unit, person, edition in Standing.objects.filter(board=board).values_list(
            "unit_id", "person_id", "contested_on"
        )
    }
    unchanged = scored.whose.keys() - changed
    return {code: held[scored.whose[code].id] for code in unchanged if scored.whose[code].id in held}
