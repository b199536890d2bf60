"""Logarithm, exponential and square root in exact decimal arithmetic, rounded to six decimals."""

from __future__ import annotations

from decimal import Context, Decimal

from zhangfa.expression.arithmetic import Number, to_scale
from zhangfa.expression.faults import EvaluationError

POWER_SCALE = 6
WIDE = Context(prec=40)
MOST = Decimal(42)
"""e to this power is more than 10^18, the largest number there is."""


def logarithm(value: Number) -> Decimal | None:
    """Return the natural logarithm; NULL for zero and below."""
    return None if value <= 0 else to_scale(WIDE.ln(Decimal(value)), POWER_SCALE)


def exponential(value: Number) -> Decimal:
    """Return e to this power."""
    if value > MOST:
        raise EvaluationError("数值太大，超出可计算的范围", "A number is too large to reckon with")
    return to_scale(WIDE.exp(Decimal(max(value, -MOST))), POWER_SCALE)


def square_root(value: Number) -> Decimal | None:
    """Return the square root; NULL below zero."""
    return None if value < 0 else to_scale(WIDE.sqrt(Decimal(value)), POWER_SCALE)
