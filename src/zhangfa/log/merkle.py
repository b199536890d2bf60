"""The Merkle tree of RFC 9162 §2.1 over SHA-256: roots, proofs and their verification. Pure; knows no database.

Proofs are computed from any source of *complete subtrees*: ``subtree(level, index)`` returns the hash over the leaves
``index·2^level`` to ``(index+1)·2^level - 1`` (level 0 is a leaf hash).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Subtree = Callable[[int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def parent_of(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (§2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: all that is needed to add leaves and to tell the root."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    """Roots of the largest complete subtrees, left to right, one per bit of `size`."""

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; return the inner nodes ``(level, index, hash)`` it completed."""
        completed: list[tuple[int, int, bytes]] = []
        index, level, node = self.size, 0, leaf
        while index & 1:
            node = hashlib.sha256(b"\x01" + self.peaks.pop() + node).digest()
            index, level = index >> 1, level + 1
            completed.append((level, index, node))
        self.peaks.append(node)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the tree's root (§2.1.1: MTH)."""
        return _fold(self.peaks)


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = parent_of(peak, root)
    return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def peaks_of(start: int, end: int) -> list[tuple[int, int]]:
    """Name the complete subtrees ``(level, index)`` that make up the leaves `start` to `end` - 1, left to right.

    `start` must be a multiple of the smallest power of two not below ``end - start``.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def _range_root(start: int, end: int, subtree: Subtree) -> bytes:
    return _fold([subtree(level, index) for level, index in peaks_of(start, end)])


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(position: int, size: int, subtree: Subtree) -> list[bytes]:
    """Prove that the leaf at `position` is in the tree of `size` leaves (§2.1.3.1)."""
    if not 0 <= position < size:
        raise ValueError(f"position {position} is not in a tree of {size}")
    start, end, proof = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            proof.append(_range_root(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_root(start, middle, subtree))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Prove that the tree of `new` leaves extends the one of `old` leaves (§2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    start, end, whole, proof = 0, new, True, list[bytes]()
    while end > old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range_root(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_root(start, middle, subtree))
            start, whole = middle, False
    if not whole:
        proof.append(_range_root(start, end, subtree))
    return proof[::-1]


def is_included(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Verify an inclusion proof (§2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, node = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = parent_of(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = parent_of(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Verify a consistency proof (§2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or (not proof and old & (old - 1)):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = parent_of(node, first), parent_of(node, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = parent_of(second, node)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
