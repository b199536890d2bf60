"""Where an uploaded table waits between its preview and its confirmation: a file named by its digest."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path

from django.conf import settings

KEPT_SECONDS = 24 * 3600
NAME = re.compile(r"[0-9a-f]{64}")


def _folder() -> Path:
    folder = settings.CONFIG.data / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def shelve(content: bytes) -> str:
    """Keep an upload for a day and return its name; older ones are removed."""
    for path in _folder().iterdir():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
    name = hashlib.sha256(content).hexdigest()
    (_folder() / name).write_bytes(content)
    return name


def take(name: str) -> bytes | None:
    """Return what was kept under a name; None when it is gone or was never there."""
    path = _folder() / name
    return path.read_bytes() if NAME.fullmatch(name) and path.exists() else None
