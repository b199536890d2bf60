"""The search index: one row of words per record. An act notes its record; the next search, or a job, indexes it.

SQLite keeps it as FTS5, PostgreSQL as a ``tsvector`` under GIN; both hold the same words, put there
verbatim, so a search finds the same on either. Sensitive values and fields only some may read never
enter it. Beside the words stand *marks*: the register, the units and the values of choices, by which
a search is narrowed before anything is sorted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

import orjson
from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from zhangfa.acts.models import Record
from zhangfa.acts.values.term import is_sealed
from zhangfa.acts.writing import Writing
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Field, Register
from zhangfa.directory import tree
from zhangfa.log.transaction import write_transaction
from zhangfa.registers.grams import Word, query_words, text_words
from zhangfa.registers.models import Pending

LEVEL_COLUMNS = ("unit", "county", "town", "village", "grid")
_NAMING = frozenset(("label", *LEVEL_COLUMNS))
TEXT_LIMIT = 2000
"""Signs of one field that are searched."""


ROW_COLUMNS = ("id", "number", "charter", "charter_version", "register", "label", "payload", *LEVEL_COLUMNS)
MOST_AT_ONCE = 5000
COMMON = 0.1
"""From this share of the records on, a walk meets enough hits sooner than all hits are fetched and sorted."""
INDEX_LOCK = 7_301_952_001
"""Key of PostgreSQL's advisory lock: one process indexes at a time."""
Row = dict[str, Any]
"""The columns of a record that are indexed; the payload parsed."""


def is_open_field(field: Field) -> bool:
    """Say whether everybody who may see the record may read the field."""
    return field.sensitive is None and not field.visible_to


def is_marked(field: Field) -> bool:
    """Say whether the list can be filtered by the field through the index."""
    kinds = ("choice", "choices", "unit", "units", "person", "ref", "bool")
    return is_open_field(field) and field.type in kinds


def field_mark(field_id: str, value: object) -> str:
    """Return the mark of a value, such as ``f=category=facility``."""
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return f"f={field_id}={shown}".lower()


def unit_mark(register: str, unit: int) -> str:
    """Return the mark of a unit's records in one register.

    One word for both: a mark of the register alone stands in every record, and to join it costs more than all the rest.
    """
    return f"u={unit}:{crc32(register.encode()):08x}"


def _field_texts(fields: Iterable[Field], values: Mapping[str, object]) -> Iterator[str]:
    for field in fields:
        value = values.get(field.id)
        if not is_open_field(field) or value is None or is_sealed(value):
            continue
        if field.type == "text":
            yield str(value)[:TEXT_LIMIT]
        elif field.type == "table" and isinstance(value, list):
            for row in value:
                yield from _field_texts(field.columns, row)


def _marks(row: Row, register: Register, values: Mapping[str, object]) -> Iterator[str]:
    yield f"r={row['register']}"
    for unit in dict.fromkeys(row[level] for level in LEVEL_COLUMNS):
        if unit is not None:
            yield unit_mark(row["register"], unit)
    for field in filter(is_marked, register.fields.values()):
        value = values.get(field.id)
        for each in value if isinstance(value, list) else [value]:
            if each is not None and not isinstance(each, dict):
                yield field_mark(field.id, each)


def body_of(row: Row, register: Register) -> str:
    """Return the words of a record, separated by spaces."""
    values = row["payload"]
    units = tree.units(row[level] for level in LEVEL_COLUMNS if row[level]).values()
    names = [unit.name for unit in units]
    texts = [row["label"], row["number"], *names, *_field_texts(register.fields.values(), values)]
    words = text_words(texts, initials=[row["label"], *names], typed=[unit.pinyin for unit in units])
    return " ".join([*words, *dict.fromkeys(_marks(row, register, values))])


def index_act(cursor: Any, writing: Writing) -> None:
    """Note, in the act's own transaction, that its record is to be indexed; a whole row costs half an act."""
    if _changes_words(writing):
        cursor.execute("INSERT INTO registers_pending (record) VALUES (%s)", [writing.record["id"]])


def statement_part(writing: Writing) -> tuple[str, list[Any]] | None:
    """Return the same as a part of the act's one statement on PostgreSQL."""
    return ("INSERT INTO registers_pending (record) SELECT r.id FROM r", []) if _changes_words(writing) else None


def _changes_words(writing: Writing) -> bool:
    """Say whether an act opens the record, sets a field or its label, or moves it to another unit."""
    payload = writing.payload
    if writing.written.new or payload.get("data"):
        return True
    return not _NAMING.isdisjoint(payload.get("record", ()))


def _register_of(row: Row) -> Register:
    charter = charters.at_version(row["charter"], row["charter_version"])
    return charter.registers[row["register"].partition(".")[2]]


def catch_up(most: int = MOST_AT_ONCE) -> int:
    """Index the records noted since the last time; return how many. Every search does it first, so none is stale.

    One at a time: a slower one would put older words over newer ones.
    """
    if not Pending.objects.exists():
        return 0
    with write_transaction(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INDEX_LOCK])
        noted = dict(Pending.objects.order_by("id").values_list("id", "record")[:most])
        Pending.objects.filter(id__lte=max(noted, default=0), id__in=list(noted)).delete()
        _index(cursor, Record.objects.filter(id__in=set(noted.values())).values(*ROW_COLUMNS))
    return len(noted)


def rebuild() -> int:
    """Make the whole index anew from the records; return how many there are."""
    with write_transaction(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registers_search")
        return _index(cursor, Record.objects.order_by("id").values(*ROW_COLUMNS).iterator(1000))


def _index(cursor: Any, rows: Iterable[Row]) -> int:
    """Write the index rows of records; one whose words are the same is not written again."""
    done = 0
    for row in rows:
        body = body_of(row | {"payload": orjson.loads(row["payload"])}, _register_of(row))
        write = _write_postgres if connection.vendor == "postgresql" else _write_sqlite
        write(cursor, row, body)
        done += 1
    return done


def _write_sqlite(cursor: Any, row: Row, body: str) -> None:
    record = row["id"]
    cursor.execute("SELECT body FROM registers_search WHERE rowid = %s", [record])
    found = cursor.fetchone()
    if found is None:
        cursor.execute("INSERT INTO registers_search (rowid, body) VALUES (%s, %s)", [record, body])
    elif found[0] != body:
        cursor.execute("UPDATE registers_search SET body = %s WHERE rowid = %s", [body, record])


def _write_postgres(cursor: Any, row: Row, body: str) -> None:
    cursor.execute(
        "INSERT INTO registers_search (record, county, body) VALUES (%s, %s, array_to_tsvector(%s)) "
        "ON CONFLICT (record) DO UPDATE SET county = EXCLUDED.county, body = EXCLUDED.body "
        "WHERE registers_search.body <> EXCLUDED.body",
        [row["id"], row["county"], sorted(set(body.split()))],
    )


def _register_of(row: Row) -> Register:
    charter = charters.at_version(row["charter"], row["charter_version"])
    return charter.registers[row["register"].partition(".")[2]]


def match_of(typed: str, marks: Iterable[str], any_of: Iterable[str] = ()) -> str:
    """Return the index's own query for what was typed, marks that must stand, and marks of which one must stand."""
    groups = [*query_words(typed), *((Word(exact=(mark,)),) for mark in marks)]
    groups += [tuple(Word(exact=(mark,)) for mark in any_of)]
    write = _postgres_word if connection.vendor == "postgresql" else _sqlite_word
    both, either = (" & ", " | ") if connection.vendor == "postgresql" else (" AND ", " OR ")
    return both.join("(" + either.join(write(word) for word in group) + ")" for group in groups if group)


def _sqlite_word(word: Word) -> str:
    if word.prefix:
        return f'"{_bare(word.prefix)}" *'
    return "(" + " AND ".join(f'"{_bare(each)}"' for each in word.exact) + ")"


def _postgres_word(word: Word) -> str:
    if word.prefix:
        return f"'{_bare(word.prefix)}':*"
    return "(" + " & ".join(f"'{_bare(each)}'" for each in word.exact) + ")"


def _bare(word: str) -> str:
    """Leave out what could end a quoted word in either query language."""
    return word.replace('"', "").replace("'", "").replace("\\", "")


def is_walked(unit: tree.UnitNow, typed: str, marks: Sequence[str]) -> bool:
    """Say whether a county's hits are soonest met on a walk through its records: on PostgreSQL, for a common word.

    Its statistics know how common one word is; of several at once it expects far too few.
    """
    if connection.vendor != "postgresql" or unit.kind != "county":
        return False
    groups = query_words(typed)
    one_word = len(groups) == 1 and len(groups[0]) == 1 and len(groups[0][0].exact) == 1
    alone = one_word if not marks else not groups and len(marks) == 1
    return alone and _share_of(match_of(typed, marks)) > COMMON


def _share_of(match: str) -> float:
    """Return which share of all records PostgreSQL expects to match."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'registers_search'::regclass")
        every = cursor.fetchone()[0]
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT FROM registers_search WHERE body @@ %s::tsquery", [match])
        found = cursor.fetchone()[0]
    plan = orjson.loads(found) if isinstance(found, str) else found
    return float(plan[0]["Plan"]["Plan Rows"]) / max(every, 1.0)


def newest_hits(match: str, cap: int, walked: tree.UnitNow | None = None) -> list[int]:
    """Return the ids of matching records, the last opened first, at most one more than ``cap``.

    ``walked`` is the county whose records alone are asked for (``is_walked``).
    """
    within = f"county = {walked.id} AND" if walked else ""
    if connection.vendor == "postgresql":
        sql = f"SELECT record FROM registers_search WHERE {within} body @@ %s::tsquery ORDER BY record DESC"
    else:
        sql = "SELECT rowid FROM registers_search WHERE registers_search MATCH %s ORDER BY rowid DESC"
    catch_up()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {int(cap) + 1}", [match])
        return [row[0] for row in cursor.fetchall()]


def is_among(ids: Sequence[int]) -> Q:
    """Return the condition that a record is one of these: one parameter, however many they are."""
    if connection.vendor == "postgresql":
        return Q(RawSQL("acts_record.id = ANY(%s::bigint[])", [list(ids)], output_field=BooleanField()))
    inner = "acts_record.id IN (SELECT value FROM json_each(%s))"
    return Q(RawSQL(inner, [orjson.dumps(list(ids)).decode()], output_field=BooleanField()))


def is_hit(match: str) -> Q:
    """Return the condition that a record matches, asked row by row: for parts that hold few."""
    if connection.vendor == "postgresql":
        inner = "s.record = acts_record.id AND s.body @@ %s::tsquery"
    else:
        inner = "s.rowid = acts_record.id AND s.registers_search MATCH %s"
    sql = f"EXISTS (SELECT 1 FROM registers_search AS s WHERE {inner})"
    return Q(RawSQL(sql, [match], output_field=BooleanField()))
