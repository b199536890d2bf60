"""Regular expressions a charter may hold: valid, and free of repeats within repeats.

``(a+)+$`` against a long text takes time that doubles with every sign; nobody who fills in a form
should be able to hold the server with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
FEW = 4
"""A part repeated at most so many times multiplies nothing that matters."""


def pattern_fault(pattern: str) -> str:
    """Return why the pattern cannot be read, ``nested`` for a repeat within a repeat, or nothing."""
    try:
        tree = sre.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return "nested" if _nests(tree, False) else ""


def _nests(parts: Iterable[Any], repeated: bool) -> bool:
    for name, value in parts:
        if str(name) in REPEATS:
            _least, most, inside = value
            long = int(most) > FEW
            if (long and repeated) or _nests(inside, repeated or long):
                return True
        elif any(_nests(inside, repeated) for inside in _inner(value)):
            return True
    return False


def _inner(value: Any) -> Iterable[Any]:
    """Yield the groups and branches inside a part."""
    for each in value if isinstance(value, tuple | list) else (value,):
        if isinstance(each, sre.SubPattern):
            yield each
        elif isinstance(each, list):
            yield from (branch for branch in each if isinstance(branch, sre.SubPattern))
