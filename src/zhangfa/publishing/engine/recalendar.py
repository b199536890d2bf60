"""Reckon open deadlines anew when a year's holidays are announced; closed ones never move."""

from __future__ import annotations

import datetime as dt

from zhangfa.acts.actor import SYSTEM
from zhangfa.acts.deadlines import reckon_again
from zhangfa.publishing.engine.writing import write
from zhangfa.publishing.models import OPEN, SHOWN, Board, Objection
from zhangfa.publishing.rows import Change, board_row, objection_row
from zhangfa.publishing.tellings import Telling

PROVISIONAL = '"provisional":true'
"""How a deadline says of itself, in its canonical JSON, that a notice still to come may move it."""


def recalendar(*, at: dt.datetime) -> int:
    """Reckon every provisional deadline of shown boards and open objections anew; return how many moved."""
    boards = Board.objects.filter(state=SHOWN, objections_until__gte=at, why__contains=PROVISIONAL)
    objections = Objection.objects.filter(state=OPEN, board__state=SHOWN, due_why__contains=PROVISIONAL)
    moved = sum(_move_board(one, at) for one in boards.order_by("pk"))
    return moved + sum(_move_objection(one, at) for one in objections.order_by("pk").select_related("board"))


def _move_board(board: Board, at: dt.datetime) -> bool:
    found = reckon_again({"due_why": board.why})
    if found["due_why"] == board.why:
        return False

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        now = Board.objects.get(pk=board.pk)
        moved = {"objections_until": found["due_at"], "why": found["due_why"]} if now.state == SHOWN else {}
        return Change(board_row(now) | moved | {"changes": now.changes + 1}), ()

    write(draw, step="recalendar", by=SYSTEM, at=at, key=f"recal:{board.pk}:{board.changes}")
    return True


def _move_objection(objection: Objection, at: dt.datetime) -> bool:
    found = reckon_again({"due_why": objection.due_why})
    if found["due_why"] == objection.due_why:
        return False

    def draw() -> tuple[Change, tuple[Telling, ...]]:
        now = Objection.objects.select_related("board", "standing").get(pk=objection.pk)
        moved = {"due": found["due_at"], "due_why": found["due_why"]} if now.state == OPEN else {}
        after = board_row(now.board) | {"changes": now.board.changes + 1}
        return Change(after, objection=objection_row(now) | moved), ()

    write(draw, step="recalendar", by=SYSTEM, at=at, key=f"recal:{objection.pk}:{objection.board.changes}")
    return True
