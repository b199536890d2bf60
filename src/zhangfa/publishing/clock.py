"""What time does to boards: open deadlines follow a new calendar, boards whose time is over are locked, who lets an
objection wait is told, and what was kept long enough is erased."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhangfa.acts.models import Outbox
from zhangfa.acts.naming import SHANGHAI
from zhangfa.log.canonical import canonical
from zhangfa.publishing.engine.lock import NotYet, lock_board
from zhangfa.publishing.engine.recalendar import recalendar
from zhangfa.publishing.models import OPEN, REJECTED, SHOWN, Board, Objection
from zhangfa.publishing.retention import erase_boards
from zhangfa.publishing.rows import board_row
from zhangfa.publishing.subjects import subject_of
from zhangfa.publishing.tellings import say_overdue, signers, tell


@dataclass
class Ticked:
    """What one look at the boards did."""

    locked: int = 0
    overdue: int = 0
    """Tellings of objections undecided beyond their time."""
    recalendared: int = 0
    """Deadlines that a newly announced calendar settled."""
    erased: int = 0
    """Boards of people kept no longer."""


def tick(*, at: dt.datetime) -> Ticked:
    """Lock what can be locked and tell of what is overdue, once each; any process may run it at any moment."""
    ticked = Ticked(recalendared=recalendar(at=at))
    waiting = Objection.objects.exclude(state=REJECTED).values("board")
    due = (
        Board.objects.filter(state=SHOWN, objections_until__lt=at).exclude(pk__in=waiting).order_by("objections_until")
    )
    for board, changes in due.values_list("pk", "changes"):
        try:
            lock_board(board=board, at=at, key=f"lock:{board}:{changes}")
            ticked.locked += 1
        except NotYet:
            continue
    for objection in Objection.objects.filter(state=OPEN, due__lt=at).select_related("board").order_by("due"):
        ticked.overdue += _tell_overdue(objection, at)
    ticked.erased = erase_boards(at=at)
    return ticked


def _tell_overdue(objection: Objection, at: dt.datetime) -> int:
    """Tell who signs, once for each objection."""
    subject = subject_of(objection.board)
    people = signers(subject.rules, subject.area, at.astimezone(SHANGHAI).date())
    told = [
        Outbox(
            key=f"overdue:{objection.pk}@{one.person}",
            person=one.person,
            kind="late",
            text=canonical(one.words),
            created_at=at,
        )
        for one in tell(people, board_row(objection.board), say_overdue(subject))
    ]
    known = set(Outbox.objects.filter(key__in=[one.key for one in told]).values_list("key", flat=True))
    fresh = [one for one in told if one.key not in known]
    Outbox.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
