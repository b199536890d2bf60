"""What a door shows the public: records that satisfy its condition, in the columns its charter lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from icalendar import Calendar, Event

from zhangfa.acts.models import Record
from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.situation import Situation, situation_of
from zhangfa.acts.terms import RecordTerms
from zhangfa.acts.values import Names, show_value
from zhangfa.acts.values.term import is_sealed
from zhangfa.charter.model import Charter, Door, Field, Register
from zhangfa.directory import tree
from zhangfa.expression import evaluate

NEVER = frozenset({"person", "phone", "id-number", "files", "table", "point"})
"""Types that never leave by a door, whatever a charter lists."""
PAGE = 200
MOST = 2000
"""Records looked at, the newest first; a board is read by people."""
PAST = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a door shows: a field of the register, or at the end of a path through references."""

    path: str
    title: str
    field: Field | None
    """Empty for ``state``."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One record as the public sees it."""

    id: int
    unit: str
    starts: dt.datetime | None
    ends: dt.datetime | None
    all_day: bool
    facts: tuple[tuple[str, str], ...]
    """(title, words) by column."""
    updated: dt.datetime


def columns_shown(charter: Charter, door: Door, language: str) -> list[Column]:
    """List what a door shows: what its charter lists, never persons nor anything sensitive."""
    register = charter.registers[door.shows]
    found = [_column(charter, register, path, language) for path in door.columns]
    return [each for each in found if each is not None]


def _column(charter: Charter, register: Register, path: str, language: str) -> Column | None:
    if path == "state":
        return Column(path, "Stage" if language.startswith("en") else "状态", None)
    field, here = None, register
    for name in path.split("."):
        field = here.fields.get(name)
        if field is None or field.sensitive or field.visible_to or field.type in NEVER:
            return None
        here = charter.registers.get(field.to.rpartition(".")[2], here)
    return Column(path, field.title.in_language(language), field) if field else None


def show_records(*, charter: Charter, door: Door, at: dt.datetime, language: str) -> list[Shown]:
    """Return what the door shows, a calendar by its date and all else the newest first."""
    register = charter.registers[door.shows]
    columns = columns_shown(charter, door, language)
    found = [each for each in _candidates(charter, door, register, at) if _holds(door, each)]
    stored = [{column.path: _stored(each, column.path) for column in columns} for each in found]
    names = _names(stored, columns)
    shown = [_shown(*pair, columns, names, language) for pair in zip(found, stored, strict=True)]
    if door.as_ != "calendar":
        return shown[:PAGE]
    dated = [each for each in shown if each.starts and (each.ends or each.starts) >= at - PAST]
    return sorted(dated, key=lambda each: each.starts or at)[:PAGE]


def _candidates(charter: Charter, door: Door, register: Register, at: dt.datetime) -> Iterator[Situation]:
    rows = Record.objects.filter(register=f"{charter.id}.{register.id}", state__in=_states(door, register))
    for row in rows.order_by("-updated_at").values_list("id", flat=True)[:MOST]:
        situation = situation_of(row, at)
        if situation is not None:
            yield situation


def _states(door: Door, register: Register) -> list[str]:
    """List the states the condition does not rule out, asked with nothing else known."""
    if door.where is None:
        return list(register.states)
    unknown: dict[str, object] = dict.fromkeys(door.where.names)
    return [state for state in register.states if evaluate(door.where, unknown | {"state": state}) is not False]


def _holds(door: Door, situation: Situation) -> bool:
    return door.where is None or evaluate(door.where, RecordTerms(situation)) is True


def _stored(situation: Situation, path: str) -> Any:
    """Return the stored value at the end of a path; nothing where it breaks off or was erased."""
    here: Situation | None = situation
    *refs, last = path.split(".")
    for ref in refs:
        id_ = here.payload.get(ref) if here else None
        here = situation_of(int(id_), situation.at) if id_ else None
    if here is None:
        return None
    value = here.state if last == "state" else here.payload.get(last)
    return None if is_sealed(value) else value


def _names(stored: list[dict[str, Any]], columns: list[Column]) -> Names:
    def wanted(kind: str) -> set[int]:
        paths = [column.path for column in columns if column.field and column.field.type == kind]
        return {int(row[path]) for row in stored for path in paths if row[path]}

    labels = Record.objects.filter(id__in=wanted("ref")).values_list("id", "label")
    return Names(
        units={id_: unit.name for id_, unit in tree.units(wanted("unit")).items()},
        records={str(id_): label for id_, label in labels},
    )


def _shown(each: Situation, stored: dict[str, Any], columns: list[Column], names: Names, language: str) -> Shown:
    dates = [c for c in columns if c.field and c.field.type in ("date", "datetime") and stored[c.path]][:2]
    moments = [_moment(stored[c.path]) for c in dates]
    facts = [(c.title, _words(each, c, stored[c.path], names, language)) for c in columns if c not in dates]
    return Shown(
        id=int(each.record["id"]),
        unit=tree.path_name(int(each.record["unit"])),
        starts=moments[0] if moments else None,
        ends=moments[1] if len(moments) > 1 else None,
        all_day=bool(dates) and dates[0].field is not None and dates[0].field.type == "date",
        facts=tuple(pair for pair in facts if pair[1]),
        updated=_moment(each.record["updated_at"]),
    )


def _words(each: Situation, column: Column, stored: Any, names: Names, language: str) -> str:
    if column.field is None:
        state = each.register.states.get(str(stored))
        return state.title.in_language(language) if state else ""
    return show_value(column.field, stored, language, names)


def _moment(stored: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(stored)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def write_calendar(*, title: str, shown: list[Shown], host: str) -> bytes:
    """Return the shown records as an iCalendar feed (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Zhangfa//doors//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for each in shown:
        if each.starts is not None:
            calendar.add_component(_event(each, each.starts, title, host))
    feed: bytes = calendar.to_ical()
    return feed


def _event(each: Shown, starts: dt.datetime, title: str, host: str) -> Event:
    event = Event()
    words: Mapping[str, str] = dict(each.facts)
    event.add("uid", f"{each.id}@{host}")
    event.add("dtstamp", each.updated.astimezone(dt.UTC))
    event.add("dtstart", starts.date() if each.all_day else starts.astimezone(dt.UTC))
    if each.ends is not None:
        event.add("dtend", each.ends.date() + dt.timedelta(days=1) if each.all_day else each.ends.astimezone(dt.UTC))
    event.add("summary", next(iter(words.values()), title))
    event.add("location", each.unit)
    event.add("description", "\n".join(f"{name}：{value}" for name, value in words.items()))
    return event
