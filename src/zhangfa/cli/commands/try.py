"""``zhangfa try``: score a spreadsheet without a database, so that last year can be run again."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhangfa.charter.load import load_file
from zhangfa.cli.commands.check import print_problems
from zhangfa.cli.scorings import Look, choose_period, choose_score, looking, show

if TYPE_CHECKING:
    from zhangfa.charter.model import Charter
    from zhangfa.charter.score_model import Score
    from zhangfa.scores.book import Book
    from zhangfa.scores.period import Period
    from zhangfa.scores.sheet import RowProblem
    from zhangfa.scores.tabular import Facts
    from zhangfa.scores.trying import Tried

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20
"""Problems printed; ``--json`` prints all."""


@click.command()
@click.argument("charter", type=FILE)
@click.option("--score", "name", help="Which score of the charter; not needed where it has one.")
@click.option("--period", required=True, help="2026-09, 2026-Q3, 2026-H1, 2026 or the id of a season.")
@click.option("--units", required=True, type=FILE, help="CSV: code, name, kind, parent, group; for people the same.")
@click.option("--facts", multiple=True, metavar="REGISTER=FILE", help="CSV with the facts of a register; repeatable.")
@looking
@click.option("--json", "as_json", is_flag=True, help="Print everything for a program.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table that Excel opens.")
def command(
    charter: Path, name: str | None, period: str, units: Path, facts: tuple[str, ...], as_json: bool, as_csv: bool,
    **look: Any,
) -> None:  # fmt: skip
    """Try a score of CHARTER on CSV files, without a database.

    Columns are matched to fields by id or title. A row with a problem is left out and named. Ends with 0 when
    every row was read, 1 when the charter or a row has a problem, 2 on wrong use.

    \b
    Example:
      zhangfa try charters/beautiful-courtyard.yaml --period 2026-Q3 --units units.csv --facts visit=visits.csv
      zhangfa try charters/arena.yaml --score month --period 2026-09 --units villages.csv --facts report=r.csv --json
    """
    loaded = load_file(charter)
    if loaded.charter is None:
        print_problems(charter, loaded.problems, "both")
        sys.exit(1)
    score = choose_score(loaded.charter, name)
    when, book = choose_period(loaded.charter, score, period), _read_book(loaded.charter, score, units)
    tables = _read_tables(loaded.charter, facts, book)
    tried = _try(loaded.charter, score, when, book, tables)
    found = [*book.problems, *(problem for one in tables.values() for problem in one.problems)]
    if as_json:
        click.echo(json.dumps(_facts(tried, when, found), ensure_ascii=False, indent=2))
    elif as_csv:
        click.echo(_as_csv(tried, when), nl=False)
    else:
        show(tried.scoring, when, Look(**look))
    if not as_json:
        _say(tried, found)
    sys.exit(1 if found else 0)


def _read_book(charter: Charter, score: Score, path: Path) -> Book:
    from zhangfa.scores.book import read_book

    titles = {role.title.zh: role.id for role in charter.roles.values()}
    return read_book(path.read_bytes(), path.name, score.of_kind or score.of_post, titles)


def _read_tables(charter: Charter, given: Sequence[str], book: Book) -> dict[str, Facts]:
    from zhangfa.charter.fact_columns import ENGINE_TABLES
    from zhangfa.scores.tabular import read_tables

    files = []
    for one in given:
        table, equals, file = one.partition("=")
        table, path = table.removeprefix(f"{charter.id}."), Path(file)
        if not equals or not path.is_file():
            raise click.BadParameter(f"“{one}”请写成 台账=文件。 Write {one!r} as REGISTER=FILE.", param_hint="--facts")
        if table not in charter.registers and table not in ENGINE_TABLES:
            known = ", ".join((*charter.registers, *ENGINE_TABLES))
            raise click.BadParameter(f"没有台账“{table}”。 There is no {table!r}, but: {known}.", param_hint="--facts")
        files.append((table, path.name, path.read_bytes()))
    return read_tables(charter, files, book)


def _try(charter: Charter, score: Score, when: Period, book: Book, tables: dict[str, Facts]) -> Tried:
    from zhangfa.scores.trying import try_score

    return try_score(charter, score, when, book, tables)


def _as_csv(tried: Tried, when: Period) -> str:
    from zhangfa.scores.listing import as_facts

    out = io.StringIO("\ufeff")  # Excel takes a file without this mark for GBK
    out.seek(1)
    rows = as_facts(tried.scoring, when)
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else ["unit"])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _facts(tried: Tried, when: Period, problems: Sequence[RowProblem]) -> dict[str, object]:
    from zhangfa.scores.listing import as_json

    return {
        **as_json(tried.scoring, when),
        "remarks": [{"zh": one.zh, "en": one.en} for one in tried.remarks],
        "problems": [
            {"file": one.file, "line": one.line, "column": one.column, "zh": one.zh, "en": one.en} for one in problems
        ],
    }


def _say(tried: Tried, problems: Sequence[RowProblem]) -> None:
    for remark in tried.remarks:
        click.echo(click.style(f"{remark.zh} {remark.en}", fg="yellow"), err=True)
    for one in problems[:SHOWN]:
        place = f"{one.file}:{one.line}" + (f" “{one.column}”" if one.column else "")
        click.echo(f"{click.style(place, bold=True)} {one.zh} {one.en}", err=True)
    if len(problems) > SHOWN:
        click.echo(f"… 还有 {len(problems) - SHOWN} 个问题。 {len(problems) - SHOWN} more problems.", err=True)
