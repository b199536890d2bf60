"""Working a try out beside the page: in a thread, one at a time, with its progress and result in the trial's folder."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from zhangfa.charter.model import Charter, Text
from zhangfa.charter.score_model import Score
from zhangfa.scoreboards import trials
from zhangfa.scoreboards.trials import Trial
from zhangfa.scores.book import read_book
from zhangfa.scores.engine import Scoring, compute
from zhangfa.scores.exact import plain
from zhangfa.scores.matrix import Cell, Key, Matrix
from zhangfa.scores.period import Period, read_period
from zhangfa.scores.sheet import RowProblem
from zhangfa.scores.tabular import Facts, read_tables
from zhangfa.scores.trying import Tried, try_score

logger = logging.getLogger("zhangfa.scoreboards")
LONGEST = 120.0
"""Seconds a try may take."""
SILENT = 60.0
"""Seconds without a sign after which a try is given up as lost: its server has gone."""
PATIENCE = 1.5
"""Seconds the page waits before it shows the progress instead."""
MOST_PROBLEMS = 500
STATE, RESULT = "state.json", "result.json"
_turn = threading.BoundedSemaphore(1)


class TooLong(Exception):
    """A try has used up its time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a try."""

    scoring: Scoring
    period: Period
    remarks: tuple[Text, ...]
    problems: tuple[RowProblem, ...]
    """At most 500."""
    faults: int
    """How many there are in all."""
    names: dict[str, str]
    """Names of all units handed in, by code."""


def start(trial: Trial, charter: Charter, score: Score, period: Period) -> None:
    """Begin to work a try out, and wait a moment for it."""
    (trials.folder_of(trial.token) / RESULT).unlink(missing_ok=True)
    _note(trial.token, "waiting")
    work = threading.Thread(target=_work, args=(trial, charter, score, period), daemon=True, name="try")
    work.start()
    work.join(PATIENCE)


def state_of(token: str) -> dict[str, Any]:
    """Return how far a try is: ``state`` is none, waiting, reading, ranking, done, too_long or lost."""
    found = trials.read(token, STATE) or {"state": "none", "at": 0.0}
    if found["state"] in ("waiting", "reading", "ranking") and time.time() - found["at"] > SILENT:
        return found | {"state": "lost"}
    return found


def outcome_of(trial: Trial, charter: Charter, score: Score) -> Outcome | None:
    """Return what came out; the totals and ranks are worked out anew from the cells that were kept."""
    held = trials.read(trial.token, RESULT)
    if held is None:
        return None
    period = read_period(held["period"], score.every, charter.seasons)
    scoring = compute(score, _matrix(held["matrix"]), period=period.id)
    remarks = tuple(Text(*one) for one in held["remarks"])
    problems = tuple(RowProblem(**one) for one in held["problems"])
    return Outcome(scoring, period, remarks, problems, held["faults"], held["names"])


def _work(trial: Trial, charter: Charter, score: Score, period: Period) -> None:
    until = time.monotonic() + LONGEST
    try:
        while not _turn.acquire(timeout=SILENT / 4):
            _note(trial.token, "waiting")
        try:
            _try(trial, charter, score, period, until)
        finally:
            _turn.release()
    except TooLong:
        _note(trial.token, "too_long")
    except FileNotFoundError:
        return  # thrown away in the meantime
    except Exception:
        logger.exception("A try of %s could not be worked out", trial.score)
        _note(trial.token, "lost")


def _try(trial: Trial, charter: Charter, score: Score, period: Period, until: float) -> None:
    assert trial.units is not None
    progress = _Progress(trial, until)
    progress.tell(0)
    titles = {role.title.zh: role.id for role in charter.roles.values()}
    content = trials.take_file(trial.token, trial.units.content)
    book = read_book(content, trial.units.name, score.of_kind or score.of_post, titles)
    tables = read_tables(charter, progress.files(), book, progress.tell)
    _note(trial.token, "ranking")
    tried = try_score(charter, score, period, book, tables)
    found = [*book.problems, *(problem for one in tables.values() for problem in one.problems)]
    names = {one.code: one.name for one in book.entries.values()}
    trials.write(trial.token, RESULT, _result(tried, period, found, names))
    _note(trial.token, "done", rows=_rows(tables))


class _Progress:
    """Counts lines over all files, and ends what takes too long."""

    def __init__(self, trial: Trial, until: float) -> None:
        self.trial, self.until = trial, until
        self.before, self.told = 0, 0.0
        self.name = next((one.name for files in trial.tables.values() for one in files), "")
        self.of = sum(one.rows for files in trial.tables.values() for one in files)

    def files(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield the files to be read, each as its turn comes."""
        for table, files in self.trial.tables.items():
            for one in files:
                self.name = one.name
                yield table, one.name, trials.take_file(self.trial.token, one.content)
                self.before += one.rows

    def tell(self, count: int) -> None:
        """Note how far the reading is, twice a second at most."""
        now = time.monotonic()
        if now > self.until:
            raise TooLong
        if now - self.told > 0.5:
            self.told = now
            _note(self.trial.token, "reading", file=self.name, done=self.before + count, of=self.of)


def _rows(tables: dict[str, Facts]) -> int:
    return sum(len(one.rows) for name, one in tables.items() if name != "unit")


def _note(token: str, state: str, **facts: object) -> None:
    trials.write(token, STATE, {"state": state, "at": time.time(), **facts})


def _result(tried: Tried, period: Period, found: list[RowProblem], names: dict[str, str]) -> dict[str, Any]:
    matrix = tried.scoring.matrix
    cells = {
        one: [[None if cell.value is None else plain(cell.value), cell.facts] for cell in column]
        for one, column in matrix.cells.items()
    }
    return {
        "period": period.id, "remarks": [[one.zh, one.en] for one in tried.remarks], "faults": len(found),
        "problems": [asdict(one) for one in found[:MOST_PROBLEMS]], "names": names,
        "matrix": {"keys": [[one.group, one.code, one.name] for one in matrix.keys], "cells": cells},
    }  # fmt: skip


def _matrix(held: dict[str, Any]) -> Matrix:
    def cell(value: str | None, facts: int) -> Cell:
        return Cell(None if value is None else Decimal(value), facts, value is not None)

    columns = {one: tuple(cell(*pair) for pair in column) for one, column in held["cells"].items()}
    return Matrix(tuple(Key(*one) for one in held["keys"]), tuple(columns), columns)
