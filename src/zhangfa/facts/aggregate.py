"""Gather facts for a score: per indicator and key the exact value, how many facts made it, and which.

DuckDB filters, groups, counts, adds up and sorts; nothing it returns was ever a double. What follows from the parts is
worked out here by ``expression.render_folds``, as ``evaluate_rows`` does on the same facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhangfa.calendar.engine import current_calendar
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.expression.evaluate import evaluate_rows
from zhangfa.expression.expression import Expression
from zhangfa.expression.render import Unrenderable, Writer
from zhangfa.expression.render_folds import RenderedFolds, render_folds, with_shared
from zhangfa.expression.scope import CALENDAR, TODAY
from zhangfa.facts.columns import quoted
from zhangfa.facts.query import Facts, retried
from zhangfa.facts.tables import FactTable
from zhangfa.facts.workdays import FactWriter

Period = tuple[dt.date, dt.date]
"""The first and the last day, both included."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """One cell: the indicator's value (``None``: not known), and how many facts made it."""

    value: object
    facts: int


@dataclass(frozen=True, slots=True)
class Collected:
    """The cells of a score. Whoever has no fact under an indicator has no cell there: not reported is not zero."""

    position: int
    """Last sealed position counted."""
    unsealed: int
    """Events counted that had no position yet; 0 where ``as_of`` was given."""
    cells: Mapping[str, Mapping[int, Gathered]]
    """Indicator → id of the unit or person → cell."""
    nothing: Mapping[str, object]
    """Indicator → its value over no facts at all (a count is 0, a mean unknown)."""


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

    def gather() -> Collected:
        with Facts(as_of=as_of, threads=threads) as facts:
            asked = {name: _asked(facts, charter, score, one, period, others) for name, one in score.indicators.items()}
            cells = {name: _cells(facts, one) for name, one in asked.items()}
            nothing = {name: _nothing(score.indicators[name], one) for name, one in asked.items()}
            return Collected(facts.position, facts.unsealed, cells, nothing)

    found: Collected = retried(gather)
    return found


def facts_behind(
    *, charter: Charter, score: Score, indicator: str, key: int, period: Period, as_of: int | None = None,
    limit: int = 10_000, others: Mapping[str, Charter] | None = None,
) -> tuple[int, ...]:  # fmt: skip
    """Return the ids of what made a cell, in order of their dates: records, for ``task`` the records they belong to."""

    def look() -> tuple[int, ...]:
        with Facts(as_of=as_of) as facts:
            one = _asked(facts, charter, score, score.indicators[indicator], period, others)
            what = "record" if "record" in one.table.columns else "fact"
            rows = facts.connection.execute(
                f"SELECT {what} FROM ({one.source}) f WHERE {one.key} = ? ORDER BY {_row(one.order)} LIMIT ?",
                [key, limit],
            )
            return tuple(row[0] for row in rows.fetchall())

    found: tuple[int, ...] = retried(look)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """One indicator in SQL."""

    table: FactTable
    source: str
    """A query of the facts that count."""
    key: str
    order: str
    folds: RenderedFolds


def _asked(
    facts: Facts, charter: Charter, score: Score, indicator: Indicator, period: Period,
    others: Mapping[str, Charter] | None,
) -> _Asked:  # fmt: skip
    owner = _owner(charter, indicator.from_, others)
    today = period[1]
    view, table = facts.view(owner, indicator.from_, today=today)
    settings = {one.id: one.value for one in charter.settings.values()}
    shared = {**settings, TODAY: today, CALENDAR: current_calendar()}
    writer = FactWriter(_column_of(table, today), facts.worked)
    dated = [_within(period)] if "dated" in table.columns else []
    wheres = [*dated, *([_condition(indicator.where, writer, shared, table)] if indicator.where else ())]
    source = f"SELECT * FROM {view} f" + (f" WHERE {' AND '.join(wheres)}" if wheres else "")
    order = "(dated, opened, fact)" if "opened" in table.columns else "(fact,)"
    value = _with_shared(indicator.value, shared, table)
    folds = render_folds(value, writer, order=_row(order), shared=shared)
    return _Asked(table, source, _key(score, indicator, table), order, folds)


def _row(order: str) -> str:
    return f"row{order}" if order != "(fact,)" else "fact"


def _owner(charter: Charter, name: str, others: Mapping[str, Charter] | None) -> Charter:
    other, _, _register = name.rpartition(".")
    if not other or other == charter.id:
        return charter
    if others is None or other not in others:
        raise KeyError(f"the charter {other!r} is needed for the facts of {name!r}")
    return others[other]


def _within(period: Period) -> str:
    return f"f.dated >= DATE '{period[0].isoformat()}' AND f.dated <= DATE '{period[1].isoformat()}'"


def _condition(where: Expression, writer: Writer, shared: Mapping[str, object], table: FactTable) -> str:
    return f"({writer.write(_with_shared(where, shared, table).tree)}) IS TRUE"


def _with_shared(expression: Expression, shared: Mapping[str, object], table: FactTable) -> Expression:
    tree = with_shared(expression.tree, shared, table.columns)
    return Expression(expression.source, expression.type, expression.names, expression.result, tree)


def _column_of(table: FactTable, today: dt.date) -> Callable[[tuple[str, ...]], str]:
    def column(path: tuple[str, ...]) -> str:
        head, rest = path[0], path[1:]
        found = table.columns.get(head)
        if path == (TODAY,) and found is None:
            return f"DATE '{today.isoformat()}'"
        if found is None or head.startswith("has_"):
            raise Unrenderable(f"{'.'.join(path)} is no column of the facts of {table.name}")
        if not rest:
            return f"f.{quoted(head)}"
        if found.kind != "unit" or len(rest) > 1 or rest[0] not in ("kind", "name", "code"):
            raise Unrenderable(f"{'.'.join(path)} is no column of the facts of {table.name}")
        return f"f.{quoted('unit.' + rest[0])}" if head == "unit" else _of_unit(table, head, rest[0])

    return column


def _of_unit(table: FactTable, field: str, what: str) -> str:
    """Return what the unit in a field was on the fact's date."""
    day = "coalesce(f.dated, f.opened_on)" if "dated" in table.columns else "f.since"
    return (
        f"(SELECT max(q.{what}) FROM place q WHERE q.unit = f.{quoted(field)} "
        f"AND {day} >= q.from_day AND {day} < q.until_day)"
    )


def _key(score: Score, indicator: Indicator, table: FactTable) -> str:
    """Return SQL of whom a fact counts for: the unit at the score's level, or a person."""
    name = indicator.key or ("" if score.of_kind else _person_column(table))
    if not name:
        return f'f."at:{score.of_kind}"'
    found = table.columns.get(name)
    if found is None:
        raise Unrenderable(f"{name} is no column of the facts of {table.name}")
    if found.kind == "unit" and score.of_kind and name != "unit":
        day = "coalesce(f.dated, f.opened_on)" if "dated" in table.columns else "f.since"
        level = quoted(f"at:{score.of_kind}")
        return (
            f"(SELECT max(q.{level}) FROM place q WHERE q.unit = f.{quoted(name)} "
            f"AND {day} >= q.from_day AND {day} < q.until_day)"
        )
    return f'f."at:{score.of_kind}"' if name == "unit" and score.of_kind else f"f.{quoted(name)}"


def _person_column(table: FactTable) -> str:
    for name in ("about", "person", "author"):
        if name in table.columns and table.columns[name].kind == "person":
            return name
    raise Unrenderable(f"the facts of {table.name} name no person")


def _cells(facts: Facts, asked: _Asked) -> dict[int, Gathered]:
    columns = ", ".join(("count(*)", *asked.folds.sql))
    rows = facts.connection.execute(
        f"SELECT key, {columns} FROM (SELECT *, {asked.key} AS key FROM ({asked.source}) f) f "
        f"WHERE key IS NOT NULL GROUP BY key ORDER BY key"
    ).fetchall()
    return {row[0]: Gathered(asked.folds.value(row[2:]), row[1]) for row in rows}


def _nothing(indicator: Indicator, asked: _Asked) -> object:
    return evaluate_rows(indicator.value, (), asked.folds.shared)
