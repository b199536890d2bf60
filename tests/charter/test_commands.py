"""``zhangfa check`` and ``zhangfa apply`` as a clerk runs them."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhangfa.charter import engine
from zhangfa.charter.models import CharterVersion
from zhangfa.cli.commands.apply import command as apply
from zhangfa.cli.commands.check import command as check

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests" / "charter" / "bad"
CHARTERS = sorted((ROOT / "charters").glob("*.yaml"))


def run(command, *words, answer=None):
    return CliRunner().invoke(command, [str(word) for word in words], input=answer)


@pytest.fixture(autouse=True)
def _fresh():
    engine.forget_all()
    yield
    engine.forget_all()


@pytest.fixture
def lectures(tmp_path):
    path = tmp_path / "lecture-team.yaml"
    path.write_text((ROOT / "charters" / "lecture-team.yaml").read_text())
    return path


def test_check_accepts_the_three_charters():
    result = run(check, *CHARTERS)
    assert (result.exit_code, result.output.count("✓")) == (0, len(CHARTERS))


def test_check_prints_place_code_sentence_and_hint():
    result = run(check, BAD / "C201.yaml")
    assert result.exit_code == 1
    assert f"{BAD / 'C201.yaml'}:14:41 C201" in result.output
    assert "是不是想写“keeper”？" in result.output
    assert 'Did you mean "keeper"?' in result.output


def test_check_gives_json_for_editors():
    result = run(check, "--json", BAD / "C201.yaml", BAD / "C202.yaml")
    assert [one["code"] for one in json.loads(result.output)] == ["C201", "C202"]


def test_check_without_files_is_wrong_use():
    assert run(check).exit_code == 2


def test_check_needs_neither_django_nor_data():
    environment = {name: value for name, value in os.environ.items() if name not in ("DATA", "DJANGO_SETTINGS_MODULE")}
    code = (
        "import sys; from zhangfa.cli.commands.check import command\n"
        "try: command([sys.argv[1]])\n"
        "except SystemExit as e: assert e.code == 0\n"
        "assert 'django' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(CHARTERS[0])],
        env=environment | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.django_db
def test_apply_asks_first_and_does_nothing_on_no(lectures):
    result = run(apply, lectures, answer="n\n")
    assert (result.exit_code, CharterVersion.objects.count()) == (1, 0)
    assert "新章程，第 1 版" in result.output


@pytest.mark.django_db
def test_apply_puts_in_force_from_the_day_told(lectures):
    result = run(apply, lectures, "--in-force", "2026-12-01", answer="y\n")
    assert result.exit_code == 0
    assert CharterVersion.objects.get().in_force == dt.date(2026, 12, 1)


@pytest.mark.django_db
def test_apply_says_in_words_what_changes(lectures):
    run(apply, lectures, "--yes")
    lectures.write_text(lectures.read_text().replace("value: 5 workdays", "value: 3 workdays"))
    result = run(apply, lectures, "--yes")
    assert result.exit_code == 0
    assert "步骤 answer（反馈）的期限由 5 个工作日改为 3 个工作日。" in result.output
    assert [row.version for row in CharterVersion.objects.order_by("version")] == [1, 2]


@pytest.mark.django_db
def test_apply_again_does_nothing(lectures):
    run(apply, lectures, "--yes")
    result = run(apply, lectures)
    assert (result.exit_code, CharterVersion.objects.count()) == (0, 1)
    assert "没有变化，仍是第 1 版" in result.output


@pytest.mark.django_db
def test_apply_refuses_problems_and_applies_none_of_the_files(lectures):
    result = run(apply, lectures, BAD / "C201.yaml", "--yes")
    assert (result.exit_code, CharterVersion.objects.count()) == (1, 0)
    assert "C201" in result.output
