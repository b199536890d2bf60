"""The directory as the log makes it, in memory: the same rules as ``fold``, which writes them to the tables.

A test walks the directory at random and holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from zhangfa.directory.fold import Place, levels_below
from zhangfa.directory.models import LEVELS

Row = dict[str, Any]
"""Columns of a row; days as ISO text."""
Rows = Sequence[Sequence[Any]]


class Replayed:
    """Rows by table and key; units also by what hangs below them."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[tuple[Any, ...], Row]] = defaultdict(dict)
        self._below: dict[int | None, set[int]] = defaultdict(set)
        self._begun: dict[int, str] = {}
        """First day of each unit's open span."""

    def apply(self, payload: Mapping[str, Any]) -> None:
        """Put a change on top of what stood, list by list in the order of ``fold``."""
        self._add(payload.get("add", ()))
        for id, name, pinyin, on in payload.get("rename", ()):
            self._unit(id).update(name=name, pinyin=pinyin)
            self._turn_span(id, on, name=name)
        self._move(payload.get("move", ()))
        self._close(payload.get("close", ()))
        for id, initials in payload.get("pinyin", ()):
            self._unit(id)["pinyin"] = initials
        self._put("people", payload.get("people", ()), ("code", "name", "pinyin", "work_phone"))
        self._put("posts", payload.get("posts", ()), ("person_id", "role", "unit_id", "since", "until"))
        self._end("posts", payload.get("end", ()))
        self._put("members", payload.get("join", ()), ("group", "part", "unit_id", "since", "until"))
        self._end("members", payload.get("leave", ()))
        self._put("beside", payload.get("beside", ()), ("unit_id", "other_id", "since"), until=None)
        self._end("beside", payload.get("apart", ()))
        self._put("accounts", payload.get("account", ()), ("person_id", "username"), is_active=True)
        if payload.get("act") == "close_account":
            self.rows["accounts"][payload["of_account"],]["is_active"] = False

    def _unit(self, id: int) -> Row:
        return self.rows["units"][id,]

    def _put(self, table: str, rows: Rows, columns: Sequence[str], **more: Any) -> None:
        for id, *values in rows:
            self.rows[table][id,] = {**dict(zip(columns, values, strict=True)), **more}

    def _end(self, table: str, rows: Rows) -> None:
        for id, until in rows:
            self.rows[table][id,]["until"] = until

    def _add(self, rows: Rows) -> None:
        for id, code, kind, name, pinyin, parent, since in rows:
            row = {"code": code, "kind": kind, "name": name, "pinyin": pinyin, "parent_id": parent, "since": since}
            self.rows["units"][id,] = {**row, **dict.fromkeys(LEVELS), "until": None, "merged_into_id": None}
            self._set_levels(id)
            self._below[parent].add(id)
            span = {"kind": kind, "name": name, "parent_id": parent, "until": None}
            self.rows["spans"][id, since], self._begun[id] = span, since

    def _set_levels(self, id: int) -> bool:
        """Work out a unit's level columns from its parent's; say whether they changed."""
        unit = self._unit(id)
        above = self.rows["units"].get((unit["parent_id"],))
        place = levels_below(id, unit["kind"], _place_of(above) if above else None)
        if place == _place_of(unit):
            return False
        unit.update(zip(LEVELS, place, strict=True))
        return True

    def _move(self, rows: Rows) -> None:
        for id, parent, on in rows:
            self._below[self._unit(id)["parent_id"]].discard(id)
            self._below[parent].add(id)
            self._unit(id)["parent_id"] = parent
            self._turn_span(id, on, parent_id=parent)
        waiting = [row[0] for row in rows]
        for id in waiting:  # which grows by what hangs below a unit that moved
            if self._set_levels(id):
                waiting += self._below[id]

    def _close(self, rows: Rows) -> None:
        for id, on, into in rows:
            self._unit(id).update(until=on, merged_into_id=into)
            if id in self._begun:
                self.rows["spans"][id, self._begun.pop(id)]["until"] = on

    def _turn_span(self, id: int, on: str, **change: Any) -> None:
        """End the open span the day before and begin another; a second change on one day alters the same span."""
        spans, begun = self.rows["spans"], self._begun[id]
        if begun < on:
            spans[id, on], self._begun[id] = {**spans[id, begun], **change}, on
            spans[id, begun]["until"] = on
        else:
            spans[id, begun].update(change)


def _place_of(unit: Row) -> Place:
    return tuple(unit[level] for level in LEVELS)
