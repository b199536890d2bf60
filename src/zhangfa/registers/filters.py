"""What a list shows, read from its address and written back to it: the address is the whole state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal
from urllib.parse import urlencode

from django.http import QueryDict

from zhangfa.charter.model import Field, Register
from zhangfa.desk.posted import read_day, read_id

View = Literal["list", "board", "calendar"]
Due = Literal["", "late", "today", "week", "none"]
Sort = Literal["newest", "oldest", "due"]
VIEWS: tuple[View, ...] = ("list", "board", "calendar")
DUES: tuple[Due, ...] = ("late", "today", "week", "none")
SORTS: tuple[Sort, ...] = ("newest", "oldest", "due")
MAX_TYPED = 80
RANGED = ("int", "decimal", "percent", "money", "date", "datetime")


@dataclass(frozen=True, slots=True)
class Filter:
    """One list, board or month of a register; wrong words of an address are left out, never an error."""

    view: View = "list"
    states: tuple[str, ...] = ()
    unit: int | None = None
    due: Due = ""
    q: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """Field id and value; for numbers and dates ``from..to`` with either side empty."""
    since: dt.date | None = None
    until: dt.date | None = None
    """Opened from and to, both days included."""
    sort: Sort = "newest"
    columns: tuple[str, ...] = ()
    month: str = ""
    """``YYYY-MM`` of the calendar; empty for this month."""
    after: str = ""
    before: str = ""
    """The row this page begins after, or ends before: ``<microseconds>-<id>``."""

    @property
    def narrows(self) -> bool:
        """Say whether anything is left out."""
        return bool(self.states or self.unit or self.due or self.q or self.fields or self.since or self.until)

    @property
    def beyond_chips(self) -> bool:
        """Say whether it leaves out by more than the words, states and lateness that show above a list."""
        known = {"states": (), "q": "", "due": "" if self.due == "late" else self.due}
        return replace(self, **known).narrows  # type: ignore[arg-type]

    @property
    def chosen(self) -> Mapping[str, str]:
        """Return the field filters by field id."""
        return dict(self.fields)

    def but(self, **changes: object) -> Filter:
        """Return this filter with other parts, on its first page."""
        return replace(self, **({"after": "", "before": ""} | changes))  # type: ignore[arg-type]

    def address(self, **changes: object) -> str:
        """Write the filter as a query: ``?state=submitted&q=…``; what is usual is left out."""
        pairs = list(_pairs(self.but(**changes)))
        return "?" + urlencode(pairs) if pairs else "?"


def _pairs(chosen: Filter) -> list[tuple[str, str]]:
    pairs = [("state", state) for state in chosen.states]
    pairs += [(f"field.{name}", value) for name, value in chosen.fields]
    words = {"since": "from", "until": "to"}
    for part in fields(Filter):
        value = getattr(chosen, part.name)
        if part.name in ("states", "fields") or value in ("", None, ()) or value == part.default:
            continue
        pairs.append((words.get(part.name, part.name), ",".join(value) if isinstance(value, tuple) else str(value)))
    return pairs


def read_filter(query: QueryDict, register: Register, states: Mapping[str, object]) -> Filter:
    """Read a filter from an address; ``states`` are all states records of the register may stand in."""
    names = tuple(each for each in query.get("columns", "").split(",") if each)
    return Filter(
        view=_one_of(query.get("view"), VIEWS, "list"),
        states=tuple(dict.fromkeys(each for each in query.getlist("state") if each in states)),
        unit=read_id(query.get("unit")),
        due=_one_of(query.get("due"), DUES, ""),
        q=query.get("q", "").strip()[:MAX_TYPED],
        fields=_field_filters(query, register),
        since=read_day(query.get("from")),
        until=read_day(query.get("to")),
        sort=_one_of(query.get("sort"), SORTS, "newest"),
        columns=names or tuple(query.getlist("column")),
        month=_month(query.get("month")),
        after=_place(query.get("after")),
        before=_place(query.get("before")),
    )


def _field_filters(query: QueryDict, register: Register) -> tuple[tuple[str, str], ...]:
    from zhangfa.registers.search import is_marked

    found = []
    for name, field in register.fields.items():
        value = _field_value(query, name, field)
        if value and (is_marked(field) or is_ranged(field)):
            found.append((name, value[:MAX_TYPED]))
    return tuple(found)


def _field_value(query: QueryDict, name: str, field: Field) -> str:
    """Return one value, or the two inputs of a range joined."""
    low, high = query.get(f"field.{name}.from", "").strip(), query.get(f"field.{name}.to", "").strip()
    return f"{low}..{high}" if low or high else query.get(f"field.{name}", "").strip()


def is_ranged(field: Field) -> bool:
    """Say whether the list can be filtered by a range of the field."""
    return field.type in RANGED and field.sensitive is None and not field.visible_to


def _one_of(value: str | None, allowed: tuple, usual: str):
    return value if value in allowed else usual


def _month(value: str | None) -> str:
    return value if value and len(value) == 7 and read_day(f"{value}-01") else ""


def _place(value: str | None) -> str:
    moment, _dash, record = (value or "").partition("-")
    sound = len(moment) < 18 and read_id(moment) is not None and read_id(record) is not None  # till the year 5000
    return f"{moment}-{record}" if sound else ""
