"""Text functions. A sign is a Unicode code point, in Python as in DuckDB."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase

from zhangfa.expression.faults import EvaluationError

BLANKS = " \t\n\r\u00a0\u3000"
BLANKS_SQL = "concat(' ', chr(9), chr(10), chr(13), chr(160), chr(12288))"
CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
SMALLS = str.maketrans(ascii_uppercase, ascii_lowercase)
MAX_TEXT = 100_000
"""Most signs of a text that an expression may make."""


def keep_length(text: str) -> str:
    """Return the text, or raise where it is longer than :data:`MAX_TEXT`."""
    if len(text) <= MAX_TEXT:
        return text
    raise EvaluationError("文字太长，无法计算", "A text is too long to work with")


def upper(text: str) -> str:
    """Return it with the letters a to z in capitals; other scripts' capitals are no two systems' same."""
    return text.translate(CAPITALS)


def lower(text: str) -> str:
    """Return it with the letters A to Z in small letters."""
    return text.translate(SMALLS)


def trim(text: str) -> str:
    """Return it without blanks, tabs, line ends and full-width blanks at both ends."""
    return text.strip(BLANKS)


def substring(text: str, start: int, length: int | None = None) -> str:
    """Return ``length`` signs from ``start``; the first sign is 1, a smaller start means 1."""
    begin = max(start, 1) - 1
    return text[begin:] if length is None else text[begin : begin + max(length, 0)]


def left(text: str, length: int) -> str:
    """Return the first signs."""
    return text[: max(length, 0)]


def right(text: str, length: int) -> str:
    """Return the last signs."""
    return text[-length:] if length > 0 else ""


def contains(text: str, part: str) -> bool:
    """Say whether the text holds the part."""
    return part in text


def concat(*parts: object) -> str:
    """Put parts together; NULLs are left out."""
    return keep_length("".join(show(part) for part in parts if part is not None))


def show(value: object) -> str:
    """Return a value as text: dates as ISO, decimals with their scale, ``true`` and ``false``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def is_like(text: str, pattern: str) -> bool:
    """Match SQL's LIKE in time proportional to text times pattern: ``%`` any signs, ``_`` one sign."""
    at = sign = 0
    star = retry = -1
    while at < len(text):
        if sign < len(pattern) and pattern[sign] == "%":
            star, retry, sign = sign, at, sign + 1
        elif sign < len(pattern) and pattern[sign] in ("_", text[at]):
            at, sign = at + 1, sign + 1
        elif star >= 0:
            retry += 1
            at, sign = retry, star + 1
        else:
            return False
    return all(rest == "%" for rest in pattern[sign:])
