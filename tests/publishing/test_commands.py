"""Boards on the command line: draft, sign, list; refusals in whole sentences."""

from __future__ import annotations

import re

from click.testing import CliRunner, Result
from tests.publishing.county import County

from zhangfa.cli.command import main
from zhangfa.publishing.models import Board


def run(*words: str) -> Result:
    """Run ``zhangfa score``."""
    return CliRunner().invoke(main, ["score", *words])


def test_draft_prints_the_command_that_signs_it(county: County) -> None:
    words = ["draft", "beautiful-courtyard", "--period", "2026-Q1", "--area", "u-jinxiang", "--by", "p-chair"]
    said = run(*words)
    assert said.exit_code == 0, said.output
    command = re.search(r"zhangfa score (sign .*)", said.stdout)
    assert command is not None
    signed = run(*command[1].split())
    assert (signed.exit_code, Board.objects.get().state) == (0, "shown"), signed.output
    listed = run("boards", "--year", "2026").stdout
    assert "公示中 shown" in listed
    assert Board.objects.get().digest in listed


def test_refusals_are_said(county: County) -> None:
    words = ["draft", "beautiful-courtyard", "--period", "2026-Q1"]
    assert "没有找到这张考核榜" in run(*words, "--area", "u-jinxiang", "--by", "p-w-huji").output
    assert "没有编码为“nowhere”的单位" in run(*words, "--area", "nowhere", "--by", "p-chair").output
    assert "没有工号为“nobody”的人员" in run(*words, "--area", "u-jinxiang", "--by", "nobody").output
    assert "没有找到这张考核榜" in run("sign", "1", "--digest", "0", "--by", "p-chair").output
