"""Where the bytes lie: files named by their hash, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def originals() -> Path:
    """Return the folder of the files as kept."""
    return Path(settings.DATA) / "attachments"


def thumbnails() -> Path:
    """Return the folder of small pictures; all of it can be made anew from the originals."""
    return Path(settings.DATA) / "thumbnails"


def place_of(root: Path, digest: str) -> Path:
    """Return where the file of that hash lies: ``ab/cd…`` under ``root``."""
    return root / digest[:2] / digest[2:]


def put_bytes(content: bytes) -> str:
    """Write ``content`` under its SHA-256 and return that; written already, only its age is renewed."""
    digest = hashlib.sha256(content).hexdigest()
    path = place_of(originals(), digest)
    if path.exists():
        os.utime(path)
    else:
        write_whole(path, content)
    return digest


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that after a power cut it is there entirely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folders(path.parent)


def _sync_folders(folder: Path) -> None:
    """Make the new name durable, and the folder's own name where it was just made."""
    for each in (folder, folder.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def every_file() -> Iterator[tuple[str, Path]]:
    """Yield (hash by its place, path) of every file on the shelf; half-written ones are left out."""
    for path in originals().glob("??/*"):
        if not path.name.startswith("."):
            yield path.parent.name + path.name, path


def remove_file(digest: str) -> None:
    """Take a file and its small picture off the shelf."""
    for root in (originals(), thumbnails()):
        place_of(root, digest).unlink(missing_ok=True)
