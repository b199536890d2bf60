"""Keep the mirror: read what was sealed since, write its changes to Parquet, merge small files, fold snapshots."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import duckdb
from django.conf import settings

from zhangfa.charter import engine as charters
from zhangfa.charter.memory import held
from zhangfa.expression.render import PRELUDE
from zhangfa.facts.changes import (
    ENGINE,
    Table,
    board_table,
    directory_table,
    fold_sql,
    holding_table,
    padded,
    property_table,
    register_table,
    standing_table,
    task_table,
)
from zhangfa.facts.columns import register_columns
from zhangfa.facts.feed import load_sealed, sealed_size
from zhangfa.facts.store import (
    File,
    Kept,
    Manifest,
    flush_file,
    flush_folder,
    read_manifest,
    swap_manifest,
    sweep,
    writer_lock,
)
from zhangfa.log.tree import frontier_at

BATCH = 100_000
"""Events read and written in one go."""
MOST_ROWS = 4_000_000
"""Files of more rows are not merged any further."""
MOST_FILES = 16
"""While much is read at once, files are merged only when there are more."""
SNAPSHOT_AFTER = 20_000
"""A snapshot is folded anew once this many changes, and a tenth of its rows, stand behind it."""
ENGINES_OWN = (
    task_table(), property_table(), directory_table(), holding_table(), board_table(), standing_table(),
)  # fmt: skip
"""Tables that no charter declares."""
PORTION = 500_000
"""Rows of change that are folded at once."""
HISTORY_ONLY = frozenset({"directory"})
"""Tables that have no state of their own."""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What a refresh did: ``position`` is the last one mirrored (-1: none), ``events`` how many were new."""

    position: int
    events: int
    seconds: float
    rebuilt: bool = False
    """What stood there was of another log (or an older backup) and was made anew."""


def facts_folder() -> Path:
    """Return the folder of the mirror."""
    return Path(settings.DATA) / "facts"


_engines: dict[tuple[int, str, int], duckdb.DuckDBPyConnection] = {}


def connect(threads: int | None = None, folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to this process's DuckDB in memory, which fetches nothing from anywhere.

    Starting an engine costs as much as asking it, so it is kept; what a connection makes is temporary and its own.
    """
    place = (os.getpid(), str(folder or facts_folder()), threads or 0)
    if place not in _engines:
        _engines[place] = _start_engine(place[1], threads)
    connection = _engines[place].cursor()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _start_engine(folder: str, threads: int | None) -> duckdb.DuckDBPyConnection:
    options: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False, "autoload_known_extensions": False, "temp_directory": f"{folder}/spill",
    }  # fmt: skip
    if threads:
        options["threads"] = threads
    engine = duckdb.connect(":memory:", config=options)
    for macro in PRELUDE:
        engine.execute(macro)
    return engine


def known_tables() -> dict[str, Table]:
    """Return every table of the mirror, by the charters in the database."""
    tables = {one.name: one for one in ENGINES_OWN}
    for charter_id in sorted(held().rows):
        versions = charters.versions(charter_id)
        for register in dict.fromkeys(one for version in versions for one in version.registers):
            key = f"{charter_id}.{register}"
            tables[key] = register_table(key, register_columns(versions, register))
    return tables


def refresh(*, at: dt.datetime) -> Mirrored:
    """Mirror what was sealed since the last time; at any moment, by any process, as often as one likes.

    ``at`` names nothing in the mirror: the same log makes the same mirror whenever it is read.
    """
    del at
    started, folder = time.perf_counter(), facts_folder()
    with writer_lock(folder):
        found = read_manifest(folder)
        manifest = found if is_of_this_log(found) else Manifest(leaving=tuple(sorted(found.names)))
        rebuilt, before = manifest is not found, manifest.size
        manifest = _catch_up(folder, manifest)
        sweep(folder, manifest)
    return Mirrored(manifest.size - 1, manifest.size - before, time.perf_counter() - started, rebuilt)


def rebuild(*, at: dt.datetime) -> Mirrored:
    """Throw the mirror away and make it from the first event."""
    folder = facts_folder()
    with writer_lock(folder):
        found = read_manifest(folder)
        swap_manifest(folder, Manifest(leaving=tuple(sorted(found.names))))
    return replace(refresh(at=at), rebuilt=True)


def is_of_this_log(manifest: Manifest) -> bool:
    """Whether the mirror was made from the log in this database: the roots over its events are the same."""
    if manifest.size == 0:
        return True
    try:
        return frontier_at(manifest.size).root().hex() == manifest.root
    except LookupError:
        return False


def _catch_up(folder: Path, manifest: Manifest) -> Manifest:
    tables: dict[str, Table] = {}
    connection: duckdb.DuckDBPyConnection | None = None
    sealed = sealed_size()
    while manifest.size < sealed:
        if connection is None:
            connection, tables = connect(folder=folder), known_tables()
        end = min(manifest.size + BATCH, sealed)
        manifest = _write_batch(connection, folder, tables, manifest, end, last=end == sealed)
    if connection is not None:
        connection.close()
    return manifest


def _write_batch(
    connection: duckdb.DuckDBPyConnection, folder: Path, tables: dict[str, Table], manifest: Manifest, size: int,
    *, last: bool,
) -> Manifest:  # fmt: skip
    start, old = manifest.size, manifest.names
    load_sealed(connection, start, size)
    for table in _tables_said(connection, tables):
        order = "ORDER BY _place, id" if table.said else ""  # acts come in the order of their positions
        written = _write(connection, folder, table, "changes", f"SELECT * FROM ({table.select}) {order}", (start, size))
        if written.rows:
            kept = manifest.tables.get(table.name, Kept())
            manifest = manifest.with_table(table.name, replace(kept, history=(*kept.history, written)))
    for name, kept in manifest.tables.items():
        if last or len(kept.history) > MOST_FILES:
            manifest = _merge_small(connection, folder, tables[name], manifest)
    manifest = replace(manifest, size=size, root=frontier_at(size).root().hex())
    if last:
        for name in manifest.tables:
            manifest = _fold_snapshot(connection, folder, tables[name], manifest)
    for name in manifest.names - old:
        flush_file(folder / name)
    flush_folder(folder)
    manifest = replace(manifest, leaving=tuple(sorted(old - manifest.names)))
    swap_manifest(folder, manifest)
    return manifest


def _tables_said(connection: duckdb.DuckDBPyConnection, tables: dict[str, Table]) -> Iterator[Table]:
    """Yield the tables that the fresh events may say something of."""
    said = connection.execute("SELECT DISTINCT register FROM fresh WHERE kind IN ('step', 'verb')").fetchall()
    for (register,) in sorted(said):
        if register in tables:
            yield tables[register]
    yield from (tables[one.name] for one in ENGINES_OWN)


def _write(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, what: str, select: str, span: tuple[int, int]
) -> File:
    """Write one file, its rows in the order they come; an empty one is not kept."""
    name = f"{table.name}.{what}.{span[0]}-{span[1]}.{uuid4().hex[:8]}.parquet"
    path = folder / name
    options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
    ((count,),) = connection.execute(f"COPY ({select}) TO '{path}' ({options})").fetchall()
    if not count:
        path.unlink()
    return File(name, *span, count, (*ENGINE, *table.types))


def _merge_small(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, manifest: Manifest) -> Manifest:
    """Merge each file with those before that are not clearly larger: few remain, each row is merged seldom."""
    kept, groups = manifest.tables[table.name], list[list[File]]()
    for file in kept.history:
        groups.append([file])
        while len(groups) > 1 and _are_alike(*groups[-2:]):
            groups[-2:] = [groups[-2] + groups[-1]]
    merged = tuple(_merge(connection, folder, table, group) for group in groups)
    return manifest if merged == kept.history else manifest.with_table(table.name, replace(kept, history=merged))


def _are_alike(before: list[File], after: list[File]) -> bool:
    ahead, behind = (sum(one.rows for one in group) for group in (before, after))
    return ahead <= 2 * behind and ahead + behind <= MOST_ROWS


def _merge(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, parts: list[File]) -> File:
    if len(parts) == 1:
        return parts[0]
    select = " UNION ALL ".join(read_file(table, folder, one) for one in parts)
    return _write(connection, folder, table, "changes", select, (parts[0].start, parts[-1].end))


def _fold_snapshot(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, manifest: Manifest) -> Manifest:
    kept = manifest.tables[table.name]
    behind = sum(one.rows for one in kept.history if kept.base is None or one.end > kept.base.end)
    if table.name in HISTORY_ONLY or behind <= max(SNAPSHOT_AFTER, kept.base.rows // 10 if kept.base else 0):
        return manifest
    state = f"SELECT * FROM ({state_sql(table, folder, kept, upto=None)})"
    span, rows = (0, manifest.size), behind + (kept.base.rows if kept.base else 0)
    if rows <= PORTION:
        base = _write(connection, folder, table, "base", f"{state} ORDER BY id", span)
        return manifest.with_table(table.name, replace(kept, base=base))
    portions = _portions(connection, table, folder, kept, -(-rows // PORTION))
    parts = [
        _write(connection, folder, table, f"part-{at}", f"{state} WHERE {portion} ORDER BY id", span)
        for at, portion in enumerate(portions)
    ]
    whole = " UNION ALL ".join(read_file(table, folder, one) for one in parts if one.rows)
    base = _write(connection, folder, table, "base", whole, span)
    for one in parts:
        (folder / one.name).unlink(missing_ok=True)
    return manifest.with_table(table.name, replace(kept, base=base))


def _portions(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, kept: Kept, count: int
) -> Iterator[str]:
    """Yield conditions that part the rows of a table into about equal portions by id: all at once take memory."""
    shares = ", ".join(f"{number / count}" for number in range(1, count))
    ids = " UNION ALL ".join(f"SELECT id FROM '{folder / one.name}'" for one in kept.files)
    ((bounds,),) = connection.execute(f"SELECT quantile_disc(id, [{shares}]) FROM ({ids})").fetchall()
    for low, high in pairwise([None, *bounds, None]):
        wheres = ([f"id >= {low}"] if low is not None else []) + ([f"id < {high}"] if high is not None else [])
        yield " AND ".join(wheres)


def read_file(table: Table, folder: Path, file: File) -> str:
    """Return SQL that reads a file with all the columns the table has now."""
    return padded(table, f"read_parquet('{folder / file.name}')", file.columns)


def state_sql(table: Table, folder: Path, kept: Kept, *, upto: int | None, live: str = "") -> str:
    """Return SQL of a table's state: the files, up to position ``upto``, and a ``live`` query of further changes."""
    base = kept.base if kept.base and (upto is None or kept.base.end <= upto + 1) else None
    after = base.end if base else 0
    parts = [_history(table, folder, one, after, upto) for one in kept.history if one.end > after]
    changes = " UNION ALL ".join([*parts, live] if live else parts)
    if base is None:
        return fold_sql(table, f"({changes})") if changes else padded(table, "(SELECT 1 WHERE false)", ())
    snapshot = read_file(table, folder, base)
    if not changes:
        return snapshot
    touched = f"(SELECT id FROM ({changes})) t"
    again = f"SELECT b.* FROM ({snapshot}) b SEMI JOIN {touched} ON b.id = t.id UNION ALL {changes}"
    rest = f"SELECT b.* FROM ({snapshot}) b ANTI JOIN {touched} ON b.id = t.id"
    return f"{rest} UNION ALL {fold_sql(table, f'({again})')}"


def _history(table: Table, folder: Path, file: File, after: int, upto: int | None) -> str:
    read = read_file(table, folder, file)
    if file.start < after:
        read += f" WHERE _place >= {2 * after}"
    if upto is not None and file.end > upto + 1:
        read += f" {'AND' if file.start < after else 'WHERE'} _place < {2 * (upto + 1)}"
    return read


def digest() -> str:
    """Return one hash over all changes mirrored and the states they make, whatever the files they stand in."""
    folder, total = facts_folder(), hashlib.sha256()
    manifest, tables = read_manifest(folder), known_tables()
    connection = connect(1, folder)
    for name, kept in sorted(manifest.tables.items()):
        table = tables[name]
        history = " UNION ALL ".join(read_file(table, folder, one) for one in kept.history)
        for query in (history, *(() if name in HISTORY_ONLY else (state_sql(table, folder, kept, upto=None),))):
            total.update(f"{name}\n".encode())
            for (row,) in _rows_as_text(connection, table, query):
                total.update(row.encode() + b"\n")
    connection.close()
    return total.hexdigest()


def _rows_as_text(connection: duckdb.DuckDBPyConnection, table: Table, query: str) -> Iterator[tuple[str]]:
    """Yield the rows in order, each value with its name; columns that came later and are empty change nothing."""
    names = [*ENGINE, *table.types]
    cells = ", ".join(f"""'{one}=' || CAST("{one}" AS VARCHAR)""" for one in names)
    found = connection.execute(f"SELECT concat_ws(chr(31), {cells}) FROM ({query}) ORDER BY _place, id")
    while rows := found.fetchmany(10_000):
        yield from rows
