"""Which columns the mirror stores, and how each is read out of an event's payload.

A stored column has one exact type for ever: a field that changed its type between two versions of a charter has two
columns (``mark:int``, ``mark:decimal2``), and whoever reads asks for the type that is declared now. Whole numbers are
BIGINT, decimals ``DECIMAL(38, places)`` (an integer with a known scale, never a double), money is whole fen.
Tables, points and stocks are left out; files are the list of their hashes; what is sealed has no column at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhangfa.charter.fact_columns import is_sealed
from zhangfa.charter.model import Charter, Field, Register
from zhangfa.expression.render import sql_type
from zhangfa.expression.scope import NameType

ALL_VERSIONS: tuple[int, ...] = ()
MOMENT = "TRY_CAST(replace({0}, 'Z', '') AS TIMESTAMP)"
LISTS = {
    "choices": "from_json({0}, '[\"VARCHAR\"]')",
    "units": "from_json({0}, '[\"VARCHAR\"]')",
    "files": "json_extract_string({0}, '$[*].hash')",
}
SHAPES: Mapping[str, str] = {
    **dict.fromkeys(("text", "choice", "phone", "id-number", "credit-code"), "text"),
    **dict.fromkeys(("int", "person", "unit", "ref"), "int"),
    **dict.fromkeys(LISTS, "list"),
    "money": "money", "date": "date", "datetime": "datetime", "time": "time", "bool": "bool",
}  # fmt: skip
"""Shape of a column by the type of its field; ``decimal`` and ``percent`` add their decimals."""
TYPES = {
    "text": "VARCHAR", "int": "BIGINT", "list": "VARCHAR[]", "money": "BIGINT", "date": "DATE",
    "datetime": "TIMESTAMP", "time": "TIME", "bool": "BOOLEAN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A column of the files. ``pointer`` is where its value stands in the event, ``touch`` the word that says so."""

    name: str
    type: str
    pointer: str
    touch: str
    read: str
    """SQL of the value; ``{0}`` is the text at the pointer."""
    versions: tuple[int, ...] = ALL_VERSIONS
    """Charter versions under which the field has this type."""
    first: bool = False
    """Kept as the first event set it."""


def plain(name: str, kind: str, pointer: str, touch: str, *, default: str = "", first: bool = False) -> Stored:
    """Return a column of the engine's own; ``default`` is SQL for an event that does not say it."""
    read = MOMENT if kind == "TIMESTAMP" else f"TRY_CAST({{0}} AS {kind})"
    return Stored(name, kind, pointer, touch, f"coalesce({read}, {default})" if default else read, first=first)


RECORD = (
    plain("number", "VARCHAR", "/record/number", ".number"),
    Stored("version", "BIGINT", "", "", "version", first=True),
    plain("state", "VARCHAR", "/record/state", ".state"),
    Stored("closed", "TIMESTAMP", "/record/closed", ".closed", "CASE WHEN {0} = 'true' THEN ts END"),
    plain("unit", "BIGINT", "/record/unit", ".unit"),
    plain("about_person", "BIGINT", "/record/about_person", ".about_person"),
    plain("about_unit", "BIGINT", "/record/about_unit", ".about_unit"),
    plain("author", "BIGINT", "/record/author", ".author"),
    plain("opened", "TIMESTAMP", "/record/opened_at", "", default="ts", first=True),
)
TASK = (
    plain("register", "VARCHAR", "/register", "register", default="register"),
    plain("record", "BIGINT", "/record", "record", default="record"),
    plain("step", "VARCHAR", "/step", "step", default="''"),
    plain("role", "VARCHAR", "/role", "role", default="''"),
    plain("unit", "BIGINT", "/unit", "unit"),
    plain("person", "BIGINT", "/person", "person"),
    plain("state", "VARCHAR", "/state", "state", default="'open'"),
    plain("opened", "TIMESTAMP", "/opened_at", "opened_at", default="ts"),
    plain("due", "TIMESTAMP", "/due_at", "due_at"),
    plain("done", "TIMESTAMP", "/done_at", "done_at"),
    plain("done_by", "BIGINT", "/done_by", "done_by"),
    plain("on_time", "BOOLEAN", "/on_time", "on_time"),
)
PROPERTY = (
    plain("unit", "BIGINT", "/0", "unit"),
    plain("name", "VARCHAR", "/1", "name"),
    plain("value", "VARCHAR", "/2", "value"),
    Stored("day", "DATE", "", "", "CAST(ts + INTERVAL 8 HOUR AS DATE)"),
)
HOLDING = (
    Stored("charter", "VARCHAR", "", "", "charter"),
    plain("honour", "VARCHAR", "/honour", "honour"),
    plain("grade", "VARCHAR", "/grade", "grade"),
    plain("unit", "BIGINT", "/unit", "unit"),
    plain("since", "DATE", "/since", "since"),
    plain("until", "DATE", "/until", "until"),
    plain("ended", "DATE", "/on", "ended"),
    plain("how", "VARCHAR", "/how", "how"),
)
BOARD = (
    Stored("charter", "VARCHAR", "", "", "charter"),
    plain("score", "VARCHAR", "/score", "score"),
    plain("every", "VARCHAR", "/every", "every"),
    plain("period", "VARCHAR", "/period", "period"),
    plain("since", "DATE", "/since", "since"),
    plain("until", "DATE", "/until", "until"),
    plain("state", "VARCHAR", "/state", "state"),
)
STANDING = (
    Stored("board", "BIGINT", "", "", "board"),
    plain("unit", "BIGINT", "/0", "unit"),
    plain("status", "VARCHAR", "/1", "status"),
    plain("total", "VARCHAR", "/2", "total"),
    plain("rank", "VARCHAR", "/3", "rank"),
    plain("of", "BIGINT", "/4", "of"),
    plain("tier", "VARCHAR", "/5", "tier"),
)


def counter_name(step: str) -> str:
    """Return the name of a step's counter, as expressions write it."""
    return step.replace("-", "_") + "_count"


def register_columns(versions: Sequence[Charter], register: str) -> tuple[Stored, ...]:
    """Return every column a register ever had, over all versions of its charter."""
    found: dict[str, tuple[Field, list[int]]] = {}
    steps: dict[str, None] = {}
    for charter in versions:
        if register not in charter.registers:
            continue
        declared = charter.registers[register]
        steps |= dict.fromkeys(declared.steps)
        for field in _mirrored(declared):
            found.setdefault(stored_name(field), (field, []))[1].append(charter.version)
    counters = (plain(f"{counter_name(step)}:count", "BIGINT", f"/meta/steps/{step}", "~steps") for step in steps)
    return (*RECORD, *counters, *(_of_field(field, tuple(known)) for field, known in found.values()))


def _mirrored(register: Register) -> list[Field]:
    return [one for one in register.fields.values() if shape_of(one) and not is_sealed(one, register)]


def shape_of(field: Field) -> str:
    """Return the shape of a field's column, empty where it has none."""
    return f"decimal{field.places}" if field.type in ("decimal", "percent") else SHAPES.get(field.type, "")


def stored_name(field: Field) -> str:
    """Return the name of a field's column in the files."""
    return f"{field.id}:{shape_of(field)}"


def _of_field(field: Field, versions: tuple[int, ...]) -> Stored:
    kind = TYPES.get(shape_of(field)) or f"DECIMAL(38, {field.places})"
    read = LISTS.get(field.type) or (MOMENT if field.type == "datetime" else f"TRY_CAST({{0}} AS {kind})")
    return Stored(stored_name(field), kind, f"/data/{field.id}", field.id, read, versions)


def declared_sql(name: str, wanted: NameType, known: Sequence[str]) -> str:
    """Return SQL that reads a field as the type declared now out of the columns ``known``; NULL where none fits."""
    kind = "VARCHAR[]" if wanted.kind in ("list", "files") else _sql_type(wanted)
    parts = [part for one in known if one.rpartition(":")[0] == name and (part := _converted(one, wanted))]
    parts.sort(key=lambda part: not part[0])
    read = [part[1] for part in parts]
    written = f"coalesce({', '.join(read)})" if len(read) > 1 else read[0] if read else "NULL"
    return f"CAST({written} AS {kind})"


def _sql_type(wanted: NameType) -> str:
    return "BIGINT" if wanted.kind in ("person", "unit") else sql_type(wanted)


def _converted(stored: str, wanted: NameType) -> tuple[bool, str] | None:
    """Return whether a stored column is of the very type wanted, and SQL that reads it so."""
    shape, column = stored.rpartition(":")[2], quoted(stored)
    if wanted.kind == "decimal":
        if shape == "money":
            return wanted.scale == 2, f"CAST({column} AS DECIMAL(36, 0)) * CAST(0.01 AS DECIMAL(2, 2))"
        if shape == "int" or shape.startswith("decimal"):
            return shape == f"decimal{wanted.scale}", f"CAST({column} AS DECIMAL(38, {wanted.scale}))"
        return None
    meant = {"person": "int", "unit": "int", "files": "list"}.get(wanted.kind, wanted.kind)
    return (True, column) if shape == meant else None


def quoted(name: str) -> str:
    """Return an identifier in quotes."""
    return '"' + name.replace('"', '""') + '"'
