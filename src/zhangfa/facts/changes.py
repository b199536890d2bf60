"""Turn events into rows of change, and rows of change into the state they make: both as SQL for DuckDB.

A change carries the values one event set, the list of what it touched, and its place in the log; a state is a change
that touched everything. So whatever is known — a snapshot, files behind it, the tail of the log — folds in one way: of
each column the latest that touched it. The meaning is that of ``acts.fold``, and the tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhangfa.facts.columns import BOARD, HOLDING, PROPERTY, STANDING, TASK, Stored, quoted

Columns = Mapping[str, str]
"""Name → DuckDB type, of a table's own columns."""
ENGINE = {"id": "BIGINT", "_place": "BIGINT", "_touched": "VARCHAR[]"}
"""Columns of every file: whose row it is; twice the position, plus one where the event changes what it made itself;
what it touched (NULL: everything)."""
DIRECTORY_PARTS = ("add", "rename", "move", "close", "posts", "end", "join", "leave")
"""What the mirror keeps of a change of the directory: never names or telephones of people."""
ACT_KINDS = frozenset({"step", "verb"})
ACTS = "kind IN ('step', 'verb') AND record IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the mirror: its columns, and SQL that reads its changes out of ``fresh`` events."""

    name: str
    columns: tuple[Stored, ...]
    select: str
    said: frozenset[str] = frozenset()
    """Kinds of event that may say something of it; empty: events of the register of its name."""

    @property
    def types(self) -> Columns:
        """The type of each own column."""
        return {one.name: one.type for one in self.columns}


def register_table(key: str, columns: tuple[Stored, ...]) -> Table:
    """Return the table of a register: a change per act."""
    touched = (
        "list_concat(coalesce(k[1], []), list_transform(coalesce(k[2], []), lambda name: '.' || name), "
        "CASE WHEN k[3] IS NOT NULL THEN ['~steps'] ELSE [] END)"
    )
    keys = "json_keys(payload, ['/data', '/record', '/meta/steps']) AS k"
    rows = f"SELECT *, {_values(columns)} AS v, {keys} FROM fresh WHERE {ACTS} AND register = {_text(key)}"
    select = f"SELECT record AS id, position * 2 AS _place, {touched} AS _touched, {_reads(columns)} FROM ({rows})"
    return Table(key, columns, select)


def task_table() -> Table:
    """Return the table of tasks: one row for each that an act makes, and one for each that it changes."""
    made = (
        f"SELECT * EXCLUDE (payload), unnest(json_extract(payload, '$.tasks[*]')) AS payload, 0 AS turn, "
        f"NULL AS task FROM fresh WHERE {ACTS}"
    )
    changed = (
        f"SELECT * EXCLUDE (payload), json_extract(payload, '/task_sets/' || task) AS payload, 1 AS turn "
        f"FROM (SELECT *, unnest(json_keys(payload, '/task_sets')) AS task FROM fresh WHERE {ACTS})"
    )
    rows = f"SELECT *, {_values(TASK)} AS v FROM ({made} UNION ALL BY NAME {changed})"
    id_ = "CAST(coalesce(task, json_extract_string(payload, '/id')) AS BIGINT)"
    touched = "CASE turn WHEN 1 THEN json_keys(payload) ELSE NULL END"
    select = f"SELECT {id_} AS id, position * 2 + turn AS _place, {touched} AS _touched, {_reads(TASK)} FROM ({rows})"
    return Table("task", TASK, select, ACT_KINDS)


def property_table() -> Table:
    """Return the table of units' properties; a row is known by its unit, name and day: the last word of each day."""
    each = "unnest(json_extract(payload, '$.properties[*]'))"
    parts = f"SELECT * EXCLUDE (payload), {each} AS payload FROM fresh WHERE {ACTS}"
    rows = f"SELECT *, {_values(PROPERTY)} AS v FROM ({parts})"
    day = "CAST(CAST(ts + INTERVAL 8 HOUR AS DATE) AS VARCHAR)"
    id_ = f"CAST(md5_number_lower(v[1] || ':' || v[2] || ':' || {day}) >> 1 AS BIGINT)"
    own = f"{id_} AS id, position * 2 AS _place, CAST(NULL AS VARCHAR[]) AS _touched"
    select = f"SELECT {own}, {_reads(PROPERTY)} FROM ({rows})"
    return Table("property", PROPERTY, select, ACT_KINDS)


def holding_table() -> Table:
    """Return the table of honours held by units; those of people are sealed, and no facts."""
    given, ended = _each("confer", 0), _each("end", 1)
    rows = f"SELECT *, {_values(HOLDING)} AS v FROM ({given} UNION ALL BY NAME {ended})"
    touched = "CASE turn WHEN 1 THEN ['ended', 'how'] ELSE NULL END"
    select = f"SELECT {_turned(touched)}, {_reads(HOLDING)} FROM ({rows}) WHERE NOT json_exists(payload, '/sealed')"
    return Table("holding", HOLDING, select, frozenset({"honour"}))


def _each(part: str, turn: int) -> str:
    """Return SQL of the entries of a list in the payload of an ``honour`` event, each as a payload of its own."""
    entries = f"unnest(json_extract(payload, '$.{part}[*]'))"
    return f"SELECT * EXCLUDE (payload), {entries} AS payload, {turn} AS turn FROM fresh WHERE kind = 'honour'"


def board_table() -> Table:
    """Return the table of boards: each event about one says all of it, and which edition it replaces."""
    of_board = "json_extract(payload, '/board')"
    replaced = "json_object('id', json_extract(payload, '/replaces'), 'state', 'replaced')"
    fresh = "FROM fresh WHERE kind = 'score'"
    rows = (
        f"SELECT * EXCLUDE (payload), {of_board} AS payload, 0 AS turn {fresh} UNION ALL BY NAME "
        f"SELECT * EXCLUDE (payload), {replaced} AS payload, 1 AS turn {fresh} AND json_exists(payload, '/replaces')"
    )
    own = _turned("CASE turn WHEN 1 THEN ['state'] ELSE NULL END")
    select = f"SELECT {own}, {_reads(BOARD)} FROM (SELECT *, {_values(BOARD)} AS v FROM ({rows}))"
    return Table("board", BOARD, select, frozenset({"score"}))


def _turned(touched: str) -> str:
    """Return SQL of the engine's own columns where the payload says whose row it is."""
    id_ = "CAST(json_extract_string(payload, '/id') AS BIGINT)"
    return f"{id_} AS id, position * 2 + turn AS _place, {touched} AS _touched"


def standing_table() -> Table:
    """Return the table of the rows of signed boards of units."""
    each = "json_extract(payload, '/board/id') AS board, unnest(json_extract(payload, '$.rows[*]')) AS payload"
    parts = f"SELECT * EXCLUDE (payload), {each} FROM fresh WHERE kind = 'score' AND json_exists(payload, '/rows')"
    rows = f"SELECT *, {_values(STANDING)} AS v FROM ({parts})"
    id_ = "CAST(md5_number_lower(CAST(board AS VARCHAR) || ':' || v[1]) >> 1 AS BIGINT)"
    own = f"{id_} AS id, position * 2 AS _place, CAST(NULL AS VARCHAR[]) AS _touched"
    return Table("standing", STANDING, f"SELECT {own}, {_reads(STANDING)} FROM ({rows})", frozenset({"score"}))


def directory_table() -> Table:
    """Return the table of the directory's changes, kept as they are: places and posts are folded in Python."""
    parts = ", ".join(f"'{part}': json_extract(payload, '/{part}')" for part in DIRECTORY_PARTS)
    any_part = " OR ".join(f"json_exists(payload, '/{part}')" for part in DIRECTORY_PARTS)
    select = (
        f"SELECT position AS id, position * 2 AS _place, CAST(NULL AS VARCHAR[]) AS _touched, "
        f"CAST(to_json({{{parts}}}) AS VARCHAR) AS change "
        f"FROM fresh WHERE kind IN ('unit', 'person') AND ({any_part})"
    )
    return Table("directory", (Stored("change", "VARCHAR", "", "", ""),), select, frozenset({"unit", "person"}))


def fold_sql(table: Table, changes: str) -> str:
    """Return SQL that folds rows of change (a table or query in brackets) into one row of state each."""
    columns = ", ".join(f"{_latest(one)} AS {quoted(one.name)}" for one in table.columns)
    return (
        f"SELECT id, max(_place) AS _place, CAST(NULL AS VARCHAR[]) AS _touched, {columns} FROM {changes} GROUP BY id"
    )


def _latest(column: Stored) -> str:
    pick, name = "arg_min" if column.first else "arg_max", quoted(column.name)
    touching = f" FILTER (_touched IS NULL OR list_contains(_touched, {_text(column.touch)}))" if column.touch else ""
    return f"({pick}({{v: {name}}}, _place){touching}).v"


def padded(table: Table, source: str, present: Sequence[str]) -> str:
    """Return SQL that reads all columns of a table from a source that may lack those that came later."""
    names = [*ENGINE, *table.types]
    kinds = {**ENGINE, **table.types}
    written = (quoted(one) if one in present else f"CAST(NULL AS {kinds[one]}) AS {quoted(one)}" for one in names)
    return f"SELECT {', '.join(written)} FROM {source}"


def _values(columns: Sequence[Stored]) -> str:
    return f"json_extract_string(payload, [{', '.join(_text(one.pointer) for one in columns)}])"


def _reads(columns: Sequence[Stored]) -> str:
    return ", ".join(f"{_guarded(one, at)} AS {quoted(one.name)}" for at, one in enumerate(columns, start=1))


def _guarded(column: Stored, at: int) -> str:
    read = column.read.format(f"v[{at}]")
    if not column.versions:
        return f"CAST({read} AS {column.type})"
    return f"CASE WHEN version IN ({', '.join(map(str, column.versions))}) THEN {read} END"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
