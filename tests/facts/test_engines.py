"""An engine that is not there is named, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.facts.county import MEASURED
from tests.scores.test_gathering import SCORES

from zhangfa.cli.command import main
from zhangfa.facts.spark.session import what_is_missing


def compute(tmp_path: Path, engine: str) -> tuple[int, str]:
    file = tmp_path / "measured.yaml"
    file.write_text(MEASURED.read_text() + SCORES)
    words = ["score", "compute", str(file), "--score", "year", "--period", "2026", "--engine", engine]
    said = CliRunner().invoke(main, words)
    return said.exit_code, said.output


def test_engine_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    code, said = compute(tmp_path, "sparkle")
    assert code == 2
    assert "没有“sparkle”这个引擎" in said


@pytest.mark.django_db
def test_spark_without_java_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "Spark" in what_is_missing() or "openjdk-17-jre-headless" in what_is_missing()
    code, said = compute(tmp_path, "spark")
    assert code == 1
    assert what_is_missing().split("。")[0] in said
