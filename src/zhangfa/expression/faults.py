"""What can be wrong with an expression: a collected value when it is read, an error when it is worked out."""

from __future__ import annotations

from dataclasses import dataclass

from zhangfa.expression.sentences import SENTENCES, Pair


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an expression: code ``E1xx``, offset in its source (in characters), sentence and hint."""

    code: str
    offset: int
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""


def describe_fault(what: str, offset: int = 0, *, hint: Pair | None = None, **gaps: str | int | Pair) -> Fault:
    """Return the fault ``what`` (a key of ``SENTENCES``) with its gaps filled; a pair fills each language's own."""
    said = SENTENCES[what]
    zh = {name: words[0] if isinstance(words, tuple) else words for name, words in gaps.items()}
    en = {name: words[1] if isinstance(words, tuple) else words for name, words in gaps.items()}
    hint_zh, hint_en = hint or (said.hint_zh.format(**zh), said.hint_en.format(**en))
    return Fault(said.code, offset, said.zh.format(**zh), said.en.format(**en), hint_zh, hint_en)


class EvaluationError(ArithmeticError):
    """A value leaves the range that expressions reckon in; ``zh`` and ``en`` say which and why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[type[EvaluationError], tuple[str, str]]:
        return type(self), (self.zh, self.en)
