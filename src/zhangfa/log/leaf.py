"""Which bytes of an event are hashed.

A leaf is ``SHA-256(0x00 || entry)`` (RFC 9162 §2.1.1). The entry is the canonical JSON (``log.canonical``) of one
object with exactly these members, in this (sorted) order::

    {"charter":…,"key":…,"kind":…,"payload":{…},"person":…,"record":…,"register":…,"step":…,
     "suite":"sha256+aes256gcm","ts":"2026-11-22T06:42:00.000000Z","unit":…,"version":…}

- ``payload`` is the stored payload text, byte for byte: what is sensitive in it is ciphertext, so the leaf still
  recomputes after the key was destroyed;
- ``ts`` is UTC with six decimals and ``Z``; ``person``, ``record`` and ``unit`` are integers or null;
- ``suite`` names the algorithms, so that a later log can use others (SM3, SM4-GCM) beside these;
- ``seq`` and ``position`` are not in it: the place of an event is proved by the tree.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import orjson

SUITE = "sha256+aes256gcm"


def canonical_time(moment: datetime) -> str:
    """Write an aware datetime as UTC with six decimals and ``Z``; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a time in the log must carry its zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def entry_of(
    *,
    key: str,
    ts: str,
    kind: str,
    charter: str,
    version: int,
    register: str,
    record: int | None,
    step: str,
    person: int | None,
    unit: int | None,
    payload: str,
) -> bytes:
    """Return the bytes the log commits to; `ts` as :func:`canonical_time` writes it, `payload` canonical text."""
    return orjson.dumps(
        {
            "charter": charter,
            "key": key,
            "kind": kind,
            "payload": orjson.Fragment(payload),
            "person": person,
            "record": record,
            "register": register,
            "step": step,
            "suite": SUITE,
            "ts": ts,
            "unit": unit,
            "version": version,
        }
    )


def leaf_of_entry(entry: bytes) -> bytes:
    """Return the Merkle leaf hash of an entry's bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def leaf_of(
    *,
    key: str,
    ts: datetime,
    kind: str,
    charter: str,
    version: int,
    register: str,
    record: int | None,
    step: str,
    person: int | None,
    unit: int | None,
    payload: str,
) -> bytes:
    """Return the leaf hash of an event about to be written."""
    return leaf_of_entry(
        entry_of(
            key=key,
            ts=canonical_time(ts),
            kind=kind,
            charter=charter,
            version=version,
            register=register,
            record=record,
            step=step,
            person=person,
            unit=unit,
            payload=payload,
        )
    )
