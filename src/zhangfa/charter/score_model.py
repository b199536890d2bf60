"""The frozen score: how a charter says that units or people are judged.

Numbers are exact decimals. What cannot be reckoned with (a target equal to its floor, bands with a gap)
cannot be built: the constructors raise ``ValueError``, and the checker reports the same before that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from zhangfa.charter.model import Duration, Takers, Text, Who
from zhangfa.expression import Expression

ScaleKind = Literal["target", "goalposts", "minmax", "rank", "bands", "add", "veto", "given"]
Combine = Literal["arithmetic", "geometric"]
Ties = Literal["competition", "dense", "average"]
LOGARITHMIC: frozenset[str] = frozenset({"target", "goalposts", "minmax"})
"""Kinds of scale a logarithm makes a difference to."""
NO_WEIGHT: frozenset[str] = frozenset({"add", "veto"})
"""Kinds of scale that never carry a weight."""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Band:
    """Values up to ``upto`` (itself included when ``closed``), above the band before, count ``points``."""

    upto: Decimal | None
    """``None`` for the last band, which has no end."""
    points: Decimal
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """The one way in which an indicator's value becomes 0 to 100 points, or points to add, or a veto.

    ``target``: 100 at the target, 0 at the floor (0 where none is given), in proportion between; a target below
    the floor means less is better. ``goalposts``: the same between fixed ``low`` and ``high``. ``minmax`` and
    ``rank``: against the others compared with. ``bands``: a table. ``add``: the value itself, a bonus from 0 to
    ``cap`` or a malus from ``cap`` to 0. ``veto``: any value above zero. ``given``: marks out of ``given_max``.
    """

    kind: ScaleKind
    target: Decimal | None = None
    floor: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    bands: tuple[Band, ...] = ()
    cap: Decimal | None = None
    given_by: Takers | None = None
    given_max: Decimal | None = None
    given_trim: int = 0
    """How many of the highest and how many of the lowest marks are left out."""

    def __post_init__(self) -> None:
        if fault := scale_fault(self):
            raise ValueError(fault.en)


def scale_fault(scale: Scale) -> Text | None:
    """Return what makes a scale impossible to reckon with, or ``None``."""
    if scale.kind == "target" and (scale.target is None or scale.target == (scale.floor or ZERO)):
        return Text("目标值必须写出，并且不能等于底线值", "A target must be given and differ from its floor")
    if scale.kind == "goalposts" and (scale.low is None or scale.high is None or scale.low == scale.high):
        return Text("上下限都要写出，并且不能相等", "Both goalposts must be given, and differ")
    if scale.kind == "given" and (scale.given_max is None or scale.given_max <= 0 or scale.given_trim < 0):
        return Text("评分的满分必须大于零", "The highest mark that can be given must be above zero")
    return band_fault(scale.bands) if scale.kind == "bands" else None


def unlogarithmic(scale: Scale) -> tuple[str, ...]:
    """Return which ends of a scale must be above zero and are not: a logarithm is taken of them as of the value."""
    ends = {"target": ("target", "floor"), "goalposts": ("low", "high")}.get(scale.kind, ())
    return tuple(name for name in ends if (getattr(scale, name) or ZERO) <= 0)


def band_fault(bands: tuple[Band, ...]) -> Text | None:
    """Return where a table of bands has a gap or an overlap, or ``None`` where every number falls into exactly one.

    A band begins where the one before ends; so strictly ascending ends, the last one open, leave no gap and no
    overlap. At one and the same number an end that leaves it out comes before an end that takes it in.
    """
    if not bands or bands[-1].upto is not None:
        return Text(
            "最后一档必须没有上限，否则更大的数落不进任何一档",
            "The last band must have no end, or larger numbers fall into none",
        )
    for before, after in pairwise(bands):
        if before.upto is None:
            return Text("只有最后一档可以没有上限", "Only the last band may have no end")
        if after.upto is not None and (after.upto, after.closed) <= (before.upto, before.closed):
            return Text(
                f"{after.upto} 这一档与前一档（到 {before.upto}）重叠或颠倒",
                f"The band up to {after.upto} overlaps the one before, which ends at {before.upto}",
            )
    return None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator over facts."""

    id: str
    title: Text
    from_: str
    """The table of facts: a register of this charter, ``charter.register``, or ``task``, ``unit``, ``post``,
    ``score``, ``honour``."""
    value: Expression
    """An aggregate over the facts of one unit or person."""
    scale: Scale
    where: Expression | None = None
    key: str = ""
    """What the facts are gathered by: empty for the unit at the score's level, else a field, or ``about``."""
    weight: Decimal = ZERO
    """0 for ``add`` and ``veto``."""
    transform: Literal["", "ln"] = ""
    """``ln``: of the value and of the ends of the scale; a value at or below zero counts like the least."""
    clause: Text | None = None
    """Which rule it rests on."""
    dimension: str = ""
    weight_source: str = ""
    missing: Literal["show", "leave_out"] = "show"
    """Without a value: show as not reported and do not rank, or spread its weight over the others."""

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError(f"indicator {self.id!r}: a weight is never negative")
        if self.weight and self.scale.kind in NO_WEIGHT:
            raise ValueError(f"indicator {self.id!r}: {self.scale.kind} carries no weight")
        if self.transform == "ln" and (self.scale.kind not in LOGARITHMIC or unlogarithmic(self.scale)):
            raise ValueError(f"indicator {self.id!r}: its scale has no logarithm")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of indicators with a weight of its own; ``parent`` names the dimension it is part of."""

    id: str
    title: Text
    weight: Decimal
    combine: Combine = "arithmetic"
    indicators: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Tier:
    """A grade: for the best ``share`` of those ranked, for totals of ``at_least``, or (neither) for the rest."""

    id: str
    title: Text
    share: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Publish:
    """Who signs a score off, how long it can be objected to, and who sees it."""

    by: str
    """The role that signs."""
    objections: Duration | None = None
    to: tuple[Who, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """One score: of whom, how often, from which indicators, how ranked and published."""

    id: str
    title: Text
    every: str
    """``month``, ``quarter``, ``half-year``, ``year`` or the id of a season."""
    indicators: Mapping[str, Indicator]
    """In the order of the charter."""
    of_kind: str = ""
    """The kind of unit scored; empty where people are."""
    of_post: str = ""
    """The role whose holders are scored; empty where units are."""
    rank_in: str = ""
    """Kind of unit within which ranks are given; empty: among all."""
    base: Decimal = ZERO
    precision: int = 2
    rank_on: Literal["rounded", "full"] = "rounded"
    ties: Ties = "competition"
    too_few: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Least number of facts by indicator; ``*`` for all indicators together. Fewer: too few to rank."""
    combine: Combine = "arithmetic"
    dimensions: Mapping[str, Dimension] = field(default_factory=lambda: MappingProxyType({}))
    tiers: tuple[Tier, ...] = ()
    """From the best to the last."""
    publish: Publish | None = None
    peers: str = ""
    """The group within which units are compared; empty: all of ``rank_in``."""
