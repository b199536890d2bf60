"""The one way to open a write transaction.

On SQLite only one writer at a time can commit, and its own waiting is by polling: a writer may starve for seconds. So
writers queue before two lock files beside the database, the queue and the pen. Whoever holds the queue waits for the
pen and passes the queue on when he has it; so whoever put the pen down cannot take it again before those who wait.
The kernel frees both when a process dies. On PostgreSQL this is an ordinary transaction.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from zhangfa.log.sentence import Sentence

SAFE_SQLITE = (3, 51, 3)
"""From here on a checkpoint by one process cannot damage the write-ahead log another is resetting."""


class _LockFiles:
    """One thread's own handles on the two lock files of a database, closed with the thread."""

    def __init__(self, base: str) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self.queue = os.open(f"{base}.queue", flags, 0o600)
        self.pen = os.open(f"{base}.pen", flags, 0o600)

    def __del__(self) -> None:
        for handle in (self.queue, self.pen):
            with contextlib.suppress(OSError):
                os.close(handle)


class _Handles(threading.local):
    """The lock files this thread has open, by database and process: a forked child must open its own."""

    def __init__(self) -> None:
        self.held: dict[tuple[int, str], _LockFiles] = {}

    def open(self, base: str) -> _LockFiles:
        place = (os.getpid(), base)
        if place not in self.held:
            self.held = {place: _LockFiles(base)}
        return self.held[place]


_handles = _Handles()
_in_memory = threading.Lock()


@contextlib.contextmanager
def _hold_pen(base: str) -> Iterator[None]:
    files = _handles.open(base)
    fcntl.flock(files.queue, fcntl.LOCK_EX)
    try:
        fcntl.flock(files.pen, fcntl.LOCK_EX)
    finally:
        fcntl.flock(files.queue, fcntl.LOCK_UN)
    try:
        yield
    finally:
        fcntl.flock(files.pen, fcntl.LOCK_UN)


def _sqlite_lock(database: BaseDatabaseWrapper) -> contextlib.AbstractContextManager[object]:
    base = _base_of(str(database.settings_dict["NAME"]))
    return _hold_pen(base) if base else _in_memory


@functools.cache
def _base_of(name: str) -> str:
    """Return the path the lock files stand beside; empty for a database in memory."""
    return "" if name == ":memory:" or name.startswith("file:") else str(Path(name))


@contextlib.contextmanager
def write_transaction() -> Iterator[None]:
    """Run the block as one write transaction; inside another one it is a part of it (a savepoint).

    On SQLite waits in line, then BEGIN IMMEDIATE; the lock is held over the commit and its checkpoint.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _sqlite_lock(connections[DEFAULT_DB_ALIAS]), transaction.atomic():
        yield


@contextlib.contextmanager
def bare_sqlite_transaction() -> Iterator[sqlite3.Connection]:
    """Give the block SQLite's own connection in a write transaction, for statements that all go past Django.

    The same as ``write_transaction``, queue and all, without Django's book-keeping, which costs as much as three
    inserts. Nothing in the block may wait for the commit (``on_commit``) or open a transaction.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors:
        raw: sqlite3.Connection = database.connection
        if database.in_atomic_block:
            with transaction.atomic():
                yield raw
            return
        with _sqlite_lock(database):
            raw.execute("BEGIN IMMEDIATE")
            try:
                yield raw
                raw.execute("COMMIT")
            except BaseException:
                raw.rollback()
                raise


def refuse_unsafe_sqlite(workers: int, version: tuple[int, int, int] | None = None) -> Sentence | None:
    """Return why several server processes must not share this SQLite, or None when they may (or it is PostgreSQL)."""
    found = version or sqlite3.sqlite_version_info[:3]
    if connection.vendor != "sqlite" or workers <= 1 or found >= SAFE_SQLITE:
        return None
    number = ".".join(map(str, found))
    return Sentence(
        f"SQLite {number} 在多个写进程同时检查点时可能损坏数据库（3.51.3 起已修复），不能用 {workers} 个服务进程启动。"
        "请设 WORKERS=1，或升级 SQLite，或改用 PostgreSQL（DATABASE_URL）。",
        f"SQLite {number} can damage the database when several writing processes checkpoint at once (cured in 3.51.3), "
        f"so {workers} server processes are refused. Set WORKERS=1, upgrade SQLite, or use PostgreSQL (DATABASE_URL).",
    )
