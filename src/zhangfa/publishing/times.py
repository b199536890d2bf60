"""How long a standing can be objected to: the time of the edition in which it last changed."""

from __future__ import annotations

from zhangfa.calendar.deadline import Deadline
from zhangfa.publishing.models import Board, Standing


def time_of(standing: Standing) -> Deadline | None:
    """Return until when a standing can be objected to, with the calculation; None where objections are not taken."""
    board: Board | None = standing.board
    if standing.contested_on != standing.board.edition:
        board = edition_of(standing.board, standing.contested_on)
    return deadline_of(board) if board else None


def edition_of(board: Board, edition: int) -> Board | None:
    """Return another edition of a board."""
    return Board.objects.filter(
        charter=board.charter, score=board.score, period=board.period, area=board.area_id, edition=edition
    ).first()


def deadline_of(board: Board) -> Deadline | None:
    """Return the end of a board's own time for objections, with its calculation."""
    return Deadline.from_json(board.why) if board.why else None
