"""Gather facts for a score: per indicator and key the exact value, how many facts made it, and which.

DuckDB filters, groups, counts, adds up and sorts; nothing it returns was ever a double. What follows from the parts is
worked out here, as ``evaluate_rows`` does on the same facts. Facts that several indicators read are read once, and the
facts of a register once for all periods.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from zhangfa.charter.fact_columns import ENGINE_TABLES
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.expression.evaluate import evaluate_rows
from zhangfa.expression.scope import TODAY
from zhangfa.facts.asked import ORDERED, Asked, Period, Used, ask_indicator
from zhangfa.facts.cells import Cells, Gathered, read_cells
from zhangfa.facts.columns import quoted
from zhangfa.facts.query import Facts, retried


@dataclass(frozen=True)
class Collected:
    """The cells of a score. Whoever has no fact under an indicator has no cell there: not reported is not zero."""

    position: int
    """Last sealed position counted."""
    unsealed: int
    """Events counted that had no position yet; 0 where ``as_of`` was given."""
    columns: Mapping[str, Cells]
    """Indicator → its cells."""
    nothing: Mapping[str, object]
    """Indicator → its value over no facts at all (a count is 0, a mean unknown)."""

    @cached_property
    def cells(self) -> Mapping[str, Mapping[int, Gathered]]:
        """Indicator → id of the unit or person → cell."""
        return {name: one.by_key for name, one in self.columns.items()}


def collect(
    *, charter: Charter, score: Score, period: Period, as_of: int | None = None, threads: int | None = None,
    others: Mapping[str, Charter] | None = None,
) -> Collected:  # fmt: skip
    """Gather every indicator of a score over the facts dated in a period.

    ``as_of`` is the position of the last sealed event that counts; without it everything written so far does.
    ``others`` are the charters, by id, whose registers an indicator names as ``charter.register``.

    Raises:
        Unrenderable: an indicator asks what only Python works out, or what is no column of facts.
        NotSealed: nothing is sealed at ``as_of``.
    """

    def gather_one() -> Collected:
        with Facts(as_of=as_of, threads=threads) as facts:
            return gather(facts, charter=charter, score=score, periods=[period], others=others)[0]

    found: Collected = retried(gather_one)
    return found


def gather(
    facts: Facts, *, charter: Charter, score: Score, periods: Sequence[Period],
    others: Mapping[str, Charter] | None = None, keys: Collection[int] | None = None,
) -> list[Collected]:  # fmt: skip
    """Gather the same for several periods in an open session; of ``keys`` only, where given."""
    used: Used = {}
    asked = [
        ask_indicator(charter, score, one, others, used, facts.worked, facts.calendar, facts.counter)
        for one in score.indicators.values()
    ]
    if keys is not None:
        facts.connection.execute(
            "CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest(?::BIGINT[]) AS id", [list(keys)]
        )
    found: dict[tuple[str, int], Cells] = {}
    for source in dict.fromkeys(one.source for one in asked):
        group = [one for one in asked if one.source == source]
        for batch in _batches(group[0], periods):
            found |= _read(facts, group, used[source], batch, chosen=keys is not None)
    return [
        Collected(
            facts.position, facts.unsealed, {one.id: found[one.id, number] for one in asked},
            {one.id: _nothing(one, period) for one in asked},
        )
        for number, period in enumerate(periods)
    ]  # fmt: skip


Batch = Mapping[int, Period]
"""Periods by number that are read together."""


def _batches(one: Asked, periods: Sequence[Period]) -> Iterable[Batch]:
    """Yield the periods that one reading serves: all of them, unless the facts hang on the day one asks."""
    numbered = dict(enumerate(periods))
    if one.table.name in ENGINE_TABLES:
        return [{number: period} for number, period in numbered.items()]
    return [numbered]


def _read(
    facts: Facts, asked: Sequence[Asked], used: set[str], batch: Batch, *, chosen: bool
) -> dict[tuple[str, int], Cells]:
    """Read the cells of indicators over one table; the facts are kept where they are grouped more than once."""
    groups: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        groups.setdefault((one.where, one.key), []).append(one)
    source, table = f"({_facts_of(facts, asked[0], used, batch)})", asked[0].table.name
    source = facts.counter.keep(facts, source, table=table, again=len(groups) > 1)
    found: dict[tuple[str, int], Cells] = {}
    for group in groups.values():
        facts.counter.count(facts, source, group, chosen=chosen)
        found |= read_cells(facts.connection, "cells", group, batch)
    return found


def _facts_of(facts: Facts, one: Asked, used: set[str], batch: Batch) -> str:
    """Return SQL of the needed columns of the facts of the periods, each with the number and last day of its period."""
    view, _ = facts.view(one.owner, one.table.name, today=max(end for _, end in batch.values()), only=used)
    columns = ", ".join(f"f.{quoted(name)}" for name in sorted(used))
    if len(batch) == 1:
        ((number, period),) = batch.items()
        whole = f'{number} AS "~period", {_day(period[1])} AS "~today"'
        return f"SELECT {columns}, {whole} FROM {view} f WHERE {_within(one, period)}"
    first, last = min(start for start, _ in batch.values()), max(end for _, end in batch.values())
    days = ", ".join(f"({number}, {_day(start)}, {_day(end)})" for number, (start, end) in batch.items())
    each = (
        f"SELECT number, until, CAST(day AS DATE) AS day FROM (SELECT number, until, unnest(generate_series(since, "
        f"until, INTERVAL 1 DAY)) AS day FROM (VALUES {days}) AS spans (number, since, until))"
    )
    dated = f'd.number AS "~period", d.until AS "~today" FROM {view} f JOIN ({each}) d ON f.dated = d.day'
    return f"SELECT {columns}, {dated} WHERE {_within(one, (first, last))}"


def _within(one: Asked, period: Period) -> str:
    return f"f.dated >= {_day(period[0])} AND f.dated <= {_day(period[1])}" if one.dated else "true"


def _day(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"


def _nothing(one: Asked, period: Period) -> object:
    return evaluate_rows(one.indicator.value, (), {**one.shared, TODAY: period[1]})


def facts_behind(
    *, charter: Charter, score: Score, indicator: str, key: int, period: Period, as_of: int | None = None,
    limit: int = 10_000, others: Mapping[str, Charter] | None = None,
) -> tuple[int, ...]:  # fmt: skip
    """Return the ids of what made a cell, in order of their dates: records, for ``task`` the records they belong to."""

    def look() -> tuple[int, ...]:
        with Facts(as_of=as_of) as facts:
            used: Used = {}
            asked = score.indicators[indicator]
            one = ask_indicator(charter, score, asked, others, used, facts.worked, facts.calendar, facts.counter)
            what = "record" if "record" in one.table.columns else "fact"
            used[one.source] |= {what, "fact", *(ORDERED if one.dated else ())}
            source = _facts_of(facts, one, used[one.source], {0: period})
            wheres = " AND ".join((*([one.where] if one.where else ()), f"{one.key} = ?"))
            sql = f"SELECT {what} FROM ({source}) f WHERE {wheres} ORDER BY {one.order} LIMIT ?"
            return tuple(row[0] for row in facts.connection.execute(sql, [key, limit]).fetchall())

    found: tuple[int, ...] = retried(look)
    return found
