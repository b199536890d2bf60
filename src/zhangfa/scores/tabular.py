"""Facts from a file: columns matched to fields by id or title, rows to the types the charter declares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhangfa.charter.fact_columns import LEVELS, Columns, fact_columns
from zhangfa.charter.model import Charter, Field, Register, Text
from zhangfa.expression import EvaluationError, evaluate
from zhangfa.scores.book import Book
from zhangfa.scores.period import Period
from zhangfa.scores.sheet import Line, RowProblem, Sheet, read_sheet
from zhangfa.scores.values import SHANGHAI, NotRead, read_value

SYSTEM = {
    "unit": ("单位", "所属单位", "单位代码", "单位名称"), "about": ("对象", "所涉人员", "姓名", "被考核人"),
    "state": ("状态", "环节"), "opened": ("登记时间", "开始时间", "开始"), "closed": ("办结时间", "完成时间"),
    "dated": ("日期", "发生日期"), "author": ("登记人", "填报人"), "record": ("编号", "序号"), "step": ("步骤",),
    "due": ("期限",), "done": ("完成时间", "办结时间"), "on_time": ("按时", "是否按时"), "person": ("姓名", "人员"),
    "role": ("角色", "岗位"), "scheme": ("考核",), "period": ("周期",), "total": ("总分", "得分"), "rank": ("名次",),
    "tier": ("等次",), "kind": ("类型", "类别"), "name": ("名称",), "code": ("代码",), "honour": ("称号",),
}  # fmt: skip
"""Words the engine's own columns may stand under."""
UNDATED = frozenset({"unit", "post"})
"""Tables of what is, not of what happened."""
Row = Mapping[str, object]
Watch = Callable[[int], None]
WATCHED = 1000
"""Lines between two tellings of how far the reading is."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of one table, and which columns its file has."""

    table: str
    rows: tuple[Row, ...]
    known: frozenset[str]
    problems: tuple[RowProblem, ...]
    dated: bool
    """Whether rows have a date, so that only the period's count."""


def read_facts(
    charter: Charter, table: str, data: bytes, name: str, book: Book, watch: Watch = lambda count: None
) -> Facts:
    """Read the facts of a table from a CSV file. A row with a problem is left out, and the problem says so.

    ``watch`` is told of every thousand lines; what it raises ends the reading.
    """
    columns, register = fact_columns(charter, table), charter.registers.get(table)
    sheet = read_sheet(data, name, headings_of(columns, register))
    options = _options(charter, register)
    problems, rows = list(sheet.problems), []
    for count, line in enumerate(sheet.lines):
        if count % WATCHED == 0:
            watch(count)
        row, faults = _row(line, sheet, columns, options, book)
        problems += faults
        if not faults:
            rows.append(_completed({**_levels(row, book), **row}, register, sheet))
    dated = table not in UNDATED and bool(rows) and any(row.get("dated") is not None for row in rows)
    known = frozenset(sheet.columns) | frozenset(name for row in rows[:1] for name in row)
    return Facts(table, tuple(rows), known, tuple(problems), dated)


def read_tables(
    charter: Charter, files: Iterable[tuple[str, str, bytes]], book: Book, watch: Watch = lambda count: None
) -> dict[str, Facts]:
    """Read (table, file name, content) into tables; several files of one table are one; units come from the book."""
    parts: dict[str, list[Facts]] = {}
    for table, name, data in files:
        parts.setdefault(table, []).append(read_facts(charter, table, data, name, book, watch))
    tables = {table: together(read) for table, read in parts.items()}
    return {"unit": unit_facts(charter, book, tables), **tables}


def unit_facts(charter: Charter, book: Book, tables: Mapping[str, Facts]) -> Facts:
    """Return the units of the book as the table ``unit``, with the properties that the registers at hand give them."""
    held = {name: _states(tables[name]) for name, one in charter.registers.items() if _is_property(one, tables)}
    names = {name: name.replace("-", "_") for name in held}
    rows = []
    for one in book.entries.values():
        unit: Row = {"kind": one.kind, "name": one.name, "code": one.code}
        properties = {names[name]: states.get(one.code) for name, states in held.items()}
        row = {"unit": unit, **unit, **properties}
        rows.append({**_levels(row, book), **row})
    known = frozenset(("unit", "kind", "name", "code", *LEVELS, *names.values()))
    return Facts("unit", tuple(rows), known, (), False)


def _is_property(register: Register, tables: Mapping[str, Facts]) -> bool:
    return register.one_per == ("unit",) and register.id in tables


def _states(facts: Facts) -> Mapping[object, object]:
    """Return the state of each unit's record by the unit's code, the latest where there are several."""
    found: dict[object, object] = {}
    for row in sorted(facts.rows, key=in_time):
        if isinstance(unit := row.get("unit"), Mapping):
            found[unit["code"]] = row.get("state")
    return found


def in_time(row: Row) -> tuple[str, ...]:
    """Return the place of a row among others: by day, by opening, then by content, never by its line in the file."""
    return (*(str(row.get(name) or "") for name in ("dated", "opened", "record")), repr(sorted(row.items(), key=str)))


def together(parts: Sequence[Facts]) -> Facts:
    """Return several files of one table as one."""
    return Facts(
        parts[0].table,
        tuple(row for one in parts for row in one.rows),
        frozenset.intersection(*(one.known for one in parts)),
        tuple(problem for one in parts for problem in one.problems),
        any(one.dated for one in parts),
    )


def headings_of(columns: Columns, register: Register | None) -> Mapping[str, tuple[str, ...]]:
    """Return the words each column may stand under in a file: the field's titles, or the engine's own words."""
    found = {name: SYSTEM.get(name, ()) for name in columns}
    for one in register.fields.values() if register else ():
        if one.id in columns:
            found[one.id] = tuple(word for word in (one.title.zh, one.title.en) if word)
    return found


def _options(charter: Charter, register: Register | None) -> Mapping[str, Mapping[str, str]]:
    """Return the ids of choices by their titles, by column."""
    if register is None:
        return {"scheme": {one.title.zh: one.id for one in charter.scores.values()}}
    fields = {one.id: _titles((option.title, option.id) for option in one.options) for one in register.fields.values()}
    return {**fields, "state": _titles((state.title, state.id) for state in register.states.values())}


def _titles(pairs: Iterable[tuple[Text, str]]) -> Mapping[str, str]:
    return {word: name for title, name in pairs for word in (title.zh, title.en) if word}


def _row(
    line: Line, sheet: Sheet, columns: Columns, options: Mapping[str, Mapping[str, str]], book: Book
) -> tuple[dict[str, object], list[RowProblem]]:
    row: dict[str, object] = {}
    problems = []
    for column, cell in line.cells.items():
        try:
            row[column] = read_value(cell, columns[column], options.get(column, {}), book)
        except NotRead as fault:
            zh, en = f"{fault.said.zh}这一行没有计入。", f"{fault.said.en} The row was left out."
            problems.append(sheet.problem(line.number, column, Text(zh, en)))
    return row, problems


def _levels(row: Row, book: Book) -> dict[str, object]:
    """Return the numbers of the units above a row's unit, as every fact carries them."""
    held = row.get("unit")
    entry = book.find(str(held["code"])) if isinstance(held, Mapping) else None
    above = {level: book.above(entry, level) for level in LEVELS} if entry else {}
    return {level: book.numbers[one.code] for level, one in above.items() if one}


def _completed(row: dict[str, object], register: Register | None, sheet: Sheet) -> Row:
    """Work out computed fields the file has no column for, and the day that decides the period."""
    for one in register.fields.values() if register else ():
        if one.compute is not None and one.id not in sheet.columns:
            row[one.id] = _computed(one, row)
    if row.get("dated") is None:
        found = row.get(register.dated_by if register and register.dated_by else "opened") or row.get("opened")
        row["dated"] = day_of(found)
    return row


def _computed(one: Field, row: Row) -> object:
    try:
        return evaluate(one.compute, row) if one.compute else None
    except EvaluationError:
        return None


def day_of(value: object) -> dt.date | None:
    """Return the day in China of a date or moment."""
    if isinstance(value, dt.datetime):
        return value.astimezone(SHANGHAI).date()
    return value if isinstance(value, dt.date) else None


def rows_in(facts: Facts, period: Period) -> list[Row]:
    """Return the rows that count in a period: all where the table has no dates."""
    return [row for row in facts.rows if not facts.dated or row.get("dated") in period]
