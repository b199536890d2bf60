"""A score worked out: from the matrix to totals, ranks and grades, frozen, with a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from zhangfa.charter.score_model import Score
from zhangfa.scores.columns import scale_column
from zhangfa.scores.combine import Total, grow_tree, total
from zhangfa.scores.matrix import Cell, Key, Keys, Matrix
from zhangfa.scores.ranking import Rank, grade, rank
from zhangfa.scores.scaling import Peers, peers_of
from zhangfa.scores.totals import Points, Totals

Status = Literal["ranked", "not_reported", "too_few", "vetoed"]


class Result(NamedTuple):
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
    scarce = find_scarce(score, matrix)
    points = _scale(score, matrix, scarce)
    totals = Totals(score, points, len(matrix.keys))
    return Scoring(score, matrix, period, tuple(_settle(score, matrix.ordered, points, totals, scarce)), points)


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


def _settle(
    score: Score, keys: Keys, points: Points, totals: Totals, scarce: Mapping[int, tuple[str, ...]]
) -> Iterator[Result]:  # fmt: skip
    """Rank and grade each group; ranked ones first, then by code."""
    vetoed = _vetoed(score, points)
    counted = totals.rounded if score.rank_on == "rounded" else totals.full
    ranked = counted.held.copy()
    ranked[[*scarce, *vetoed]] = False
    order = rank(counted, ranked, keys.groups.values(), score.ties)
    places = order.places.tolist()
    rounded, full = (one.take(order.places).decimals() for one in (totals.rounded, totals.full))
    tiers = grade(order, rounded if score.rank_on == "rounded" else full, score.tiers) if score.tiers else None
    missing = totals.missing()
    for at, (place, short, long, found) in enumerate(zip(places, rounded, full, order.ranks, strict=True)):
        veto, few = vetoed.get(place, ()), scarce.get(place, ())
        status: Status = "ranked" if found else _why_not(veto, few)
        yield Result(keys[place], status, short, long, found, tiers[at] if tiers else "", missing[place], veto, few)


def _why_not(vetoed: tuple[str, ...], few: tuple[str, ...]) -> Status:
    return "vetoed" if vetoed else "too_few" if few else "not_reported"


def _vetoed(score: Score, points: Points) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for one in score.indicators.values():
        if one.scale.kind == "veto":
            for place in np.flatnonzero(points[one.id].tops).tolist():
                found[place] = (*found.get(place, ()), one.id)
    return found
