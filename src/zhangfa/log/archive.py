"""What a backup is: one tar file with the database, the attachments, perhaps the keys, and a manifest of all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from zhangfa.log.canonical import canonical
from zhangfa.log.checkpoint import SignedCheckpoint
from zhangfa.log.sentence import Sentence

FORMAT = "zhangfa-backup-1"
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
"""Name of the database's copy, by kind of database."""
PIECE = 1 << 20


class Refused(Exception):
    """A backup or restore that cannot be done; says why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.sentence = Sentence(zh, en)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in a backup and up to where its log reaches."""

    vendor: str
    made_at: str
    events: int
    """Events in the copy, sealed or not."""
    checkpoint: SignedCheckpoint | None
    """The newest one in the copy."""
    with_keys: bool
    wrapping_check: str
    """Tells whether another installation has the key that opens the sensitive values, without giving it away."""
    files: tuple[PackedFile, ...]

    def to_json(self) -> str:
        """Return it as canonical JSON."""
        return canonical(
            {
                "format": FORMAT,
                "vendor": self.vendor,
                "made_at": self.made_at,
                "events": self.events,
                "checkpoint": self.checkpoint.to_json() if self.checkpoint else None,
                "with_keys": self.with_keys,
                "wrapping_check": self.wrapping_check,
                "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in self.files],
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read it back; refuses anything else."""
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                raise ValueError(data["format"])
            files = tuple(PackedFile(file["name"], file["size"], file["sha256"]) for file in data["files"])
            checkpoint = SignedCheckpoint.from_json(data["checkpoint"]) if data["checkpoint"] else None
            return cls(
                data["vendor"], data["made_at"], data["events"], checkpoint,
                data["with_keys"], data["wrapping_check"], files,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(
                "备份的清单读不懂，这不是章法的备份。", "The manifest cannot be read: no Zhangfa backup."
            ) from error


def wrapping_check() -> str:
    """Return the fingerprint of this installation's wrapping key."""
    return hashlib.sha256(b"zhangfa wrapping key " + settings.CONFIG.secret("wrapping")).hexdigest()[:32]


class HashingReader:
    """A file read once, for packing and hashing at the same time."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """Read on, and remember the hash."""
        data = self._file.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    def packed(self, name: str) -> PackedFile:
        """Describe what was read."""
        return PackedFile(name, self.size, self._hash.hexdigest())


def describe_file(path: Path, name: str) -> PackedFile:
    """Hash a file on disk."""
    with path.open("rb") as file:
        reader = HashingReader(file)
        while reader.read(PIECE):
            pass
        return reader.packed(name)


def files_below(folder: Path, prefix: str) -> Mapping[str, Path]:
    """Name the regular files below a folder as they stand in a backup."""
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    return {f"{prefix}/{path.relative_to(folder).as_posix()}": path for path in found}
