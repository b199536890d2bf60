"""A score worked out: from the matrix to totals, ranks and grades, frozen, with a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from zhangfa.charter.score_model import Score
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
    points: Mapping[str, Points]
    """By group and indicator, in the order of the group's keys: 0 to 100 where it is weighted, else as added."""

    @cached_property
    def by_code(self) -> Mapping[str, Result]:
        """The results by the code of their key."""
        return {result.key.code: result for result in self.results}

    def points_of(self, code: str) -> Mapping[str, Fraction | None]:
        """Return the exact points of one key."""
        group, at = self._place(code)
        return {one: column.at(at) for one, column in self.points[group].items()}

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
        places = [place for place in self.matrix.groups[self._place(code)[0]] if place not in scarce]
        held = self.score.indicators.values()
        return {one.id: peers_of(one, [cells[one.id][place].value for place in places]) for one in held}

    def _place(self, code: str) -> tuple[str, int]:
        place = self.matrix.places[code]
        group = self.matrix.keys[place].group
        return group, place - self.matrix.groups[group][0]

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
    results: list[Result] = []
    points: dict[str, Points] = {}
    for group, places in matrix.groups.items():
        points[group] = _scale_group(score, matrix, places, scarce)
        keys, few = [matrix.keys[place] for place in places], [scarce.get(place, ()) for place in places]
        results += _settle_group(score, tree, keys, points[group], few)
    return Scoring(score, matrix, period, tuple(results), points)


def counted(score: Score, result: Result) -> Decimal | None:
    """Return the number a result is ranked by."""
    return result.rounded if score.rank_on == "rounded" else result.full


def find_scarce(score: Score, matrix: Matrix) -> dict[int, tuple[str, ...]]:
    """Find the keys with too few facts, and where; they neither rank nor set a standard for others."""
    found: dict[int, tuple[str, ...]] = {}
    for place in range(len(matrix.keys)) if score.too_few else ():
        facts = {one: matrix.cells[one][place].facts for one in matrix.indicators}
        facts["*"] = sum(facts.values())
        few = tuple(one for one, least in sorted(score.too_few.items()) if facts.get(one, least) < least)
        if few:
            found[place] = few
    return found


def _scale_group(score: Score, matrix: Matrix, places: Sequence[int], scarce: Mapping[int, object]) -> Points:
    standard = [at for at, place in enumerate(places) if place not in scarce]
    values = {one: [matrix.cells[one][place].value for place in places] for one in score.indicators}
    return {one.id: scale_column(one, values[one.id], standard) for one in score.indicators.values()}


def _settle_group(
    score: Score, tree: Node, keys: Sequence[Key], points: Points, few: Sequence[tuple[str, ...]]
) -> list[Result]:
    """Total, rank and grade one group; ranked ones first, then by code."""
    rounded, full = _totals(score, tree, points, len(keys))
    vetoed, missing = _vetoed(score, points, len(keys)), _missing(tree, points, len(keys))
    statuses = [_status(*one) for one in zip(rounded, vetoed, few, strict=True)]
    counted = rounded if score.rank_on == "rounded" else full
    ranked = zip(keys, statuses, counted, strict=True)
    totals = {key.code: value for key, status, value in ranked if status == "ranked" and value is not None}
    ranks, tiers = rank(totals, score.ties), grade(totals, score.tiers)
    columns = zip(keys, statuses, rounded, full, missing, vetoed, few, strict=True)
    found = [
        Result(key, status, short, long, ranks.get(key.code), tiers.get(key.code, ""), *rest)
        for key, status, short, long, *rest in columns
    ]
    return sorted(found, key=lambda one: (one.rank is None, one.rank.place if one.rank else 0, one.key.code))


def _status(total: Decimal | None, vetoed: tuple[str, ...], few: tuple[str, ...]) -> Status:
    if vetoed:
        return "vetoed"
    if few:
        return "too_few"
    return "not_reported" if total is None else "ranked"


def _totals(score: Score, tree: Node, points: Points, count: int) -> Totals:
    """Return the rounded and the full totals: all at once where it is a plain sum, else one by one."""
    if not is_sum(tree):
        return _totals_singly(score, tree, points, range(count))
    added = [(points[one].filled(), Fraction(1)) for one in added_by(score)]
    weighted = [(points[one], share) for one, share in shares(tree).items()]
    whole = weigh([*weighted, *added], Fraction(score.base), count)
    rounded, full = round_column(whole, score.precision), round_column(whole, FULL)
    gaps = [place for place, top in enumerate(whole.tops) if top is None]
    for place, short, long in zip(gaps, *_totals_singly(score, tree, points, gaps), strict=True):
        rounded[place], full[place] = short, long
    return rounded, full


def _totals_singly(score: Score, tree: Node, points: Points, places: Sequence[int]) -> Totals:
    exact = [total(score, tree, {one: column.at(place) for one, column in points.items()}).total for place in places]
    return _rounded(exact, score.precision), _rounded(exact, FULL)


def _rounded(exact: Sequence[Fraction | None], places: int) -> list[Decimal | None]:
    return [None if one is None else round_away(one, places) for one in exact]


def _vetoed(score: Score, points: Points, count: int) -> list[tuple[str, ...]]:
    vetoes = [one.id for one in score.indicators.values() if one.scale.kind == "veto"]
    return [tuple(one for one in vetoes if points[one].tops[place]) for place in range(count)]


def _missing(tree: Node, points: Points, count: int) -> list[tuple[str, ...]]:
    weighted = [leaf.id for leaf in tree.indicators() if leaf.id]
    return [tuple(one for one in weighted if points[one].tops[place] is None) for place in range(count)]
