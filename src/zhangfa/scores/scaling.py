"""From an indicator's value to points: 0 to 100, or points to add, or a veto. Exact."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhangfa.charter.score_model import ZERO, Band, Indicator, Scale
from zhangfa.scores.exact import HUNDRED, LOWEST, NOTHING, take_ln

FIXED = ("target", "goalposts", "given")
"""Kinds of scale whose ends do not hang on others."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The values of those compared with, in ascending order, after the transform."""

    values: tuple[Fraction, ...] = ()


def scale(indicator: Indicator, value: Decimal | None, peers: Peers) -> Fraction | None:
    """Return an indicator's points for a value; ``None`` where there is no value."""
    changed = transform(indicator, value)
    if changed is None:
        return None
    if indicator.scale.kind in FIXED:
        return _between(changed, *map(Fraction, ends_of(indicator)))
    return SCALES[indicator.scale.kind](indicator.scale, changed, peers)


def transform(indicator: Indicator, value: Decimal | None) -> Fraction | None:
    """Return the value as its scale sees it."""
    if value is None:
        return None
    return Fraction(take_ln(value) if indicator.transform == "ln" else value)


def peers_of(indicator: Indicator, values: Sequence[Decimal | None]) -> Peers:
    """Gather the values of those compared with; those without one, or without a logarithm, set no standard."""
    if indicator.scale.kind not in ("minmax", "rank"):
        return Peers()
    none = LOWEST if indicator.transform == "ln" else None
    changed = (transform(indicator, value) for value in values)
    return Peers(tuple(sorted(value for value in changed if value is not None and value != none)))


def _between(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Return 0 at ``low``, 100 at ``high``, in proportion between, never beyond; ``low`` may be the larger."""
    return min(max((value - low) * 100 / (high - low), NOTHING), HUNDRED)


def written_ends(scale: Scale) -> tuple[Decimal, Decimal]:
    """Return the values that count 0 and 100 on a scale with fixed ends, as the charter writes them."""
    if scale.kind == "given":
        return ZERO, scale.given_max or ZERO
    low, high = (scale.floor, scale.target) if scale.kind == "target" else (scale.low, scale.high)
    return low or ZERO, high or ZERO


def ends_of(indicator: Indicator) -> tuple[Decimal, Decimal]:
    """Return the ends after the transform, which both the value and the ends go through."""
    low, high = written_ends(indicator.scale)
    return (take_ln(low), take_ln(high)) if indicator.transform == "ln" else (low, high)


def _minmax(scale: Scale, value: Fraction, peers: Peers) -> Fraction:
    """Where all are equal nobody is behind: 100."""
    if not peers.values or peers.values[0] == peers.values[-1]:
        return HUNDRED
    return _between(value, peers.values[0], peers.values[-1])


def _rank(scale: Scale, value: Fraction, peers: Peers) -> Fraction:
    """The first counts 100, the last 0, equal values the better place; alone counts 100."""
    others = len(peers.values) - 1
    better = len(peers.values) - bisect_right(peers.values, value)
    return HUNDRED if others < 1 else max(Fraction(others - better, others), NOTHING) * 100


def band_of(bands: Sequence[Band], value: Fraction) -> Band:
    """Return the one band a value falls into."""
    return next(
        band for band in bands if band.upto is None or value < band.upto or (band.closed and value == band.upto)
    )


def _bands(scale: Scale, value: Fraction, peers: Peers) -> Fraction:
    return Fraction(band_of(scale.bands, value).points)


def _add(scale: Scale, value: Fraction, peers: Peers) -> Fraction:
    """A bonus never takes away and a malus never gives."""
    if scale.cap is None:
        return value
    cap = Fraction(scale.cap)
    return min(max(value, NOTHING), cap) if cap > 0 else max(min(value, NOTHING), cap)


def _veto(scale: Scale, value: Fraction, peers: Peers) -> Fraction:
    return Fraction(1) if value > 0 else NOTHING


SCALES: dict[str, Callable[[Scale, Fraction, Peers], Fraction]] = {
    "minmax": _minmax, "rank": _rank, "bands": _bands, "add": _add, "veto": _veto,
}  # fmt: skip
