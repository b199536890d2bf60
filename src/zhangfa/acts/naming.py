"""Ids, numbers and follow-up codes, each reckoned from the moment and the act's own key.

Nothing here draws at random: the same key yields the same id, so that a retry means the same thing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from functools import cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
EPOCH_MS = int(dt.datetime(2000, 1, 1, tzinfo=dt.UTC).timestamp() * 1000)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs without 0, O, 1, I: sixteen of them carry 80 bits."""


def id_of(at: dt.datetime, *parts: str | int) -> int:
    """Return a 63-bit id that grows with time: 41 bits of milliseconds since 2000, 22 bits of the parts' hash."""
    moment = max(0, int(at.timestamp() * 1000) - EPOCH_MS) & (1 << 41) - 1
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return moment << 22 | int.from_bytes(digest[:4]) & (1 << 22) - 1


def number_of(charter: str, register: str, at: dt.datetime, *parts: str | int, single: bool = False) -> str:
    """Return what people quote, such as ``RR-261122-7K3FA``: initials, day in Shanghai, five signs of the hash."""
    initials = _initials(charter) if single else _initials(charter) + register[:1].upper()
    digest = int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[4:12])
    signs = "".join(ALPHABET[digest // len(ALPHABET) ** place % len(ALPHABET)] for place in range(5))
    return f"{initials}-{at.astimezone(SHANGHAI):%y%m%d}-{signs}"


@cache
def _initials(charter: str) -> str:
    return "".join(word[0] for word in charter.replace("_", "-").split("-") if word).upper()[:4]


def code_of(secret: bytes, key: str) -> str:
    """Return the follow-up code of the act with this key: 80 bits under the installation's secret.

    A resident whose connection broke before the answer came sends the same form again and gets the
    same code; nobody without the secret can reckon it.
    """
    bits = int.from_bytes(hmac.new(secret, key.encode(), hashlib.sha256).digest()[:10])
    signs = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(16))
    return "-".join(signs[start : start + 4] for start in range(0, 16, 4))


def hash_code(code: str) -> str:
    """Hash a follow-up code as stored: case, spaces and hyphens do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(b"zhangfa follow-up code\x00" + plain.encode()).hexdigest()
