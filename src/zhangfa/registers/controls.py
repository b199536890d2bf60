"""The controls of a form: each asked field with its value, its choices and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.attachments.engine import seal_files
from zhangfa.charter.model import Field
from zhangfa.registers.candidates import Candidates, Choice
from zhangfa.registers.checklist import row_group, row_title

FEW = 7
"""Up to this many options stand as buttons, more in a list."""
INPUTS = {"date": "date", "datetime": "datetime-local", "time": "time", "phone": "tel"}
NUMBERS = ("int", "decimal", "percent", "money")
FREE_ROWS = 3
ONE_LINE = 200
"""A text that may be longer than this many signs is typed into a box of several lines."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table's row: a control to fill in, or words to read."""

    title: str
    control: Control | None = None
    words: str = ""
    files: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True, slots=True)
class RowOfCells:
    """One row of a table field in the form."""

    id: str
    """The name it has in the form: the checklist's id, or its place."""
    title: str
    group: str
    """The headings of the checklist it stands under."""
    cells: tuple[Cell, ...]
    error: str = ""
    kept_id: str = ""
    """The id a free row already has in the record."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control as the template draws it."""

    name: str
    field: Field
    draw: str
    """Which macro draws it: input, number, long, radios, select, checks, pick, files, point, table."""
    label: str
    value: object = ""
    error: str = ""
    help: str = ""
    known_from: str = ""
    choices: tuple[Choice, ...] = ()
    typed: str = ""
    """What was typed into the search of a picker."""
    token: str = ""
    rows: tuple[RowOfCells, ...] = ()
    head: tuple[Head, ...] = ()
    pick_address: str = ""
    """Where a picker's findings are fetched while one types."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return value and words of each choice, for a list."""
        return [(each.value, f"{each.words}（{each.note}）" if each.note else each.words) for each in self.choices]

    @property
    def required(self) -> bool:
        """Say whether it must be filled in."""
        return self.field.required

    @property
    def input_type(self) -> str:
        """Return the type of the HTML input."""
        return INPUTS.get(self.field.type, "text")

    @property
    def extra(self) -> dict[str, str]:
        """Return further attributes of the input, such as its keyboard on a phone."""
        if self.field.type in NUMBERS:
            return {"inputmode": "numeric" if self.field.type == "int" else "decimal", "autocomplete": "off"}
        if self.field.type == "phone":
            return {"inputmode": "tel", "autocomplete": "tel"}
        limit = {"maxlength": str(int(self.field.max))} if self.field.type == "text" and self.field.max else {}
        return {"autocomplete": "off"} | limit

    @property
    def measure(self) -> str:
        """Return the word behind the input: the unit of measure, or yuan."""
        return self.field.measure or (_("元") if self.field.type == "money" else "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a form needs to draw its controls: values, faults, choices, and who may fill which."""

    raw: Mapping[str, object]
    errors: Mapping[str, str]
    candidates: Candidates
    may_fill: Mapping[str, bool]
    """By path ``items.content``: columns the actor may not fill are shown as words."""
    known_from: Mapping[str, str]
    finds: Mapping[str, str]
    shown: Mapping[str, object]
    """Stored values by field id, for what is only shown."""
    pick_address: str = ""


def controls_of(fields: Sequence[Field], sheet: Sheet) -> tuple[Control, ...]:
    """Return the controls of the asked fields in order; those another person fills in are left out."""
    mine = [field for field in fields if sheet.may_fill.get(field.id, True)]
    return tuple(_control(field, field.id, sheet.raw.get(field.id, ""), sheet) for field in mine)


def _control(field: Field, name: str, value: object, sheet: Sheet) -> Control:
    language = get_language() or "zh-hans"
    made = Control(
        name=name,
        field=field,
        draw=_drawn(field),
        label=field.title.in_language(language),
        value=value,
        error=sheet.errors.get(name, ""),
        help=_help(field, language),
        known_from=sheet.known_from.get(name, ""),
    )
    if field.type in ("choice", "choices"):
        return replace(made, choices=tuple(Choice(each.id, each.title.in_language(language)) for each in field.options))
    if field.type in ("person", "unit", "units", "ref"):
        return _picker(made, sheet)
    if field.type == "files":
        return replace(made, token=seal_files(value) if value else "", value=value or [])
    return (
        replace(made, rows=tuple(_rows(field, value, sheet)), head=_head(field, sheet))
        if field.type == "table"
        else made
    )


def _drawn(field: Field) -> str:
    if field.type == "text":
        return "long" if field.long or (field.max or 0) > ONE_LINE else "input"
    if field.type == "choice":
        return "radios" if len(field.options) <= FEW else "select"
    named = {
        "choices": "checks",
        "units": "pick",
        "bool": "yes_no",
        "files": "files",
        "point": "point",
        "table": "table",
    }
    return named.get(field.type, "pick" if field.type in ("person", "unit", "ref") else "input")


def _picker(made: Control, sheet: Sheet) -> Control:
    """Offer a plain list where the candidates are few, else a search with its findings."""
    typed = sheet.finds.get(made.name, "")
    chosen = [str(each) for each in made.value] if isinstance(made.value, list) else [str(made.value or "")]
    found = sheet.candidates.of(made.field, typed, [each for each in chosen if each])
    draw = "select" if found.complete and made.field.type != "units" else "pick"
    return replace(made, draw=draw, choices=found.choices, typed=typed, pick_address=sheet.pick_address)


def _help(field: Field, language: str) -> str:
    given = field.help.in_language(language) if field.help else ""
    if field.type == "percent":
        return given or _("带百分号填写，如 25%%。") % {}
    if field.type == "files" and field.max:
        return given or _("最多 %(max)s 个，每个不超过 20 MB。") % {"max": int(field.max)}  # type: ignore[arg-type]
    return given


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column of a table in the form."""

    title: str
    help: str
    all_yes: bool
    """Whether one may answer yes for every row at once."""


def _columns(field: Field, sheet: Sheet) -> tuple[Field, ...]:
    """Return the columns shown: those the actor fills in, and of the others those that hold anything."""
    stored = _list(sheet.shown.get(field.id))
    return tuple(
        column
        for column in field.columns
        if _may_fill(field, column, sheet) or any(row.get(column.id) not in (None, "", []) for row in stored)
    )


def _may_fill(field: Field, column: Field, sheet: Sheet) -> bool:
    return sheet.may_fill.get(f"{field.id}.{column.id}", True)


def _head(field: Field, sheet: Sheet) -> tuple[Head, ...]:
    language = get_language() or "zh-hans"
    return tuple(
        Head(
            column.title.in_language(language),
            _help(column, language) if _may_fill(field, column, sheet) else "",
            column.type == "bool" and bool(field.rows) and _may_fill(field, column, sheet),
        )
        for column in _columns(field, sheet)
    )


def _rows(field: Field, value: object, sheet: Sheet) -> Iterator[RowOfCells]:
    if field.rows:
        given = value if isinstance(value, Mapping) else {}
        stored = {str(row.get("id")): row for row in _list(sheet.shown.get(field.id))}
        for row in field.rows:
            cells = _cells(field, row["id"], given.get(row["id"], {}), stored.get(row["id"], {}), sheet)
            error = sheet.errors.get(f"{field.id}.{row['id']}", "")
            yield RowOfCells(row["id"], row_title(row), row_group(row), cells, error)
        return
    given_rows = _list(value) or [{} for _n in range(FREE_ROWS)]
    for place, cells in enumerate(given_rows):
        made = _cells(field, str(place), cells, cells, sheet)
        error = sheet.errors.get(f"{field.id}.{place}", "")
        yield RowOfCells(str(place), str(place + 1), "", made, error, str(cells.get("id", "")))


def _cells(
    field: Field, row: str, given: Mapping[str, object], stored: Mapping[str, object], sheet: Sheet
) -> tuple[Cell, ...]:
    language = get_language() or "zh-hans"
    made = []
    for column in _columns(field, sheet):
        title = column.title.in_language(language)
        if _may_fill(field, column, sheet):
            control = _control(column, f"{field.id}.{row}.{column.id}", given.get(column.id, ""), sheet)
            made.append(Cell(title, replace(control, help="")))
        elif column.type == "files":
            made.append(Cell(title, files=_list(stored.get(column.id))))
        else:
            made.append(Cell(title, words=sheet.candidates.words(column, stored.get(column.id))))
    return tuple(made)


def _list(value: object) -> list:
    return list(value) if isinstance(value, list | tuple) else []
