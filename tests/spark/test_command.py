"""The command line counts with the engine it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.facts.county import MEASURED, Writer, apply_measured, build_units, villages
from tests.scores.test_gathering import SCORES
from tests.spark.ways import INTERPRETED, set_way

from zhangfa.cli.command import main


@pytest.mark.django_db
def test_compute_has_one_digest_with_either_engine(spark: Any, tmp_path: Path, settings: Any) -> None:
    set_way(spark, INTERPRETED)
    settings.DATA = tmp_path
    units = build_units()
    apply_measured()
    Writer(7, villages(units)).write(60)
    file = tmp_path / "measured.yaml"
    file.write_text(MEASURED.read_text() + SCORES)
    words = ["score", "compute", str(file), "--score", "year", "--period", "2026", "--json"]
    said = [CliRunner().invoke(main, [*words, *more]) for more in ([], ["--engine", "duckdb"], ["--engine", "spark"])]
    assert [one.exit_code for one in said] == [0, 0, 0], [one.output for one in said]
    assert len({json.loads(one.stdout)["digest"] for one in said}) == 1
    assert spark.sql("SELECT 1").collect()[0][0] == 1  # who did not start it does not end it
