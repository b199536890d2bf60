"""Fold the log from event 1 and compare with the rows kept at hand (invariant I4).

Both are read in order of the record, so that memory holds one record at a time, whatever the size of the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import orjson
from django.db.models import QuerySet

from zhangfa.acts.fold import RECORD_COLUMNS, TASK_COLUMNS, Happened, Row, Written, columns_of, fold
from zhangfa.acts.models import Booking, Claimed, Participant, Record, Task, UnitProperty
from zhangfa.acts.store import read_moment, read_record, read_task, row_reader
from zhangfa.directory import tree
from zhangfa.directory.models import LEVELS
from zhangfa.log.models import Event
from zhangfa.log.problems import Problem

CHUNK = 2000
KINDS = ("step", "verb")
_READ_BOOKING = row_reader(("resource", "starts", "ends"))


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the rows at hand do not equal the log."""

    record: int | None
    what: str
    """``record``, ``task 12``, ``participants``, ``slots``, ``booking``, ``property 3 courtyard``."""
    logged: Any
    """What the log says; ``None`` where it knows nothing."""
    found: Any

    def __str__(self) -> str:
        """Say it in one line."""
        return f"record {self.record}: {self.what}: the log says {self.logged!r}, the table {self.found!r}"


class Replayed:
    """The rows of one record as the log makes them."""

    def __init__(self) -> None:
        self.record: Row | None = None
        self.tasks: dict[int, dict[str, Any]] = {}
        self.participants: set[tuple[Any, ...]] = set()
        self.slots: set[str] = set()
        self.booking: Mapping[str, Any] | None = None

    def apply(self, written: Written) -> None:
        """Put what one event wrote on top of what stood."""
        self.record = written.record
        self.tasks |= {task["id"]: dict(task) for task in written.tasks}
        for task, columns in (written.task_sets or {}).items():
            self.tasks.setdefault(task, {}).update(columns)
        self.participants = {one for one in self.participants if one[3] not in written.left} | set(written.joined)
        self.slots = (self.slots - set(written.freed)) | set(written.slots)
        if written.booking is not None:
            self.booking = written.booking or None


class ByRecord:
    """Rows in order of their record, handed out group by group to whoever asks in the same order."""

    def __init__(self, rows: Iterable[tuple[int, Any]]) -> None:
        self._groups = (
            (record, [row for _record, row in group]) for record, group in groupby(rows, key=lambda row: row[0])
        )
        self._next = next(self._groups, None)

    def take(self, record: int) -> list[Any]:
        """Return the rows of a record; the groups before it are left over and belong to nobody."""
        while self._next is not None and self._next[0] < record:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != record:
            return []
        rows = self._next[1]
        self._next = next(self._groups, None)
        return rows


def replay_and_compare() -> list[Difference]:
    """Return every place where the rows differ from the log; empty when all is well."""
    return list(differences())


def differences() -> Iterator[Difference]:
    """Yield the differences as they are found."""
    properties: dict[tuple[int, str], tuple[int, str]] = {}
    tables = _Tables()
    seen = 0
    for record, events in groupby(_events(), key=lambda event: event[0]):
        replayed = Replayed()
        for _record, seq, happened in events:
            written = fold(happened, replayed.record)
            replayed.apply(written)
            for unit, name, value in written.properties:
                properties[unit, name] = max(properties.get((unit, name), (0, "")), (seq, value))
        yield from tables.compare(record, replayed)
        seen += 1
    yield from _unknown_records(seen)
    yield from _compare_properties(properties)


def _events() -> Iterator[tuple[int, int, Happened]]:
    rows = (
        Event.objects.filter(kind__in=KINDS, record__isnull=False)
        .order_by("record", "seq")
        .values_list("record", "seq", "ts", "charter", "version", "register", "payload")
    )
    for record, seq, at, charter, version, register, payload in rows.iterator(chunk_size=CHUNK):
        assert record is not None
        yield record, seq, Happened(record, read_moment(at), charter, version, register, orjson.loads(payload))


class _Tables:
    """The stored rows, all read in order of the record."""

    def __init__(self) -> None:
        self.records = ByRecord(_stream(Record.objects.order_by("id"), "id", RECORD_COLUMNS))
        self.tasks = ByRecord(_stream(Task.objects.order_by("record", "id"), "record", TASK_COLUMNS))
        self.participants = ByRecord(
            _stream(Participant.objects.order_by("record"), "record", ("person", "role", "unit", "why"))
        )
        self.slots = ByRecord(_stream(Claimed.objects.order_by("record"), "record", ("slot",)))
        self.bookings = ByRecord(_stream(Booking.objects.order_by("record"), "record", ("resource", "starts", "ends")))

    def compare(self, record: int, replayed: Replayed) -> Iterator[Difference]:
        """Yield where one record's rows differ."""
        assert replayed.record is not None
        stored = next((columns_of(read_record(row)) for row in self.records.take(record)), None)
        logged = columns_of(at_home(replayed.record))
        if stored != logged:
            yield Difference(record, "record", *_only_different(logged, stored))
        yield from self._compare_tasks(record, replayed)
        found = {tuple(row) for row in self.participants.take(record)}
        if found != replayed.participants:
            yield Difference(
                record, "participants", _sorted(replayed.participants - found), _sorted(found - replayed.participants)
            )
        slots = {row[0] for row in self.slots.take(record)}
        if slots != replayed.slots:
            yield Difference(record, "slots", sorted(replayed.slots), sorted(slots))
        booking = next(map(_READ_BOOKING, self.bookings.take(record)), None)
        if booking != replayed.booking:
            yield Difference(record, "booking", replayed.booking, booking)

    def _compare_tasks(self, record: int, replayed: Replayed) -> Iterator[Difference]:
        stored = {row[0]: read_task(row) for row in self.tasks.take(record)}
        for task in sorted(stored.keys() | replayed.tasks.keys()):
            logged, found = at_home(replayed.tasks.get(task)), stored.get(task)
            if logged != found:
                yield Difference(record, f"task {task}", *_only_different(logged, found))


def at_home(row: Row | None) -> dict[str, Any]:
    """Return the row with its unit's level columns as the tree of units stands: they move with it (``rehoming``)."""
    if row is None:
        return {}
    if row.get("unit") is None:
        return dict(row)
    now = tree.unit(row["unit"])
    return {**row, **{level: getattr(now, level) for level in LEVELS}}


def _stream(rows: QuerySet[Any], key: str, columns: tuple[str, ...]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for row in rows.values_list(key, *columns).iterator(chunk_size=CHUNK):
        yield row[0], row[1:]


def _only_different(logged: Row, found: Row | None) -> tuple[Any, Any]:
    if found is None:
        return dict(logged), None
    names = [name for name in {*logged, *found} if logged.get(name, ...) != found.get(name, ...)]
    return {name: logged.get(name) for name in sorted(names)}, {name: found.get(name) for name in sorted(names)}


def _sorted(rows: set[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=str)


def _unknown_records(seen: int) -> Iterator[Difference]:
    """A record that no event opened."""
    if Record.objects.count() <= seen:
        return
    opened = Event.objects.filter(kind__in=KINDS, record__isnull=False).values("record")
    for record in Record.objects.exclude(pk__in=opened).values_list("pk", flat=True)[:100]:
        yield Difference(record, "record", None, "stands in the table")


def _compare_properties(properties: Mapping[tuple[int, str], tuple[int, str]]) -> Iterator[Difference]:
    stored = {(unit, name): value for unit, name, value in UnitProperty.objects.values_list("unit", "name", "value")}
    for unit, name in sorted(stored.keys() | properties.keys()):
        logged = properties.get((unit, name), (0, None))[1]
        if stored.get((unit, name)) != logged:
            yield Difference(None, f"property {unit} {name}", logged, stored.get((unit, name)))


def replay_problems() -> Iterator[Problem]:
    """Yield the differences as problems of the log's verification."""
    for one in differences():
        zh = f"记录 {one.record} 的{one.what}与日志重放的结果不同：日志为 {one.logged!r}，表中为 {one.found!r}。"
        yield Problem("V201", zh, f"Replaying the log gives other rows: {one}.")
