"""A score worked out: from the matrix to totals, ranks and grades, frozen, with a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from zhangfa.charter.score_model import Score
from zhangfa.expression.series import Wholes
from zhangfa.scores.columns import Column, round_column, scale_column, weigh
from zhangfa.scores.combine import Node, Total, added_by, grow_tree, is_sum, shares, total
from zhangfa.scores.exact import FULL, round_away
from zhangfa.scores.matrix import Cell, Key, Matrix
from zhangfa.scores.ranking import Rank, grade, rank
from zhangfa.scores.scaling import Peers, peers_of

Status = Literal["ranked", "not_reported", "too_few", "vetoed"]
Points = Mapping[str, Column]
Totals = tuple[list[Decimal | None], list[Decimal | None]]


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for one unit or person."""

    key: Key
    status: Status
    rounded: Decimal | None
    """The total people see, at the score's precision; ``None`` where a weighted part was not reported."""
    full: Decimal | None
    """The total with ten decimals."""
    rank: Rank | None
    tier: str = ""
    missing: tuple[str, ...] = ()
    """Weighted indicators without a value."""
    vetoed_by: tuple[str, ...] = ()
    too_few: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scoring:
    """A whole score of one period; ``results`` stand by group, best first, equal totals by code."""

    score: Score
    matrix: Matrix
    period: str
    results: tuple[Result, ...]
    points: Points
    """By indicator, in the order of the keys: 0 to 100 where it is weighted, else as added."""

    @cached_property
    def by_code(self) -> Mapping[str, Result]:
        """The results by the code of their key."""
        return {result.key.code: result for result in self.results}

    def points_of(self, code: str) -> Mapping[str, Fraction | None]:
        """Return the exact points of one key."""
        place = self.matrix.places[code]
        return {one: column.at(place) for one, column in self.points.items()}

    def total_of(self, code: str) -> Total:
        """Return the exact total of one key with its dimensions."""
        return total(self.score, grow_tree(self.score), self.points_of(code))

    def cells_of(self, code: str) -> Mapping[str, Cell]:
        """Return the values and numbers of facts of one key."""
        place = self.matrix.places[code]
        return {one: self.matrix.cells[one][place] for one in self.score.indicators}

    def peers_of(self, code: str) -> Mapping[str, Peers]:
        """Return the values that set the standard for one key."""
        scarce, cells = find_scarce(self.score, self.matrix), self.matrix.cells
        group = self.matrix.keys[self.matrix.places[code]].group
        places = [place for place in self.matrix.groups[group] if place not in scarce]
        held = self.score.indicators.values()
        return {one.id: peers_of(one, [cells[one.id][place].value for place in places]) for one in held}

    @cached_property
    def canonical(self) -> bytes:
        """The one byte string of this result: canonical JSON with every number as plain text."""
        from zhangfa.scores.canonical import write_scoring

        return write_scoring(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, hex."""
        return hashlib.sha256(self.canonical).hexdigest()


def compute(score: Score, matrix: Matrix, *, period: str = "") -> Scoring:
    """Work a score out. The same score and facts give the same bytes, in whatever order the facts came."""
    tree, scarce = grow_tree(score), find_scarce(score, matrix)
    points = _scale(score, matrix, scarce)
    held = _Held(tree, points, len(matrix.keys))
    rounded, full = _totals(score, tree, points, held)
    vetoed = _vetoed(score, points, len(matrix.keys))
    few = [scarce.get(place, ()) for place in range(len(matrix.keys))] if scarce else [()] * len(matrix.keys)
    columns = Settling(matrix.keys, rounded, full, held.missing(), vetoed, few)
    results = [one for group in matrix.groups.values() for one in _settle_group(score, columns, group)]
    return Scoring(score, matrix, period, tuple(results), points)


def counted(score: Score, result: Result) -> Decimal | None:
    """Return the number a result is ranked by."""
    return result.rounded if score.rank_on == "rounded" else result.full


def find_scarce(score: Score, matrix: Matrix) -> dict[int, tuple[str, ...]]:
    """Find the keys with too few facts, and where; they neither rank nor set a standard for others."""
    if not score.too_few:
        return {}
    facts = {one: cells.facts for one, cells in matrix.columns.items()}
    facts["*"] = np.sum(list(facts.values()), axis=0) if facts else np.zeros(len(matrix.keys), np.int64)
    found: dict[int, tuple[str, ...]] = {}
    for name, least in sorted(score.too_few.items()):
        for place in np.flatnonzero(facts[name] < least).tolist() if name in facts else ():
            found[place] = (*found.get(place, ()), name)
    return found


def _scale(score: Score, matrix: Matrix, scarce: Mapping[int, object]) -> Points:
    standard = np.ones(len(matrix.keys), dtype=bool)
    standard[list(scarce)] = False
    groups, columns = matrix.groups.values(), matrix.columns
    return {one.id: scale_column(one, columns[one.id].values, standard, groups) for one in score.indicators.values()}


class _Held:
    """Which weighted indicators each key has points under; keys with the same gaps are worked out together."""

    def __init__(self, tree: Node, points: Points, count: int) -> None:
        self.names = [leaf.id for leaf in tree.indicators() if leaf.id]
        self.shown = {leaf.id for leaf in tree.indicators() if not leaf.leave_out}
        alike: Wholes = np.zeros(count, dtype=np.int64)
        self.gaps: list[frozenset[str]] = [frozenset()]
        for name in self.names:
            alike = alike * 2 + ~points[name].held
            distinct, alike = np.unique(alike, return_inverse=True)
            self.gaps = [self.gaps[one // 2] | ({name} if one % 2 else set()) for one in distinct.tolist()]
        self.alike = alike

    def missing(self) -> list[tuple[str, ...]]:
        """Return the weighted indicators without a value of each key."""
        kinds = [tuple(name for name in self.names if name in gaps) for gaps in self.gaps]
        return [kinds[one] for one in self.alike.tolist()]

    def parts(self) -> Iterator[tuple[frozenset[str], Wholes]]:
        """Yield the places of keys with the same gaps, and the gaps."""
        for number, gaps in enumerate(self.gaps):
            yield gaps, np.flatnonzero(self.alike == number)


def _totals(score: Score, tree: Node, points: Points, held: _Held) -> Totals:
    """Return the rounded and the full totals: all with the same gaps at once where it is a plain sum, else singly."""
    count = len(held.alike)
    if not is_sum(tree):
        return _totals_singly(score, tree, points, range(count))
    rounded: list[Decimal | None] = [None] * count
    full: list[Decimal | None] = [None] * count
    for gaps, places in held.parts():
        rest = tree.without(set(gaps))
        if gaps & held.shown or (tree.children and not rest.children):
            continue
        if len(places) < FEW:
            found = _totals_singly(score, tree, points, places.tolist())
        else:
            added = [(points[one].take(places).filled(), Fraction(1)) for one in added_by(score)]
            weighted = [(points[one].take(places), share) for one, share in shares(rest).items()]
            whole = weigh([*weighted, *added], Fraction(score.base), len(places))
            found = round_column(whole, score.precision), round_column(whole, FULL)
        for place, short, long in zip(places.tolist(), *found, strict=True):
            rounded[place], full[place] = short, long
    return rounded, full


FEW = 4
"""Of fewer keys with the same gaps, each is quicker worked out by itself."""


def _totals_singly(score: Score, tree: Node, points: Points, places: Iterable[int]) -> Totals:
    each = ({one: column.at(place) for one, column in points.items()} for place in places)
    exact = [total(score, tree, one).total for one in each]
    return _rounded(exact, score.precision), _rounded(exact, FULL)


def _rounded(exact: Sequence[Fraction | None], places: int) -> list[Decimal | None]:
    return [None if one is None else round_away(one, places) for one in exact]


def _vetoed(score: Score, points: Points, count: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()] * count
    for one in score.indicators.values():
        if one.scale.kind == "veto":
            for place in np.flatnonzero(points[one.id].tops).tolist():
                found[place] = (*found[place], one.id)
    return found


class Settling(NamedTuple):
    """What is known of each key before it is ranked, in the order of the keys."""

    keys: Sequence[Key]
    rounded: Sequence[Decimal | None]
    full: Sequence[Decimal | None]
    missing: Sequence[tuple[str, ...]]
    vetoed: Sequence[tuple[str, ...]]
    few: Sequence[tuple[str, ...]]


def _settle_group(score: Score, all_: Settling, group: range) -> list[Result]:
    """Rank and grade one group; ranked ones first, then by code."""
    part = slice(group.start, group.stop)
    keys, rounded, full = all_.keys[part], all_.rounded[part], all_.full[part]
    missing, vetoed, few = all_.missing[part], all_.vetoed[part], all_.few[part]
    statuses = [_status(*one) for one in zip(rounded, vetoed, few, strict=True)]
    ranked = zip(keys, statuses, rounded if score.rank_on == "rounded" else full, strict=True)
    totals = {key.code: value for key, status, value in ranked if status == "ranked" and value is not None}
    ranks, tiers = rank(totals, score.ties), grade(totals, score.tiers)
    rows = zip(keys, statuses, rounded, full, missing, vetoed, few, strict=True)
    found = [
        Result(key, status, short, long, ranks.get(key.code), tiers.get(key.code, ""), *rest)
        for key, status, short, long, *rest in rows
    ]
    return sorted(found, key=lambda one: (one.rank is None, one.rank.place if one.rank else 0, one.key.code))


def _status(total: Decimal | None, vetoed: tuple[str, ...], few: tuple[str, ...]) -> Status:
    if vetoed:
        return "vetoed"
    if few:
        return "too_few"
    return "not_reported" if total is None else "ranked"
