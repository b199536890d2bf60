"""Fold the log's changes of the directory in memory and compare with the tables: nobody moved a unit or a post by hand.

What is held is the directory as it stands (some ten megabytes for 7,000 units and 2,000 people), whatever the length of
the log. Passwords are no part of the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Model

from zhangfa.directory.models import LEVELS, Account, GroupMember, Neighbour, Person, Post, Unit, UnitSpan
from zhangfa.directory.replayed import Replayed, Row
from zhangfa.log.models import Event
from zhangfa.log.problems import Problem

CHUNK = 2000
KINDS = ("unit", "person")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the directory as it is compared: its key in the log and the columns the log gives."""

    zh: str
    en: str
    model: type[Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]


TABLES: Mapping[str, Table] = {
    "units": Table(
        "单位", "unit", Unit, ("id",),
        ("code", "kind", "name", "pinyin", "parent_id", *LEVELS, "since", "until", "merged_into_id"),
    ),
    "spans": Table("沿革", "span of unit", UnitSpan, ("unit_id", "since"), ("kind", "name", "parent_id", "until")),
    "people": Table("人员", "person", Person, ("id",), ("code", "name", "pinyin", "work_phone")),
    "posts": Table("任职", "post", Post, ("id",), ("person_id", "role", "unit_id", "since", "until")),
    "members": Table("编组关系", "membership", GroupMember, ("id",), ("group", "part", "unit_id", "since", "until")),
    "beside": Table("相邻关系", "pair of neighbours", Neighbour, ("id",), ("unit_id", "other_id", "since", "until")),
    "accounts": Table("账号", "account", Account, ("id",), ("person_id", "username", "is_active")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the directory that does not equal the log: only what differs of it."""

    table: Table
    key: tuple[Any, ...]
    logged: Row | None
    """``None``: the log knows no such row."""
    found: Row | None
    """``None``: the row is gone."""

    code: str = ""
    """A unit's or a person's code, by which people know it."""

    def to_problem(self) -> Problem:
        """Say it in both languages."""
        key = " ".join(map(str, self.key)) + (f" ({self.code})" if self.code else "")
        logged, found = _say(self.logged, "日志没有", "日志为"), _say(self.found, "表中没有", "表中为")
        zh = f"{self.table.zh} {key}，{logged}，{found}"
        logged = _say(self.logged, "the log knows none", "the log says")
        found = _say(self.found, "the table has none", "the table says")
        en = f"{self.table.en} {key}, {logged}, {found}"
        return Problem("V701", f"目录与日志重放的结果不同：{zh}。", f"Replaying the log gives another directory: {en}.")


def _say(row: Row | None, absent: str, present: str) -> str:
    if row is None:
        return absent
    return f"{present} " + ", ".join(f"{name}={value!r}" for name, value in row.items())


def differences() -> Iterator[Difference | Problem]:
    """Yield every row that differs from a replay of the log, and every event that cannot be replayed."""
    replayed = Replayed()
    for seq, payload in _changes():
        try:
            replayed.apply(payload)
        except (LookupError, TypeError, ValueError) as error:
            yield _unreadable(seq, error)
    for name, table in TABLES.items():
        yield from _compare(table, replayed.rows[name])


def _changes() -> Iterator[tuple[int, Mapping[str, Any]]]:
    events = Event.objects.filter(kind__in=KINDS).order_by("seq").values_list("seq", "payload")
    for seq, text in events.iterator(chunk_size=CHUNK):
        try:
            yield seq, orjson.loads(text)
        except orjson.JSONDecodeError:
            continue  # the log's own check says so


def _compare(table: Table, logged: dict[tuple[Any, ...], Row]) -> Iterator[Difference]:
    width = len(table.key)
    rows = table.model._default_manager.order_by(*table.key).values_list(*table.key, *table.columns)
    for values in rows.iterator(chunk_size=CHUNK):
        plain = [value.isoformat() if isinstance(value, dt.date) else value for value in values]
        key, found = tuple(plain[:width]), dict(zip(table.columns, plain[width:], strict=True))
        known = logged.pop(key, None)
        if known != found:
            yield Difference(table, key, *_only_different(known, found), (known or found).get("code", ""))
    for key, known in logged.items():
        yield Difference(table, key, known, None, known.get("code", ""))


def _only_different(known: Row | None, found: Row) -> tuple[Row | None, Row]:
    if known is None:
        return None, found
    names = [name for name in found if known.get(name) != found[name]]
    return {name: known.get(name) for name in names}, {name: found[name] for name in names}


def replay_problems() -> Iterator[Problem]:
    """Yield the differences as problems of the log's verification."""
    for one in differences():
        yield one if isinstance(one, Problem) else one.to_problem()


def _unreadable(seq: int, error: Exception) -> Problem:
    zh = f"事件 {seq} 对目录的变更无法重放：{error!r}。"
    return Problem("V702", zh, f"The change of the directory in event {seq} cannot be replayed: {error!r}.", None, seq)
