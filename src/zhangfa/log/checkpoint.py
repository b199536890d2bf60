"""A checkpoint: the root over the first `size` events, signed (Ed25519, RFC 8032) by the installation's key.

Signed are the canonical JSON bytes of ``{"log":"zhangfa-checkpoint-1","public_key":hex,"root":hex,"size":n,
"suite":"sha256+aes256gcm+ed25519","ts":"…Z"}``. A checkpoint kept elsewhere (printed, mailed, with the county's
auditor) is what makes a rewritten log visible.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection

from zhangfa.log.canonical import canonical, canonical_bytes
from zhangfa.log.leaf import canonical_time
from zhangfa.log.models import Checkpoint

SUITE = "sha256+aes256gcm+ed25519"
TRUSTED_KEYS = "trusted-log-keys.txt"
"""In the keys folder: public keys (hex, one a line) of earlier installations whose checkpoints are believed."""


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it travels."""

    size: int
    root: bytes
    ts: str
    suite: str
    public_key: bytes
    signature: bytes

    def message(self) -> bytes:
        """Return the bytes that are signed."""
        return canonical_bytes(self._claims())

    def _claims(self) -> dict[str, object]:
        return {
            "log": "zhangfa-checkpoint-1",
            "public_key": self.public_key.hex(),
            "root": self.root.hex(),
            "size": self.size,
            "suite": self.suite,
            "ts": self.ts,
        }

    def to_json(self) -> dict[str, object]:
        """Return it as JSON, bytes in hex."""
        return {**self._claims(), "signature": self.signature.hex()}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> SignedCheckpoint:
        """Read it back; raises KeyError or ValueError for anything else."""
        root, key, signature = (bytes.fromhex(str(data[name])) for name in ("root", "public_key", "signature"))
        return cls(int(str(data["size"])), root, str(data["ts"]), str(data["suite"]), key, signature)

    def is_signed(self) -> bool:
        """Whether the signature is that of the key it names; whether to believe that key is another question."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(self.signature, self.message())
        except (InvalidSignature, ValueError):
            return False
        return True


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.CONFIG.secret("log-signing"))


def public_key() -> bytes:
    """Return this installation's public key (32 bytes)."""
    return _signing_key().public_key().public_bytes_raw()


def trusted_keys() -> frozenset[bytes]:
    """Return the public keys whose checkpoints are believed: our own and those the host wrote down."""
    path = settings.CONFIG.secrets_folder / TRUSTED_KEYS
    lines = path.read_text().split() if path.exists() else []
    return frozenset([public_key(), *(bytes.fromhex(line) for line in lines)])


def sign_checkpoint(*, size: int, root: bytes, at: datetime) -> SignedCheckpoint:
    """Sign the root over the first `size` events."""
    key, ts = public_key(), canonical_time(at)
    unsigned = SignedCheckpoint(size, root, ts, SUITE, key, b"")
    return SignedCheckpoint(size, root, ts, SUITE, key, _signing_key().sign(unsigned.message()))


def store_checkpoint(checkpoint: SignedCheckpoint, *, at: datetime) -> None:
    """Write the row; in the sealer's transaction."""
    Checkpoint.objects.create(
        size=checkpoint.size, root=checkpoint.root, ts=at, algorithms=checkpoint.suite,
        public_key=checkpoint.public_key, signature=checkpoint.signature,
    )  # fmt: skip


def signed(row: Checkpoint) -> SignedCheckpoint:
    """Return a row as it travels."""
    return SignedCheckpoint(
        row.size, bytes(row.root), canonical_time(row.ts.astimezone(UTC)), row.algorithms,
        bytes(row.public_key), bytes(row.signature),
    )  # fmt: skip


def last_checkpoint() -> SignedCheckpoint | None:
    """Return the newest checkpoint, if anything was ever sealed."""
    row = Checkpoint.objects.order_by("-size").first()
    return signed(row) if row else None


def published_path() -> Path:
    """Name the file beside the database that holds the newest checkpoint, so that a restored copy can be measured."""
    name = Path(str(connection.settings_dict["NAME"])).name.partition("?")[0]
    return Path(settings.DATA) / f"{name}.checkpoint.json"


def publish_checkpoint(checkpoint: SignedCheckpoint) -> None:
    """Write the newest checkpoint beside the database, whole or not at all."""
    path = published_path()
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(canonical(checkpoint.to_json()))
    draft.replace(path)


def read_checkpoint(path: Path) -> SignedCheckpoint | None:
    """Read a checkpoint file, or None when there is none; raises ValueError when it is something else."""
    if not path.exists():
        return None
    try:
        return SignedCheckpoint.from_json(json.loads(path.read_text()))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a checkpoint") from error
