"""Pages, counts and boards of a register: every one from the same gated, filtered set."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from zhangfa.acts.actor import Actor
from zhangfa.acts.gate import visible
from zhangfa.acts.models import Record
from zhangfa.charter.model import Register, State
from zhangfa.directory import tree
from zhangfa.registers import search
from zhangfa.registers.branches import OPEN_DUE, Branch, branches_of, narrower_level, parts_sql
from zhangfa.registers.filters import Filter
from zhangfa.registers.narrowing import condition_of

PAGE = 25
COUNT_CAP = 1000
HITS_CAP = COUNT_CAP + 1
"""So many hits of a search are looked at, the newest first; where there are more, the page says so."""
EVERYTHING = 100_000_000
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page with the places before and after it; empty where there is no such page."""

    rows: tuple[Record, ...]
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Listing:
    """The records of one register that one actor may see, under one filter, at one moment."""

    key: str
    register: Register
    states: Mapping[str, State]
    """Every state a record may stand in, those of older versions too."""
    chosen: Filter
    actor: Actor
    at: dt.datetime

    @cached_property
    def wanted_states(self) -> tuple[str, ...]:
        """Return the states looked through; a question about deadlines leaves the closed ones out."""
        named = self.chosen.states or tuple(self.states)
        if self.chosen.due or self._by_due:
            named = tuple(state for state in named if not self.states[state].final)
        return named

    @cached_property
    def unit(self) -> tree.UnitNow | None:
        """Return the unit the list is narrowed to; an unknown one narrows to nothing."""
        return tree.find_unit(self.chosen.unit) if self.chosen.unit else None

    @cached_property
    def condition(self) -> Q:
        """Return what the filter asks of a row, but for states and the search."""
        asked = condition_of(self.chosen, self.register, self.unit, self.at)
        return asked & Q(closed=False, due_at__isnull=False) if self._by_due else asked

    @cached_property
    def branches(self) -> list[Branch]:
        """Return the gate in parts; in a search each part holds its newest hits and is found by their ids."""
        if self.chosen.unit and self.unit is None:
            return []
        parts = branches_of(visible(self.actor, self.key, self.at), self.unit)
        if self._asked:
            search.catch_up()
            return self._searched(parts)
        if not self._by_due:
            return parts
        # All states that are not final, and open: saying it twice makes PostgreSQL expect next to nothing.
        known = () if self.chosen.states else self.wanted_states
        return [replace(part, level=OPEN_DUE, states=known) if part.level == "county" else part for part in parts]

    @cached_property
    def cut(self) -> bool:
        """Say whether a search had more hits than are looked at, so that only the newest were."""
        return any(part.cut for part in self.branches)

    def _searched(self, parts: Sequence[Branch]) -> list[Branch]:
        """Let the parts that name units share one look into the index; the others, of few records, ask each record."""
        near = [part for part in parts if part.units]
        far = [replace(part, q=part.q & search.is_hit(self._match())) for part in parts if not part.units]
        if not near:
            return far
        ids = self._newest_hits(self._units_of(near))
        reach = reduce(or_, (part.q for part in near))
        return [Branch(reach & search.is_among(ids[:HITS_CAP]), "", cut=len(ids) > HITS_CAP), *far]

    def _newest_hits(self, units: Sequence[int]) -> list[int]:
        """Return the newest hits, one more than the cap where there are more, among records of these units."""
        marked = self._marked_unit
        only = tree.find_unit(marked or units[0]) if len(units) + bool(marked) == 1 else None
        if only and search.is_walked(only, self.chosen.q, self._field_marks):
            match = search.match_of(self.chosen.q, [f"r={self.key}", *self._field_marks])
            return search.newest_hits(match, HITS_CAP, only)
        return search.newest_hits(self._match(units), HITS_CAP)

    @property
    def _asked(self) -> bool:
        """Say whether the index is asked: for a word, or for the value of a marked field."""
        return bool(search.query_words(self.chosen.q) or self._field_marks)

    @cached_property
    def _field_marks(self) -> list[str]:
        fields = self.register.fields
        return [search.field_mark(name, value) for name, value in self.chosen.fields if search.is_marked(fields[name])]

    def _units_of(self, parts: Sequence[Branch]) -> list[int]:
        """Return the units the parts name; none where one of them holds all of the unit the list is narrowed to."""
        units = [unit for part in parts for unit in part.units]
        within = self._marked_unit
        return [] if within and any(tree.reaches(unit, within) for unit in units) else units

    @property
    def _marked_unit(self) -> int | None:
        """Return the unit the list is narrowed to where the index has a mark of it."""
        return self.unit.id if self.unit is not None and narrower_level(self.unit) != "unit" else None

    def _match(self, units: Sequence[int] = ()) -> str:
        marks = [search.unit_mark(self.key, self._marked_unit)] if self._marked_unit else []
        if not marks and not units:
            marks = [f"r={self.key}"]
        return search.match_of(
            self.chosen.q, [*marks, *self._field_marks], [search.unit_mark(self.key, unit) for unit in units]
        )

    def page(self, size: int = PAGE) -> Page:
        """Return one page, the rows with the newest (or the nearest deadline) first."""
        backwards = bool(self.chosen.before)
        ids = self._found[: size + 1] if self._is_found_at_once else self._first_ids(size + 1, backwards)
        more = len(ids) > size
        rows = self.rows(ids[:size][::-1] if backwards else ids[:size])
        if not rows:
            return Page(())
        earlier = more if backwards else bool(self.chosen.after)
        later = True if backwards else more
        return Page(rows, self._place(rows[-1]) if later else "", self._place(rows[0]) if earlier else "")

    def count(self) -> int:
        """Return how many there are, at most one more than the cap."""
        return len(self._found) if self._is_found_at_once else self.counts((self.wanted_states,))[0]

    @property
    def _is_found_at_once(self) -> bool:
        """Say whether page and count come from one look: on the first page of a search, which looks at few records."""
        return self._asked and not self.chosen.after and not self.chosen.before

    @cached_property
    def _found(self) -> list[int]:
        return self._first_ids(COUNT_CAP + 1, backwards=False)

    def counts(self, groups: Sequence[Sequence[str]]) -> list[int]:
        """Return the capped count of each group of states, in one query."""
        statements: list[str] = []
        params: list[object] = []
        for number, group in enumerate(groups):
            sql, given = parts_sql(self.branches, self.condition, group, (), COUNT_CAP + 1, ("id",))
            inner = " UNION ALL ".join(_wrapped(part) for part in sql) or "SELECT 0 AS id WHERE 1 = 0"
            first = f"SELECT DISTINCT id FROM (SELECT id FROM ({inner}) AS u LIMIT {COUNT_CAP + 1}) AS d"
            statements.append(f"SELECT {number} AS n, count(*) FROM ({first}) AS c")
            params += given
        found = dict(_fetched(" UNION ALL ".join(statements), params)) if statements else {}
        return [found.get(number, 0) for number in range(len(groups))]

    def board(self, each: int = 20) -> dict[str, tuple[Record, ...]]:
        """Return the first rows of every state that is looked through."""
        columns = ("id", "state", self._sorted_by)
        sql, params = parts_sql(self.branches, self.condition, self.wanted_states, self._order(False), each, columns)
        found = set(_fetched(" UNION ".join(map(_wrapped, sql)), params)) if sql else set()
        by_state: dict[str, list[int]] = defaultdict(list)
        for record, state, _moment in sorted(found, key=_by_moment, reverse=self._falling):
            if len(by_state[state]) < each:
                by_state[state].append(record)
        rows = {row.id: row for row in self.rows([i for ids in by_state.values() for i in ids])}
        return {state: tuple(rows[i] for i in by_state[state] if i in rows) for state in self.wanted_states}

    def between(self, q: Q, limit: int) -> tuple[Record, ...]:
        """Return rows that also satisfy ``q``, at most ``limit``, for a month's page."""
        listing = replace(self, chosen=self.chosen.but())
        sql, params = parts_sql(listing.branches, listing.condition & q, listing.wanted_states, (), limit, ("id",))
        ids = [row[0] for row in _fetched(" UNION ".join(map(_wrapped, sql)), params)] if sql else []
        return self.rows(ids[:limit])

    def all_ids(self) -> list[int]:
        """Return the ids of the whole list in its order: one moment's answer, whatever is written meanwhile."""
        return replace(self, chosen=self.chosen.but())._first_ids(EVERYTHING, backwards=False)

    @property
    def _sorted_by(self) -> str:
        return "due_at" if self._by_due else "updated_at"

    @property
    def _by_due(self) -> bool:
        """Say whether the nearest deadline stands first: where asked for, and wherever deadlines are asked about."""
        return self.chosen.sort == "due" or self.chosen.due in ("late", "today", "week")

    @property
    def _falling(self) -> bool:
        return self.chosen.sort == "newest" and not self._by_due

    def _order(self, backwards: bool) -> tuple[str, str]:
        sign = "-" if self._falling != backwards else ""
        return f"{sign}{self._sorted_by}", f"{sign}id"

    def _first_ids(self, limit: int, backwards: bool) -> list[int]:
        order = self._order(backwards)
        condition = self.condition & self._beyond(backwards)
        columns = ("id", self._sorted_by)
        sql, params = parts_sql(self.branches, condition, self.wanted_states, order, limit, columns)
        if not sql:
            return []
        way = "DESC" if order[1].startswith("-") else "ASC"
        merged = " UNION ".join(map(_wrapped, sql))
        return [
            row[0]
            for row in _fetched(
                f"SELECT id FROM ({merged}) AS m ORDER BY {self._sorted_by} {way}, id {way} LIMIT {limit}", params
            )
        ]

    def _beyond(self, backwards: bool) -> Q:
        """Return the condition of the rows after, or before, the place the address names."""
        place = self.chosen.before if backwards else self.chosen.after
        if not place:
            return Q()
        moment, _, record = place.partition("-")
        at = EPOCH + dt.timedelta(microseconds=int(moment))
        side, name = ("lt" if self._falling != backwards else "gt"), self._sorted_by
        return Q(**{f"{name}__{side}e": at}) & (Q(**{f"{name}__{side}": at}) | Q(**{f"id__{side}": int(record)}))

    def _place(self, row: Record) -> str:
        moment = getattr(row, self._sorted_by) - EPOCH
        return f"{moment // dt.timedelta(microseconds=1)}-{row.id}"

    def rows(self, ids: Sequence[int]) -> tuple[Record, ...]:
        """Return the rows of ids in their order; call it with ids this listing gave."""
        found = Record.objects.in_bulk(list(ids)) if ids else {}
        return tuple(found[each] for each in ids if each in found)


def _by_moment(row: tuple[int, str, object]) -> tuple[str, int]:
    return str(row[2]), row[0]


def _wrapped(sql: str) -> str:
    return f"SELECT * FROM ({sql}) AS part"


def _fetched(sql: str, params: Sequence[object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
