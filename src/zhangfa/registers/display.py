"""A record's values as its page and its paper show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from zhangfa.acts.models import Record
from zhangfa.acts.values import Names, show_value
from zhangfa.charter.model import Field
from zhangfa.directory import tree
from zhangfa.registers.checklist import row_group, row_title
from zhangfa.registers.naming import names_for

EMPTY = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table field."""

    title: str
    group: str
    """The checklist's own words above it: aspect and heading."""
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One field with its value in words, or its files, rows or links."""

    field: Field
    title: str
    words: str = ""
    hidden: bool = False
    erased: bool = False
    unstated: bool = False
    """Its words say that nobody stated it."""
    files: tuple[Mapping[str, object], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """(words, number) of the records a ref names."""
    lines: tuple[Line, ...] = ()

    @property
    def draw(self) -> str:
        """Return how it is drawn: hidden, erased, unstated, files, links, table, long or words."""
        if self.hidden or self.erased:
            return "hidden" if self.hidden else "erased"
        if self.unstated:
            return "unstated"
        kinds = {"files": "files", "ref": "links", "table": "table"}
        return kinds.get(self.field.type, "long" if self.field.long else "words")


def shown_fields(
    fields: Iterable[Field],
    values: Mapping[str, object],
    hidden: Iterable[str],
    erased: Iterable[str] = (),
    *,
    unstated: Mapping[str, str] | None = None,
    checklists: bool = False,
) -> list[Shown]:
    """Return every field that has a value, and those whose value the reader may not see or that was destroyed.

    ``unstated`` has words for empty fields whose emptiness is itself a fact (``silence.unstated``).
    With ``checklists`` a table of fixed lines is there before anybody has filled it in, as on paper.
    """
    listed, masked, destroyed = list(fields), set(hidden), set(erased)
    names = names_for((field, values.get(field.id)) for field in listed)
    numbers = _numbers([values.get(field.id) for field in listed if field.type == "ref"])
    made = []
    for field in listed:
        value = values.get(field.id) or ([] if checklists and field.rows else values.get(field.id))
        if field.id in masked:
            made.append(Shown(field, _title(field), hidden=True))
        elif field.id in destroyed:
            made.append(Shown(field, _title(field), erased=True))
        elif value not in EMPTY or (checklists and field.rows):
            made.append(_shown(field, value, names, numbers))
        elif unstated and field.id in unstated:
            made.append(Shown(field, _title(field), unstated[field.id], unstated=True))
    return made


def _title(field: Field) -> str:
    return field.title.in_language(get_language() or "zh-hans")


def _shown(field: Field, value: object, names: Names, numbers: Mapping[str, str]) -> Shown:
    title = _title(field)
    if field.type == "files" and isinstance(value, list):
        return Shown(field, title, files=tuple(value))
    if field.type == "ref":
        return Shown(field, title, links=((names.records.get(str(value), str(value)), numbers.get(str(value), "")),))
    if field.type == "table" and isinstance(value, list):
        return Shown(field, title, lines=tuple(_lines(field, value, names, numbers)))
    if field.type in ("unit", "units"):
        listed = value if isinstance(value, list) else [value]
        return Shown(field, title, "、".join(_path(each) for each in listed))
    return Shown(field, title, show_value(field, value, get_language() or "zh-hans", names))


def _path(unit: object) -> str:
    found = tree.find_unit(int(str(unit)))
    return tree.path_name(found.id) if found else f"#{unit}"


def _lines(
    field: Field, rows: Sequence[Mapping[str, object]], names: Names, numbers: Mapping[str, str]
) -> Iterator[Line]:
    """Yield the rows; of a checklist every line, in its order, filled in or not."""
    filled = {str(row.get("id", place)): row for place, row in enumerate(rows)}
    listed = [(row["id"], row_title(row), row_group(row)) for row in field.rows]
    listed = listed or [(key, str(place + 1), "") for place, key in enumerate(filled)]
    for key, title, group in listed:
        row = filled.get(key, {})
        cells = tuple(
            _shown(column, row[column.id], names, numbers)
            if row.get(column.id) not in EMPTY
            else Shown(column, _title(column))
            for column in field.columns
        )
        yield Line(title, group, cells)


def _numbers(refs: Iterable[object]) -> Mapping[str, str]:
    ids = [int(str(each)) for each in refs if each is not None and str(each).isascii() and str(each).isdigit()]
    if not ids:
        return {}
    return {str(record): number for record, number in Record.objects.filter(id__in=ids).values_list("id", "number")}
