"""What an act says of honours: who comes by one, whose ends; as the log keeps it, personal parts sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zhangfa.acts.naming import SHANGHAI, id_of
from zhangfa.calendar.deadline import reckon_deadline
from zhangfa.calendar.engine import current_calendar
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import Charter, Text
from zhangfa.honours.models import Holding
from zhangfa.log.canonical import canonical
from zhangfa.log.secrets import encrypt_value

DAY = dt.timedelta(days=1)
CONTENT, END = "content", "end"
"""What the sealed parts of a person's holding are bound to."""
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """An honour come by."""

    honour: Honour
    place: int
    reason: Text
    unit: int | None = None
    person: int | None = None
    grade: str = ""
    period: str = ""
    board: int | None = None

    @property
    def whose(self) -> int:
        """Id of the unit or person."""
        return self.unit if self.unit is not None else self.person or 0


@dataclass(frozen=True, slots=True)
class Ended:
    """A holding that ends, how and why."""

    holding: Holding
    how: str
    reason: Text
    on: dt.date | None = None
    """First day on which it is no longer held; the day of the act unless said."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one act changes. ``board`` is dealt with by it; ``notes`` say who a tie at the edge left out."""

    act: str
    given: tuple[Given, ...] = ()
    ended: tuple[Ended, ...] = ()
    board: int | None = None
    notes: tuple[tuple[str, tuple[int, ...], Text], ...] = ()
    tell: bool = True

    def __bool__(self) -> bool:
        return bool(self.given or self.ended or self.board is not None)

    def and_ended(self, more: Iterable[Ended]) -> Changes:
        """Return the same with further endings."""
        return replace(self, ended=(*self.ended, *more))


def day_of(at: dt.datetime) -> dt.date:
    """Return the day in Shanghai."""
    return at.astimezone(SHANGHAI).date()


def until_of(honour: Honour, at: dt.datetime) -> dt.date | None:
    """Return the first day on which what is conferred now no longer holds: ``lasts`` counts from the conferring."""
    if honour.lasts is None:
        return None
    due = reckon_deadline(received=at, within=honour.lasts, calendar=current_calendar()).due
    return day_of(due) + DAY


def words(text: Text) -> list[str]:
    """Return both languages as the log keeps them."""
    return [text.zh, text.en or text.zh]


def payload_of(charter: Charter, changes: Changes, at: dt.datetime, key: str) -> Payload:
    """Return the event's payload. Call inside the write transaction: it makes the keys of what is sealed."""
    made: Payload = {
        "act": changes.act,
        "end": [_end(one, at) for one in changes.ended],
        "confer": [_confer(one, at, key, place) for place, one in enumerate(changes.given)],
    }
    if changes.board is not None:
        made["board"] = changes.board
        made["notes"] = [[honour, list(units), *words(text)] for honour, units, text in changes.notes]
    return made


def holding_id(given: Given, at: dt.datetime, key: str, place: int) -> int:
    """Return the id a holding gets: the same act tried again means the same holding.

    An id has 22 bits beside its millisecond, too few for the thousands that one review may confer: each has its own.
    """
    return id_of(at + place * dt.timedelta(milliseconds=1), "honour", key, given.honour.id, given.whose)


def _confer(given: Given, at: dt.datetime, key: str, place: int) -> Payload:
    id_, until = holding_id(given, at, key, place), until_of(given.honour, at)
    said: Payload = {
        "id": id_, "place": given.place, "since": day_of(at).isoformat(), "until": until.isoformat() if until else None,
        "board": given.board,
    }  # fmt: skip
    content = {
        "honour": given.honour.id, "grade": given.grade, "period": given.period, "reason": words(given.reason),
    }  # fmt: skip
    if given.person is None:
        return {**said, "unit": given.unit, **content}
    return {**said, "person": given.person, "sealed": encrypt_value(id_, CONTENT, content)}


def _end(ended: Ended, at: dt.datetime) -> Payload:
    held = ended.holding
    said: Payload = {"id": held.id, "on": (ended.on or day_of(at)).isoformat(), "how": ended.how}
    if held.person_id is None:
        return {**said, "reason": words(ended.reason)}
    return {**said, "sealed": encrypt_value(held.id, END, words(ended.reason))}


def read_day(text: str | None) -> dt.date | None:
    """Read a day as the log writes it."""
    return dt.date.fromisoformat(text) if text else None


def rows_of(payload: Mapping[str, Any], *, charter: str, version: int, by: int | None, at: dt.datetime) -> tuple[
    dict[int, dict[str, Any]], dict[int, dict[str, Any]]
]:  # fmt: skip
    """Return the columns of new holdings, and those that change of others, by id; also of a replayed event."""
    new = {
        one["id"]: {
            "charter": charter, "version": version, "honour": one.get("honour", ""), "unit_id": one.get("unit"),
            "person_id": one.get("person"), "place_id": one["place"], "grade": one.get("grade", ""),
            "period": one.get("period", ""), "since": read_day(one["since"]), "until": read_day(one["until"]),
            "reason": canonical(one.get("reason", [])), "sealed": _text(one.get("sealed")), "board_id": one["board"],
            "conferred_by": by, "conferred_at": at,
        }
        for one in payload["confer"]
    }  # fmt: skip
    changed = {
        one["id"]: {
            "ended": read_day(one["on"]), "how": one["how"], "ended_reason": canonical(one.get("reason", [])),
            "sealed_end": _text(one.get("sealed")), "ended_by": by, "ended_at": at,
        }
        for one in payload["end"]
    }  # fmt: skip
    return new, changed


def _text(sealed: object) -> str:
    return canonical(sealed) if sealed else ""
