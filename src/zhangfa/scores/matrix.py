"""What a score is worked out from: one cell per indicator and unit or person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from zhangfa.scores.exact import FULL, round_away


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one indicator for one key, and how many facts made it.

    Not reported is not zero: without a value ``reported`` is false, and nothing is ever put in its place.
    """

    value: Decimal | None
    facts: int = 0
    reported: bool = True

    def __post_init__(self) -> None:
        if self.reported is not (self.value is not None):
            raise ValueError("a cell is reported exactly when it has a value")
        if self.value is not None and not self.value.is_finite():
            raise ValueError("the value of a cell is a finite number")


UNREPORTED = Cell(None, 0, False)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Whom a score is about: a unit by its code or a person by number; ``group`` holds those compared with it."""

    group: str
    code: str
    name: str = ""


@dataclass(frozen=True)
class Matrix:
    """Keys in the order of group and code, and for each indicator one cell per key in that order."""

    keys: tuple[Key, ...]
    indicators: tuple[str, ...]
    cells: Mapping[str, tuple[Cell, ...]]

    def __post_init__(self) -> None:
        if list(self.keys) != sorted(self.keys):
            raise ValueError("the keys of a matrix stand in the order of group and code; use build_matrix")
        if len({key.code for key in self.keys}) != len(self.keys):
            raise ValueError("two keys of a matrix have the same code")
        if any(len(self.cells[indicator]) != len(self.keys) for indicator in self.indicators):
            raise ValueError("each indicator needs one cell per key")

    def cell(self, code: str, indicator: str) -> Cell:
        """Return one cell."""
        return self.cells[indicator][self.places[code]]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each key stands."""
        return {key.code: place for place, key in enumerate(self.keys)}

    @cached_property
    def groups(self) -> Mapping[str, tuple[int, ...]]:
        """Return the places of each group's keys."""
        found: dict[str, list[int]] = {}
        for place, key in enumerate(self.keys):
            found.setdefault(key.group, []).append(place)
        return {group: tuple(places) for group, places in found.items()}

    def without(self, indicator: str) -> Matrix:
        """Return the matrix with one indicator less."""
        return replace(self, indicators=tuple(one for one in self.indicators if one != indicator))


def build_matrix(keys: Iterable[Key], indicators: Sequence[str], cells: Mapping[tuple[str, str], Cell]) -> Matrix:
    """Put cells by (code, indicator) into order; a cell that is not there is *not reported*."""
    ordered = tuple(sorted(keys))
    columns = {one: tuple(cells.get((key.code, one), UNREPORTED) for key in ordered) for one in indicators}
    return Matrix(ordered, tuple(indicators), columns)


def reported(value: Decimal | int | bool | None, facts: int) -> Cell:
    """Return the cell of a value as an expression gives it: yes counts 1, no 0, nothing is not reported."""
    return Cell(None, facts, False) if value is None else Cell(Decimal(value), facts)


def given(marks: Sequence[Decimal], trim: int) -> Cell:
    """Return the cell of a panel's marks: the mean without the ``trim`` highest and as many lowest, ten decimals.

    Too few marks to leave any is *not reported*.
    """
    held = sorted(marks)[trim : len(marks) - trim]
    if not held:
        return Cell(None, len(marks), False)
    return Cell(round_away(sum(map(Fraction, held), Fraction(0)) / len(held), FULL), len(marks))
