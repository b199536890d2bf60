"""What if the rules were others: the same facts under changed weights and targets, and who gains or loses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from zhangfa.charter.score_model import Indicator, Scale, Score
from zhangfa.scores.engine import Result, Scoring, compute
from zhangfa.scores.matrix import Key

NONE: Mapping[str, Decimal] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Changes:
    """What is tried: new weights, targets and floors by indicator, weights of dimensions, indicators taken out."""

    weights: Mapping[str, Decimal] = field(default_factory=lambda: NONE)
    targets: Mapping[str, Decimal] = field(default_factory=lambda: NONE)
    floors: Mapping[str, Decimal] = field(default_factory=lambda: NONE)
    dimensions: Mapping[str, Decimal] = field(default_factory=lambda: NONE)
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shift:
    """What the change does to one unit or person."""

    key: Key
    before: Result
    after: Result

    @property
    def gained(self) -> Decimal | None:
        """Places gained (lost: below zero); ``None`` where it is not ranked before or after."""
        return self.before.rank.place - self.after.rank.place if self.before.rank and self.after.rank else None


@dataclass(frozen=True)
class Comparison:
    """Two scorings of the same facts."""

    before: Scoring
    after: Scoring
    shifts: tuple[Shift, ...]
    """In the order of the ranking after the change."""

    @property
    def gainers(self) -> tuple[Shift, ...]:
        """Those who come out higher, the largest gain first."""
        return self._moved(1)

    @property
    def losers(self) -> tuple[Shift, ...]:
        """Those who come out lower, the largest loss first."""
        return self._moved(-1)

    def _moved(self, sign: int) -> tuple[Shift, ...]:
        moved = [(gained * sign, one) for one in self.shifts if (gained := one.gained) and gained * sign > 0]
        return tuple(one for _, one in sorted(moved, key=lambda pair: (-pair[0], pair[1].key)))


def change_score(score: Score, changes: Changes) -> Score:
    """Return the score with the changes made.

    Raises:
        ValueError: an id the score does not have, a target for a scale without one, or a rule that cannot be reckoned.
    """
    named = {*changes.weights, *changes.targets, *changes.floors, *changes.removed}
    unknown = sorted((named - set(score.indicators)) | (set(changes.dimensions) - set(score.dimensions)))
    if unknown:
        raise ValueError(f"score {score.id!r} has no {', '.join(unknown)}")
    kept = {one.id: _change(one, changes) for one in score.indicators.values() if one.id not in changes.removed}
    dimensions = {
        one.id: replace(one, weight=changes.dimensions.get(one.id, one.weight)) for one in score.dimensions.values()
    }
    return replace(score, indicators=kept, dimensions=dimensions)


def _change(one: Indicator, changes: Changes) -> Indicator:
    scale = _rescale(one.scale, changes.targets.get(one.id), changes.floors.get(one.id))
    return replace(one, weight=changes.weights.get(one.id, one.weight), scale=scale)


def _rescale(scale: Scale, target: Decimal | None, floor: Decimal | None) -> Scale:
    if target is None and floor is None:
        return scale
    if scale.kind != "target":
        raise ValueError(f"a scale of kind {scale.kind!r} has no target to change")
    return replace(
        scale, target=scale.target if target is None else target, floor=scale.floor if floor is None else floor
    )


def recompute(scoring: Scoring, changes: Changes) -> Comparison:
    """Work the same facts out under changed rules."""
    after = compute(change_score(scoring.score, changes), scoring.matrix, period=scoring.period)
    shifts = tuple(Shift(one.key, scoring.by_code[one.key.code], one) for one in after.results)
    return Comparison(scoring, after, shifts)


def remove_one(scoring: Scoring) -> Mapping[str, Comparison]:
    """Take each weighted indicator out in turn: which ranks hang on it alone."""
    weighted = [one.id for one in scoring.score.indicators.values() if one.weight]
    if len(weighted) < 2:
        return {}
    return {one: recompute(scoring, Changes(removed=frozenset({one}))) for one in weighted}
