"""The sealed log's Merkle tree out of the database: stored nodes from 256 leaves up, leaves below.

Storing every node would double the rows of the log; with 256 leaves to a stored node it is one row in 128, and any
proof reads at most two blocks of leaves.
"""

from __future__ import annotations

from zhangfa.log.merkle import Frontier, consistency_proof, inclusion_proof, peaks_of, root_of
from zhangfa.log.models import Event, Node

NODE_LEVEL = 8
"""Lowest level that is stored: 2^8 leaves."""
BLOCK = 1 << NODE_LEVEL


class StoredTree:
    """Complete subtrees by ``(level, index)``; call it where `log.merkle` wants a subtree. Keeps blocks it read."""

    def __init__(self) -> None:
        self._blocks: dict[int, list[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of a complete sealed subtree; raises LookupError when the log is not that long."""
        if level >= NODE_LEVEL:
            return self._node(level, index)
        start, count = index << level, 1 << level
        leaves = self._block(start // BLOCK)[start % BLOCK : start % BLOCK + count]
        if len(leaves) < count:
            raise LookupError(f"no sealed subtree at level {level}, index {index}")
        return root_of(leaves)

    def _node(self, level: int, index: int) -> bytes:
        found = Node.objects.filter(level=level, index=index).values_list("hash", flat=True).first()
        if found is None:
            raise LookupError(f"no sealed subtree at level {level}, index {index}")
        return bytes(found)

    def _block(self, number: int) -> list[bytes]:
        if number not in self._blocks:
            within = Event.objects.filter(position__gte=number * BLOCK, position__lt=(number + 1) * BLOCK)
            self._blocks[number] = [bytes(leaf) for leaf in within.order_by("position").values_list("leaf", flat=True)]
        return self._blocks[number]


def frontier_at(size: int) -> Frontier:
    """Return the right edge of the tree over the first `size` sealed events, reading at most 255 of them."""
    tree = StoredTree()
    return Frontier(size, [tree(level, index) for level, index in peaks_of(0, size)])


def prove_inclusion(position: int, size: int) -> list[bytes]:
    """Prove that the event at `position` is under the root of `size` events (RFC 9162 §2.1.3)."""
    return inclusion_proof(position, size, StoredTree())


def prove_consistency(old: int, new: int) -> list[bytes]:
    """Prove that the log of `new` events extends the one of `old` events (RFC 9162 §2.1.4)."""
    return consistency_proof(old, new, StoredTree())
