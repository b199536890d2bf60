"""A score worked out: from the matrix to totals, ranks and grades, frozen, with a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from zhangfa.charter.score_model import Score
from zhangfa.scores.combine import Node, grow_tree, total
from zhangfa.scores.exact import FULL, round_away
from zhangfa.scores.matrix import Key, Matrix
from zhangfa.scores.ranking import Rank, grade, rank
from zhangfa.scores.scaling import Peers, peers_of, scale

Status = Literal["ranked", "not_reported", "too_few", "vetoed"]


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for one unit or person."""

    key: Key
    status: Status
    points: Mapping[str, Fraction | None]
    """Of every indicator: 0 to 100 where it is weighted, else as added; ``None`` where nothing was reported."""
    dimensions: Mapping[str, Fraction | None]
    exact: Fraction | None
    rounded: Decimal | None
    """The total people see, at the score's precision."""
    full: Decimal | None
    """The total with ten decimals."""
    rank: Rank | None = None
    tier: str = ""
    missing: tuple[str, ...] = ()
    vetoed_by: tuple[str, ...] = ()
    too_few: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scoring:
    """A whole score of one period; ``results`` stand by group, best first, equal totals by code."""

    score: Score
    matrix: Matrix
    period: str
    results: tuple[Result, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Result]:
        """The results by the code of their key."""
        return {result.key.code: result for result in self.results}

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
    tree, scarce = grow_tree(score), _scarce(score, matrix)
    results: list[Result] = []
    for places in matrix.groups.values():
        peers = _peers(score, matrix, [place for place in places if place not in scarce])
        found = [_result(score, tree, matrix, place, peers, scarce.get(place, ())) for place in places]
        results += _place(score, found)
    return Scoring(score, matrix, period, tuple(results))


def _scarce(score: Score, matrix: Matrix) -> dict[int, tuple[str, ...]]:
    """Find the keys with too few facts, and where; they neither rank nor set a standard for others."""
    found: dict[int, tuple[str, ...]] = {}
    for place in range(len(matrix.keys)) if score.too_few else ():
        facts = {one: matrix.cells[one][place].facts for one in matrix.indicators}
        facts["*"] = sum(facts.values())
        few = tuple(one for one, least in sorted(score.too_few.items()) if facts.get(one, least) < least)
        if few:
            found[place] = few
    return found


def _peers(score: Score, matrix: Matrix, places: list[int]) -> Mapping[str, Peers]:
    return {
        one.id: peers_of(one, [matrix.cells[one.id][place].value for place in places])
        for one in score.indicators.values()
    }


def _result(
    score: Score, tree: Node, matrix: Matrix, place: int, peers: Mapping[str, Peers], few: tuple[str, ...]
) -> Result:
    points = {one.id: scale(one, matrix.cells[one.id][place].value, peers[one.id]) for one in score.indicators.values()}
    return settle(score, tree, matrix.keys[place], points, few)


def settle(
    score: Score, tree: Node, key: Key, points: Mapping[str, Fraction | None], few: tuple[str, ...] = ()
) -> Result:
    """Return a key's result, not yet ranked, from its points."""
    found = total(score, tree, points)
    status: Status = "not_reported" if found.total is None else "ranked"
    status = "vetoed" if found.vetoed_by else "too_few" if few else status
    rounded = None if found.total is None else round_away(found.total, score.precision)
    full = None if found.total is None else round_away(found.total, FULL)
    return Result(
        key, status, points, found.dimensions, found.total, rounded, full,
        missing=found.missing, vetoed_by=found.vetoed_by, too_few=few,
    )  # fmt: skip


def counted(score: Score, result: Result) -> Decimal | None:
    """Return the number a result is ranked by."""
    return result.rounded if score.rank_on == "rounded" else result.full


def _place(score: Score, results: list[Result]) -> list[Result]:
    """Rank one group's results and put them in order: ranked ones first."""
    ranked = [(one, counted(score, one)) for one in results if one.status == "ranked"]
    totals = {one.key.code: value for one, value in ranked if value is not None}
    ranks, tiers = rank(totals, score.ties), grade(totals, score.tiers)
    placed = [replace(one, rank=ranks.get(one.key.code), tier=tiers.get(one.key.code, "")) for one in results]
    return sorted(placed, key=lambda one: (one.rank is None, one.rank.place if one.rank else 0, one.key.code))
