"""The reference of the language says every word that the checker knows."""

from pathlib import Path

import pytest

from zhangfa.charter.reference import renew, word_list
from zhangfa.charter.schema.blocks import Later
from zhangfa.charter.schema.words import BLOCKS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "language.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_every_word_of_the_language_stands_in_the_reference(block):
    assert word_list(block) in PAGE
    assert f"# {block.name}\n" in PAGE


def test_renewing_the_reference_changes_nothing():
    assert renew(PAGE) == PAGE


def test_a_new_word_would_be_noticed():
    block = next(one for one in BLOCKS if one.name == "role")
    assert word_list(block) not in PAGE.replace("`two_factor`", "`two-factor`")


def test_later_words_are_named_as_refused():
    later = [word.name for block in BLOCKS for word in block.words.values() if type(word.shape) is Later]
    assert len(later) == 13
    assert all(f"`{name}`" in PAGE for name in later)
