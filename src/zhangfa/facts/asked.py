"""An indicator in SQL: which facts it reads, for whom each counts, and the parts its value is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhangfa.calendar.workdays import WorkCalendar
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.expression.expression import Expression
from zhangfa.expression.render import Unrenderable, Writer
from zhangfa.expression.render_folds import RenderedFolds, render_folds, with_shared
from zhangfa.expression.scope import CALENDAR, TODAY
from zhangfa.facts.columns import quoted
from zhangfa.facts.counting import Counter
from zhangfa.facts.tables import FactTable, table_of

Period = tuple[dt.date, dt.date]
"""The first and the last day, both included."""
Source = tuple[str, str]
"""Id of a charter and name of its table of facts."""
Used = dict[Source, set[str]]
"""The columns that are read of each."""
ORDERED = ("dated", "opened", "fact")
"""Columns by which facts with a date are ordered; others stand in the order of ``fact``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator in SQL. Facts are called ``f``, the last day of the period ``f."~today"``."""

    id: str
    indicator: Indicator
    owner: Charter
    table: FactTable
    where: str
    """The condition on a fact; empty where every one counts."""
    key: str
    order: str
    folds: RenderedFolds
    shared: Mapping[str, object]
    """Values that are the same for all facts of any period."""

    @property
    def source(self) -> Source:
        """What it reads."""
        return self.owner.id, self.table.name

    @property
    def dated(self) -> bool:
        """Whether facts have a date, and count in the period they are dated in."""
        return "dated" in self.table.columns


def ask_indicator(
    charter: Charter, score: Score, indicator: Indicator, others: Mapping[str, Charter] | None, used: Used,
    worked: Callable[[], None], calendar: WorkCalendar, counter: Counter,
) -> Asked:  # fmt: skip
    """Write an indicator in the counter's SQL; what it reads is added to ``used``.

    Raises:
        Unrenderable: it asks what only Python works out, or what is no column of facts.
    """
    owner = _owner(charter, indicator.from_, others)
    table = table_of(owner, indicator.from_)
    shared = {**{one.id: one.value for one in charter.settings.values()}, CALENDAR: calendar}
    columns = used.setdefault((owner.id, table.name), set())
    writer = counter.writer(_column_of(table, columns), worked)
    where = _condition(indicator.where, writer, shared, table) if indicator.where else ""
    ordered = ORDERED if "dated" in table.columns else ("fact",)
    order = counter.ordered(ordered)
    value = _with_shared(indicator.value, shared, table)
    folds = render_folds(value, writer, order=order, shared=shared, makers=counter.makers)
    if any(order in sql for sql in folds.sql):
        columns.update(ordered)
    key = counter.said(_key(score, indicator, table, columns))
    return Asked(indicator.id, indicator, owner, table, where, key, order, folds, shared)


def _owner(charter: Charter, name: str, others: Mapping[str, Charter] | None) -> Charter:
    other, _, _register = name.rpartition(".")
    if not other or other == charter.id:
        return charter
    if others is None or other not in others:
        raise KeyError(f"the charter {other!r} is needed for the facts of {name!r}")
    return others[other]


def _condition(where: Expression, writer: Writer, shared: Mapping[str, object], table: FactTable) -> str:
    return f"({writer.write(_with_shared(where, shared, table).tree)}) IS TRUE"


def _with_shared(expression: Expression, shared: Mapping[str, object], table: FactTable) -> Expression:
    tree = with_shared(expression.tree, shared, table.columns)
    return Expression(expression.source, expression.type, expression.names, expression.result, tree)


def _column_of(table: FactTable, used: set[str]) -> Callable[[tuple[str, ...]], str]:
    def column(path: tuple[str, ...]) -> str:
        head, rest = path[0], path[1:]
        found = table.columns.get(head)
        if path == (TODAY,) and found is None:
            return 'f."~today"'
        if found is None:
            raise Unrenderable(f"{'.'.join(path)} is no column of the facts of {table.name}")
        if rest and (found.kind != "unit" or len(rest) > 1 or rest[0] not in ("kind", "name", "code")):
            raise Unrenderable(f"{'.'.join(path)} is no column of the facts of {table.name}")
        if head == "unit" and rest:
            return _read(f"unit.{rest[0]}", used)
        read = _read(head, used)
        return _of_unit(table, read, rest[0], used) if rest else read

    return column


def _read(name: str, used: set[str]) -> str:
    used.add(name)
    return f"f.{quoted(name)}"


def _of_unit(table: FactTable, unit: str, what: str, used: set[str]) -> str:
    """Return what the unit in a field was on the fact's date."""
    day = _read("dated" if "dated" in table.columns else "since", used)
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
    in_unit = found.kind == "unit" and score.of_kind
    return _of_unit(table, read, f"at:{score.of_kind}", used) if in_unit else read


def _person_column(table: FactTable) -> str:
    for name in ("about", "person", "author"):
        if name in table.columns and table.columns[name].kind == "person":
            return name
    raise Unrenderable(f"the facts of {table.name} name no person")
