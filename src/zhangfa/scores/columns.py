"""A whole column of values scaled at once, in whole numbers: exact, and quick for 6,000 villages.

Gives the same points as :func:`zhangfa.scores.scaling.scale` on each value; the tests hold them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np

from zhangfa.charter.score_model import Indicator
from zhangfa.expression.series import Mask, Series, Wholes, most, series_of, within
from zhangfa.scores.exact import DIGITS, LOWEST, take_ln
from zhangfa.scores.scaling import band_of, ends_of


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Points, or totals of them: at each place a whole number over another; 0 where nothing is held."""

    tops: Wholes
    held: Mask
    bottom: int | Wholes
    """One for all places, or one for each where groups differ."""

    def at(self, place: int) -> Fraction | None:
        """Return one key's points."""
        if not self.held[place]:
            return None
        bottom = self.bottom if isinstance(self.bottom, int) else self.bottom[place]
        return Fraction(int(self.tops[place]), int(bottom))

    def filled(self) -> Column:
        """Return the column with nothing to add where there is no value."""
        return Column(self.tops, np.ones_like(self.held), self.bottom)

    def take(self, places: Wholes) -> Column:
        """Return the points at these places."""
        bottom = self.bottom if isinstance(self.bottom, int) else self.bottom[places]
        return Column(self.tops[places], self.held[places], bottom)


Groups = Iterable[range]
"""The places of each group of those compared."""


def scale_column(indicator: Indicator, values: Series, standard: Mask, groups: Groups) -> Column:
    """Return the points of a column; ``standard``: who sets the standard for the others of the group."""
    kind, changed = indicator.scale.kind, _transformed(indicator, values)
    if kind == "bands":
        return _by_bands(indicator, changed)
    if kind == "veto":
        return _column((changed.wholes > 0).astype(np.int64), changed.held, 1)
    if kind in ("minmax", "rank"):
        counting = standard & changed.held
        if indicator.transform == "ln":  # what has no logarithm sets no standard
            counting &= changed.wholes != _whole(LOWEST, changed.places)
        return (_among if kind == "minmax" else _by_rank)(changed, counting, groups)
    ends = (*ends_of(indicator), *((indicator.scale.cap,) if indicator.scale.cap is not None else ()))
    places = max(changed.places, series_of(ends).places)
    wholes, (low, high, *cap) = changed.rescaled(places).wholes, (_whole(end, places) for end in ends)
    if kind == "add":
        wholes = np.clip(within(wholes, abs(cap[0])), min(cap[0], 0), max(cap[0], 0)) if cap else wholes
        return _column(wholes, changed.held, 10**places)
    return _between(wholes, changed.held, low, high)


def _column(tops: Wholes, held: Mask, bottom: int | Wholes) -> Column:
    return Column(np.where(held, tops, 0), held, bottom)


def _transformed(indicator: Indicator, values: Series) -> Series:
    if indicator.transform != "ln":
        return values
    numbers = values.decimals()
    known = {value: take_ln(value) for value in set(numbers) if value is not None}
    return series_of([None if value is None else known[value] for value in numbers])


def _whole(value: Decimal, places: int) -> int:
    return int(value.scaleb(places, DIGITS))


def _between(wholes: Wholes, held: Mask, low: int, high: int) -> Column:
    span, sign = abs(high - low), 1 if high > low else -1
    reach = 100 * (most(wholes) + abs(low) + abs(high))
    tops = np.clip((within(wholes, reach) - low) * (100 * sign), 0, 100 * span)
    return _column(tops, held, span)


def _among(values: Series, counting: Mask, groups: Groups) -> Column:
    """The lowest of a group counts 0, its highest 100; where all are equal nobody is behind: 100."""
    wholes = within(values.wholes, 200 * most(values.wholes))
    low, span = np.zeros_like(wholes), np.ones_like(wholes)
    level = np.zeros(len(wholes), dtype=bool)
    for group in groups:
        part = slice(group.start, group.stop)
        peers = wholes[part][counting[part]]
        ends = (peers.min(), peers.max()) if len(peers) else (0, 0)
        level[part] = ends[0] == ends[1]
        low[part], span[part] = (ends[0], ends[1] - ends[0]) if ends[0] != ends[1] else (0, 1)
    tops = np.where(level, 100, np.minimum(np.maximum((wholes - low) * 100, 0), span * 100))
    return _column(tops, values.held, span)


def _by_rank(values: Series, counting: Mask, groups: Groups) -> Column:
    """The first of a group counts 100, the last 0, equal values the better place; alone counts 100."""
    tops, bottom = np.full(len(values), 100, dtype=np.int64), np.ones(len(values), dtype=np.int64)
    for group in groups:
        part = slice(group.start, group.stop)
        peers = np.sort(values.wholes[part][counting[part]])
        others = len(peers) - 1
        if others >= 1:
            before = np.searchsorted(peers, values.wholes[part], side="right")
            tops[part], bottom[part] = np.maximum(before - 1, 0) * 100, others
    return _column(tops, values.held, bottom)


def _by_bands(indicator: Indicator, values: Series) -> Column:
    bands, numbers = indicator.scale.bands, values.decimals()
    found = {value: band_of(bands, Fraction(value)).points for value in set(numbers) if value is not None}
    points = series_of([None if value is None else found[value] for value in numbers])
    return _column(points.wholes, points.held, 10**points.places)


def weigh(columns: Sequence[tuple[Column, Fraction]], base: Fraction, count: int) -> Column:
    """Return the sum of columns, each times its factor, and of the base; a gap in any of them leaves a gap."""
    tops: Wholes = np.full(count, base.numerator, dtype=object)
    held, bottom = np.ones(count, dtype=bool), base.denominator
    shifting: list[tuple[Wholes, Wholes]] = []
    for column, factor in columns:
        held = held & column.held
        own = column.tops.astype(object) * factor.numerator
        if not isinstance(column.bottom, int):
            shifting.append((own, column.bottom.astype(object) * factor.denominator))
            continue
        joint = lcm(bottom, column.bottom * factor.denominator)
        tops = tops * (joint // bottom) + own * (joint // (column.bottom * factor.denominator))
        bottom = joint
    if not shifting:
        return Column(tops, held, bottom)
    bottoms: Wholes = np.full(count, bottom, dtype=object)
    for own, under in shifting:
        tops, bottoms = tops * under + own * bottoms, bottoms * under
    return Column(tops, held, bottoms)


def round_column(column: Column, places: int) -> Wholes:
    """Round each half away from zero to this many decimals, as whole numbers of the last."""
    twice = 2 * column.bottom
    above = np.abs(column.tops.astype(object)) * (2 * 10**places) + column.bottom
    rounded: Wholes = above // twice * np.where(column.tops < 0, -1, 1)
    return rounded
