"""What a process holds of the charters in force, and when it looks again.

A process compares one number with the database at most once a second, so a new version is seen by
every process within two seconds. A transaction that applies a charter sees it at once; others see
it when it commits. Parsed charters are kept by digest and outlive all of this: a text never changes.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from dataclasses import dataclass, replace

from django.db import connection, transaction

from zhangfa.charter.load import load_charter
from zhangfa.charter.model import Charter
from zhangfa.charter.models import CharterVersion

LOOK_EVERY = 1.0
"""Seconds between two looks at the database's newest version."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is held of each version without its text."""

    id: int
    charter: str
    version: int
    digest: str
    in_force: dt.date


@dataclass(slots=True)
class Held:
    """The versions as read at one moment; replaced as a whole."""

    newest: int
    rows: dict[str, tuple[Row, ...]]
    """Charter id → its versions, oldest first."""
    looked: float


class _Mark:
    """Hangs on a transaction that applies a charter; called when it commits."""

    def __call__(self) -> None:
        forget_all()


class _Thread(threading.local):
    """Of each thread: the applications it has not committed yet, and what it read since."""

    def __init__(self) -> None:
        self.marks: list[_Mark] = []
        self.own: Held | None = None


_shared: Held | None = None
_thread = _Thread()
_parsed: dict[tuple[str, int, str], Charter] = {}


def forget_all() -> None:
    """Look at the database again at the next question."""
    global _shared
    _shared = None
    _thread.own = None


def note_change() -> None:
    """Note, inside the transaction, that it applies a charter."""
    mark = _Mark()
    _thread.marks.append(mark)
    _thread.own = None
    transaction.on_commit(mark)


def held() -> Held:
    """Return the versions as they stand here and now."""
    global _shared
    if _thread.marks and _is_changing():
        if _thread.own is None:
            _thread.own = _read()
        return _thread.own
    known = _shared
    now = time.monotonic()
    if known is None:
        known = _shared = _read()
    elif now - known.looked > LOOK_EVERY:
        if _newest() != known.newest:
            known = _shared = _read()
        known.looked = now
    return known


def _is_changing() -> bool:
    waiting = {hook for _, hook, *_ in connection.run_on_commit}
    live = [mark for mark in _thread.marks if mark in waiting]
    if len(live) != len(_thread.marks):
        _thread.marks, _thread.own = live, None
    return bool(live)


def _newest() -> int:
    newest: int | None = CharterVersion.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def _read() -> Held:
    looked = time.monotonic()
    found = CharterVersion.objects.order_by("version").values_list("id", "charter", "version", "digest", "in_force")
    rows: dict[str, tuple[Row, ...]] = {}
    for row in (Row(*one) for one in found):
        rows[row.charter] = (*rows.get(row.charter, ()), row)
    return Held(max((row.id for many in rows.values() for row in many), default=0), rows, looked)


def parsed(row: Row) -> Charter:
    """Return the frozen charter of a version, parsed once in this process."""
    place = (row.charter, row.version, row.digest)
    charter = _parsed.get(place)
    if charter is None or charter.in_force != row.in_force:
        charter = _parsed[place] = _parse(row)
    return charter


def _parse(row: Row) -> Charter:
    stored = CharterVersion.objects.get(id=row.id)
    loaded = load_charter(stored.text, name=stored.name, files=json.loads(stored.files))
    if loaded.charter is None:
        said = "; ".join(problem.en for problem in loaded.problems[:3])
        raise RuntimeError(f"version {row.version} of {row.charter}, once in force, can no longer be read: {said}")
    return replace(loaded.charter, version=row.version, in_force=row.in_force)
