"""Exact numbers: fractions on the way, one rounding at the end, half away from zero (四舍五入).

Only two things cannot be exact: a logarithm and a root. Both are worked out with 50 digits, each correctly rounded
by the decimal module, and cut to 20 decimals, so that every machine gets the same digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction

FULL = 10
"""Decimals of the full value, on which ranks may be given instead of on the rounded one."""
DIGITS = Context(prec=50)
PLACES = 20
"""Decimals kept of a logarithm or a root."""
LOWEST = Decimal(-100)
"""Stands for the logarithm of zero: below that of any positive value, which has ten decimals at most (−23.03)."""
HUNDRED = Fraction(100)
NOTHING = Fraction(0)


def round_away(value: Fraction, places: int) -> Decimal:
    """Round half away from zero to exactly this many decimals; there is no negative zero."""
    above = abs(value.numerator) * 10**places * 2 + value.denominator
    whole = above // (2 * value.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-places, DIGITS)


def take_ln(value: Decimal) -> Decimal:
    """Return the natural logarithm with 20 decimals; zero and below have none and come before all that have."""
    return round_away(Fraction(value.ln(DIGITS)), PLACES) if value > 0 else LOWEST


def undo_ln(value: Fraction) -> Decimal:
    """Return the number whose logarithm this is, with ten decimals."""
    power = DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)).exp(DIGITS)
    return round_away(Fraction(power), FULL)


def weigh_sum(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the arithmetic mean of (value, weight); the weights need not add up to anything."""
    top, weights = NOTHING, NOTHING
    for value, weight in parts:
        top, weights = top + value * weight, weights + weight
    return top / weights


def weigh_product(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the geometric mean of (value, weight): zero where any value is; 20 decimals."""
    held = list(parts)
    if any(value <= 0 for value, weight in held if weight):
        return NOTHING
    middle = weigh_sum((Fraction(_ln(value)), weight) for value, weight in held)
    power = DIGITS.divide(Decimal(middle.numerator), Decimal(middle.denominator)).exp(DIGITS)
    return Fraction(round_away(Fraction(power), PLACES))


def _ln(value: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)).ln(DIGITS)


def plain(value: Decimal) -> str:
    """Write a decimal without an exponent and without idle zeros: the one form results are hashed in."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
