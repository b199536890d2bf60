"""Object to a standing within the time given, and decide on it with a reason."""

from __future__ import annotations

import datetime as dt
import unicodedata

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.deadlines import deadline_columns
from zhangfa.acts.naming import SHANGHAI, id_of
from zhangfa.acts.values.scalars import iso
from zhangfa.log.canonical import canonical
from zhangfa.publishing.engine.groundwork import refuse_absent, sealed_text, signers_board
from zhangfa.publishing.engine.writing import objection_under, write, written_under
from zhangfa.publishing.models import OPEN, REJECTED, SHOWN, UPHELD, Board, Objection, Standing
from zhangfa.publishing.rights import is_scored, readable, rules_of, visible
from zhangfa.publishing.rows import Change, board_row, objection_row
from zhangfa.publishing.subjects import subject_of
from zhangfa.publishing.tellings import Telling, say_decided, say_objected, signers, tell
from zhangfa.publishing.times import time_of
from zhangfa.refusal import Refusal

LONGEST = 2000


def object_to(
    *, board: int, standing: int, indicator: str = "", text: str, by: Actor, at: dt.datetime, key: str
) -> Objection:
    """Object to a standing or to one indicator of it; for the person scored, or a reader's post at the unit itself.

    Refused when the time is over, and a second time for the same thing. Tells who signs.
    """
    if written_under(key, "object", by) is not None:
        return Objection.objects.get(pk=objection_under(key))
    words, id_ = _checked(text), id_of(at, key, "objection")

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        found = _standing(board, standing, by)
        subject = subject_of(found.board)
        _refuse_objecting(found, indicator, by, at)
        due = deadline_columns(subject.rules.publish.objections, at)
        row = {
            "id": id_, "indicator": indicator, "text": canonical(sealed_text(found.board, f"objection {id_}", words)),
            "by": by.person, "at": iso(at), "due": due["due_at"], "due_why": due["due_why"], "state": OPEN,
            "reason": "", "decided_by": None, "decided_at": None, "unit": found.unit_id, "person": found.person_id,
        }  # fmt: skip
        after = board_row(found.board) | {"changes": found.board.changes + 1}
        told = signers(subject.rules, found.board.area_id, at.astimezone(SHANGHAI).date())
        return Change(after, objection=row, told=tuple(told)), tell(told, after, say_objected(subject, due["due_at"]))

    write(draw, step="object", by=by, at=at, key=key)
    return Objection.objects.get(pk=objection_under(key))


def _checked(text: str) -> str:
    """Return what was typed with line ends unified and control signs out."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    words = "".join(
        one for one in plain if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs", "Cn")
    ).strip()
    if not words or len(words) > LONGEST:
        sentence = _("请写明异议的理由，最多 %(most)d 个字。") % {"most": LONGEST}
        raise Refusal("fields", sentence, fields={"text": sentence})
    return words


def _standing(board: int, standing: int, by: Actor) -> Standing:
    found = Board.objects.filter(visible(by), pk=board).first()
    held = found and Standing.objects.filter(readable(by, found), pk=standing).select_related("board").first()
    if not held:
        raise refuse_absent()
    return held


def _refuse_objecting(standing: Standing, indicator: str, by: Actor, at: dt.datetime) -> None:
    rules = rules_of(standing.board)
    if not is_scored(by, standing, rules):
        raise Refusal("not_yours", _("只有被考核的单位或本人可以提出异议。"), hint=_("请由本单位经办岗位提出。"))
    if indicator and indicator not in rules.score.indicators:
        raise refuse_absent()
    deadline = time_of(standing)
    if standing.board.state != SHOWN or deadline is None or at > deadline.due:
        raise Refusal("not_now", _("提出异议的时间已过。"), hint=_("期限的算法见考核榜页面。"))
    if Objection.objects.filter(standing=standing, indicator=indicator).exists():
        raise Refusal("taken", _("对这一项已经提出过异议。"), hint=_("可以在异议列表中查看处理情况。"))


def decide_objection(*, objection: int, upheld: bool, reason: str, by: Actor, at: dt.datetime, key: str) -> Objection:
    """Uphold or reject an objection, with a reason; never by whoever made it. Tells the objector.

    One that was upheld may still be rejected until the board is revised: where the records prove right after all,
    nothing else would ever let the board be locked. Both decisions stay in the log.
    """
    if written_under(key, "decide", by) is not None:
        return Objection.objects.get(pk=objection)
    words = _checked(reason)

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        found = Objection.objects.filter(pk=objection).select_related("standing", "board").first()
        if found is None:
            raise refuse_absent()
        board = signers_board(found.board_id, by)
        _refuse_deciding(found, board, by, upheld=upheld)
        row = objection_row(found) | {
            "state": UPHELD if upheld else REJECTED, "decided_by": by.person, "decided_at": iso(at),
            "reason": canonical(sealed_text(board, f"reason {found.pk}", words)),
        }  # fmt: skip
        after = board_row(board) | {"changes": board.changes + 1}
        told = tell([found.by], after, say_decided(subject_of(board), upheld))
        return Change(after, objection=row, told=(found.by,)), told

    write(draw, step="decide", by=by, at=at, key=key)
    return Objection.objects.get(pk=objection)


def _refuse_deciding(found: Objection, board: Board, by: Actor, *, upheld: bool) -> None:
    if found.state != OPEN and (found.state != UPHELD or upheld):
        raise Refusal("changed", _("这条异议已有决定。"), hint=_("请刷新页面查看。"))
    if board.state != SHOWN:
        raise Refusal("not_now", _("这张考核榜已不在公示中。"), hint=_("请刷新页面查看。"))
    if found.by == by.person:
        raise Refusal("same_person", _("不能由提出异议的人自己决定。"), hint=_("请由签发岗位的其他人员决定。"))
