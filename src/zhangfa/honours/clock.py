"""What time and other people's acts do to honours: boards that were locked confer, titles lapse, rules are looked at
again. Each happens once, however often and by however many processes this runs."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from zhangfa.acts.actor import SYSTEM
from zhangfa.charter import engine as charters
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import Charter
from zhangfa.honours import says
from zhangfa.honours.boards import confer_from_board
from zhangfa.honours.changes import DAY, Changes, Ended, day_of
from zhangfa.honours.held import current_of, opened
from zhangfa.honours.models import LAPSED, LOST, WITHDRAWN, Conferral, Holding, Queue
from zhangfa.honours.retention import erase_holdings
from zhangfa.honours.rules import review_rollups
from zhangfa.honours.units import units_where
from zhangfa.honours.writing import Written, write_changes
from zhangfa.log.checkpoint import last_checkpoint
from zhangfa.log.transaction import write_transaction
from zhangfa.publishing.models import LOCKED, Board

logger = logging.getLogger("zhangfa.honours")


@dataclass
class Ticked:
    """What one look did."""

    conferred: int = 0
    ended: int = 0
    failed: int = 0
    """Charters that could not be dealt with; the log of the server says why."""

    def add(self, written: Written) -> None:
        """Count what was written, unless an earlier look wrote it."""
        if not written.repeated:
            self.conferred += len(written.conferred)
            self.ended += len(written.ended)


def tick(*, at: dt.datetime) -> Ticked:
    """Do what is due in every charter with honours; what fails in one does not stop the others."""
    ticked = Ticked()
    for charter in charters.all_current(day_of(at)).values():
        if not charter.honours and not Holding.objects.filter(charter=charter.id, ended=None).exists():
            continue
        try:
            _tick(charter, at, ticked)
        except Exception:
            logger.exception("Honours of the charter %s could not be dealt with; they are tried again", charter.id)
            ticked.failed += 1
    return ticked


def _tick(charter: Charter, at: dt.datetime, ticked: Ticked) -> None:
    for board in _waiting_boards(charter):
        ticked.add(confer_from_board(board=board, by=SYSTEM, at=at, key=f"honours/confer/{board}"))
    ticked.add(_lapse(charter, at))
    erase_holdings(charter, at)
    reached = _position()
    if not _may_differ(charter, at):
        return
    ticked.add(_end_closed(charter, at))
    for honour in charter.honours.values():
        if honour.withdrawn_when is not None and honour.of_kind:
            ticked.add(_withdraw_by_rule(charter, honour, at))
    for written in review_rollups(charter=charter.id, at=at, key=f"honours/review/{charter.id}/{at.isoformat()}"):
        ticked.add(written)
    with write_transaction():
        Queue.objects.bulk_create([Queue(charter=charter.id)], ignore_conflicts=True)
        Queue.objects.filter(pk=charter.id).update(position=reached, day=day_of(at))


def _waiting_boards(charter: Charter) -> list[int]:
    """Return the locked boards of scores that honours rest on which were not dealt with, the oldest first."""
    versions = charters.versions(charter.id)
    scores = {one.from_ for version in versions for one in version.honours.values() if one.from_}
    if not scores:
        return []
    dealt = Exists(Conferral.objects.filter(board=OuterRef("pk")))
    found = Board.objects.filter(~dealt, charter=charter.id, score__in=scores, state=LOCKED)
    return list(found.order_by("until", "locked_at", "pk").values_list("pk", flat=True))


def _lapse(charter: Charter, at: dt.datetime) -> Written:
    """End what was to hold until today; rules over units decide themselves whether theirs go on."""
    day = day_of(at)
    due = Holding.objects.filter(charter=charter.id, ended=None, until__lte=day).order_by("pk")
    rolled = {one.id for one in charter.honours.values() if one.by == "rule" and not one.from_ and one.of_kind}
    ids = list(due.exclude(honour__in=rolled).values_list("pk", flat=True))
    if not ids:
        return Written({})

    def make() -> Changes:
        running = opened(due.filter(pk__in=ids))
        return Changes("lapse", (), tuple(Ended(one, LAPSED, says.lapsed(_last(one)), one.until) for one in running))

    return write_changes(charter=charter, make=make, by=None, at=at, key=_key("lapse", charter, ids))


def _last(held: Holding) -> dt.date | None:
    return held.until - DAY if held.until is not None else None


def _end_closed(charter: Charter, at: dt.datetime) -> Written:
    """End what units hold that exist no longer."""
    gone = Holding.objects.filter(charter=charter.id, ended=None, unit__until__lte=day_of(at)).order_by("pk")
    ids = list(gone.values_list("pk", flat=True))
    if not ids:
        return Written({})

    def make() -> Changes:
        return Changes("review", (), tuple(Ended(one, LOST, says.unit_closed()) for one in gone.filter(pk__in=ids)))

    return write_changes(charter=charter, make=make, by=None, at=at, key=_key("closed", charter, ids))


def _withdraw_by_rule(charter: Charter, honour: Honour, at: dt.datetime) -> Written:
    """Take back what the charter says is withdrawn now."""
    assert honour.withdrawn_when is not None
    held = current_of(charter.id, honour)
    struck = units_where(charter, honour.withdrawn_when, [one.unit_id or 0 for one in held], day_of(at)) if held else ()
    ids = [one.pk for one in held if one.unit_id in struck]
    if not ids:
        return Written({})

    def make() -> Changes:
        why = says.withdrawn_by_rule(honour, charter)
        running = Holding.objects.filter(pk__in=ids, ended=None).order_by("pk")
        return Changes("withdraw", (), tuple(Ended(one, WITHDRAWN, why) for one in running))

    return write_changes(charter=charter, make=make, by=None, at=at, key=_key("withdraw", charter, ids))


def _key(what: str, charter: Charter, ids: Iterable[int]) -> str:
    """Name the ending of just these holdings; each of them ends once."""
    digest = hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:24]
    return f"honours/{what}/{charter.id}/{digest}"


def _position() -> int:
    last = last_checkpoint()
    return last.size - 1 if last else -1


RELEVANT = (
    "SELECT 1 FROM log_event WHERE {where} AND (kind IN ('unit', 'charter', 'calendar') "
    "OR (charter = %s AND kind IN ('step', 'verb', 'honour'))) LIMIT 1"
)


def _may_differ(charter: Charter, at: dt.datetime) -> bool:
    """Whether anything was written since the last look that a rule may rest on, or a new day began."""
    seen = Queue.objects.filter(pk=charter.id).first()
    if seen is None or seen.day != day_of(at):
        return True
    with connection.cursor() as cursor:
        for where, words in (("position > %s", [seen.position]), ("position IS NULL", [])):
            cursor.execute(RELEVANT.format(where=where), [*words, charter.id])
            if cursor.fetchone():
                return True
    return False
