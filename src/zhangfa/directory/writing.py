"""How every change of the directory is written: one transaction, one event, one fold."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection, models
from django.utils.translation import gettext as _

from zhangfa.directory.fold import Payload, fold
from zhangfa.directory.memory import note_change
from zhangfa.log.append import append_event, find_event
from zhangfa.log.transaction import write_transaction
from zhangfa.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Written:
    """A change that stands in the log."""

    payload: dict[str, Any]
    moved: tuple[int, ...]
    """Units whose level columns changed; empty when ``repeated``."""
    repeated: bool
    """The key was used before: nothing was written again."""


@contextmanager
def directory_transaction() -> Iterator[None]:
    """Open a write transaction in which nobody else changes the directory."""
    with write_transaction():
        note_change()  # locks the row of the revision, so writers on PostgreSQL queue here
        yield


def write_change(
    *,
    kind: Literal["unit", "person"],
    make: Callable[[], Payload],
    by: int | None,
    at: dt.datetime,
    key: str,
    unit: int | None = None,
) -> Written:
    """Write a change once: ``make`` checks and builds the payload inside the transaction, or raises a Refusal.

    Raises:
        Refusal: what ``make`` refuses.
    """
    with directory_transaction():
        earlier = find_event(key)
        if earlier:
            return Written(json.loads(earlier.payload_text), (), True)
        payload = dict(make())
        appended = append_event(key=key, ts=at, kind=kind, payload=payload, person=by, unit=unit)
        if appended.repeated:
            return Written(json.loads(appended.payload_text), (), True)
        return Written(payload, fold(payload), False)


def expect_act(written: Written, act: str) -> None:
    """Refuse a key that was used for something else: a form sent twice with another page's key."""
    if written.payload.get("act") != act:
        raise Refusal("key_used", _("这次提交的编号已经用过，没有重复办理。"), hint=_("请重新打开页面再提交。"))


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Return ids that nobody else gets, for rows about to be written in this transaction."""
    if count == 0:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            draw = f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, %s)"
            cursor.execute(draw, [count])
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))
