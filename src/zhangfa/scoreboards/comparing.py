"""A trial of the rules beside what is: the last periods ranked anew, who gains and loses, how firm each place is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from zhangfa.scores.engine import Result, Scoring
from zhangfa.scores.exact import plain, round_away
from zhangfa.scores.listing import STATUSES
from zhangfa.scores.period import Period
from zhangfa.scores.stability import Band, bands
from zhangfa.scores.whatif import Changes, Comparison, Shift, recompute, remove_one

MOST_NAMED = 10
"""Gainers and losers named; all stand in the table."""
MOST_DRAWN = 80
"""Among more, bands are too thin to see, and are not drawn."""
WIDE = 100
"""Width of the drawing of a band."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stands in one period under what is tried; ``words`` where it is not ranked."""

    place: str
    was: str
    gained: Decimal | None
    words: object = ""
    """A ``Text`` that says why it is not ranked; empty where it is, or where it was not scored then."""


@dataclass(frozen=True, slots=True)
class Span:
    """The band of one key, as words and as a drawing of 100 by 10 (empty where it is not drawn)."""

    words: str
    best: int
    worst: int
    left: str
    width: str
    dot: str
    blurred: bool
    """Whether the next one's band overlaps: the difference to it says little."""


@dataclass(frozen=True, slots=True)
class Line:
    """One key in the newest period, with its places in the ones before."""

    code: str
    name: str
    group: str
    total: str
    was_total: str
    places: tuple[Place | None, ...]
    """By period, the newest first; ``None`` where nothing was scored."""
    span: Span | None

    @property
    def gained(self) -> Decimal | None:
        """Places gained in the newest period."""
        return self.places[0].gained if self.places[0] else None


@dataclass(frozen=True, slots=True)
class Removal:
    """What happens when one indicator is taken out."""

    title: object
    up: int
    down: int
    best: Shift | None
    worst: Shift | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything a trial page shows."""

    periods: tuple[Period, ...]
    """The newest first."""
    lines: tuple[Line, ...]
    newest: Comparison
    removals: tuple[Removal, ...]
    ranked: int
    blurred: int
    """How many differences between neighbours say little."""

    @property
    def up(self) -> tuple[Shift, ...]:
        """Those who gain most."""
        return self.newest.gainers[:MOST_NAMED]

    @property
    def down(self) -> tuple[Shift, ...]:
        """Those who lose most."""
        return self.newest.losers[:MOST_NAMED]


def compare(scorings: Sequence[tuple[Period, Scoring]], changes: Changes, names: Mapping[str, str]) -> Compared:
    """Rank every period anew under the changes; the newest period comes first."""
    tried = [_try(scoring, changes) for _period, scoring in scorings]
    newest = tried[0]
    assert newest is not None
    found = bands(newest.after)
    spans, unsure = {one.key.code: one for one in found}, _unsure(found)
    sizes = {one.key.group: one.rank.of for one in newest.after.results if one.rank}
    shifts = [None if one is None else {shift.key.code: shift for shift in one.shifts} for one in tried]
    lines = tuple(
        Line(
            one.key.code, one.key.name or one.key.code, names.get(one.key.group, one.key.group), _total(one.after),
            _total(one.before), tuple(_place(each, one.key.code) for each in shifts),
            _span(spans.get(one.key.code), sizes.get(one.key.group, 1), one.key.code in unsure),
        )
        for one in newest.shifts
    )  # fmt: skip
    removals = tuple(_removal(newest.after, one, each) for one, each in remove_one(newest.after).items())
    ranked = sum(one.after.rank is not None for one in newest.shifts)
    periods = tuple(period for period, _scoring in scorings)
    return Compared(periods, lines, newest, removals, ranked, len(unsure))


def _try(scoring: Scoring, changes: Changes) -> Comparison | None:
    """Return the comparison; None where that period's charter did not have what is changed."""
    try:
        return recompute(scoring, changes)
    except ValueError:
        return None


def _place(shifts: Mapping[str, Shift] | None, code: str) -> Place | None:
    if shifts is None or code not in shifts:
        return None
    one = shifts[code]
    after, before = one.after, one.before
    words = "" if after.rank else STATUSES[after.status]
    return Place(_rank(after), _rank(before), one.gained, words)


def _rank(one: Result) -> str:
    return plain(one.rank.place) if one.rank else ""


def _total(one: Result) -> str:
    return "" if one.rounded is None else f"{one.rounded:f}"


def _unsure(found: Sequence[Band]) -> frozenset[str]:
    """Return those whose band overlaps the next one's; equal ranks claim no difference, so they are none of these."""
    pairs = ((one, other) for one, other in pairwise(found) if one.key.group == other.key.group)
    return frozenset(one.key.code for one, other in pairs if one.blurred and one.place != other.place)


def _span(band: Band | None, of: int, blurred: bool) -> Span | None:
    if band is None:
        return None
    words = f"{band.high}–{band.low}" if band.high != band.low else str(band.high)
    if of > MOST_DRAWN:
        return Span(words, band.best, band.worst, "", "", "", blurred)
    left, right = Fraction(band.high - 1, of) * WIDE, Fraction(band.low, of) * WIDE
    dot = Fraction(2 * band.place - 1, 2 * of) * WIDE
    width = max(right - left, Fraction(1))
    return Span(words, band.best, band.worst, *(plain(round_away(one, 1)) for one in (left, width, dot)), blurred)


def _removal(after: Scoring, indicator: str, tried: Comparison) -> Removal:
    up, down = tried.gainers, tried.losers
    title = after.score.indicators[indicator].title
    return Removal(title, len(up), len(down), up[0] if up else None, down[0] if down else None)
