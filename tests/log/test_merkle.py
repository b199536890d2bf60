"""Held against a naive tree written straight from the definitions of RFC 9162 §2.1."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.log.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    peaks_of,
    root_of,
)


def leaf(number: int) -> bytes:
    return hashlib.sha256(b"\x00" + str(number).encode()).digest()


LEAVES = [leaf(number) for number in range(300)]


def naive_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def largest_power_below(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def naive_path(position: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = largest_power_below(len(leaves))
    if position < split:
        return [*naive_path(position, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(position - split, leaves[split:]), naive_root(leaves[:split])]


def naive_subproof(old: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = largest_power_below(len(leaves))
    if old <= split:
        return [*naive_subproof(old, leaves[:split], whole), naive_root(leaves[split:])]
    return [*naive_subproof(old - split, leaves[split:], False), naive_root(leaves[:split])]


def subtree(level: int, index: int) -> bytes:
    return naive_root(LEAVES[index << level : (index + 1) << level])


sizes = st.integers(1, len(LEAVES))


@pytest.mark.parametrize("size", [*range(18), 31, 32, 33, 255, 256, 257, 300])
def test_root_of_equals_the_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == naive_root(LEAVES[:size])


def test_frontier_names_every_complete_subtree_once() -> None:
    frontier, completed = Frontier(), []
    for number in range(300):
        completed += frontier.add(LEAVES[number])
    assert sorted((level, index) for level, index, _hash in completed) == [
        (level, index) for level in range(1, 9) for index in range(300 >> level)
    ]
    assert all(subtree(level, index) == node for level, index, node in completed)
    assert frontier.peaks == [subtree(level, index) for level, index in peaks_of(0, 300)]


@given(sizes, st.data())
def test_inclusion_proof_equals_the_definition_and_verifies(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(position, size, subtree)
    assert proof == naive_path(position, LEAVES[:size])
    assert is_included(LEAVES[position], position, size, proof, naive_root(LEAVES[:size]))


@given(sizes, st.data())
def test_inclusion_proof_fails_for_anything_else(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != position)) if size > 1 else size
    proof, root = inclusion_proof(position, size, subtree), naive_root(LEAVES[:size])
    assert not is_included(leaf(-1), position, size, proof, root)
    assert not is_included(LEAVES[position], other, size, proof, root)
    assert not is_included(LEAVES[position], position, size, [*proof, root], root)
    assert not is_included(LEAVES[position], position, size, proof, leaf(-2))
    if proof:
        assert not is_included(LEAVES[position], position, size, proof[:-1], root)


@given(sizes, st.data())
def test_consistency_proof_equals_the_definition_and_verifies(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, subtree)
    assert proof == naive_subproof(old, LEAVES[:new], True)
    assert is_consistent(old, new, naive_root(LEAVES[:old]), naive_root(LEAVES[:new]), proof)


@given(sizes, st.data())
def test_consistency_proof_fails_for_a_rewritten_past(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    changed = data.draw(st.integers(0, old - 1))
    proof = consistency_proof(old, new, subtree)
    other = [*LEAVES[:changed], leaf(-1), *LEAVES[changed + 1 : old]]
    assert not is_consistent(old, new, naive_root(other), naive_root(LEAVES[:new]), proof)
    assert not is_consistent(old, new, naive_root(LEAVES[:old]), leaf(-2), proof)
    if old < new:
        assert not is_consistent(old, new, naive_root(LEAVES[:old]), naive_root(LEAVES[:new]), [])
        assert not is_consistent(old, new, naive_root(LEAVES[:old]), naive_root(LEAVES[:new]), [*proof, leaf(-3)])


@pytest.mark.parametrize(("position", "size"), [(0, 0), (3, 3), (-1, 2)])
def test_no_proof_for_a_place_outside_the_tree(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(position, size, subtree)
    assert not is_included(LEAVES[0], position, size, [], LEAVES[0])
