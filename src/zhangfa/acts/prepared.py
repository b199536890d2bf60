"""Prepared statements on PostgreSQL: parsed and planned once for each connection, then only bound and run.

Django keeps psycopg from preparing, and a cursor costs as much as a small statement does. So the few statements of
the hot path go to libpq itself; everything else goes through Django as usual.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import Transformer
from psycopg.errors import DataError, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

STALE = frozenset((b"26000", b"0A000"))
"""The server forgot the statement (``DISCARD ALL``), or a table it reads was altered."""
Read = TypeVar("Read")
_names: WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]] = WeakKeyDictionary()


def run_prepared(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement with ``%s`` for its parameters, each of a type the statement gives away; return its rows."""
    return _run(statement, parameters, _rows_of)


def run_for_number(statement: str, parameters: Sequence[Any]) -> int | None:
    """Run a statement that returns one number; return it, or ``None`` where there is no row."""
    return _run(statement, parameters, _number_of)


def _run(statement: str, parameters: Sequence[Any], read: Callable[[Any, Any], Read]) -> Read:
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    raw: psycopg.Connection[Any] = database.connection
    server = raw.pgconn
    values: Sequence[Any] = [None if value is None else _ENCODERS[type(value)](value) for value in parameters]
    with database.wrap_database_errors:
        if database.in_atomic_block and server.transaction_status == TransactionStatus.IDLE:
            raw.execute("SELECT 1")  # has psycopg begin the transaction that Django has asked for
        result = server.exec_prepared(_name_of(raw, statement), values)
        if result.status == ExecStatus.FATAL_ERROR and result.error_field(_SQLSTATE) in STALE:
            _names.pop(raw, None)
            if server.transaction_status == TransactionStatus.IDLE:
                result = server.exec_prepared(_name_of(raw, statement), values)
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result)
        return read(raw, result)


def _number_of(raw: psycopg.Connection[Any], result: Any) -> int | None:
    return int(result.get_value(0, 0)) if result.ntuples else None


def _rows_of(raw: psycopg.Connection[Any], result: Any) -> list[tuple[Any, ...]]:
    if not result.ntuples:
        return []
    transformer = Transformer(raw)
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


_SQLSTATE = psycopg.pq.DiagnosticField.SQLSTATE
_numbers = itertools.count(1)


def _name_of(raw: psycopg.Connection[Any], statement: str) -> bytes:
    """Return the name under which the connection knows the statement; prepare it the first time."""
    names = _names.setdefault(raw, {})
    name = names.get(statement)
    if name is None:
        name = b"zhangfa_%d" % next(_numbers)
        places = itertools.count(1)
        result = raw.pgconn.prepare(name, re.sub("%s", lambda _: f"${next(places)}", statement).encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise error_from_result(result)
        names[statement] = name
    return name


def _text(value: str) -> bytes:
    if "\0" in value:  # libpq would silently end the text here
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return value.encode()


def _array(values: Sequence[str]) -> bytes:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return _text("{" + ",".join(f'"{value}"' for value in quoted) + "}")


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    bytes: lambda value: b"\\x" + value.hex().encode(),
    dt.datetime: lambda value: _text(value.isoformat()),
    list: _array,
}
