"""Write an event with the rows it makes: all or nothing, compare-and-set on the record's version."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction

from zhangfa.acts import postgresql, sqlite
from zhangfa.acts.unwritten import Clashed, Companion, Raced, Writing, accompany
from zhangfa.log.transaction import bare_sqlite_transaction

__all__ = ["Clashed", "Companion", "Raced", "Writing", "accompany", "write_acts"]
BOOKING_MESSAGE = "booking_overlap"


def write_acts(writings: Sequence[Writing]) -> list[int]:
    """Write the events and their rows in one transaction; return their places (seq)."""
    try:
        database = connections[DEFAULT_DB_ALIAS]
        if database.vendor == "postgresql":
            return _write_postgresql(writings, alone=len(writings) == 1 and not database.in_atomic_block)
        with bare_sqlite_transaction() as raw:
            return [sqlite.write(raw, writing) for writing in writings]
    except IntegrityError as error:
        raise Clashed(_what_clashed(error)) from error


def _what_clashed(error: IntegrityError) -> str:
    text = str(error)
    if BOOKING_MESSAGE in text:
        return "booking"
    if "acts_claimed" in text:
        return "slot"
    if "log_event" in text or "acts_outbox" in text:
        return "key"
    if "acts_record" in text or "acts_task" in text:
        return "id"
    raise error


def _write_postgresql(writings: Sequence[Writing], *, alone: bool) -> list[int]:
    if alone:  # one statement is a transaction of its own
        return [postgresql.write(writings[0])]
    with transaction.atomic():
        return [postgresql.write(writing) for writing in writings]
