"""From points to a total: indicators into dimensions, dimensions into the score, then base, bonus and malus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from zhangfa.charter.score_model import Combine, Score
from zhangfa.scores.exact import NOTHING, weigh_product, weigh_sum


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the score that carries a weight: an indicator, a dimension, or the whole (id empty)."""

    id: str
    weight: Fraction
    combine: Combine = "arithmetic"
    children: tuple[Node, ...] = ()
    leave_out: bool = False

    def indicators(self) -> Iterator[Node]:
        """Yield the indicators under it."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.indicators()

    def without(self, names: set[str]) -> Node:
        """Return the part without these indicators, and without dimensions that have nothing left."""
        kept = [
            child.without(names) for child in self.children if any(one.id not in names for one in child.indicators())
        ]
        return replace(self, children=tuple(kept))

    def adds_up(self, name: str) -> bool:
        """Tell whether no geometric mean lies between an indicator and the whole."""
        if not self.children:
            return self.id == name
        return self.combine == "arithmetic" and any(child.adds_up(name) for child in self.children)


@dataclass(frozen=True, slots=True)
class Total:
    """A key's total before rounding; ``None`` where a weighted indicator was not reported."""

    total: Fraction | None
    dimensions: Mapping[str, Fraction | None]
    missing: tuple[str, ...]
    """Weighted indicators without a value, whether shown as such or left out."""
    vetoed_by: tuple[str, ...]


def homes(score: Score) -> Mapping[str, str]:
    """Return the dimension of each indicator, empty where it has none; either side may name the other."""
    listed = {one: dimension.id for dimension in score.dimensions.values() for one in dimension.indicators}
    return {one.id: one.dimension or listed.get(one.id, "") for one in score.indicators.values()}


def grow_tree(score: Score) -> Node:
    """Return the weighted part of a score as a tree; bonus, malus, veto and parts of no weight are not in it."""
    home = homes(score)

    def leaves(dimension: str) -> list[Node]:
        return [
            Node(one.id, Fraction(one.weight), leave_out=one.missing == "leave_out")
            for one in score.indicators.values()
            if one.weight and home[one.id] == dimension
        ]

    def branches(parent: str) -> list[Node]:
        return [
            Node(one.id, Fraction(one.weight), one.combine, tuple(parts))
            for one in score.dimensions.values()
            if one.parent == parent and one.weight and (parts := [*leaves(one.id), *branches(one.id)])
        ]

    return Node("", Fraction(1), score.combine, (*leaves(""), *branches("")))


def total(score: Score, tree: Node, points: Mapping[str, Fraction | None]) -> Total:
    """Return the total of one key from the points of its indicators."""
    dimensions: dict[str, Fraction | None] = {}
    missing = tuple(leaf.id for leaf in tree.indicators() if leaf.id and points.get(leaf.id) is None)
    shown = any(not leaf.leave_out for leaf in tree.indicators() if leaf.id in missing)
    weighted = _combine(tree, points, dimensions)
    vetoed = tuple(one.id for one in score.indicators.values() if one.scale.kind == "veto" and points.get(one.id))
    if shown or (weighted is None and tree.children):
        return Total(None, dimensions, missing, vetoed)
    added = sum((points.get(one) or NOTHING for one in added_by(score)), Fraction(score.base))
    return Total(added + (weighted or NOTHING), dimensions, missing, vetoed)


def added_by(score: Score) -> tuple[str, ...]:
    """Return the indicators whose points are added as they are. Any other of no weight only informs."""
    return tuple(one.id for one in score.indicators.values() if one.scale.kind == "add")


def _combine(node: Node, points: Mapping[str, Fraction | None], found: dict[str, Fraction | None]) -> Fraction | None:
    """Work a node out from what of it has a value; ``found`` takes the value of each dimension."""
    if not node.children:
        return points.get(node.id) if node.id else None
    parts = [(_combine(child, points, found), child) for child in node.children]
    held = [(value, child.weight) for value, child in parts if value is not None]
    mean = weigh_product if node.combine == "geometric" else weigh_sum
    whole = mean(held) if held else None
    gap = any(value is None and not _optional(child) for value, child in parts)
    if node.id:
        found[node.id] = None if gap else whole
    return None if gap else whole


def _optional(node: Node) -> bool:
    return all(leaf.leave_out for leaf in node.indicators())


def is_sum(tree: Node) -> bool:
    """Tell whether the whole is a plain weighted sum, with no geometric mean anywhere."""
    return tree.combine == "arithmetic" and all(map(is_sum, tree.children))


def shares(tree: Node) -> Mapping[str, Fraction]:
    """Return each indicator's share of the whole, all weights multiplied down; together 1."""
    found: dict[str, Fraction] = {}

    def walk(node: Node, share: Fraction) -> None:
        whole = sum((child.weight for child in node.children), NOTHING)
        for child in node.children:
            part = share * child.weight / whole
            if child.children:
                walk(child, part)
            else:
                found[child.id] = part

    walk(tree, Fraction(1))
    return found
