"""Problems in a charter: values, collected and never raised, each a whole sentence in both languages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from zhangfa.charter.sentences import SENTENCES

REFERENCE = "docs/reference/problems.md"
MOST = 200
"""A file with more problems than this is not worth reading further."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a charter; lines and columns count from 1."""

    file: str
    line: int
    column: int
    code: str
    path: str
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""

    @property
    def link(self) -> str:
        """Where the reference explains the code with an example."""
        return f"{REFERENCE}#{self.code.lower()}"


class Problems:
    """The problems of one file while it is being read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def __len__(self) -> int:
        return len(self.found)

    @property
    def full(self) -> bool:
        """Whether there are so many that looking for more is a waste."""
        return len(self.found) >= MOST

    def add(self, code: str, line: int, column: int, path: str, **words: object) -> None:
        """Collect a problem of the catalogue, its sentences filled with ``words``."""
        said = SENTENCES[code]
        if len(self.found) < MOST:
            zh, en, hint_zh, hint_en = (part.format(**words) for part in said)
            self.found.append(Problem(self.file, line, column, code, path, zh, en, hint_zh, hint_en))

    def add_said(self, code: str, line: int, column: int, path: str, said: tuple[str, str, str, str]) -> None:
        """Collect a problem whose sentences another room wrote (a fault of an expression)."""
        if len(self.found) < MOST:
            self.found.append(Problem(self.file, line, column, code, path, *said))

    def sorted(self) -> tuple[Problem, ...]:
        """Return them without repetition, in the order of the file."""
        return tuple(sorted(set(self.found)))


def near(word: str, known: Iterable[str]) -> tuple[str, str]:
    """Return the hint "did you mean" in both languages; without a near word, the list of what is known."""
    names = sorted(known)
    if match := difflib.get_close_matches(word, names, n=1, cutoff=0.6):
        return f"是不是想写“{match[0]}”？", f'Did you mean "{match[0]}"?'
    listed = ", ".join(names[:30])
    return (f"可以写：{listed}。", f"Known: {listed}.") if names else ("", "")


def render(problem: Problem, language: str = "zh") -> str:
    """Return the problem as one line for people: place, code, sentence, hint."""
    english = language.startswith("en")
    sentence, hint = (problem.en, problem.hint_en) if english else (problem.zh, problem.hint_zh)
    place = f"{problem.file}:{problem.line}:{problem.column}"
    return f"{place} {problem.code} {sentence}{(' ' if english else '') + hint if hint else ''}"


def to_json(problem: Problem) -> dict[str, object]:
    """Return the problem as an editor reads it."""
    return {
        "file": problem.file, "line": problem.line, "column": problem.column, "code": problem.code,
        "path": problem.path, "zh": problem.zh, "en": problem.en,
        "hint_zh": problem.hint_zh, "hint_en": problem.hint_en, "link": problem.link,
    }  # fmt: skip
