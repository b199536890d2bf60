"""The bare side of ``bench.acts``: a transaction of two INSERTs, an event and a record, and nothing else.

The rows are copies of what a real act wrote; the tables have the same columns and the same indexes as ours. Nothing is
read, checked or hashed, and nobody is owed a task. On SQLite it takes SQLite's own lock as it comes, without our queue.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.county import County


@dataclass(frozen=True, slots=True)
class Bare:
    """A row to be written again and again, and the statement that writes it."""

    statement: str
    columns: tuple[str, ...]
    values: tuple[object, ...]

    def but(self, **changes: object) -> list[object]:
        """Return the values with some of them changed."""
        return [changes.get(name, value) for name, value in zip(self.columns, self.values, strict=True)]


BARE: dict[str, Bare] = {}


def bare_inserts(county: County, client: int, number: int) -> Iterator[None]:
    """Two transactions of two INSERTs each."""
    from django.db import connection, transaction

    event, record = BARE["log_event"], BARE["acts_record"]
    for _ in range(2):
        id_, key = time.time_ns() // 1000 * 64 + client, secrets.token_hex(12)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(event.statement, event.but(key=key, record=id_))
            cursor.execute(record.statement, record.but(id=id_, number=key, code_hash=key))
        yield


def make_bare_tables() -> None:
    """Make two tables like ours, indexes and all, and keep a copy of the newest row of each."""
    from django.db import connection

    for table in ("log_event", "acts_record"):
        bare = f"bare_{table}"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"CREATE TABLE {bare} (LIKE {table} INCLUDING ALL)")
            else:
                _copy_sqlite_table(cursor, table)
            last = "seq" if table == "log_event" else "opened_at"
            cursor.execute(f"SELECT * FROM {table} ORDER BY {last} DESC LIMIT 1")
            row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
        kept = {name: value for name, value in row.items() if name not in ("seq", "position", "xid")}
        places = ", ".join(["%s"] * len(kept))
        BARE[table] = Bare(
            f"INSERT INTO {bare} ({', '.join(kept)}) VALUES ({places})", tuple(kept), tuple(kept.values())
        )


def _copy_sqlite_table(cursor: object, table: str) -> None:
    """Create the table and its indexes again under other names."""
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT sql, name FROM sqlite_master WHERE tbl_name = %s AND type IN ('table', 'index') AND sql IS NOT NULL "
        "ORDER BY type DESC",
        [table],
    )
    for sql, name in cursor.fetchall():  # type: ignore[attr-defined]
        renamed = sql if name == table else sql.replace(name, f"bare_{name}", 1)
        cursor.execute(re.sub(rf"\b{table}\b", f"bare_{table}", renamed))  # type: ignore[attr-defined]
