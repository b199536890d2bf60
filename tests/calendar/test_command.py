import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from zhangfa.cli.commands.workdays import command


def run(*words: str):
    return CliRunner().invoke(command, words)


def test_plus_prints_the_calculation_in_both_languages():
    result = run("--from", "2024-02-05", "--plus", "10")
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "2024年2月5日收到，当日不计；10个工作日；2月10日至17日春节放假、2月18日调休上班 → 2024年2月23日",
            "received 5 Feb 2024, not counted; 10 working days; 10–17 Feb Spring Festival, 18 Feb worked → 23 Feb 2024",
            "  2024: 国办发明电〔2023〕7号",
        ],
    )


def test_to_counts_and_lists_the_exceptions():
    facts = json.loads(run("--from", "2026-02-01", "--to", "2026-02-28", "--json").output)
    assert facts["workdays"] == 16
    assert [(e["first"], e["last"], e["kind"]) for e in facts["exceptions"]] == [
        ("2026-02-14", "2026-02-14", "workday"),
        ("2026-02-15", "2026-02-23", "holiday"),
        ("2026-02-28", "2026-02-28", "workday"),
    ]
    assert not facts["provisional"]


def test_unannounced_year_is_said():
    result = run("--from", "2026-12-30", "--to", "2027-01-08")
    assert result.output.splitlines()[-1] == "  2027: 尚未公布，仅按周末计算 · not announced yet, weekends only"


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "2026-02-30", "--plus", "1"],
        ["--from", "2026-02-01"],
        ["--from", "2026-02-01", "--plus", "1", "--to", "2026-02-02"],
        ["--from", "2026-02-02", "--to", "2026-02-01"],
        ["--from", "2026-02-02", "--plus", "10001"],
    ],
)
def test_wrong_use_ends_with_2(words):
    assert run(*words).exit_code == 2


def test_command_starts_without_django():
    code = "import sys, zhangfa.cli.commands.workdays; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
