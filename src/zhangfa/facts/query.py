"""Open the facts for reading: the snapshot, the changes behind it, and the tail of the log read live.

What a session sees is one moment: the sealed log up to a position (``as_of``), or everything written so far.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property
from types import TracebackType
from typing import Any

import duckdb

from zhangfa.calendar.engine import calendar_at
from zhangfa.calendar.workdays import WorkCalendar
from zhangfa.charter import engine as charters
from zhangfa.charter.fact_columns import ENGINE_TABLES
from zhangfa.charter.model import Charter
from zhangfa.facts.changes import (
    Table,
    board_table,
    directory_table,
    holding_table,
    property_table,
    register_table,
    standing_table,
    task_table,
)
from zhangfa.facts.columns import quoted, register_columns
from zhangfa.facts.counting import Counter, DuckCounter
from zhangfa.facts.feed import Tail, load_live, load_sealed, sealed_size
from zhangfa.facts.mirror import connect, facts_folder, is_of_this_log, read_file, refresh, state_sql
from zhangfa.facts.places import open_places
from zhangfa.facts.store import Kept, Manifest, read_manifest
from zhangfa.facts.tables import FactTable, table_of
from zhangfa.facts.views import properties_read, titles_read, view_sql
from zhangfa.facts.workdays import make_worked
from zhangfa.log.rows import select_events

MOST_LIVE = 20_000
"""Sealed events that are not mirrored yet and still read live; more are mirrored first."""


ENGINE_SOURCES: Mapping[str, tuple[Callable[[], Table], ...]] = {
    "task": (task_table,), "unit": (property_table, holding_table), "post": (), "score": (standing_table, board_table),
    "honour": (holding_table,),
}  # fmt: skip
"""What is stored that an engine's table of facts is made of."""


class NotSealed(ValueError):
    """There is no sealed event at the position asked for."""


class Facts:
    """A session of reading. Use it in a ``with`` block; it belongs to one thread."""

    def __init__(self, *, as_of: int | None = None, threads: int | None = None, counter: Counter | None = None) -> None:
        self.folder = facts_folder()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.as_of = as_of
        self.counter = counter or DuckCounter()
        self.manifest = _manifest(self)
        self.connection = connect(threads, self.folder)
        tail = self._load()
        said = self.connection.execute("SELECT DISTINCT unnest([register, kind]) FROM fresh").fetchall()
        self._said = {word for (word,) in said}
        self.unsealed = tail.unsealed
        self.position = self.manifest.size + tail.sealed - 1
        self.moment = tail.last or _moment(self.position)
        self._states: dict[str, str] = {}
        self._numbers = itertools.count()
        self._views: dict[tuple[str, dt.date, frozenset[str] | None], str] = {}
        self.counter.open(self)

    def __enter__(self) -> Facts:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the files."""
        self.counter.close()
        self.connection.close()

    def _load(self) -> Tail:
        size = self.manifest.size
        if self.as_of is None:
            return load_live(self.connection, size)
        if self.as_of >= sealed_size():
            raise NotSealed(f"nothing is sealed at position {self.as_of}")
        load_sealed(self.connection, size, self.as_of + 1)
        return Tail(self.as_of + 1 - size, 0, None)

    def state(self, table: Table) -> str:
        """Return a query, in brackets, of a table's state: every column as stored."""
        key = f"{table.name} {' '.join(table.types)}"
        if key not in self._states:
            kept = self.manifest.tables.get(table.name, Kept())
            sql = state_sql(table, self.folder, kept, upto=self.as_of, live=self._live(table))
            self._states[key] = f"({sql})"
        return self._states[key]

    def _live(self, table: Table) -> str:
        """Return a query of the changes not in files, empty where there are none."""
        if not self._said & (table.said or {table.name}):
            return ""
        name = f"live_{next(self._numbers)}"
        ((count,),) = self.connection.execute(f"CREATE TEMP TABLE {name} AS {table.select}").fetchall()
        names = ", ".join(quoted(one) for one in ("id", "_place", "_touched", *table.types))
        return f"SELECT {names} FROM {name}" if count else ""

    def worked(self) -> None:
        """Make the table of working days, once."""
        if "worked" not in self._states:
            self._states["worked"] = "worked"
            make_worked(self.connection, self.calendar)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The calendar as it stood when the last event counted happened."""
        return calendar_at(self.moment)

    def places(self) -> None:
        """Make the views ``place``, ``held_post`` and ``membership``."""
        if "directory" in self._states:
            return
        table, self._states["directory"] = directory_table(), ""
        kept = self.manifest.tables.get(table.name, Kept())
        upto = 2**62 if self.as_of is None else 2 * (self.as_of + 1)
        parts = [f"{read_file(table, self.folder, one)} WHERE _place < {upto}" for one in kept.history]
        live = self._live(table)
        nothing = "SELECT NULL AS change, NULL AS _place WHERE false"
        read = [f"SELECT change, _place FROM ({part})" for part in (*parts, *([live] if live else ()))]
        open_places(self.connection, self.folder, " UNION ALL ".join(read) or nothing)

    def view(
        self, charter: Charter, name: str, *, today: dt.date, only: Set[str] | None = None
    ) -> tuple[str, FactTable]:
        """Return a query, in brackets, of a table of facts as a charter declares it, and the table.

        ``today`` is the day on which ``unit`` and ``post`` stand, and by which a task is late. Given ``only``, a
        register has only these columns beside those of its place and dates, and a place only for facts that have a
        date: a narrow question is planned in half the time.
        """
        table = table_of(charter, name)
        needed = None if only is None else frozenset(only) | _always(charter, table, only)
        key = (f"{charter.id}/{charter.version}/{charter.digest}/{table.name}", today, needed)
        if key not in self._views:
            self.places()
            sources = self._sources(table, needed)
            sql = view_sql(charter, table, sources, today=today, moment=self.moment, only=needed)
            self._views[key] = f"({sql})"
        return self._views[key], table

    def _sources(self, table: FactTable, needed: frozenset[str] | None) -> dict[str, tuple[str, Sequence[str]]]:
        """Return the states a table of facts is made of, with their columns."""
        if table.name in ENGINE_TABLES:
            unread = _unread(table, needed) if table.name == "unit" else set()
            stored = [make() for make in ENGINE_SOURCES[table.name] if make not in unread]
        else:
            charter, _, register = table.name.partition(".")
            columns = register_columns(charters.versions(charter), register)
            kept = [one for one in columns if needed is None or one.name.partition(":")[0] in needed]
            stored = [register_table(table.name, tuple(kept))]
        return {one.name: (self.state(one), tuple(one.types)) for one in stored}


def _always(charter: Charter, table: FactTable, only: Set[str]) -> frozenset[str]:
    """Return the stored names that place and dates of a register's facts are made of."""
    if table.name in ENGINE_TABLES:
        return frozenset()
    register = charter.registers[table.name.partition(".")[2]]
    of_whom = {f"about_{register.about}"} if register.about in ("unit", "person") and "about" in only else set()
    return frozenset({"unit", register.dated_by or "opened", *of_whom})


def _unread(table: FactTable, only: Set[str] | None) -> set[Callable[[], Table]]:
    read = {property_table: properties_read(table, only), holding_table: titles_read(table, only)}
    return {make for make, columns in read.items() if not columns}


def _manifest(session: Facts) -> Manifest:
    found = read_manifest(session.folder)
    if session.as_of is None and sealed_size() - found.size > MOST_LIVE:
        refresh(at=dt.datetime.now(dt.UTC))
        found = read_manifest(session.folder)
    return found if is_of_this_log(found) else Manifest()


def _moment(position: int) -> dt.datetime:
    """Return when the last event counted happened: what a reading of this log may call now."""
    last = select_events("WHERE position = %s", [position])
    return last[-1].at if last else dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def ask(
    sql: str, *, charter: Charter, tables: Sequence[str], today: dt.date, as_of: int | None = None,
    threads: int | None = None, parameters: Sequence[Any] = (),
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Return the rows of a query over tables of facts, each named in it as ``{name}``.

    For figures of one's own and for tests; an answer may depend on threads where it adds up doubles.
    """
    with Facts(as_of=as_of, threads=threads) as facts:
        for name in tables:
            sql = sql.replace("{" + name + "}", facts.view(charter, name, today=today)[0])
        return facts.connection.execute(sql, list(parameters)).fetchall()


def retried(work: Any) -> Any:
    """Return what ``work`` returns; once more where a writer removed a file under its hands."""
    try:
        return work()
    except duckdb.IOException:
        return work()
