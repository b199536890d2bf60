"""Sensitive values: encrypted under a key of their own record, forgotten by destroying that key.

AES-256-GCM, 96-bit random nonces. The additional data binds a ciphertext to its record and field, so that it cannot be
moved. A record's key is kept wrapped by the installation's key (``keys/wrapping.key``); a forgotten record keeps an
empty row, so that it can never get a second key. Stored form: ``{"~": base64(nonce || ciphertext || tag)}``.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

from zhangfa.log.append import Appended, append_event
from zhangfa.log.canonical import canonical_bytes
from zhangfa.log.transaction import write_transaction

MARK: Final = "~"
_NONCE = 12
_INSERT = "INSERT INTO log_datakey (record, wrapped) VALUES (%s, %s) ON CONFLICT (record) DO NOTHING"


class Erased(Enum):
    """Stands where a value was before its record's key was destroyed."""

    ERASED = "erased"

    def __bool__(self) -> bool:
        """Erased counts as nothing."""
        return False


ERASED: Final = Erased.ERASED


class RecordErased(Exception):
    """The record was erased; it takes no further sensitive value."""


class Tampered(Exception):
    """A ciphertext does not belong to this record and field, or was changed."""


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The open key of one record, with the row to insert when it is new."""

    record: int
    cipher: AESGCM
    row: tuple[int, bytes] | None
    """``(record, wrapped)`` for ``INSERT INTO log_datakey (record, wrapped)``; None when it stands there already."""

    def encrypt(self, field: str, value: object) -> dict[str, str]:
        """Return the stored form of a canonical value of `field`."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self.cipher.encrypt(nonce, canonical_bytes(value), _bound_to(self.record, field))
        return {MARK: base64.b64encode(sealed).decode()}

    def decrypt(self, field: str, stored: Mapping[str, str]) -> object:
        """Return the value; raises `Tampered` when it was changed or moved."""
        try:
            sealed = base64.b64decode(stored[MARK], validate=True)
            text = self.cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(self.record, field))
        except (InvalidTag, ValueError) as error:
            raise Tampered(f"record {self.record}, field {field}") from error
        return orjson.loads(text)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of several records, fetched by one query."""

    keys: Mapping[int, RecordKey]

    def decrypt(self, record: int, field: str, stored: object) -> object:
        """Return the value of a stored form, `ERASED` without its key, and anything else as it is."""
        if not is_encrypted(stored):
            return stored
        key = self.keys.get(record)
        return key.decrypt(field, stored) if key else ERASED  # type: ignore[arg-type]


def is_encrypted(stored: object) -> bool:
    """Whether a payload value is the stored form of a sensitive one."""
    return isinstance(stored, dict) and len(stored) == 1 and MARK in stored


def _bound_to(record: int, field: str) -> bytes:
    return f"zhangfa value {record} {field}".encode()


@lru_cache(maxsize=4)
def _read_wrapping_key(_folder: str) -> AESGCM:
    return AESGCM(settings.CONFIG.secret("wrapping"))


def _wrapping() -> AESGCM:
    return _read_wrapping_key(str(settings.CONFIG.secrets_folder))


def forget_open_keys() -> None:
    """Read the wrapping key anew: the host put another in its place."""
    _read_wrapping_key.cache_clear()


def new_key(record: int) -> RecordKey:
    """Make the key of a new record; the caller inserts `row` in the same transaction as the ciphertext."""
    raw, nonce = AESGCM.generate_key(256), os.urandom(_NONCE)
    wrapped = nonce + _wrapping().encrypt(nonce, raw, b"zhangfa key %d" % record)
    return RecordKey(record, AESGCM(raw), (record, wrapped))


def _open(record: int, wrapped: bytes) -> RecordKey:
    try:
        raw = _wrapping().decrypt(wrapped[:_NONCE], wrapped[_NONCE:], b"zhangfa key %d" % record)
    except InvalidTag as error:
        raise Tampered(f"the key of record {record} does not open: is keys/wrapping.key the right one?") from error
    return RecordKey(record, AESGCM(raw), None)


def _rows(records: Iterable[int]) -> list[tuple[int, bytes]]:
    wanted = sorted(set(records))
    found: list[tuple[int, bytes]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            places = ", ".join(["%s"] * len(part))
            cursor.execute(f"SELECT record, wrapped FROM log_datakey WHERE record IN ({places})", part)
            found += [(record, bytes(wrapped)) for record, wrapped in cursor.fetchall()]
    return found


def fetch_keys(records: Iterable[int]) -> Keyring:
    """Open the keys of many records at once, for lists and exports; erased and keyless ones are left out."""
    return Keyring({record: _open(record, wrapped) for record, wrapped in _rows(records) if wrapped})


def key_for_writing(record: int) -> RecordKey:
    """Return the record's key, new and not yet inserted when it has none; raises `RecordErased` after erasure."""
    for _record, wrapped in _rows([record]):
        if not wrapped:
            raise RecordErased(str(record))
        return _open(record, wrapped)
    return new_key(record)


def insert_key(key: RecordKey) -> RecordKey:
    """Insert a new key's row; returns the key that stands there, which is another's when another was first."""
    if key.row is None:
        return key
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, key.row)
        if cursor.rowcount == 1:
            return key
    return key_for_writing(key.record)


def encrypt_value(record: int, field: str, value: object) -> dict[str, str]:
    """Encrypt one canonical value; makes the record's key when it has none. Call inside the write transaction."""
    return insert_key(key_for_writing(record)).encrypt(field, value)


def decrypt_value(record: int, field: str, stored: object) -> object:
    """Return one value, or `ERASED` once the record was forgotten."""
    return fetch_keys([record]).decrypt(record, field, stored)


def is_forgotten(record: int) -> bool:
    """Whether the record's key was destroyed."""
    return any(not wrapped for _record, wrapped in _rows([record]))


def forget(record: int) -> None:
    """Destroy the record's key: what was encrypted under it is noise from now on. Log it by :func:`erase_record`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO log_datakey (record, wrapped) VALUES (%s, %s) "
            "ON CONFLICT (record) DO UPDATE SET wrapped = excluded.wrapped",
            [record, b""],
        )


def erase_record(*, record: int, reason: str, by: int | None, at: datetime, key: str) -> Appended:
    """Destroy a record's key and log who did it and why; the chain still verifies."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # else the old key's bytes stay in the file's free space
    with write_transaction():
        appended = append_event(
            key=key, ts=at, kind="erase", record=record, person=by, payload={"record": record, "reason": reason}
        )
        forget(record)
    _clear_journal()
    return appended


def _clear_journal() -> None:
    # Best effort: the write-ahead log still holds the old page until it is started anew.
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
