"""One byte string for one value: the canonical JSON everything in the log is hashed from.

As RFC 8785 (JCS) with two differences: keys are ordered by Unicode code point (RFC 8785: by UTF-16 unit; they differ
only beyond U+FFFF), and there are no floats at all, because decimals travel as text and money as whole fen.
"""

from __future__ import annotations

from typing import Any

import orjson

LARGEST = 2**63 - 1
SMALLEST = -(2**63)
_PLAIN = frozenset((str, bool, type(None)))
_WHOLES = frozenset((dict, list, tuple))


class NotCanonical(TypeError):
    """A value that has no canonical form: a float, a date, an integer beyond 64 bits, a key that is no text."""


def _is_plain(value: object) -> bool:
    """Whether it is made of plain mappings, lists, texts, truths and integers of 64 bits, as nearly all are."""
    waiting: list[Any] = [(value,)]
    for whole in waiting:  # which grows while it is walked
        for item in whole.values() if type(whole) is dict else whole:
            kind = type(item)
            if kind in _PLAIN:
                continue
            if kind in _WHOLES:
                waiting.append(item)
            elif kind is not int or not SMALLEST <= item <= LARGEST:
                return False
    return True


def _refuse_uncanonical(value: Any, path: str) -> None:
    """Walk again what is not plain, to find out what is wrong and where."""
    # orjson would silently write floats, dates, UUIDs and enums; whoever calls must decide on their text first.
    kind = type(value)
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_uncanonical(item, f"{path}.{key}")
    elif kind is list or kind is tuple:
        for item in value:
            _refuse_uncanonical(item, path)
    elif kind is int:
        if not SMALLEST <= value <= LARGEST:
            raise NotCanonical(f"integer beyond 64 bits at {path}")
    elif kind is not bool and value is not None and not isinstance(value, str):
        raise NotCanonical(f"{kind.__name__} at {path} has no canonical JSON form")


def canonical_bytes(value: object) -> bytes:
    """Return the canonical JSON of `value` as UTF-8: keys sorted, no spaces, no escapes beyond the necessary.

    Takes dict (text keys), list, tuple, str, int (64 bits), bool and None; anything else raises `NotCanonical`.
    """
    if not _is_plain(value):
        _refuse_uncanonical(value, "$")
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, UnicodeEncodeError) as error:
        raise NotCanonical(str(error)) from error


def canonical(value: object) -> str:
    """Return the canonical JSON of `value` as text; see :func:`canonical_bytes`."""
    return canonical_bytes(value).decode()


def is_canonical(text: str) -> bool:
    """Whether `text` is exactly the canonical JSON of what it says."""
    try:
        return canonical(orjson.loads(text)) == text
    except (ValueError, NotCanonical):
        return False
