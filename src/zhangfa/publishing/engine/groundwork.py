"""What every verb asks first: whether the board or score is there for who acts, and what it comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.expression.render import Unrenderable
from zhangfa.facts.query import NotSealed
from zhangfa.facts.views import NoSuchFacts
from zhangfa.log.checkpoint import last_checkpoint
from zhangfa.log.seal import seal
from zhangfa.log.secrets import RecordErased, RecordKey, insert_key, key_for_writing
from zhangfa.publishing.models import Board
from zhangfa.publishing.rights import may_see_board, may_sign
from zhangfa.publishing.subjects import Subject
from zhangfa.publishing.working import NotReproduced, work_out
from zhangfa.refusal import Refusal
from zhangfa.scores.engine import Result
from zhangfa.scores.exact import plain
from zhangfa.scores.gathering import Scored


def refuse_absent() -> Refusal:
    """Build the one answer for a board that is not there and for one that may not be seen."""
    return Refusal("not_found", _("没有找到这张考核榜。"), hint=_("请回到考核榜列表查找。"))


def signers_board(board: int, by: Actor) -> Board:
    """Return a board for who signs at its area; absent for everybody else who may not see it."""
    found = Board.objects.filter(pk=board).first()
    if found is None or not (may_sign(by, found) or may_see_board(by, found)):
        raise refuse_absent()
    if not may_sign(by, found):
        raise Refusal("not_yours", _("这张考核榜由签发岗位办理。"), hint=_("请联系签发单位。"))
    return found


def reckon(subject: Subject, at: dt.datetime) -> tuple[Scored, str]:
    """Seal the log, and work the subject out as of the last sealed position; with its sources."""
    seal(at=at)
    last = last_checkpoint()
    if last is None:
        raise Refusal("not_now", _("日志还没有封存，算不出考核结果。"), hint=_("请稍后再试。"))
    try:
        found = work_out(subject, as_of=last.size - 1)
    except (NotSealed, NoSuchFacts, Unrenderable, NotReproduced) as fault:
        raise Refusal("guard", _("考核结果算不出来：%(fault)s。") % {"fault": fault}, hint=_("请联系章程管理员。"))
    if not found[0].scoring.results:
        raise Refusal("guard", _("这个范围内没有考核对象。"), hint=_("请核对考核单位和周期。"))
    return found


def standing_rows(
    scored: Scored, *, board: int, of_people: bool, editions: dict[str, int] | None = None, edition: int = 1
) -> tuple[Sequence[Any], ...]:
    """Return the standings as the event carries them; of people only in ciphertext, under the board's key.

    ``editions`` says by code in which edition a standing last changed, where it was not this one.
    """
    since = editions or {}
    key = _key(board) if of_people else None
    rows = []
    for one in scored.scoring.results:
        whose, contested = scored.whose[one.key.code], since.get(one.key.code, edition)
        if key is None:
            rows.append([whose.id, *shown_of(one), one.key.group, contested])
        else:
            sealed = key.encrypt(f"standing {whose.id}", [*shown_of(one), one.key.group])["~"]
            rows.append([whose.id, whose.unit, sealed, contested])
    return tuple(rows)


def shown_of(one: Result) -> list[Any]:
    """Return what is shown of a result: status, total, rank, among how many, tier."""
    total = None if one.rounded is None else f"{one.rounded:f}"
    rank = (plain(one.rank.place), one.rank.of) if one.rank else (None, None)
    return [one.status, total, *rank, one.tier]


def _key(board: int) -> RecordKey:
    return insert_key(key_for_writing(board))


def sealed_text(board: Board, field: str, text: str) -> object:
    """Return what a person wrote as an event carries it: ciphertext, whatever the board is about."""
    try:
        return _key(board.pk).encrypt(field, text)
    except RecordErased:
        raise Refusal("never", _("这张考核榜的个人信息已删除，不能再办理。"), hint=_("请查看考核榜的其他版次。"))
