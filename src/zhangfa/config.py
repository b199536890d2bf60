"""The settings of one installation: a single typed class, read from the environment.

What a county decides stands in its charters; only what the host decides stands here.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the host decides; each field is one row of ``docs/reference/settings.md``."""

    data: Path
    """Folder of the embedded database, attachments, keys and backups (``DATA``)."""
    port: int
    """Port the server listens on (``PORT``)."""
    host: str
    """Address the server listens on (``HOST``); ``127.0.0.1`` unless told."""
    database_url: str
    """``postgresql://user:password@host:port/name``; empty for the embedded SQLite (``DATABASE_URL``)."""
    public_url: str
    """Address printed in QR codes and short links (``PUBLIC_URL``)."""
    debug: bool
    """Show tracebacks in the browser (``DEBUG``); never on a public host."""
    demo: bool
    """Offer the demo accounts on the log-in page (``DEMO``)."""
    workers: int
    """Server processes (``WORKERS``); one on SQLite."""
    door_per_address: int
    """Requests an hour from one address at one door before they are quarantined (``DOOR_PER_ADDRESS``)."""
    door_per_door: int
    """Requests an hour at one door from everywhere before they are quarantined (``DOOR_PER_DOOR``)."""
    door_code_tries: int
    """Wrong follow-up codes an hour from one address (``DOOR_CODE_TRIES``)."""
    door_work: int
    """Largest number of hashes a door's proof of work may take (``DOOR_WORK``)."""

    @property
    def secrets_folder(self) -> Path:
        """Folder holding the keys of this installation; readable by its owner only."""
        return self.data / "keys"

    def secret(self, name: str, size: int = 32) -> bytes:
        """Return the named key of this installation, made at random on first use."""
        folder = self.secrets_folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{name}.key"
        if not path.exists():
            # Written aside and linked into place: another process sees the whole key or none.
            handle, aside = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(size))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(aside, path)
            os.unlink(aside)
        return path.read_bytes()


def load_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the settings from the environment; unset ones take their default."""
    port = int(environ.get("PORT", "8000"))
    return Config(
        data=Path(environ.get("DATA", "data")).resolve(),
        port=port,
        host=environ.get("HOST", "127.0.0.1"),
        database_url=environ.get("DATABASE_URL", ""),
        public_url=environ.get("PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        debug=environ.get("DEBUG", "") == "1",
        demo=environ.get("DEMO", "") == "1",
        workers=int(environ.get("WORKERS", "1")),
        door_per_address=int(environ.get("DOOR_PER_ADDRESS", "10")),
        door_per_door=int(environ.get("DOOR_PER_DOOR", "120")),
        door_code_tries=int(environ.get("DOOR_CODE_TRIES", "10")),
        door_work=int(environ.get("DOOR_WORK", "120000")),
    )
