"""Cut texts and queries into the words of the search index: Chinese bigrams, words, pinyin initials.

Words of the text stand as they are (``井盖 盖丢 丢失 失``: the last sign alone, so that a single sign
finds it by prefix). Initials begin with ``~`` (``~jg ~gd ~ds``), marks hold ``=`` (``r=…``): neither
can be typed into the search field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from pypinyin import Style, pinyin

RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+")
LETTERS = re.compile(r"[a-z]+")
MAX_QUERY_WORDS = 24
MAX_READINGS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One word a text must contain: any of ``exact``-sets in full, or a word beginning with ``prefix``."""

    exact: tuple[str, ...] = ()
    prefix: str = ""


def words_of(text: str) -> Iterator[str]:
    """Yield the index words of a text: bigrams of Chinese runs, Latin words and numbers whole."""
    for run in RUN.findall(text.lower()):
        if run[0] < "\u3400":
            yield run
        else:
            yield from (a + b for a, b in pairwise(run))
            yield run[-1]


def initials_of(text: str) -> Iterator[str]:
    """Yield pairs of pinyin initials of each Chinese run; signs of several readings give each pair."""
    for run in RUN.findall(text.lower()):
        if run[0] >= "\u3400":
            for a, b in pairwise(run):
                yield from (f"~{x}{y}" for x, y in product(_readings(a), _readings(b)))


def typed_initials(letters: str) -> Iterator[str]:
    """Yield the pairs of initials somebody keeps by hand, such as a unit's pinyin column."""
    for run in LETTERS.findall(letters.lower()):
        yield from (f"~{a}{b}" for a, b in pairwise(run))


@lru_cache(maxsize=30_000)
def _readings(sign: str) -> tuple[str, ...]:
    """Return the first letters a sign may be read with, the usual one first."""
    found = pinyin(sign, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(each for each in (found[0] if found else []) if each.isascii()))[:MAX_READINGS]


def text_words(texts: Iterable[str], *, initials: Iterable[str] = (), typed: Iterable[str] = ()) -> list[str]:
    """Return the distinct index words of texts, of the initials of some of them, and of typed initials."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(words_of(text)))
    for text in initials:
        found.update(dict.fromkeys(initials_of(text)))
    for letters in typed:
        found.update(dict.fromkeys(typed_initials(letters)))
    return list(found)


def query_words(typed: str) -> tuple[tuple[Word, ...], ...]:
    """Return what a search asks: every group must hold, each by one of its words.

    Two Chinese signs and more ask for all their bigrams, one sign and Latin letters for a word that
    begins so; letters alone may also be pinyin initials. Empty where nothing can be searched for.
    """
    groups: list[tuple[Word, ...]] = []
    for run in RUN.findall(typed.lower()):
        if run[0] >= "\u3400":
            groups.append((Word(exact=tuple(a + b for a, b in pairwise(run))) if len(run) > 1 else Word(prefix=run),))
        elif len(run) > 1 and LETTERS.fullmatch(run):
            groups.append((Word(prefix=run), Word(exact=tuple(typed_initials(run)))))
        else:
            groups.append((Word(prefix=run),))
    return tuple(groups[:MAX_QUERY_WORDS])
