"""What a score is worked out from: one cell per indicator and unit or person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from zhangfa.expression.series import Series, series_of
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


@dataclass(frozen=True, eq=False)
class Cells(Sequence[Cell]):
    """The cells of one indicator as columns; each is made when somebody looks at it."""

    values: Series
    facts: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.facts)

    @overload
    def __getitem__(self, place: int) -> Cell: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Cell]: ...

    def __getitem__(self, place: int | slice) -> Cell | Sequence[Cell]:
        """Return the cell at a place."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        return reported(self.values.at(place), int(self.facts[place]))

    def __eq__(self, other: object) -> bool:
        """Whether the other has the same cells in this order."""
        return isinstance(other, Sequence) and len(other) == len(self) and all(map(Cell.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Whom a score is about: a unit by its code or a person by number; ``group`` holds those compared with it."""

    group: str
    code: str
    name: str = ""


class Keys(tuple[Key, ...]):
    """Keys in the order of group and code; made once for all matrices of the same keys."""

    def __new__(cls, keys: Iterable[Key]) -> Keys:
        """Check the order.

        Raises:
            ValueError: they stand in another order, or two have the same code.
        """
        made = super().__new__(cls, keys)
        names = [(key.group, key.code, key.name) for key in made]
        if any(one > next_ for one, next_ in pairwise(names)):
            raise ValueError("the keys of a matrix stand in the order of group and code; use build_matrix")
        if len({key.code for key in made}) != len(made):
            raise ValueError("two keys of a matrix have the same code")
        return made

    @classmethod
    def ordered(cls, keys: Iterable[Key]) -> Keys:
        """Put keys into their order."""
        return cls(sorted(keys, key=attrgetter("group", "code", "name")))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each key stands."""
        return {key.code: place for place, key in enumerate(self)}

    @cached_property
    def groups(self) -> Mapping[str, range]:
        """The places of each group's keys."""
        starts: dict[str, int] = {}
        for place, key in enumerate(self):
            starts.setdefault(key.group, place)
        bounds = pairwise([*starts.values(), len(self)])
        return {group: range(*bound) for group, bound in zip(starts, bounds, strict=True)}


@dataclass(frozen=True)
class Matrix:
    """Keys in the order of group and code, and for each indicator one cell per key in that order."""

    keys: tuple[Key, ...]
    indicators: tuple[str, ...]
    cells: Mapping[str, Sequence[Cell]]

    def __post_init__(self) -> None:
        if not isinstance(self.keys, Keys):
            object.__setattr__(self, "keys", Keys(self.keys))
        if any(len(self.cells[indicator]) != len(self.keys) for indicator in self.indicators):
            raise ValueError("each indicator needs one cell per key")

    def cell(self, code: str, indicator: str) -> Cell:
        """Return one cell."""
        return self.cells[indicator][self.places[code]]

    @property
    def places(self) -> Mapping[str, int]:
        """Where each key stands."""
        return self.ordered.places

    @property
    def groups(self) -> Mapping[str, range]:
        """Return the places of each group's keys."""
        return self.ordered.groups

    @property
    def ordered(self) -> Keys:
        """The keys, with where each stands."""
        assert isinstance(self.keys, Keys)
        return self.keys

    @cached_property
    def columns(self) -> Mapping[str, Cells]:
        """The cells of each indicator as columns."""
        return {one: as_columns(self.cells[one]) for one in self.indicators}

    def without(self, indicator: str) -> Matrix:
        """Return the matrix with one indicator less."""
        return replace(self, indicators=tuple(one for one in self.indicators if one != indicator))


def as_columns(cells: Sequence[Cell]) -> Cells:
    """Return cells as columns."""
    if isinstance(cells, Cells):
        return cells
    facts: NDArray[Any] = np.array([cell.facts for cell in cells], dtype=np.int64)
    return Cells(series_of([cell.value for cell in cells]), facts)


def build_matrix(keys: Iterable[Key], indicators: Sequence[str], cells: Mapping[tuple[str, str], Cell]) -> Matrix:
    """Put cells by (code, indicator) into order; a cell that is not there is *not reported*."""
    ordered = Keys.ordered(keys)
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
