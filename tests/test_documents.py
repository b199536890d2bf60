"""What is documented exists, and what exists is documented."""

import dataclasses
import re
from pathlib import Path

import pytest
from tools import reference

from zhangfa.cli.command import Commands
from zhangfa.config import Config
from zhangfa.scenarios.reading import ACT_WORDS, EXPECT_WORDS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/README.md")])


def test_settings_are_each_a_row_of_the_reference():
    text = (ROOT / "docs/reference/settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", text, flags=re.M))
    assert documented == {field.name.upper() for field in dataclasses.fields(Config)}


def test_commands_reference_is_made_from_the_commands():
    assert (ROOT / "docs/reference/commands.md").read_text() == reference.write()


def test_commands_each_show_an_example():
    group = Commands()
    lacking = [
        name for name in group.list_commands(None) if "Example:" not in (group.get_command(None, name).help or "")
    ]
    assert lacking == []


def test_scenario_words_each_stand_in_the_reference():
    text = (ROOT / "docs/reference/scenarios.md").read_text()
    words = set(ACT_WORDS) | EXPECT_WORDS
    assert sorted(word for word in words if f"`{word}`" not in text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []
