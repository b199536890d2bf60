"""The columns of a list: which there are, which a person chose, and what stands in each cell."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.acts.models import Record
from zhangfa.acts.sealing import is_secret
from zhangfa.acts.values import Names, show_value
from zhangfa.charter.model import Field, Register, State
from zhangfa.registers.naming import names_for
from zhangfa.registers.search import is_open_field

USUAL = ("number", "label", "unit", "state", "due_at", "updated_at")
UNLISTED = ("files", "table", "point")
NUMERIC = ("int", "decimal", "percent", "money")
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its word in the address, its title, and the field it shows, if any."""

    id: str
    title: str
    field: Field | None = None

    @property
    def numeric(self) -> bool:
        """Say whether it is set to the right."""
        return self.field is not None and self.field.type in NUMERIC


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a list, with the words of each cell in the columns' order."""

    record: Record
    words: tuple[str, ...]


def all_columns(register: Register) -> dict[str, Column]:
    """Return every column a list may show. Sensitive and restricted fields are none of them."""
    language = get_language() or "zh-hans"
    made = [Column(name, title) for name, title in _own_titles().items()]
    for name, field in register.fields.items():
        if is_open_field(field) and not is_secret(field, register) and field.type not in UNLISTED:
            made.append(Column(name, field.title.in_language(language), field))
    return {column.id: column for column in made}


def _own_titles() -> dict[str, str]:
    return {
        "number": _("编号"), "label": _("事项"), "unit": _("单位"), "state": _("状态"), "due_at": _("期限"),
        "opened_at": _("发起时间"), "updated_at": _("更新时间"), "author": _("发起人"), "warning": _("预警"),
    }  # fmt: skip


def chosen_columns(register: Register, chosen: Sequence[str]) -> tuple[Column, ...]:
    """Return the chosen columns that exist, or the usual ones; the number always stands first."""
    offered = all_columns(register)
    wanted = [name for name in chosen if name in offered] or list(USUAL)
    return tuple(offered[name] for name in dict.fromkeys(["number", *wanted]))


def lines_of(
    rows: Sequence[Record],
    columns: Sequence[Column],
    states: Mapping[str, State],
    *,
    known: frozenset[int] = frozenset(),
) -> list[Line]:
    """Return the words of every cell; names are looked up once for all rows. ``known`` units go without saying."""
    language = get_language() or "zh-hans"
    stored = [json.loads(row.payload) for row in rows]
    names = names_for(
        ((column.field, values.get(column.id)) for values in stored for column in columns if column.field),
        persons=[row.author for row in rows if row.author],
        units=set(_units_of(rows)),
    )
    return [
        Line(row, tuple(_words(row, values, column, states, names, language, known) for column in columns))
        for row, values in zip(rows, stored, strict=True)
    ]


def _units_of(rows: Iterable[Record]) -> Iterator[int]:
    for row in rows:
        yield from (each for each in (row.unit, row.town, row.village) if each)


def _words(
    row: Record,
    values: Mapping[str, object],
    column: Column,
    states: Mapping[str, State],
    names: Names,
    language: str,
    known: frozenset[int],
) -> str:
    if column.field is not None:
        return show_value(column.field, values.get(column.id), language, names)
    if column.id == "unit":
        path = [each for each in (row.town, row.village) if each not in known and each != row.unit]
        return " · ".join(names.units[each] for each in (*path, row.unit) if each in names.units)
    if column.id == "state":
        return states[row.state].title.in_language(language) if row.state in states else row.state
    if column.id == "author":
        return names.persons.get(row.author or 0, "" if row.author else _("公众"))
    if column.id == "warning":
        return {"yellow": _("黄色"), "orange": _("橙色"), "red": _("红色")}.get(row.warning, "")
    value = getattr(row, column.id)
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if isinstance(value, dt.datetime) else str(value or "")
