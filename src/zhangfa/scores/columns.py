"""A whole column of values scaled at once, in whole numbers over one denominator: exact, and quick for 6,000 villages.

Gives the same points as :func:`zhangfa.scores.scaling.scale` on each value; the tests hold them together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from zhangfa.charter.score_model import Indicator
from zhangfa.scores.exact import DIGITS, LOWEST, take_ln
from zhangfa.scores.scaling import band_of, ends_of

Wholes = list[int | None]


@dataclass(frozen=True, slots=True)
class Column:
    """Points of one indicator: whole numbers over a common denominator; ``None`` where there is no value."""

    tops: Sequence[int | None]
    bottom: int

    def at(self, place: int) -> Fraction | None:
        """Return one key's points."""
        top = self.tops[place]
        return None if top is None else Fraction(top, self.bottom)

    def filled(self) -> Column:
        """Return the column with nothing to add where there is no value."""
        return Column([top or 0 for top in self.tops], self.bottom)


def scale_column(indicator: Indicator, values: Sequence[Decimal | None], standard: Sequence[int]) -> Column:
    """Return the points of a column; ``standard``: the places of those who set the standard."""
    kind, changed = indicator.scale.kind, _transformed(indicator, values)
    ends = (*ends_of(indicator), *((indicator.scale.cap,) if indicator.scale.cap is not None else ()))
    places = _places([*changed, *ends])
    wholes = [_whole(value, places) for value in changed]
    if kind in ("minmax", "rank"):
        peers = sorted(
            _whole(changed[place], places) or 0 for place in standard if changed[place] not in (None, LOWEST)
        )
        return _among(wholes, peers) if kind == "minmax" else _by_rank(wholes, peers)
    if kind == "bands":
        return _by_bands(indicator, changed)
    if kind == "veto":
        return Column([None if whole is None else int(whole > 0) for whole in wholes], 1)
    if kind == "add":
        return Column(_capped(wholes, _whole(indicator.scale.cap, places)), 10**places)
    low, high = (_whole(end, places) or 0 for end in ends[:2])
    return _between(wholes, low, high)


def _transformed(indicator: Indicator, values: Sequence[Decimal | None]) -> Sequence[Decimal | None]:
    if indicator.transform != "ln":
        return values
    known = {value: take_ln(value) for value in set(values) if value is not None}
    return [None if value is None else known[value] for value in values]


def _places(values: Sequence[Decimal | None]) -> int:
    """Return how many decimals hold all values exactly."""
    exponents = (value.as_tuple().exponent for value in values if value is not None)
    return max((-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0)


def _whole(value: Decimal | None, places: int) -> int | None:
    return None if value is None else int(value.scaleb(places, DIGITS))


def _between(wholes: Wholes, low: int, high: int) -> Column:
    span, sign = abs(high - low), 1 if high > low else -1
    most, factor = 100 * span, 100 * sign
    return Column([None if one is None else min(max((one - low) * factor, 0), most) for one in wholes], span)


def _among(wholes: Wholes, peers: Sequence[int]) -> Column:
    if not peers or peers[0] == peers[-1]:
        return Column([None if one is None else 100 for one in wholes], 1)
    return _between(wholes, peers[0], peers[-1])


def _by_rank(wholes: Wholes, peers: Sequence[int]) -> Column:
    others, count = len(peers) - 1, len(peers)
    if others < 1:
        return Column([None if one is None else 100 for one in wholes], 1)
    tops = [None if one is None else max(others - count + bisect_right(peers, one), 0) * 100 for one in wholes]
    return Column(tops, others)


def _by_bands(indicator: Indicator, values: Sequence[Decimal | None]) -> Column:
    bands = indicator.scale.bands
    found = {value: band_of(bands, Fraction(value)).points for value in set(values) if value is not None}
    places = _places(list(found.values()))
    return Column([None if one is None else _whole(found[one], places) for one in values], 10**places)


def _capped(wholes: Wholes, cap: int | None) -> Wholes:
    if cap is None:
        return wholes
    low, high = min(cap, 0), max(cap, 0)
    return [None if one is None else min(max(one, low), high) for one in wholes]


def weigh(columns: Sequence[tuple[Column, Fraction]], base: Fraction, place_count: int) -> Column:
    """Return the sum of columns, each times its factor, and of the base; a gap in any of them leaves a gap."""
    factors = [(column.tops, factor / column.bottom) for column, factor in columns]
    bottom = lcm(base.denominator, *(factor.denominator for _, factor in factors))
    tops: Wholes = [base.numerator * (bottom // base.denominator)] * place_count
    for column, factor in factors:
        times = factor.numerator * (bottom // factor.denominator)
        pairs = zip(tops, column, strict=True)
        tops = [None if top is None or one is None else top + one * times for top, one in pairs]
    return Column(tops, bottom)


def round_column(column: Column, places: int) -> list[Decimal | None]:
    """Round each half away from zero to this many decimals."""
    ten, twice = 2 * 10**places, 2 * column.bottom
    rounded = (None if top is None else _nearest(top * ten, twice, column.bottom) for top in column.tops)
    return [None if one is None else Decimal(one).scaleb(-places, DIGITS) for one in rounded]


def _nearest(top: int, twice: int, bottom: int) -> int:
    return (top + bottom) // twice if top >= 0 else -((bottom - top) // twice)
