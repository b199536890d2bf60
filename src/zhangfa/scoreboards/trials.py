"""What was handed in for a try: kept for a day in files, named in the session of whoever tries, never in the log."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from zhangfa.charter.engine import UnknownCharter, at_version
from zhangfa.charter.load import load_charter
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score

KEPT_SECONDS = 24 * 3600
MOST_KEPT = 8
"""Trials of one session; the oldest goes."""
IN_SESSION = "scores.try"
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(slots=True)
class Table:
    """One file handed in, as it was opened."""

    name: str
    rows: int
    columns: list[list[str]]
    """Heading, field it was read as, the field's title; the latter two empty where it is not read."""
    content: str
    """Name of the file in the trial's folder."""


@dataclass(slots=True)
class Trial:
    """Everything handed in so far for one try."""

    token: str
    charter: str
    version: int
    """0 where the charter was uploaded."""
    score: str
    period: str = ""
    text: str = ""
    """The uploaded charter with its checklists, as the session need not carry them."""
    files: dict[str, str] = field(default_factory=dict)
    units: Table | None = None
    tables: dict[str, list[Table]] = field(default_factory=dict)
    title: str = ""

    def read_charter(self) -> Charter | None:
        """Return the charter tried; None where it is no longer there."""
        if not self.version:
            return load_charter(self.text, name=f"{self.charter}.yaml", files=self.files).charter
        try:
            return at_version(self.charter, self.version)
        except UnknownCharter:
            return None

    def read_score(self) -> tuple[Charter, Score] | None:
        """Return the charter with the score tried."""
        charter = self.read_charter()
        return (charter, charter.scores[self.score]) if charter and self.score in charter.scores else None


def _root() -> Path:
    folder = Path(settings.DATA) / "trials"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def folder_of(token: str) -> Path:
    """Return the folder of a trial."""
    assert TOKEN.fullmatch(token)
    return _root() / token


def open_trial(session: SessionBase, trial: Trial) -> None:
    """Begin a trial: its folder, and its name in the session. Trials older than a day are removed."""
    sweep()
    folder_of(trial.token).mkdir(mode=0o700)
    save(trial)
    held = [one for one in session.get(IN_SESSION, []) if one != trial.token]
    for gone in held[: max(0, len(held) + 1 - MOST_KEPT)]:
        remove(gone)
    session[IN_SESSION] = [*held[-(MOST_KEPT - 1) :], trial.token]


def new_token() -> str:
    """Return a name nobody can guess."""
    return secrets.token_urlsafe(16)


def save(trial: Trial) -> None:
    """Write down what was handed in."""
    write(trial.token, "trial.json", asdict(trial))


def find(session: SessionBase, token: str) -> Trial | None:
    """Return a trial of this session; None for another's, and for one that is gone."""
    held = read(token, "trial.json") if token in session.get(IN_SESSION, []) else None
    if held is None:
        return None
    units = Table(**held["units"]) if held["units"] else None
    tables = {name: [Table(**one) for one in files] for name, files in held["tables"].items()}
    return Trial(**held | {"units": units, "tables": tables})


def trials_of(session: SessionBase) -> Iterator[Trial]:
    """Yield the session's trials, the newest first."""
    for token in reversed(session.get(IN_SESSION, [])):
        if found := find(session, token):
            yield found


def forget(session: SessionBase, token: str) -> None:
    """Remove a trial with all its files."""
    session[IN_SESSION] = [one for one in session.get(IN_SESSION, []) if one != token]
    remove(token)


def put_file(token: str, content: bytes) -> str:
    """Keep a file in the trial's folder and return its name there."""
    name = f"{secrets.token_hex(8)}.csv"
    (folder_of(token) / name).write_bytes(content)
    return name


def take_file(token: str, name: str) -> bytes:
    """Return a file of the trial."""
    assert re.fullmatch(r"[0-9a-f]{16}\.csv", name)
    return (folder_of(token) / name).read_bytes()


def write(token: str, name: str, content: Mapping[str, Any]) -> None:
    """Put a note into the trial's folder, whole or not at all."""
    path = folder_of(token) / name
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    part.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    os.replace(part, path)


def read(token: str, name: str) -> dict[str, Any] | None:
    """Return a note of the trial; None where there is none."""
    if not TOKEN.fullmatch(token):
        return None
    try:
        found: dict[str, Any] = json.loads((folder_of(token) / name).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found


def remove(token: str) -> None:
    """Remove a trial's folder."""
    folder = folder_of(token)
    for path in folder.iterdir() if folder.is_dir() else ():
        path.unlink(missing_ok=True)
    if folder.is_dir():
        folder.rmdir()


def sweep() -> None:
    """Remove what nobody has touched for a day."""
    for folder in _root().iterdir():
        if TOKEN.fullmatch(folder.name) and folder.stat().st_mtime < time.time() - KEPT_SECONDS:
            remove(folder.name)
