"""Honours and scores as facts: filled from the log's events alone, as of any position and on any day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.facts.county import MEASURED, START, apply_measured, indicator, score_of

from zhangfa.charter.model import Charter
from zhangfa.facts.aggregate import collect
from zhangfa.facts.mirror import refresh
from zhangfa.facts.query import ask
from zhangfa.log.append import append_event
from zhangfa.log.checkpoint import last_checkpoint
from zhangfa.log.seal import seal
from zhangfa.log.transaction import write_transaction

MEASURED_HONOURS = """
honours:
  tidy: {title: {zh: 整洁村, en: Tidy}, of: village, award: office}
  fine-town: {title: {zh: 好镇, en: Fine town}, of: town, over: village, when: "share(has_tidy) = 1"}
"""


@pytest.fixture
def honoured(units: dict[str, int]) -> Charter:
    return apply_measured(MEASURED.read_text(encoding="utf-8") + MEASURED_HONOURS)


def event(n: int, kind: str, payload: dict[str, Any], *, charter: str = "measured", day: int = 0) -> None:
    with write_transaction():
        append_event(key=f"h{n}", ts=START + dt.timedelta(days=day), kind=kind, charter=charter, payload=payload)


def confer(n: int, unit: int, since: str, until: str | None = None, **more: Any) -> None:
    one = {"id": n, "honour": "tidy", "unit": unit, "place": unit, "since": since, "until": until, "grade": "", **more}
    event(n, "honour", {"act": "award", "confer": [one], "end": []})


def end(n: int, holding: int, on: str, how: str) -> None:
    event(n, "honour", {"act": how, "confer": [], "end": [{"id": holding, "on": on, "how": how}]})


def holders(charter: Charter, day: dt.date, as_of: int | None = None) -> list[int]:
    sql = "SELECT unit FROM {unit} WHERE has_tidy ORDER BY unit"
    return [row[0] for row in ask(sql, charter=charter, tables=["unit"], today=day, as_of=as_of)]


def test_has_follows_the_days_of_holding(honoured: Charter, units: dict[str, int]) -> None:
    confer(1, units["v1"], "2026-01-10", "2027-01-11")
    confer(2, units["v2"], "2026-02-01")
    end(3, 2, "2026-03-05", "withdrawn")
    assert holders(honoured, dt.date(2026, 1, 9)) == []
    assert holders(honoured, dt.date(2026, 2, 1)) == [units["v1"], units["v2"]]
    assert holders(honoured, dt.date(2026, 3, 4)) == [units["v1"], units["v2"]]
    assert holders(honoured, dt.date(2026, 3, 5)) == [units["v1"]]
    assert holders(honoured, dt.date(2027, 1, 10)) == [units["v1"]]
    assert holders(honoured, dt.date(2027, 1, 11)) == []


def test_has_as_of_a_position_knows_nothing_later(honoured: Charter, units: dict[str, int]) -> None:
    confer(1, units["v1"], "2026-01-10")
    seal(at=START)
    end(2, 1, "2026-01-20", "withdrawn")
    seal(at=START)
    checkpoint, day = last_checkpoint(), dt.date(2026, 6, 1)
    assert checkpoint is not None
    refresh(at=START)
    assert holders(honoured, day, checkpoint.size - 2) == [units["v1"]]
    assert holders(honoured, day, checkpoint.size - 1) == []
    assert holders(honoured, day) == []


def test_has_of_another_charter_does_not_count(honoured: Charter, units: dict[str, int]) -> None:
    one = {"id": 9, "honour": "tidy", "unit": units["v1"], "place": units["v1"], "since": "2026-01-10", "until": None}
    event(1, "honour", {"confer": [one], "end": []}, charter="other")
    assert holders(honoured, dt.date(2026, 6, 1)) == []


def test_has_is_folded_over_the_units_below(honoured: Charter, units: dict[str, int]) -> None:
    confer(1, units["v1"], "2026-01-10")
    confer(2, units["v2"], "2026-01-10")
    confer(3, units["v3"], "2026-01-10")
    one = indicator(honoured, "share", "share(has_tidy)", "kind = 'village'", table="unit")
    day = dt.date(2026, 6, 30)
    found = collect(charter=honoured, score=score_of(one, of_kind="town"), period=(day, day))
    shares = {unit: cell.value for unit, cell in found.cells["share"].items()}
    assert shares == {units["east"]: Decimal(1), units["west"]: Decimal("0.5")}


def test_honours_are_facts_with_their_state(honoured: Charter, units: dict[str, int]) -> None:
    confer(1, units["v1"], "2026-01-10", "2026-02-10")
    confer(2, units["v2"], "2026-01-10")
    end(3, 2, "2026-01-20", "moved")
    confer(4, units["v3"], "2026-01-20")
    refresh(at=START)
    sql = "SELECT unit, state, since, until, dated, town FROM {honour} ORDER BY fact"
    rows = ask(sql, charter=honoured, tables=["honour"], today=dt.date(2026, 3, 1))
    ten, twenty = dt.date(2026, 1, 10), dt.date(2026, 1, 20)
    assert rows == [
        (units["v1"], "lapsed", ten, dt.date(2026, 2, 10), ten, units["east"]),
        (units["v2"], "moved", ten, twenty, ten, units["east"]),
        (units["v3"], "held", twenty, None, twenty, units["west"]),
    ]


def test_honours_of_people_are_no_facts(honoured: Charter, units: dict[str, int]) -> None:
    one = {"id": 1, "person": 5, "place": units["v1"], "since": "2026-01-10", "until": None, "sealed": {"~": "eA=="}}
    event(1, "honour", {"confer": [one], "end": []})
    event(2, "honour", {"confer": [], "end": [{"id": 1, "on": "2026-02-01", "how": "lapsed", "sealed": {"~": "eA=="}}]})
    assert ask("SELECT * FROM {honour}", charter=honoured, tables=["honour"], today=dt.date(2026, 3, 1)) == []


def board(id_: int, state: str, edition: int = 1) -> dict[str, Any]:
    return {"id": id_, "charter": "measured", "score": "year", "every": "year", "period": "2026", "since": "2026-01-01",
            "until": "2026-12-31", "state": state, "edition": edition}  # fmt: skip


def scores(charter: Charter) -> list[tuple[Any, ...]]:
    sql = 'SELECT unit, scheme, period, total, rank, "of", tier, dated FROM {score} ORDER BY unit'
    return ask(sql, charter=charter, tables=["score"], today=dt.date(2027, 3, 1))


def test_scores_are_facts_once_their_board_is_locked(honoured: Charter, units: dict[str, int]) -> None:
    rows = [
        [units["v1"], "ranked", "91.5", "1", 2, "good", "", 1],
        [units["v2"], "ranked", "80.0", "2", 2, "", "", 1],
        [units["v3"], "not_reported", None, None, None, "", "", 1],
    ]
    event(1, "score", {"board": board(7, "draft")})
    event(2, "score", {"board": board(7, "shown"), "rows": rows})
    assert scores(honoured) == []
    rows[1] = [units["v2"], "ranked", "95.0", "1", 2, "", "", 2]
    rows[0] = [units["v1"], "ranked", "91.5", "2", 2, "good", "", 1]
    event(3, "score", {"board": board(8, "shown", 2), "rows": rows, "replaces": 7})
    refresh(at=START)
    event(4, "score", {"board": board(8, "locked", 2)})
    end_of_year = dt.date(2026, 12, 31)
    assert scores(honoured) == [
        (units["v1"], "year", "2026", Decimal("91.5"), 2, 2, "good", end_of_year),
        (units["v2"], "year", "2026", Decimal("95"), 1, 2, "", end_of_year),
        (units["v3"], "year", "2026", None, None, None, "", end_of_year),
    ]
