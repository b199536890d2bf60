"""The one small language of conditions, computed fields and indicators: a subset of SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed and checked expression."""

    source: str
    type: str
    names: frozenset[str]
