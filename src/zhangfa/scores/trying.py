"""A score tried on files, without a database: slow and exact, the reference other ways are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.calendar import load_builtin_calendar
from zhangfa.charter.fact_columns import fact_columns
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.resolve.judged import columns_read
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.expression import CALENDAR, TODAY, EvaluationError, evaluate, evaluate_rows
from zhangfa.scores.book import Book, Entry
from zhangfa.scores.engine import Scoring, compute
from zhangfa.scores.matrix import UNREPORTED, Cell, Key, build_matrix, reported
from zhangfa.scores.period import Period
from zhangfa.scores.tabular import UNDATED, Facts, Row, in_time, rows_in


@dataclass(frozen=True, slots=True)
class Tried:
    """What came out, and remarks a reader should know: tables not handed in, rows of units not scored."""

    scoring: Scoring
    remarks: tuple[Text, ...]


def try_score(charter: Charter, score: Score, period: Period, book: Book, tables: Mapping[str, Facts]) -> Tried:
    """Score the units or people of a book from the facts in files."""
    scored = [one for one in book.entries.values() if one.kind == (score.of_kind or score.of_post)]
    remarks = [*_nobody(score, scored), *_missing_tables(score, tables)]
    cells: dict[tuple[str, str], Cell] = {}
    for one in score.indicators.values():
        if one.from_ not in tables:
            cells |= {(entry.code, one.id): UNREPORTED for entry in scored}
            continue
        remarks += [*_missing_columns(charter, one, tables[one.from_]), *_undated(tables[one.from_])]
        groups, strays = gather(charter, score, one, rows_in(tables[one.from_], period), book, period)
        cells |= {(entry.code, one.id): fold(charter, one, groups.get(entry.code, ()), period) for entry in scored}
        remarks += _strays(one, strays)
    keys = [Key(_group(score, entry, book), entry.code, entry.name) for entry in scored]
    matrix = build_matrix(keys, tuple(score.indicators), cells)
    return Tried(compute(score, matrix, period=period.id), tuple(dict.fromkeys(remarks)))


def shared_values(charter: Charter, period: Period) -> Row:
    """Return what every expression may read beside the row: settings, the last day of the period, the calendar."""
    values: dict[str, object] = {one.id: one.value for one in charter.settings.values()}
    return {**values, TODAY: period.end, CALENDAR: load_builtin_calendar()}


def gather(
    charter: Charter, score: Score, one: Indicator, rows: Sequence[Row], book: Book, period: Period
) -> tuple[Mapping[str, list[Row]], int]:
    """Return the rows that count by code of the unit or person, and how many belong to nobody scored."""
    found: dict[str, list[Row]] = {}
    strays, shared = 0, shared_values(charter, period)
    for row in rows:
        if one.where is not None and evaluate(one.where, {**shared, **row}) is not True:
            continue
        entry = _owner(score, one, row, book)
        if entry is None:
            strays += 1
        else:
            found.setdefault(entry.code, []).append(row)
    return found, strays


def fold(charter: Charter, one: Indicator, rows: Sequence[Row], period: Period) -> Cell:
    """Return the cell of one key. Without rows a count is 0, an average is not reported: as SQL has it."""
    try:
        value = evaluate_rows(one.value, sorted(rows, key=in_time), shared_values(charter, period))
    except EvaluationError:
        value = None
    return reported(value if isinstance(value, int | Decimal) else None, len(rows))


def _owner(score: Score, one: Indicator, row: Row, book: Book) -> Entry | None:
    """Return whose fact a row is: the unit at the score's level, or the person."""
    held = row.get(one.key or "unit")
    entry = book.find(str(held["code"] if isinstance(held, Mapping) else held)) if held is not None else None
    return book.above(entry, score.of_kind or score.of_post) if entry else None


def _group(score: Score, entry: Entry, book: Book) -> str:
    above = book.above(entry, score.rank_in) if score.rank_in else None
    return " / ".join(part for part in (above.code if above else "", entry.group if score.peers else "") if part)


def _nobody(score: Score, scored: Sequence[Entry]) -> list[Text]:
    kind = score.of_kind or score.of_post
    zh, en = f"单位表里没有要考核的“{kind}”。", f"The file of units has nobody to score: no {kind!r}."
    return [] if scored else [Text(zh, en)]


def _missing_tables(score: Score, tables: Mapping[str, Facts]) -> list[Text]:
    needed = dict.fromkeys(one.from_ for one in score.indicators.values() if one.from_ not in tables)
    return [
        Text(f"没有给出“{name}”的数据，用到它的指标都按未上报处理。",
             f"No facts of {name!r} were given: the indicators over it count as not reported.")
        for name in needed
    ]  # fmt: skip


def _missing_columns(charter: Charter, one: Indicator, facts: Facts) -> list[Text]:
    if not facts.rows:
        return []
    read = columns_read(fact_columns(charter, facts.table), one.where, one.value)
    lacking = [name for name in read if name not in facts.known]
    return [
        Text(f"“{facts.table}”的文件没有“{name}”一列，指标“{one.title.zh or one.id}”要用到它，只好当作空白。",
             f"The file of {facts.table!r} has no column {name!r}, which indicator {one.id!r} reads: taken as empty.")
        for name in lacking
    ]  # fmt: skip


def _undated(facts: Facts) -> list[Text]:
    name, bare = facts.table, sum(row.get("dated") is None for row in facts.rows)
    if name in UNDATED or not bare:
        return []
    if not facts.dated:
        return [
            Text(
                f"“{name}”的文件没有日期，全部行都计入本期。", f"The file of {name!r} has no dates: all its rows count."
            )
        ]
    return [
        Text(f"“{name}”有 {bare} 行没有日期，没有计入。", f"{bare} rows of {name!r} have no date, and were left out.")
    ]


def _strays(one: Indicator, count: int) -> list[Text]:
    if not count:
        return []
    zh = f"指标“{one.title.zh or one.id}”有 {count} 行数据不属于任何被考核的单位或人员，没有计入。"
    return [Text(zh, f"{count} rows of indicator {one.id!r} belong to nobody who is scored, and were left out.")]
