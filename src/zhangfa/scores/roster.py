"""Who is scored: the units of a kind or the holders of a post as they stood on a day, in the order of a matrix."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.directory import tree
from zhangfa.directory.models import Person
from zhangfa.facts.groups import members_on
from zhangfa.facts.query import Facts
from zhangfa.scores.matrix import Key, Keys

Found = tuple[int, int, str, str, str | None]
"""Id, id of the unit it hangs at, code, name, code of the unit it is ranked in."""
Ids = NDArray[np.int64]
TURNS = (
    "SELECT DISTINCT day FROM (SELECT unnest([from_day, since, until]) AS day FROM place "
    "UNION ALL SELECT unnest([since, until]) FROM held_post) WHERE day > ? AND day <= ?"
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a key of a scoring is."""

    id: int
    """Of the unit or person."""
    unit: int
    """Where it hangs: the unit itself, or that at which the person holds the post."""


@dataclass(frozen=True)
class Roster:
    """The keys of a matrix, and who they are."""

    keys: Keys
    whose: Mapping[str, Whose]
    """By the code of each key."""

    @cached_property
    def ids(self) -> Ids:
        """The id of each unit or person, in the order of the keys."""
        return np.array([self.whose[key.code].id for key in self.keys], dtype=np.int64)

    @cached_property
    def _sorted(self) -> tuple[Ids, NDArray[np.intp]]:
        order = np.argsort(self.ids)
        return self.ids[order], order

    def places(self, ids: Ids) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Return which of some ids are here, and where these stand."""
        ordered, order = self._sorted
        at = np.searchsorted(ordered, ids)
        here = at < len(ordered)
        here[here] = ordered[at[here]] == ids[here]
        return here, order[at[here]]


def find_rosters(
    facts: Facts, charter: Charter, score: Score, days: Sequence[dt.date], *, within: int | None = None
) -> list[Roster]:
    """Return who is scored on each of the days; where nobody came, went or moved between two, the very same."""
    facts.places()
    first, last = min(days), max(days)
    turns = sorted(day for (day,) in facts.connection.execute(TURNS, [first, last]).fetchall())
    known: dict[tuple[int, tuple[tuple[int, str], ...]], Roster] = {}
    found = []
    for day in days:
        peers = _peers(facts, charter, score, day)
        alike = sum(turn <= day for turn in turns), tuple(sorted(peers.items()))
        if alike not in known:
            known[alike] = _roster(_find(facts, charter, score, day, within), peers)
        found.append(known[alike])
    return found


def _roster(rows: Sequence[Found], peers: Mapping[int, str]) -> Roster:
    keys = [
        Key(" / ".join(part for part in (above or "", peers.get(unit, "")) if part), code, name)
        for _, unit, code, name, above in rows
    ]
    whose = {code: Whose(id_, unit) for id_, unit, code, _name, _above in rows}
    return Roster(Keys.ordered(keys), whose)


def _find(facts: Facts, charter: Charter, score: Score, day: dt.date, within: int | None) -> list[Found]:
    kept, place = "", []
    if within is not None:
        kept, place = f' AND u."at:{tree.unit(within).kind}" = ?', [within]
    if not score.of_post:
        view, _ = facts.view(charter, "unit", today=day, only=frozenset())
        sql = f"SELECT u.unit, u.unit, u.code, u.name, {_above(score)} FROM {view} u WHERE u.kind = ?{kept}"
        return facts.connection.execute(sql, [score.of_kind, *place]).fetchall()
    view, _ = facts.view(charter, "post", today=day)
    sql = (
        f"SELECT u.person, u.unit, {_above(score)} FROM {view} u WHERE u.role = ?{kept} ORDER BY u.person, u.fact DESC"
    )
    return _people(facts.connection.execute(sql, [score.of_post, *place]).fetchall())


def _people(rows: Sequence[tuple[int, int, str | None]]) -> list[Found]:
    """Return the holders of a post once each; who holds it twice is ranked where the older post is."""
    held = {person: (unit, above) for person, unit, above in rows}
    names = dict(Person.objects.filter(id__in=held).values_list("id", "name"))
    return [(person, unit, str(person), names.get(person, ""), above) for person, (unit, above) in held.items()]


def _above(score: Score) -> str:
    if not score.rank_in:
        return "NULL"
    return f'(SELECT max(q.code) FROM place q WHERE q.unit = u."at:{score.rank_in}")'


def _peers(facts: Facts, charter: Charter, score: Score, day: dt.date) -> Mapping[int, str]:
    """Return the group each unit is compared in: its part of the one named, or that itself where it has no parts."""
    if not score.peers:
        return {}
    title = charter.groups[score.peers].title.zh
    return {unit: part or title for unit, part in members_on(facts, f"{charter.id}.{score.peers}", day).items()}
