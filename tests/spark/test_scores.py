"""Facts counted by DuckDB with one thread and two, and by Spark on two executors: the same to the last byte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.facts.county import YEAR, Writer, in_python, indicator, named, rows_of, score_of, villages
from tests.facts.county import apply_measured as measured_charter
from tests.facts.county import build_units as measured_units
from tests.facts.test_aggregate import VALUES, WHERES, cells
from tests.spark.county import START, County, shipped
from tests.spark.ways import COMPILED, INTERPRETED, set_way

from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.expression.render import Unrenderable
from zhangfa.facts.aggregate import gather
from zhangfa.facts.mirror import refresh
from zhangfa.facts.query import Facts
from zhangfa.facts.spark.counter import SparkCounter
from zhangfa.log.seal import seal
from zhangfa.scores.gathering import Scored, score_periods
from zhangfa.scores.period import read_period

NOW = START + dt.timedelta(days=800)
PERIODS = {"quarter": ["2026-Q2", "2026-Q3"], "half-year": ["2026-H1"], "year": ["2026"]}
QUARTER = (dt.date(2026, 4, 1), dt.date(2026, 6, 30))
KEYS = ("", "author", "helper")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """The folder the mirror is kept in."""
    settings.DATA = tmp_path
    return tmp_path / "facts"


def scored(charter: Charter, score: Score, **words: Any) -> list[Scored]:
    periods = [read_period(one, score.every, charter.seasons) for one in PERIODS[score.every]]
    return score_periods(charter=charter, score=score, periods=periods, **words)


def digests(charter: Charter, score: Score, **words: Any) -> list[str]:
    return [one.scoring.digest for one in scored(charter, score, **words)]


@pytest.mark.parametrize("name", shipped())
def test_scores_of_a_shipped_charter_have_one_digest_whoever_counts(name: str, spark: Any, folder: Path) -> None:
    set_way(spark, INTERPRETED)  # a third of the time for few facts
    county = County(seed=41)
    charter = county.apply(name)
    county.write(charter, 240)
    seal(at=NOW)
    refresh(at=NOW)
    county.write(charter, 12)  # the mirror does not know these yet
    seal(at=NOW)
    for score in charter.scores.values():
        one = scored(charter, score, threads=1)
        expected = [each.scoring.digest for each in one]
        assert digests(charter, score, threads=2) == expected
        assert digests(charter, score, counter=SparkCounter(spark)) == expected
        for name in score.indicators:
            values = [each.scoring.cells_of(code)[name].value for each in one for code in each.scoring.by_code]
            assert any(value is not None for value in values), f"{name}: nobody has a value, so nothing was compared"
    assert not list(folder.glob("spark-*"))


@pytest.fixture
def units() -> dict[str, int]:
    return measured_units()


@pytest.fixture
def charter(units: dict[str, int]) -> Charter:
    return measured_charter()


def test_every_kind_of_value_is_that_of_python_and_duckdb(charter: Charter, units: dict[str, int], spark: Any) -> None:
    set_way(spark, INTERPRETED)
    Writer(7, villages(units)).write(500)
    seal(at=NOW)
    refresh(at=NOW)
    Writer(8, villages(units), "tail").write(60)  # not sealed
    asked = [
        indicator(charter, f"i{at}", value, WHERES[at % len(WHERES)], key=KEYS[at % len(WHERES) % len(KEYS)])
        for at, value in enumerate(VALUES)
    ]
    score, rows = score_of(*asked), rows_of(charter, named(units))
    with Facts() as facts:
        ducks = gather(facts, charter=charter, score=score, periods=[YEAR])[0]
    with Facts(counter=SparkCounter(spark)) as facts:
        sparks = gather(facts, charter=charter, score=score, periods=[YEAR])[0]
    assert (sparks.unsealed, sparks.position, sparks.nothing) == (60, ducks.position, ducks.nothing)
    for one in asked:
        expected = in_python(charter, one, rows, one.key or "village", YEAR)
        assert cells(sparks, one.id) == expected, (one.value.source, one.where and one.where.source, one.key)
        assert cells(ducks, one.id) == expected, one.value.source


def test_several_periods_of_some_keys_as_of_a_position(charter: Charter, units: dict[str, int], spark: Any) -> None:
    set_way(spark, COMPILED)
    Writer(7, villages(units)).write(500)
    seal(at=NOW)
    refresh(at=NOW)
    asked = [indicator(charter, f"i{at}", value, WHERES[1]) for at, value in enumerate(VALUES[:12])]
    words = {
        "charter": charter, "score": score_of(*asked), "periods": [QUARTER, YEAR],
        "keys": [units["v1"], units["v3"]],
    }  # fmt: skip
    with Facts(as_of=300) as facts:
        ducks = gather(facts, **words)
    with Facts(as_of=300, counter=SparkCounter(spark)) as facts:
        sparks = gather(facts, **words)
    assert [one.cells for one in sparks] == [one.cells for one in ducks]
    assert {len(one.cells["i0"]) for one in sparks} == {2}


def test_what_only_python_works_out_is_refused(charter: Charter, units: dict[str, int], spark: Any) -> None:
    with Facts(counter=SparkCounter(spark)) as facts, pytest.raises(Unrenderable, match="worked out in Python only"):
        gather(facts, charter=charter, score=score_of(indicator(charter, "n", "sum(sqrt(mark))")), periods=[YEAR])
