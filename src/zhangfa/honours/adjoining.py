"""Which units hang together, side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Beside = Mapping[int, Sequence[int]]
"""Unit → the units beside it."""


def beside_each(pairs: Iterable[tuple[int, int]]) -> Beside:
    """Return the units beside each, from pairs that count both ways."""
    found: dict[int, list[int]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


def largest_together(units: Iterable[int], beside: Beside) -> int:
    """Return how many of the units hang together at most, stepping only from one of them to one beside it."""
    left = set(units)
    largest = 0
    while left:
        waiting, size = [left.pop()], 0
        while waiting:
            size += 1
            near = left.intersection(beside.get(waiting.pop(), ()))
            left -= near
            waiting += near
        largest = max(largest, size)
    return largest
