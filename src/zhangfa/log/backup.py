"""Copy the whole installation into one file while it runs."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from zhangfa.log.archive import (
    DATABASES,
    MANIFEST,
    HashingReader,
    Manifest,
    PackedFile,
    Refused,
    files_below,
    wrapping_check,
)
from zhangfa.log.checkpoint import SignedCheckpoint, last_checkpoint, signed
from zhangfa.log.leaf import canonical_time
from zhangfa.log.models import Checkpoint, Event
from zhangfa.log.postgres import dump_database
from zhangfa.log.seal import seal

Progress = Callable[[int, int], None]
QUIET: Progress = lambda _done, _total: None  # noqa: E731
PAGES = 2_000


@dataclass(frozen=True, slots=True)
class _Copy:
    """The database's copy and what it holds."""

    path: Path
    events: int
    checkpoint: SignedCheckpoint | None


def backup(*, target: Path, at: datetime, with_keys: bool = False, progress: Progress = QUIET) -> Manifest:
    """Seal, then write database, attachments and manifest into the new file `target`; nobody has to stop working.

    The database first, attachments after: a file is on the disk before the record that names it. Raises `Refused`.
    """
    if target.exists():
        raise Refused(f"{target} 已存在，备份不会覆盖它。", f"{target} exists already; a backup overwrites nothing.")
    seal(at=at)
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            manifest = _pack(draft, _copy_database(Path(folder), progress), at, with_keys, progress)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _copy_database(folder: Path, progress: Progress) -> _Copy:
    path = folder / DATABASES[connection.vendor]
    return (_copy_postgresql if connection.vendor == "postgresql" else _copy_sqlite)(path, progress)


def _copy_postgresql(path: Path, progress: Progress) -> _Copy:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        dump_database(path, cursor.fetchone()[0], progress)
        return _Copy(path, Event.objects.count(), last_checkpoint())


def _copy_sqlite(path: Path, progress: Progress) -> _Copy:
    name = Path(str(connection.settings_dict["NAME"])).resolve()
    with contextlib.closing(sqlite3.connect(f"file:{name}?mode=rw", uri=True, isolation_level=None)) as source:
        source.execute("BEGIN")  # holds one snapshot over all pages: else every write would start the copy anew
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with contextlib.closing(sqlite3.connect(path)) as copy:
            source.backup(copy, pages=PAGES, progress=lambda _status, left, total: progress(total - left, total))
            copy.execute("PRAGMA journal_mode=DELETE")
        (events,) = source.execute("SELECT count(*) FROM log_event").fetchone()
        (size,) = source.execute("SELECT coalesce(max(size), 0) FROM log_checkpoint").fetchone()
        source.execute("COMMIT")
    return _Copy(path, int(events), _checkpoint_of(int(size)))


def _checkpoint_of(size: int) -> SignedCheckpoint | None:
    row = Checkpoint.objects.filter(size=size).first()  # a checkpoint is never changed: the live one is the copy's
    return signed(row) if row else None


def _pack(draft: Path, copy: _Copy, at: datetime, with_keys: bool, progress: Progress) -> Manifest:
    data = Path(settings.DATA)
    sources = {copy.path.name: copy.path, **files_below(data / "attachments", "attachments")}
    if with_keys:
        sources |= files_below(settings.CONFIG.secrets_folder, "keys")
    total, packed = sum(path.stat().st_size for path in sources.values()), list[PackedFile]()
    with _private_tar(draft) as tar:
        for name, path in sources.items():
            packed.append(_add(tar, name, path))
            progress(min(sum(file.size for file in packed), total), total)
        manifest = Manifest(
            connection.vendor,
            canonical_time(at),
            copy.events,
            copy.checkpoint,
            with_keys,
            wrapping_check(),
            tuple(packed),
        )
        _add_text(tar, MANIFEST, manifest.to_json())
    return manifest


@contextlib.contextmanager
def _private_tar(path: Path) -> Iterator[tarfile.TarFile]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            yield tar
        file.flush()
        os.fsync(file.fileno())


def _add(tar: tarfile.TarFile, name: str, path: Path) -> PackedFile:
    with path.open("rb") as file:
        reader = HashingReader(file)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = os.fstat(file.fileno()).st_size, 0o600, int(path.stat().st_mtime)
        tar.addfile(entry, reader)
        return reader.packed(name)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text.encode()), 0o600
    tar.addfile(entry, BytesIO(text.encode()))
