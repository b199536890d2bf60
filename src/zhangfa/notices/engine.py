"""Carry tellings from the outbox to people: taken under a lease, done once.

Any number of threads or workers may run :func:`deliver`; a worker that dies loses its lease and another
one does the work. The notice's key (telling and person) keeps a second delivery without effect.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils import timezone

from zhangfa.acts.models import Outbox
from zhangfa.acts.naming import SHANGHAI
from zhangfa.directory.posts import holders
from zhangfa.log.transaction import write_transaction
from zhangfa.notices.models import Notice

LEASE = dt.timedelta(seconds=60)
BATCH = 100
LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one look at the outbox did."""

    tellings: int
    notices: int


def deliver(*, at: dt.datetime, batch: int = BATCH) -> Delivered:
    """Take a batch of waiting tellings under a lease and turn them into notices."""
    tellings = notices = 0
    for telling in take_lease(at=at, batch=batch):
        with write_transaction():
            notices += _carry_out(telling, at)
            tellings += 1
    return Delivered(tellings, notices)


def take_lease(*, at: dt.datetime, batch: int = BATCH) -> list[Outbox]:
    """Return waiting tellings that are ours until the lease ends; each by compare-and-set."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    waiting = list(Outbox.objects.filter(free, done_at=None).order_by("id")[:batch])
    if not waiting:
        return []
    with write_transaction():
        return [telling for telling in waiting if _lease(telling, at)]


def _lease(telling: Outbox, at: dt.datetime) -> bool:
    mine = Outbox.objects.filter(pk=telling.pk, attempts=telling.attempts, done_at=None)
    return mine.update(leased_until=at + LEASE, attempts=F("attempts") + 1) == 1


def deliver_together(*, at: dt.datetime) -> Delivered:
    """Turn all waiting tellings into notices in one transaction: for loading many days, when nobody else delivers."""
    with write_transaction():
        waiting = list(Outbox.objects.filter(leased_until=None, done_at=None).order_by("id"))
        rows = [row for telling in waiting for row in _notices_for(telling, at)]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        Outbox.objects.filter(leased_until=None, done_at=None).update(done_at=at, attempts=F("attempts") + 1)
    return Delivered(len(waiting), len(rows))


def _carry_out(telling: Outbox, at: dt.datetime) -> int:
    """Write the notices of one telling and mark it done, in one transaction."""
    rows = _notices_for(telling, at)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    Outbox.objects.filter(pk=telling.pk).update(done_at=at, leased_until=None)
    return len(rows)


def _notices_for(telling: Outbox, at: dt.datetime) -> list[Notice]:
    return [
        Notice(
            key=f"{telling.key}@{person}", person=person, record=telling.record, kind=telling.kind, text=telling.text,
            created_at=telling.created_at,
        )
        for person in recipients(telling, at)
    ]  # fmt: skip


def recipients(telling: Outbox, at: dt.datetime) -> list[int]:
    """Return whom a telling reaches: a person, or everybody whose post of the role reaches the unit today."""
    if telling.person is not None:
        return [telling.person]
    if not telling.role or telling.unit is None:
        return []
    return holders(telling.role, telling.unit, at.astimezone(SHANGHAI).date())


def notices_of(person: int, *, unread: bool = False, limit: int = 50) -> list[Notice]:
    """Return a person's notices, the newest first."""
    mine = Notice.objects.filter(person=person)
    if unread:
        mine = mine.filter(read_at=None)
    return list(mine.order_by("-created_at", "-id")[:limit])


def count_unread(person: int, most: int = 100) -> int:
    """Count a person's unread notices up to a cap."""
    return Notice.objects.filter(person=person, read_at=None)[:most].count()


def mark_read(*, person: int, at: dt.datetime, notices: Iterable[int] | None = None) -> int:
    """Mark notices of a person as read (all of them unless told which); return how many were unread."""
    mine = Notice.objects.filter(person=person, read_at=None)
    if notices is not None:
        mine = mine.filter(pk__in=list(notices))
    return mine.update(read_at=at)


def mark_all_read(*, before: dt.datetime, at: dt.datetime) -> int:
    """Mark what anybody was told before a moment as read; return how many were unread."""
    return Notice.objects.filter(read_at=None, created_at__lt=before).update(read_at=at)


class Carrier(threading.Thread):
    """Delivers in the background of the embedded server until it is stopped."""

    def __init__(self) -> None:
        super().__init__(name="notices", daemon=True)
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """Deliver, wait a second, and again; a fault of the database is met by trying again."""
        while not self._stop_asked.wait(LOOK_EVERY):
            try:
                while deliver(at=timezone.now()).tellings:
                    pass
            except DatabaseError:
                connection.close()
        connection.close()

    def stop(self) -> None:
        """Ask it to stop and wait until it has."""
        self._stop_asked.set()
        self.join(timeout=5)
