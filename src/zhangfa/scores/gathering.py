"""From the facts in the log to a scoring: who is scored, the cells, and scores of earlier scores.

Everything comes from the log up to one position, units and posts included as they stood on the period's last day, so
that the same position gives the same bytes on any database. Only names are looked up beside it; they are not hashed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Indicator, Score
from zhangfa.directory import tree
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


Locked = Mapping[tuple[str, str], Sequence[Scoring]]
"""Earlier scores that can no longer change, by id of the score and the period; each perhaps of one place only."""
NONE: Locked = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a key of a scoring is."""

    id: int
    """Of the unit or person."""
    unit: int
    """Where it hangs: the unit itself, or that at which the person holds the post."""


@dataclass(frozen=True)
class Scored:
    """A scoring with what it was made from."""

    scoring: Scoring
    position: int
    """The last sealed event that counted."""
    unsealed: int
    """Events that counted and had no position yet; with 0 the scoring can be made again from the position."""
    whose: Mapping[str, Whose]
    """By the code of each key."""


def score_period(
    *, charter: Charter, score: Score, period: Period, as_of: int | None = None, threads: int | None = None,
    others: Mapping[str, Charter] | None = None, depth: int = 0, within: int | None = None, locked: Locked = NONE,
) -> Scored:  # fmt: skip
    """Work out a score of a period from the facts up to a position (all that was written so far unless given).

    ``within`` is the unit at or below which those scored are; ``locked`` are earlier scores that enter as they stand.

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
    rows = _find(charter, score, period.end, as_of, within)
    keys = _keys_of(rows, charter, score, period.end, as_of)
    cells = {
        (key.code, name): _cell(found.cells[name].get(whose), found.nothing[name])
        for whose, key in keys.items()
        for name in own
    }
    again = partial(
        score_period, charter=charter, as_of=as_of, threads=threads, others=others, depth=depth + 1, within=within,
        locked=locked,
    )  # fmt: skip
    for name, column in _from_earlier(charter, score, period, keys, again, locked).items():
        cells |= {(code, name): cell for code, cell in column.items()}
    matrix = build_matrix(keys.values(), tuple(score.indicators), cells)
    whose = {code: Whose(id_, unit) for id_, unit, code, _name, _above in rows}
    return Scored(compute(score, matrix, period=period.id), found.position, found.unsealed, whose)


def _cell(found: object, nothing: object) -> Cell:
    """Return a gathered cell; where there is no fact, what the expression makes of none (a count 0, a mean nothing)."""
    value, facts = (nothing, 0) if found is None else (found.value, found.facts)  # type: ignore[attr-defined]
    return reported(value if isinstance(value, int | Decimal) else None, facts)


Found = tuple[int, int, str, str, str | None]
"""Id, id of the unit it hangs at, code, name, code of the unit it is ranked in."""


def _find(charter: Charter, score: Score, day: dt.date, as_of: int | None, within: int | None) -> list[Found]:
    """Return who is scored: the units of the kind, or the holders of the post, on the period's last day."""
    kept, place = "", []
    if within is not None:
        kept, place = f' AND u."at:{tree.unit(within).kind}" = ?', [within]
    return (_people if score.of_post else _units)(charter, score, day, as_of, kept, place)


def _keys_of(rows: list[Found], charter: Charter, score: Score, day: dt.date, as_of: int | None) -> Mapping[int, Key]:
    peers = _peers(charter, score, day, as_of)
    return {
        whose: Key(" / ".join(part for part in (above or "", peers.get(unit, "")) if part), code, name)
        for whose, unit, code, name, above in rows
    }


def _units(charter: Charter, score: Score, day: dt.date, as_of: int | None, kept: str, place: list[int]) -> list[Found]:
    sql = (
        f"SELECT u.unit, u.unit, u.code, u.name, {_above(score)} FROM {{unit}} u WHERE u.kind = ?{kept} ORDER BY u.code"
    )
    parameters = [score.of_kind, *place]
    return ask(sql, charter=charter, tables=["unit"], today=day, as_of=as_of, parameters=parameters)


def _people(
    charter: Charter, score: Score, day: dt.date, as_of: int | None, kept: str, place: list[int]
) -> list[Found]:
    """Return the holders of the post once each; who holds it twice is ranked where the older post is."""
    select = f"SELECT u.person, u.unit, {_above(score)} FROM {{post}} u WHERE u.role = ?{kept}"
    sql = f"{select} ORDER BY u.person, u.fact DESC"
    tables, parameters = ["post", "unit"], [score.of_post, *place]
    rows = ask(sql, charter=charter, tables=tables, today=day, as_of=as_of, parameters=parameters)
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
    charter: Charter,
    score: Score,
    period: Period,
    keys: Mapping[int, Key],
    again: Callable[..., Scored],
    locked: Locked,
) -> Mapping[str, Mapping[str, Cell]]:  # fmt: skip
    """Return the cells of indicators over earlier scores: the locked ones as they stand, else worked out again.

    What is worked out again comes from the same position, and only for those that no locked score speaks of.
    """
    rows: list[Row] = []
    codes = {key.code for key in keys.values()}
    for each, part in needed_scores(charter, score, period):
        held = locked.get((each.id, part.id), ())
        rows += [row for scoring in held for row in earlier_rows(scoring, part)]
        settled = {code for scoring in held for code in scoring.by_code}
        if not settled or codes - settled:
            now = earlier_rows(again(score=each, period=part).scoring, part)
            rows += [row for row in now if _code_of(row) not in settled]
    over = [one for one in score.indicators.values() if one.from_ == SCORE]
    return {one.id: _fold_rows(charter, one, rows, period, codes) for one in over}


def _fold_rows(charter: Charter, one: Indicator, rows: list[Row], period: Period, codes: set[str]) -> dict[str, Cell]:
    shared = shared_values(charter, period)
    kept = [row for row in rows if one.where is None or evaluate(one.where, {**shared, **row}) is True]
    held: dict[str, list[Row]] = {code: [] for code in codes}
    for row in kept:
        if (code := _code_of(row)) in held:
            held[code].append(row)
    return {code: fold(charter, one, mine, period) for code, mine in held.items()}


def _code_of(row: Row) -> str:
    whose = row.get("unit", row.get("person"))
    return str(whose["code"]) if isinstance(whose, Mapping) else str(whose)
