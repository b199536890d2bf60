"""Lock a board: its time is over and nothing about it is open."""

from __future__ import annotations

import datetime as dt

from zhangfa.acts.actor import SYSTEM
from zhangfa.acts.values.scalars import iso
from zhangfa.publishing.engine.writing import write, written_under
from zhangfa.publishing.models import LOCKED, REJECTED, SHOWN, Board
from zhangfa.publishing.rows import Change, board_row
from zhangfa.publishing.tellings import Telling


class NotYet(Exception):
    """The board cannot be locked now: time is left, an objection is open, or a revision is owed."""


def lock_board(*, board: int, at: dt.datetime, key: str) -> Board:
    """Lock a shown board; nothing changes it any more.

    Raises:
        NotYet: it is not shown, its time is not over, or an objection is open or upheld.
    """
    if (earlier := written_under(key, "lock", SYSTEM)) is not None:
        return Board.objects.get(pk=earlier)

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        now = Board.objects.get(pk=board)
        if not may_lock(now, at):
            raise NotYet(str(board))
        return Change(board_row(now) | {"state": LOCKED, "locked_at": iso(at), "changes": now.changes + 1}), ()

    return Board.objects.get(pk=write(draw, step="lock", by=SYSTEM, at=at, key=key))


def may_lock(board: Board, at: dt.datetime) -> bool:
    """Whether a board's time is over, nothing is open, and nothing upheld waits for a revision."""
    if board.state != SHOWN or board.objections_until is None or board.objections_until >= at:
        return False
    return not board.objections.exclude(state=REJECTED).exists()
