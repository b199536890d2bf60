"""Gather facts for a score: per indicator and key the exact value, how many facts made it, and which.

DuckDB filters, groups, counts, adds up and sorts; nothing it returns was ever a double. What follows from the parts is
worked out here by ``expression.render_folds``, as ``evaluate_rows`` does on the same facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
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
from zhangfa.facts.tables import FactTable, table_of
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
            used: Used = {}
            asked = {
                name: _asked(facts, charter, score, one, period, others, used) for name, one in score.indicators.items()
            }
            kept = _keep_needed(facts, asked.values(), used, period[1])
            cells = {name: _cells(facts, one, kept[one.source]) for name, one in asked.items()}
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
            used: Used = {}
            one = _asked(facts, charter, score, score.indicators[indicator], period, others, used)
            view = facts.view(one.owner, one.table.name, today=period[1], only=used[one.source])[0]
            what = "record" if "record" in one.table.columns else "fact"
            wheres = " AND ".join((*one.dated, *one.where, f"{one.key} = ?"))
            sql = f"SELECT {what} FROM {view} f WHERE {wheres} ORDER BY {one.order} LIMIT ?"
            return tuple(row[0] for row in facts.connection.execute(sql, [key, limit]).fetchall())

    found: tuple[int, ...] = retried(look)
    return found


Source = tuple[str, str]
"""Id of a charter and name of its table of facts."""
Used = dict[Source, set[str]]
"""The columns that are read of each."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One indicator in SQL."""

    owner: Charter
    table: FactTable
    dated: tuple[str, ...]
    """The condition that a fact belongs to the period, where facts have a date."""
    where: tuple[str, ...]
    key: str
    order: str
    folds: RenderedFolds

    @property
    def source(self) -> Source:
        """What it reads."""
        return self.owner.id, self.table.name


def _asked(
    facts: Facts, charter: Charter, score: Score, indicator: Indicator, period: Period,
    others: Mapping[str, Charter] | None, used: Used,
) -> _Asked:  # fmt: skip
    owner = _owner(charter, indicator.from_, others)
    today = period[1]
    table = table_of(owner, indicator.from_)
    settings = {one.id: one.value for one in charter.settings.values()}
    shared = {**settings, TODAY: today, CALENDAR: current_calendar()}
    columns = used.setdefault((owner.id, table.name), {"fact", *(ORDERED if "dated" in table.columns else ("since",))})
    writer = FactWriter(_column_of(table, today, columns), facts.worked)
    dated = (_within(period),) if "dated" in table.columns else ()
    where = (_condition(indicator.where, writer, shared, table),) if indicator.where else ()
    order = "row(dated, opened, fact)" if "dated" in table.columns else "fact"
    folds = render_folds(_with_shared(indicator.value, shared, table), writer, order=order, shared=shared)
    return _Asked(owner, table, dated, where, _key(score, indicator, table, columns), order, folds)


ORDERED = ("dated", "opened", "opened_on")
"""Columns by which facts with a date are ordered and placed."""


def _keep_needed(facts: Facts, asked: Iterable[_Asked], used: Used, today: dt.date) -> dict[Source, str]:
    """Keep the needed columns of the facts of the period, once for all indicators that read them."""
    kept: dict[Source, str] = {}
    for one in asked:
        if one.source not in kept:
            kept[one.source] = f"kept_{len(kept)}"
            view, _ = facts.view(one.owner, one.table.name, today=today, only=used[one.source])
            columns = ", ".join(f"f.{quoted(name)}" for name in sorted(used[one.source]))
            within = f" WHERE {one.dated[0]}" if one.dated else ""
            facts.connection.execute(f"CREATE TEMP TABLE {kept[one.source]} AS SELECT {columns} FROM {view} f{within}")
    return kept


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


def _column_of(table: FactTable, today: dt.date, used: set[str]) -> Callable[[tuple[str, ...]], str]:
    def column(path: tuple[str, ...]) -> str:
        head, rest = path[0], path[1:]
        found = table.columns.get(head)
        if path == (TODAY,) and found is None:
            return f"DATE '{today.isoformat()}'"
        if found is None or head.startswith("has_"):
            raise Unrenderable(f"{'.'.join(path)} is no column of the facts of {table.name}")
        if rest and (found.kind != "unit" or len(rest) > 1 or rest[0] not in ("kind", "name", "code")):
            raise Unrenderable(f"{'.'.join(path)} is no column of the facts of {table.name}")
        if head == "unit" and rest:
            return _read(f"unit.{rest[0]}", used)
        read = _read(head, used)
        return _of_unit(table, read, rest[0]) if rest else read

    return column


def _read(name: str, used: set[str]) -> str:
    used.add(name)
    return f"f.{quoted(name)}"


def _of_unit(table: FactTable, unit: str, what: str) -> str:
    """Return what the unit in a field was on the fact's date."""
    day = "coalesce(f.dated, f.opened_on)" if "dated" in table.columns else "f.since"
    return (
        f"(SELECT max(q.{quoted(what)}) FROM place q WHERE q.unit = {unit} "
        f"AND {day} >= q.from_day AND {day} < q.until_day)"
    )


def _key(score: Score, indicator: Indicator, table: FactTable, used: set[str]) -> str:
    """Return SQL of whom a fact counts for: the unit at the score's level, or a person."""
    name = indicator.key or ("unit" if score.of_kind else _person_column(table))
    found = table.columns.get(name)
    if found is None:
        raise Unrenderable(f"{name} is no column of the facts of {table.name}")
    if name == "unit" and score.of_kind:
        return _read(f"at:{score.of_kind}", used)
    read = _read(name, used)
    return _of_unit(table, read, f"at:{score.of_kind}") if found.kind == "unit" and score.of_kind else read


def _person_column(table: FactTable) -> str:
    for name in ("about", "person", "author"):
        if name in table.columns and table.columns[name].kind == "person":
            return name
    raise Unrenderable(f"the facts of {table.name} name no person")


def _cells(facts: Facts, asked: _Asked, kept: str) -> dict[int, Gathered]:
    columns = ", ".join(("count(*)", *asked.folds.sql))
    wheres = " AND ".join((*asked.where, "key IS NOT NULL"))
    source = f"SELECT *, {asked.key} AS key FROM {kept} f"
    sql = f"SELECT key, {columns} FROM ({source}) f WHERE {wheres} GROUP BY key ORDER BY key"
    rows = facts.connection.execute(sql).fetchall()
    return {row[0]: Gathered(asked.folds.value(row[2:]), row[1]) for row in rows}


def _nothing(indicator: Indicator, asked: _Asked) -> object:
    return evaluate_rows(indicator.value, (), asked.folds.shared)
