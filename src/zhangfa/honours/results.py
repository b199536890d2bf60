"""The rows of a signed board as honours read them; those of people opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhangfa.charter.fact_columns import LEVELS
from zhangfa.directory import tree
from zhangfa.honours.places import Result
from zhangfa.publishing.models import Board, Standing
from zhangfa.publishing.standings import Seen, open_standings

RANKED = "ranked"


@dataclass(frozen=True, slots=True)
class Seated:
    """A row of a result with the unit it belongs to: the one scored, or where the person holds the post."""

    result: Result
    place: int
    terms: Mapping[str, object] = field(default_factory=dict)
    """The unit as expressions read it."""
    levels: Mapping[str, int | None] = field(default_factory=dict)


def results_of(board: Board) -> Mapping[int, Seated]:
    """Return the rows of a board by id of the unit or person; rows whose key was destroyed are left out."""
    found = {}
    rows = open_standings(Standing.objects.filter(board=board).order_by("pk"))
    tree.units(one.standing.seat_id or one.standing.unit_id or 0 for one in rows)
    for seen in rows:
        one = seen.standing
        whose, place = (one.person_id, one.seat_id) if board.of_people else (one.unit_id, one.unit_id)
        if whose is not None and place is not None and not seen.erased:
            found[whose] = _seated(whose, place, seen)
    return found


def _seated(whose: int, place: int, seen: Seen) -> Seated:
    result = Result(whose, seen.group, seen.status == RANKED, seen.total, seen.rank, seen.of, seen.tier)
    unit = tree.unit(place)
    levels = {level: unit.at_level(level) for level in LEVELS}
    return Seated(result, place, {"kind": unit.kind, "name": unit.name, "code": unit.code}, levels)
