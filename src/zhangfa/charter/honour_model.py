"""The frozen honour: titles, stars, flags and cards, who comes by them and how long they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from zhangfa.charter.model import Duration, Text, Who
from zhangfa.expression import Expression


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of an honour, such as a number of stars: from a total, and where its standards are met."""

    id: str
    title: Text
    at_least: Decimal | None = None
    when: Expression | None = None
    """On one row of the score: ``total``, ``rank``, ``of``, ``tier`` …"""


@dataclass(frozen=True, slots=True)
class Honour:
    """One honour, come by in exactly one way (``by``).

    ``rank``: those ranked ``first`` to ``last`` in the score ``from_``. ``quota``: the best ``quota`` of that score,
    among each unit of kind ``per``; never more. ``rule``: ``when`` holds, or the best of ``grades`` whose standard
    is met. ``award``: ``awarders`` give it, to at most ``quota`` at a time.

    ``when`` is read on one row of the score ``from_``; with ``over`` it folds the rows of the table ``unit`` of that
    kind below each ``of`` (roll-up), where ``has_<honour>`` tells whether the unit below holds that honour.
    """

    id: str
    title: Text
    by: Literal["rank", "quota", "rule", "award"]
    of_kind: str = ""
    """The kind of unit that holds it; empty where people do."""
    of_post: str = ""
    """The role whose holders hold it; empty where units do."""
    from_: str = ""
    """The score it rests on; empty for an award and a roll-up."""
    first: int = 0
    last: int = 0
    quota: int | None = None
    per: str = ""
    """Kind of unit that has a quota of its own; empty: one quota for all."""
    when: Expression | None = None
    over: str = ""
    """For a roll-up: the kind of unit below that is counted."""
    adjoining: int | None = None
    """For a roll-up: so many of the units counted must hang together, side by side."""
    needs: tuple[str, ...] = ()
    """For a roll-up: the honours below that ``when`` reads; losing one of them has this one looked at again."""
    grades: tuple[Grade, ...] = ()
    """From the highest to the lowest."""
    awarders: tuple[Who, ...] = ()
    lasts: Duration | None = None
    """It lapses after this time; else it stays until withdrawn."""
    moving: bool = False
    """A moving flag: whoever comes by it next takes it over."""
    withdrawn_by: tuple[Who, ...] = ()
    withdrawn_when: Expression | None = None
    """Read on one row of the table ``unit``; it is withdrawn once this holds."""
    clause: Text | None = None
    """Which rule it rests on."""
