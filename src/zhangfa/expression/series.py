"""Columns of exact numbers, worked on all at once: whole numbers over one power of ten.

A column is held in 64 bits as long as nothing in it, nor what is made of it, can leave them; else in Python's own whole
numbers, at a tenth of the speed and with the same results. There is never a double.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhangfa.expression.scope import MAX_SCALE

Wholes: TypeAlias = NDArray[Any]
"""Of dtype int64, or object where the numbers are Python's."""
Mask: TypeAlias = NDArray[np.bool_]
MOST = 2**62
"""What a 64-bit column may come to."""
EXACT = Context(prec=100, Emin=-999999, Emax=999999)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A column of numbers; where ``held`` is false there is none, and ``wholes`` has 0."""

    wholes: Wholes
    held: Mask
    places: int = 0
    """Decimals: the numbers are ``wholes`` times ten to the power of minus this."""
    counted: bool = False
    """Whether the numbers are integers, not decimals."""

    def __len__(self) -> int:
        """Return how many places there are, held or not."""
        return len(self.wholes)

    def at(self, place: int) -> Decimal | int | None:
        """Return one number."""
        if not self.held[place]:
            return None
        whole = int(self.wholes[place])
        return whole if self.counted else Decimal(whole).scaleb(-self.places, EXACT)

    def decimals(self) -> list[Decimal | None]:
        """Return all numbers as decimals."""
        pairs = zip(self.wholes.tolist(), self.held.tolist(), strict=True)
        if not self.places:
            return [Decimal(whole) if held else None for whole, held in pairs]
        return [Decimal(whole).scaleb(-self.places, EXACT) if held else None for whole, held in pairs]

    def take(self, places: NDArray[np.intp] | Mask) -> Series:
        """Return the numbers at these places."""
        return Series(self.wholes[places], self.held[places], self.places, self.counted)

    def spread(self, length: int, places: NDArray[np.intp], otherwise: object = None) -> Series:
        """Return a column of this length with the numbers at these places, and ``otherwise`` at all others."""
        filled = series_of([otherwise])
        digits = max(self.places, filled.places)
        own, other = self.rescaled(digits), filled.rescaled(digits)
        kind = np.result_type(own.wholes, other.wholes)
        wholes, held = np.empty(length, dtype=kind), np.empty(length, dtype=bool)
        wholes[:], held[:] = other.wholes[0], other.held[0]
        wholes[places], held[places] = own.wholes, own.held
        return Series(wholes, held, digits, self.counted)

    def rescaled(self, places: int) -> Series:
        """Return the same numbers with so many decimals, not fewer than now."""
        if places == self.places:
            return self
        times = 10 ** (places - self.places)
        return Series(within(self.wholes, most(self.wholes) * times) * times, self.held, places, self.counted)


def series_of(values: Sequence[object]) -> Series:
    """Return a column of what an expression gave: yes counts 1, no 0; what is no number is nothing."""
    numbers = [value if isinstance(value, int | Decimal) else None for value in values]
    exponents = (value.as_tuple().exponent for value in numbers if isinstance(value, Decimal))
    places = max((-one for one in exponents if isinstance(one, int) and one < 0), default=0)
    wholes = [0 if one is None else int(Decimal(one).scaleb(places, EXACT)) for one in numbers]
    held = np.array([one is not None for one in numbers], dtype=bool)
    return Series(_array(wholes), held, places, not any(isinstance(one, Decimal) for one in numbers))


def whole_series(wholes: Wholes, held: Mask, places: int) -> Series:
    """Return a column of Python's own whole numbers, in 64 bits where they fit."""
    return Series(wholes.astype(np.int64) if most(wholes) <= MOST else wholes, held, places)


def _array(wholes: list[int]) -> Wholes:
    largest = max(map(abs, wholes), default=0)
    return np.array(wholes, dtype=np.int64 if largest <= MOST else object)


def most(wholes: Wholes) -> int:
    """Return the largest size in a column, at least 1."""
    return max(int(wholes.max()), -int(wholes.min()), 1) if len(wholes) else 1


def within(wholes: Wholes, bound: int) -> Wholes:
    """Return the column so that numbers up to ``bound`` in size can be made of it."""
    return wholes.astype(object) if bound > MOST and wholes.dtype != object else wholes


def divide_series(tops: Wholes, places: int, bottoms: Wholes) -> Wholes:
    """Return ``tops`` of so many decimals divided by whole numbers above 0: ten decimals, half to even, as on rows."""
    times = 10 ** (MAX_SCALE - places)
    tops = within(tops, 2 * most(tops) * times) * times
    quotients = tops // bottoms
    twice = 2 * (tops - quotients * bottoms)
    up = (twice > bottoms) | ((twice == bottoms) & (quotients % 2 == 1))
    made: Wholes = quotients + up.astype(np.int64)
    return made
