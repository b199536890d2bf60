"""From the facts in the log to a scoring: who is scored, the cells, and scores of earlier scores.

Everything comes from the log up to one position, units and posts included as they stood on the period's last day, so
that the same position gives the same bytes on any database. Only names are looked up beside it; they are not hashed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.directory.models import Person
from zhangfa.expression import evaluate
from zhangfa.facts.aggregate import collect
from zhangfa.facts.groups import parts_of
from zhangfa.facts.query import ask
from zhangfa.scores.earlier import SCORE, Row, earlier_rows, needed_scores
from zhangfa.scores.engine import Scoring, compute
from zhangfa.scores.matrix import Cell, Key, build_matrix, reported
from zhangfa.scores.period import Period
from zhangfa.scores.trying import fold, shared_values

DEEPEST = 4
"""How many scores may rest on one another: month, quarter, half-year, year."""


@dataclass(frozen=True)
class Scored:
    """A scoring with what it was made from."""

    scoring: Scoring
    position: int
    """The last sealed event that counted."""
    unsealed: int
    """Events that counted and had no position yet; with 0 the scoring can be made again from the position."""


def score_period(
    *, charter: Charter, score: Score, period: Period, as_of: int | None = None, threads: int | None = None,
    others: Mapping[str, Charter] | None = None, depth: int = 0,
) -> Scored:  # fmt: skip
    """Work out a score of a period from the facts up to a position (all that was written so far unless given).

    Raises:
        NoSuchFacts: an indicator asks for a table that nothing fills.
        NotSealed: nothing is sealed at ``as_of``.
        RecursionError: scores rest on one another more than four deep.
    """
    if depth > DEEPEST:
        raise RecursionError(f"score {score.id!r} rests on scores more than {DEEPEST} deep")
    own = {one.id: one for one in score.indicators.values() if one.from_ != SCORE}
    found = collect(
        charter=charter, score=replace(score, indicators=own), period=(period.start, period.end), as_of=as_of,
        threads=threads, others=others,
    )  # fmt: skip
    keys = find_keys(charter, score, period, as_of)
    cells = {
        (key.code, name): _cell(found.cells[name].get(whose), found.nothing[name])
        for whose, key in keys.items()
        for name in own
    }
    for name, column in _from_earlier(charter, score, period, keys, as_of, threads, others, depth).items():
        cells |= {(code, name): cell for code, cell in column.items()}
    matrix = build_matrix(keys.values(), tuple(score.indicators), cells)
    return Scored(compute(score, matrix, period=period.id), found.position, found.unsealed)


def _cell(found: object, nothing: object) -> Cell:
    """Return a gathered cell; where there is no fact, what the expression makes of none (a count 0, a mean nothing)."""
    value, facts = (nothing, 0) if found is None else (found.value, found.facts)  # type: ignore[attr-defined]
    return reported(value if isinstance(value, int | Decimal) else None, facts)


def find_keys(charter: Charter, score: Score, period: Period, as_of: int | None) -> Mapping[int, Key]:
    """Return who is scored by id: the units of the kind, or the holders of the post, on the period's last day."""
    rows = _people(charter, score, period.end, as_of) if score.of_post else _units(charter, score, period.end, as_of)
    peers = _peers(charter, score, period.end, as_of)
    return {
        whose: Key(" / ".join(part for part in (above or "", peers.get(unit, "")) if part), code, name)
        for whose, unit, code, name, above in rows
    }


Found = tuple[int, int, str, str, str | None]
"""Id, id of the unit it hangs at, code, name, code of the unit it is ranked in."""


def _units(charter: Charter, score: Score, day: dt.date, as_of: int | None) -> list[Found]:
    sql = f"SELECT u.unit, u.unit, u.code, u.name, {_above(score)} FROM {{unit}} u WHERE u.kind = ? ORDER BY u.code"
    return ask(sql, charter=charter, tables=["unit"], today=day, as_of=as_of, parameters=[score.of_kind])


def _people(charter: Charter, score: Score, day: dt.date, as_of: int | None) -> list[Found]:
    """Return the holders of the post once each; who holds it twice is ranked where the older post is."""
    sql = f"SELECT u.person, u.unit, {_above(score)} FROM {{post}} u WHERE u.role = ? ORDER BY u.person, u.fact DESC"
    tables = ["post", "unit"]
    rows = ask(sql, charter=charter, tables=tables, today=day, as_of=as_of, parameters=[score.of_post])
    held = {person: (unit, above) for person, unit, above in rows}
    names = dict(Person.objects.filter(id__in=held).values_list("id", "name"))
    return [(person, unit, str(person), names.get(person, ""), above) for person, (unit, above) in held.items()]


def _above(score: Score) -> str:
    if not score.rank_in:
        return "NULL"
    return f'(SELECT max(q.code) FROM place q WHERE q.unit = u."at:{score.rank_in}")'


def _peers(charter: Charter, score: Score, day: dt.date, as_of: int | None) -> Mapping[int, str]:
    """Return the group each unit is compared in: its part of the one named, or that itself where it has no parts."""
    if not score.peers:
        return {}
    title = charter.groups[score.peers].title.zh
    parts = parts_of(group=f"{charter.id}.{score.peers}", on=day, as_of=as_of)
    return {unit: part or title for unit, part in parts.items()}


def _from_earlier(
    charter: Charter, score: Score, period: Period, keys: Mapping[int, Key], as_of: int | None, threads: int | None,
    others: Mapping[str, Charter] | None, depth: int,
) -> Mapping[str, Mapping[str, Cell]]:  # fmt: skip
    """Return the cells of indicators over earlier scores, worked out again from the same position."""
    rows = [
        row
        for each, part in needed_scores(charter, score, period)
        for row in earlier_rows(
            score_period(
                charter=charter, score=each, period=part, as_of=as_of, threads=threads, others=others, depth=depth + 1
            ).scoring,
            part,
        )
    ]
    over = [one for one in score.indicators.values() if one.from_ == SCORE]
    codes = {key.code for key in keys.values()}
    return {one.id: _fold_rows(charter, one, rows, period, codes) for one in over}


def _fold_rows(charter: Charter, one: Indicator, rows: list[Row], period: Period, codes: set[str]) -> dict[str, Cell]:
    shared = shared_values(charter, period)
    kept = [row for row in rows if one.where is None or evaluate(one.where, {**shared, **row}) is True]
    held: dict[str, list[Row]] = {code: [] for code in codes}
    for row in kept:
        whose = row.get("unit", row.get("person"))
        code = str(whose["code"]) if isinstance(whose, Mapping) else str(whose)
        if code in held:
            held[code].append(row)
    return {code: fold(charter, one, mine, period) for code, mine in held.items()}
