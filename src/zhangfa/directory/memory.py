"""What a process holds of the directory, and when it lets go of it.

The units and posts of every act are read again and again and change rarely. So each process holds
what it has read, compares one number with the database at most once a second, and lets go of all of
it when the number has moved. A transaction that changes the directory sees its own changes at once;
other threads see them when it commits, other processes within two seconds.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from zhangfa.directory.models import Revision

LOOK_EVERY = 1.0
"""Seconds between two looks at the database's number."""


@dataclass(slots=True)
class Held:
    """What was read under one revision; replaced as a whole, never emptied."""

    revision: int = -1
    looked: float = 0.0
    units: dict[int, Any] = field(default_factory=dict)
    posts: dict[int, Any] = field(default_factory=dict)
    holders: dict[tuple[str, int], Any] = field(default_factory=dict)


class _Mark:
    """Hangs on a transaction that changed the directory; called when it commits."""

    def __call__(self) -> None:
        forget()


class _Thread(threading.local):
    """Of each thread: the changes it has not committed yet, and what it read since."""

    def __init__(self) -> None:
        self.marks: list[_Mark] = []
        self.own: Held | None = None


_shared = Held()
_thread = _Thread()


def forget() -> None:
    """Let go of everything this process holds."""
    global _shared
    # A reader that is under way stores into the old one, which nobody looks at any more.
    _shared = Held()
    _thread.own = None


def note_change() -> None:
    """Note, inside the transaction, that it has changed the directory."""
    if not Revision.objects.filter(id=1).update(number=F("number") + 1):
        Revision.objects.get_or_create(id=1, defaults={"number": 1})
    mark = _Mark()
    _thread.marks.append(mark)
    _thread.own = None
    transaction.on_commit(mark)


def held() -> Held:
    """Return what may be answered from memory here and now."""
    if _thread.marks and _is_changing():
        if _thread.own is None:
            _thread.own = Held()
        return _thread.own
    now = time.monotonic()
    if now - _shared.looked > LOOK_EVERY:
        _look(now)
    return _shared


def _is_changing() -> bool:
    """Tell whether this thread's transaction still carries a change of its own.

    A mark leaves the list both when its transaction ends and when its savepoint is rolled back.
    """
    waiting = {hook for _, hook, *_ in connection.run_on_commit}
    live = [mark for mark in _thread.marks if mark in waiting]
    if len(live) != len(_thread.marks):
        _thread.marks, _thread.own = live, None
    return bool(live)


def _look(now: float) -> None:
    global _shared
    number = Revision.objects.filter(id=1).values_list("number", flat=True).first() or 0
    if number != _shared.revision:
        _shared = Held(revision=number)
    _shared.looked = now
