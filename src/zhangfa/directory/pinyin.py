"""Pinyin initials, for searching: guessed by a library, put right by a table, and editable for each unit."""

from __future__ import annotations

import csv
import functools
import io
from importlib.resources import files


def initials(name: str) -> str:
    """Return the pinyin initials of a place or an office in capitals; signs that are not Chinese are kept."""
    return _initials(name, _overrides()[0])


def initials_of_person(name: str) -> str:
    """Return the pinyin initials of a personal name, whose surname may be read in its own way (单, 解, 曾)."""
    for surname, letters in _overrides()[1]:
        if name.startswith(surname):
            return letters + _initials(name[len(surname) :], ())
    return _initials(name, ())


def _initials(name: str, overrides: tuple[tuple[str, str], ...]) -> str:
    for word, letters in overrides:
        if word in name:
            before, after = name.split(word, 1)
            return _initials(before, overrides) + letters + _initials(after, overrides)
    return _guess(name)


@functools.lru_cache(maxsize=20_000)
def _guess(name: str) -> str:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes 0.1 s to load

    letters = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(letter for letter in "".join(letters).upper() if letter.isalnum())


@functools.cache
def _overrides() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    text = files("zhangfa.directory").joinpath("pinyin_overrides.csv").read_text("utf-8")
    rows = sorted(csv.DictReader(io.StringIO(text)), key=lambda row: -len(row["word"]))
    words = tuple((row["word"], row["initials"]) for row in rows if not row["surname_only"])
    surnames = tuple((row["word"], row["initials"]) for row in rows if row["surname_only"])
    return words, surnames
