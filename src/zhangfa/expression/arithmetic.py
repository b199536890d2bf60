"""Exact numbers: whole numbers and decimals of a declared scale, never a float.

Every result stays below 10^18 in size (:data:`LIMIT`), so that DuckDB's DECIMAL(38, 10) holds it and
each step on the way. Rounding is half away from zero (四舍五入), as people and DuckDB do it; only division
rounds half to even (GB/T 8170), at ten decimals.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import TypeAlias

from zhangfa.expression.faults import EvaluationError
from zhangfa.expression.scope import MAX_SCALE

Number: TypeAlias = "int | Decimal"

LIMIT = 10**18
EXACT = Context(prec=100, rounding=ROUND_HALF_UP, Emin=-999999, Emax=999999)
"""Wide enough that sums, products and remainders of allowed values are exact."""
STEPS = tuple(Decimal(1).scaleb(-scale) for scale in range(MAX_SCALE + 1))


def keep_range(value: Number) -> Number:
    """Return the value, or raise where it is 10^18 or more in size."""
    if -LIMIT < value < LIMIT:
        return value
    raise EvaluationError("数值太大，超出可计算的范围", "A number is too large to reckon with")


def to_scale(value: Number, scale: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """Return the value as a decimal with exactly this many decimals; there is no negative zero."""
    keep_range(value)
    return EXACT.plus(Decimal(value).quantize(STEPS[scale], rounding=rounding, context=EXACT))


def negate(value: Number) -> Number:
    """Return the value with the other sign, exactly."""
    return -value if isinstance(value, int) else EXACT.minus(value)


def size_of(value: Number) -> Number:
    """Return the value without its sign, exactly."""
    return abs(value) if isinstance(value, int) else EXACT.abs(value)


def add_all(values: Iterable[Number]) -> Number:
    """Return the exact total; every step stays in range."""
    total: Number = 0
    for value in values:
        whole = isinstance(total, int) and isinstance(value, int)
        total = keep_range(total + value if whole else EXACT.add(Decimal(total), Decimal(value)))
    return total


def divide(left: Number, right: Number) -> Decimal | None:
    """Divide exactly and round half to even at ten decimals; by zero gives NULL."""
    if right == 0:
        return None
    top, bottom = Decimal(left).as_integer_ratio(), Decimal(right).as_integer_ratio()
    dividend, divisor = top[0] * bottom[1] * 10**MAX_SCALE, top[1] * bottom[0]
    if divisor < 0:
        dividend, divisor = -dividend, -divisor
    quotient, rest = divmod(dividend, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and quotient % 2):
        quotient += 1
    return to_scale(EXACT.scaleb(Decimal(quotient), -MAX_SCALE), MAX_SCALE, ROUND_HALF_EVEN)


def remainder(left: Number, right: Number) -> Number | None:
    """Return what truncating division leaves, with the sign of the dividend; by zero gives NULL."""
    if right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        rest = abs(left) % abs(right)
        return rest if left >= 0 else -rest
    return EXACT.remainder(Decimal(left), Decimal(right))


def reckon(operator: str, left: Number, right: Number, scale: int | None) -> Number | None:
    """Apply ``+ - * / %``. ``scale`` is the result's, ``None`` for a whole number."""
    result: Number | None
    if operator == "/":
        return divide(left, right)
    if operator == "%":
        result = remainder(left, right)
    elif scale is None:
        result = _whole(operator, int(left), int(right))
    else:
        result = _exact(operator, Decimal(left), Decimal(right))
    if result is None:
        return None
    return keep_range(result) if scale is None else to_scale(result, scale)


def _whole(operator: str, left: int, right: int) -> int:
    if operator == "+":
        return left + right
    return left - right if operator == "-" else left * right


def _exact(operator: str, left: Decimal, right: Decimal) -> Decimal:
    if operator == "+":
        return EXACT.add(left, right)
    return EXACT.subtract(left, right) if operator == "-" else EXACT.multiply(left, right)


def round_to(value: Number, places: int) -> Number:
    """Round half away from zero to this many decimals; negative ``places`` round to tens, hundreds …"""
    if isinstance(value, int):
        return value if places >= 0 else int(_round_tens(Decimal(value), places))
    scale = max(-value.as_tuple().exponent, 0)  # type: ignore[operator]
    if places < 0:
        return to_scale(_round_tens(value, places), 0)
    return to_scale(value, min(places, scale))


def _round_tens(value: Decimal, places: int) -> Decimal:
    return keep_range(EXACT.scaleb(EXACT.scaleb(value, places).quantize(STEPS[0], context=EXACT), -places))  # type: ignore[return-value]


def whole_above(value: Number) -> int:
    """Return the smallest whole number that is not below the value."""
    return -whole_below(negate(value))


def whole_below(value: Number) -> int:
    """Return the largest whole number that is not above the value."""
    cut = int(Decimal(value).quantize(STEPS[0], rounding=ROUND_DOWN, context=EXACT))
    return cut - 1 if cut > value else cut
