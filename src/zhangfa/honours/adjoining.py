"""Which units hang together, side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def largest_together(units: Iterable[int], beside: Iterable[tuple[int, int]]) -> int:
    """Return how many of the units hang together at most, stepping only from one of them to one beside it."""
    left = set(units)
    neighbours: dict[int, list[int]] = {}
    for one, other in beside:
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    largest = 0
    while left:
        waiting, size = [left.pop()], 0
        while waiting:
            size += 1
            near = left.intersection(neighbours.get(waiting.pop(), ()))
            left -= near
            waiting += near
        largest = max(largest, size)
    return largest
