"""Events by the thousand, in the shape the write path makes them, with real leaves: for logs too long to act out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bench.county import NOW, County

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Template:
    """An event that a real act wrote, to be written again for other records."""

    kind: str
    charter: str
    version: int
    register: str
    step: str
    person: int | None
    unit: int
    payload: dict[str, object]


def take_acts(county: County, pairs: int = 2) -> list[Template]:
    """Take some real acts and return the events they wrote."""
    from bench.acts import do, whole_acts
    from zhangfa.log.models import Event

    do(whole_acts, county, pairs)
    found = Event.objects.filter(kind="step").order_by("seq")
    columns = ("kind", "charter", "version", "register", "step", "person", "unit", "payload")
    return [Template(*row[:-1], json.loads(row[-1])) for row in found.values_list(*columns)]


def make_rows(templates: list[Template], start: int, count: int) -> Iterator[tuple[object, ...]]:
    """Yield the inserted values of so many events, each for a record of its own, in time order."""
    from zhangfa.log.append import event_row

    for number in range(start, start + count):
        like = templates[number % len(templates)]
        record = 1 << 50 | number
        at = NOW + dt.timedelta(seconds=number)
        payload = dict(like.payload)
        if "record" in payload:
            payload["record"] = {**payload["record"], "number": f"RR-{number}"}  # type: ignore[dict-item]
        yield event_row(
            key=f"fill-{number}", ts=at, kind=like.kind, payload=payload, charter=like.charter, version=like.version,
            register=like.register, record=record, step=like.step, person=like.person, unit=like.unit,
        ).values  # fmt: skip


def fill_log(templates: list[Template], *, start: int, count: int) -> None:
    """Append so many events like those given."""
    fill_rows(make_rows(templates, start, count))


def fill_rows(rows: Iterator[tuple[object, ...]]) -> None:
    """Append events by their inserted values: by COPY on PostgreSQL, by one prepared insert on SQLite."""
    from django.db import connection, transaction

    from zhangfa.log.append import EVENT_COLUMNS, event_columns

    places = ", ".join(["%s"] * len(EVENT_COLUMNS))
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.executemany(f"INSERT INTO log_event ({event_columns()}) VALUES ({places})", chunk)
                continue
            with cursor.copy(f"COPY log_event ({event_columns()}) FROM STDIN") as copy:
                for row in chunk:
                    copy.write_row(row)
