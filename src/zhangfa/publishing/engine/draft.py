"""Draft a board: worked out as of the last sealed position, for who signs to look at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.naming import SHANGHAI, id_of
from zhangfa.acts.values.scalars import iso
from zhangfa.publishing.engine.groundwork import reckon, refuse_absent
from zhangfa.publishing.engine.writing import write, written_under
from zhangfa.publishing.models import DRAFT, Board
from zhangfa.publishing.rights import holds_at
from zhangfa.publishing.rows import Change, board_row
from zhangfa.publishing.subjects import Subject, find_subject
from zhangfa.publishing.tellings import Telling
from zhangfa.refusal import Refusal
from zhangfa.scores.gathering import Scored


def draft_board(*, charter: str, score: str, period: str, area: int, by: Actor, at: dt.datetime, key: str) -> Board:
    """Work a board out of a period that is over; a new draft takes the place of an earlier one.

    Seals the log. Refused to whoever does not hold the signing post at ``area``, and once a board was signed.
    """
    if (earlier := written_under(key, "draft", by)) is not None:
        return Board.objects.get(pk=earlier)
    subject = find_subject(charter=charter, score=score, period=period, area=area, at=at)
    if subject is None or not holds_at(by, subject.rules.publish.by, area):
        raise refuse_absent()
    _refuse_early(subject, at)
    _standing_board(subject)
    scored, sources = reckon(subject, at)

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        return Change(_row(subject, scored, sources, by, at, key, _standing_board(subject))), ()

    return Board.objects.get(pk=write(draw, step="draft", by=by, at=at, key=key))


def _refuse_early(subject: Subject, at: dt.datetime) -> None:
    if subject.period.end >= at.astimezone(SHANGHAI).date():
        sentence = _("这个周期到 %(day)s 才结束，还不能拟定考核榜。") % {"day": subject.period.end.isoformat()}
        raise Refusal("not_now", sentence, hint=_("周期未结束时可以查看实时结果。"))


def _standing_board(subject: Subject) -> Board | None:
    """Return the draft that stands, if any; refuse where a board was signed already."""
    rules, newest = subject.rules, None
    boards = Board.objects.filter(
        charter=rules.charter.id, score=rules.score.id, period=subject.period.id, area=subject.area
    )
    newest = boards.order_by("-edition").first()
    if newest is not None and newest.state != DRAFT:
        raise Refusal("not_now", _("这个周期的考核榜已经签发。"), hint=_("记录有误的，请通过异议成立后更正。"))
    return newest


def _row(
    subject: Subject, scored: Scored, sources: str, by: Actor, at: dt.datetime, key: str, before: Board | None
) -> dict[str, Any]:
    row = board_row(before) if before else first_row(subject, id_of(at, key, "board"), edition=1)
    return row | worked_columns(subject, scored, sources) | {
        "changes": row["changes"] + 1, "drafted_by": by.person, "drafted_at": iso(at),
    }  # fmt: skip


def first_row(subject: Subject, id_: int, *, edition: int) -> dict[str, Any]:
    """Return a new board's row before anything was done to it."""
    rules, period = subject.rules, subject.period
    return {
        "id": id_, "charter": rules.charter.id, "score": rules.score.id, "every": period.every, "period": period.id,
        "since": period.start.isoformat(), "until": period.end.isoformat(), "area": subject.area, "edition": edition,
        "state": DRAFT, "of_people": bool(rules.score.of_post), "changes": 0, "drafted_by": None, "drafted_at": None,
        "signed_by": None, "signed_at": None, "objections_until": None, "why": "", "locked_at": None,
    }  # fmt: skip


def worked_columns(subject: Subject, scored: Scored, sources: str) -> dict[str, Any]:
    """Return the columns that say what a board was worked out from and what came out."""
    return {
        "version": subject.rules.charter.version, "charter_digest": subject.rules.charter.digest,
        "position": scored.position, "digest": scored.scoring.digest, "sources": sources,
    }  # fmt: skip
