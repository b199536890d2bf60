"""From columns of points to totals: keys with the same gaps are added up together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import numpy as np

from zhangfa.charter.score_model import Score
from zhangfa.expression.series import Series, Wholes, series_of, whole_series
from zhangfa.scores.columns import Column, round_column, weigh
from zhangfa.scores.combine import Node, added_by, grow_tree, is_sum, shares, total
from zhangfa.scores.exact import FULL, round_away

Points = Mapping[str, Column]
"""By indicator, in the order of the keys."""
FEW = 4
"""Of fewer keys with the same gaps, each is quicker worked out by itself."""


class Totals:
    """The totals of all keys, and under which weighted indicators each has no points."""

    def __init__(self, score: Score, points: Points, count: int) -> None:
        self.score, self.points, self.tree = score, points, grow_tree(score)
        self.names = [leaf.id for leaf in self.tree.indicators() if leaf.id]
        self.alike: Wholes = np.zeros(count, dtype=np.int64)
        self.gaps: list[frozenset[str]] = [frozenset()]
        for name in self.names:
            distinct, self.alike = np.unique(self.alike * 2 + ~points[name].held, return_inverse=True)
            self.gaps = [self.gaps[one // 2] | ({name} if one % 2 else set()) for one in distinct.tolist()]
        self.rounded, self.full = self._all()

    def missing(self) -> list[tuple[str, ...]]:
        """Return the weighted indicators without points of each key."""
        kinds = [tuple(name for name in self.names if name in gaps) for gaps in self.gaps]
        return [kinds[one] for one in self.alike.tolist()]

    def _all(self) -> tuple[Series, Series]:
        """Return the totals at the score's precision and with ten decimals, half away from zero."""
        count, precisions = len(self.alike), (self.score.precision, FULL)
        if not is_sum(self.tree):
            singly = self._singly(range(count))
            rounded, full = (_rounded(singly, precision) for precision in precisions)
            return rounded, full
        wholes: list[Wholes] = [np.zeros(count, dtype=object), np.zeros(count, dtype=object)]
        held = np.zeros(count, dtype=bool)
        for rest, places in self._parts():
            held[places] = True
            whole = None if len(places) < FEW else self._sum(rest, places)
            singly = self._singly(places.tolist()) if whole is None else []
            for column, precision in zip(wholes, precisions, strict=True):
                short = _rounded(singly, precision).wholes if whole is None else round_column(whole, precision)
                column[places] = short
        return whole_series(wholes[0], held, precisions[0]), whole_series(wholes[1], held, precisions[1])

    def _parts(self) -> Iterator[tuple[Node, Wholes]]:
        """Yield what counts for keys with the same gaps, and their places; who has no total is left out."""
        shown = {leaf.id for leaf in self.tree.indicators() if not leaf.leave_out}
        for number, gaps in enumerate(self.gaps):
            rest = self.tree.without(set(gaps))
            if not gaps & shown and (rest.children or not self.tree.children):
                yield rest, np.flatnonzero(self.alike == number)

    def _sum(self, tree: Node, places: Wholes) -> Column:
        added = [(self.points[one].take(places).filled(), Fraction(1)) for one in added_by(self.score)]
        weighted = [(self.points[one].take(places), share) for one, share in shares(tree).items()]
        return weigh([*weighted, *added], Fraction(self.score.base), len(places))

    def _singly(self, places: Iterable[int]) -> list[Fraction | None]:
        each = ({one: column.at(place) for one, column in self.points.items()} for place in places)
        return [total(self.score, self.tree, one).total for one in each]


def _rounded(exact: Iterable[Fraction | None], places: int) -> Series:
    found = series_of([None if one is None else round_away(one, places) for one in exact])
    return found.rescaled(places)
