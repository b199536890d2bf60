"""The types of the language and the names an expression may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal[
    "text",
    "int",
    "decimal",
    "date",
    "datetime",
    "time",
    "bool",
    "list",
    "table",
    "record",
    "person",
    "unit",
    "point",
    "files",
    "null",
    "any",
]

TODAY = "today"
"""Reserved name: the date of the act. ``days_since`` reads it."""
CALENDAR = "__calendar__"
"""Reserved name: an object with ``workdays_between(date, date) -> int``."""
MAX_SCALE = 10
"""Most decimals that any value of the language has."""

WORDS: dict[str, tuple[str, str]] = {
    "text": ("文字", "a text"), "int": ("整数", "a whole number"), "decimal": ("小数", "a decimal number"),
    "date": ("日期", "a date"), "datetime": ("日期时间", "a date and time"), "time": ("时间", "a time of day"),
    "bool": ("是否", "yes or no"), "list": ("多选", "a list"), "table": ("表格", "a table"),
    "record": ("记录", "a record"), "person": ("人员", "a person"), "unit": ("单位", "a unit"),
    "point": ("位置", "a place on the map"), "files": ("附件", "files"),
    "null": ("空值", "null"), "any": ("任意值", "any value"),
}  # fmt: skip
"""What people call each type, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class NameType:
    """The type of a name or of a part of an expression.

    ``scale``: decimals of a ``decimal``. ``options``: the values a choice (``text`` or ``list``) may
    have; ``None`` where any text is possible. ``members``: columns of a table, fields of a record or unit.
    """

    kind: Type
    scale: int = 0
    options: tuple[str, ...] | None = None
    members: tuple[tuple[str, NameType], ...] = ()

    def member(self, name: str) -> NameType | None:
        """Return the type of a column or field, or ``None`` where there is no such one."""
        return dict(self.members).get(name)

    @property
    def is_number(self) -> bool:
        """Whether one can reckon with it."""
        return self.kind in ("int", "decimal")


text_ = NameType("text")
int_ = NameType("int")
date_ = NameType("date")
datetime_ = NameType("datetime")
time_ = NameType("time")
bool_ = NameType("bool")
person_ = NameType("person")
point_ = NameType("point")
files_ = NameType("files")
null_ = NameType("null")
any_ = NameType("any")


def decimal_(scale: int = 6) -> NameType:
    """Return the type of a decimal number with this many decimals (at most 10)."""
    if not 0 <= scale <= MAX_SCALE:
        raise ValueError(f"a decimal has 0 to {MAX_SCALE} decimals, not {scale}")
    return NameType("decimal", scale=scale)


money_ = decimal_(2)
"""Yuan with two decimals."""


def choice(options: Iterable[str]) -> NameType:
    """Return the type of one of these options."""
    return NameType("text", options=tuple(options))


def list_(options: Iterable[str] | None = None) -> NameType:
    """Return the type of a choice of several options."""
    return NameType("list", options=None if options is None else tuple(options))


def table(columns: Mapping[str, NameType]) -> NameType:
    """Return the type of a table field: rows with these columns."""
    return NameType("table", members=tuple(columns.items()))


def record(fields: Mapping[str, NameType]) -> NameType:
    """Return the type of a ref: the fields of the record it points to."""
    return NameType("record", members=tuple(fields.items()))


def unit_(properties: Mapping[str, NameType] | None = None) -> NameType:
    """Return the type of a unit: ``kind``, ``name``, ``code`` and its further properties."""
    members = {"kind": text_, "name": text_, "code": text_, **(properties or {})}
    return NameType("unit", members=tuple(members.items()))


@dataclass(frozen=True, eq=False)
class Scope:
    """The names an expression may use, and what else it may do. Immutable; equal by content.

    ``names``: the fields of one record or, with ``aggregates``, the columns of the rows.
    ``shared``: names with one value for all rows (settings, ``today``); usable everywhere.
    ``functions``: names of the functions allowed; ``None`` for all.
    """

    names: Mapping[str, NameType]
    aggregates: bool = False
    functions: frozenset[str] | None = None
    shared: Mapping[str, NameType] = field(default_factory=dict)
    _key: tuple[object, ...] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        key = (frozenset(self.names.items()), frozenset(self.shared.items()), self.aggregates, self.functions)
        object.__setattr__(self, "names", dict(self.names))
        object.__setattr__(self, "shared", dict(self.shared))
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_hash", hash(key))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Scope) and self._hash == other._hash and self._key == other._key)
