import importlib
import json

import pytest
from click.testing import CliRunner

from zhangfa.directory.models import Unit

command = importlib.import_module("zhangfa.cli.commands.import").command
pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    def run(text: str, *words: str, answer: str = ""):
        file = tmp_path / "units.csv"
        file.write_text(text, "utf-8")
        return CliRunner().invoke(command, ["units", str(file), *words], input=answer)

    return run


GOOD = "代码,名称,类型\n370828,金乡县,county\n"


def test_dry_run_prints_the_plan_and_writes_nothing(run):
    result = run(GOOD, "--dry-run")
    assert result.exit_code == 0
    assert "新增 1，不变 0" in result.output
    assert "新增 金乡县（370828），上级 —" in result.output
    assert not Unit.objects.exists()


@pytest.mark.parametrize(("words", "answer", "written"), [(["--yes"], "", 1), ([], "y\n", 1), ([], "n\n", 0)])
def test_import_asks_before_it_writes(run, words, answer, written):
    result = run(GOOD, *words, answer=answer)
    assert result.exit_code == (0 if written else 1)
    assert Unit.objects.count() == written


def test_problem_ends_with_1(run):
    result = run("代码,名称,类型\n370828,金乡县,shire\n", "--yes")
    assert result.exit_code == 1
    assert "“shire”不是单位类型" in result.output
    assert not Unit.objects.exists()


def test_file_that_is_no_table_ends_with_1(run):
    assert run("", "--json").exit_code == 1


def test_json_lists_everything(run):
    facts = json.loads(run(GOOD, "--json").output)
    assert (facts["counts"], facts["written"], facts["problems"]) == ({"add": 1}, True, [])
    assert Unit.objects.count() == 1


def test_missing_file_is_wrong_use():
    assert CliRunner().invoke(command, ["units", "absent.csv"]).exit_code == 2
