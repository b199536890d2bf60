"""The folder of the mirror: Parquet files, and one manifest that says which of them count.

Files are written beside the others, flushed to disk, and count only once the manifest that names them has taken the
place of the one before (``rename`` is atomic). So a crash leaves at most files that nobody names; the next writer
removes them. One writer at a time holds the lock; the kernel frees it when a process dies. Readers take no lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

FORMAT = 3
"""Of what the files say; a mirror of another format is made anew."""
PLACES_KEPT = 48
LONG_AGO = 600.0
"""Seconds after which nobody still writes or reads what a process made for itself."""


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file: what the events of positions ``start`` to ``end`` (not included) say of one table."""

    name: str
    start: int
    end: int
    rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The files of one table: every change, and a snapshot of the state after ``base.end`` events."""

    history: tuple[File, ...] = ()
    base: File | None = None

    @property
    def files(self) -> tuple[File, ...]:
        """Every file."""
        return (*self.history, self.base) if self.base else self.history


@dataclass(frozen=True, slots=True)
class Manifest:
    """What counts: ``size`` sealed events with the Merkle root ``root``, and the files of each table."""

    size: int = 0
    root: str = ""
    tables: dict[str, Kept] = field(default_factory=dict)
    leaving: tuple[str, ...] = ()
    """Files no longer needed, kept once more for those who read the manifest before this one."""

    def with_table(self, name: str, kept: Kept) -> Manifest:
        """Return the manifest with the files of one table replaced."""
        return replace(self, tables={**self.tables, name: kept})

    @property
    def names(self) -> set[str]:
        """Names of all files that count."""
        return {one.name for kept in self.tables.values() for one in kept.files}


def read_manifest(folder: Path) -> Manifest:
    """Return what counts now; an empty mirror where there is none, or one of another format."""
    try:
        raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return Manifest()
    if raw.get("format") != FORMAT:
        return Manifest()
    tables = {
        name: Kept(tuple(map(_file, one["history"])), _file(one["base"]) if one["base"] else None)
        for name, one in raw["tables"].items()
    }
    return Manifest(raw["size"], raw["root"], tables, tuple(raw["leaving"]))


def _file(raw: dict[str, object]) -> File:
    columns = raw["columns"]
    assert isinstance(columns, list)
    return File(**{**raw, "columns": tuple(columns)})  # type: ignore[arg-type]


def swap_manifest(folder: Path, manifest: Manifest) -> None:
    """Make a manifest the one that counts, durably; its files must be flushed already."""
    path = folder / "manifest.json.new"
    with path.open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, **asdict(manifest)}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    path.replace(folder / "manifest.json")
    flush_folder(folder)


def flush_file(path: Path) -> None:
    """Bring a file's content to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Bring a folder's names to disk."""
    flush_file(folder)


def sweep(folder: Path, manifest: Manifest) -> None:
    """Remove files that neither count nor may still be read; the newest trees of units stay."""
    known = {*manifest.names, *manifest.leaving}
    for path in folder.glob("*.parquet"):
        if path.name not in known and not path.name.startswith("place-"):
            path.unlink(missing_ok=True)
    places = sorted(folder.glob("place-*.parquet"), key=_written, reverse=True)
    left_over = [path for pattern in ("*.lines", "*.new") for path in folder.glob(pattern)]
    for path in (*places[PLACES_KEPT:], *left_over):
        if time.time() - _written(path) > LONG_AGO:
            path.unlink(missing_ok=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@contextlib.contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Be the one writer of the folder; waits for another one."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
