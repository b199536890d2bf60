"""Read events back as the text they were hashed from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from zhangfa.log.leaf import entry_of, leaf_of_entry

_TIME = {
    "postgresql": """to_char(ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    # Anything not written by us keeps its own spelling, so that its leaf does not recompute.
    "sqlite": "CASE length(ts) WHEN 19 THEN substr(ts, 1, 10) || 'T' || substr(ts, 12) || '.000000Z' "
    "WHEN 26 THEN substr(ts, 1, 10) || 'T' || substr(ts, 12) || 'Z' ELSE ts || '' END",
}


_MOMENT = {"postgresql": _TIME["postgresql"], "sqlite": "ts || ''"}
_CHUNK = 1_000


class LoggedEvent(NamedTuple):
    """One event as it stands in the log; `ts` is canonical text (UTC, six decimals, ``Z``)."""

    position: int | None
    seq: int
    key: str
    ts: str
    kind: str
    charter: str
    version: int
    register: str
    record: int | None
    step: str
    person: int | None
    unit: int | None
    payload: str
    leaf: bytes

    @property
    def at(self) -> datetime:
        """Return when it happened, aware, UTC."""
        return datetime.fromisoformat(self.ts)

    def entry(self) -> bytes:
        """Return the bytes its leaf is hashed from."""
        return entry_of(
            key=self.key, ts=self.ts, kind=self.kind, charter=self.charter, version=self.version,
            register=self.register, record=self.record, step=self.step, person=self.person, unit=self.unit,
            payload=self.payload,
        )  # fmt: skip

    def is_intact(self) -> bool:
        """Whether the stored leaf is the hash of what stands here."""
        return leaf_of_entry(self.entry()) == self.leaf


def select_events(rest: str, values: list[Any]) -> list[LoggedEvent]:
    """Read events by the rest of a statement (``WHERE … ORDER BY … LIMIT …``) with its parameters."""
    names = ", ".join(_TIME[connection.vendor] if name == "ts" else name for name in LoggedEvent._fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM log_event {rest}", values)
        rows = cursor.fetchall()
    if connection.vendor == "sqlite":
        return [LoggedEvent._make(row) for row in rows]
    return [LoggedEvent._make((*row[:-1], bytes(row[-1]))) for row in rows]


def select_columns(names: Sequence[str], rest: str, values: list[Any]) -> list[list[Any]]:
    """Read some columns of events, each as a list; ``moment`` is when one happened, UTC, as text of any ISO form.

    In chunks that are let go at once: rows that are all held at a time keep the collector of garbage busy.
    """
    columns: list[list[Any]] = [[] for _ in names]
    written = (_MOMENT[connection.vendor] if name == "moment" else name for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(written)} FROM log_event {rest}", values)
        while rows := cursor.fetchmany(_CHUNK):
            for column, found in zip(columns, zip(*rows, strict=True), strict=True):
                column.extend(found)
    return columns
