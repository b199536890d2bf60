"""Shapes made of shapes: titles, lists, mappings, and blocks with fixed words."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from zhangfa.charter.model import Text
from zhangfa.charter.problems import Problems, near
from zhangfa.charter.schema.shapes import KEBAB, SNAKE, Item, Line, Shape, Single, say_wrong
from zhangfa.charter.source import Mapping_, Node, Scalar, Sequence

MOST_ENTRIES = 400
"""A mapping of the clerk's own ids longer than this is a list that belongs in a file."""


class Title(Line):
    """A Chinese text, or ``{zh: …, en: …}``."""

    zh = "一段文字，或 {zh: 中文, en: English}"
    en = "a text, or {zh: …, en: …}"

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        if type(node) is not Mapping_:
            item = Single.read(self, node, path, problems)
            return item and Item(Text(item.value), node, path)
        item = read_words(node, path, problems, TITLE_WORDS)
        return Item(Text(item.get("zh"), item.get("en")), node, path) if item.has("zh") else None


@dataclass(frozen=True, slots=True)
class Many:
    """A list; a single value counts as a list of one."""

    of: Shape
    least: int = 1

    @property
    def zh(self) -> str:
        return f"{self.of.zh}，或它们的列表"

    @property
    def en(self) -> str:
        return f"{self.of.en}, or a list of them"

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        nodes = node.items if isinstance(node, Sequence) else [node]
        if len(nodes) < self.least:
            problems.add("C105", node.line, node.column, path, word=path.rsplit(".", 1)[-1])
            return None
        read = [
            self.of.read(one, f"{path}.{place}" if len(nodes) > 1 else path, problems)
            for place, one in enumerate(nodes)
        ]
        return Item([item for item in read if item], node, path)


@dataclass(frozen=True, slots=True)
class Map:
    """A mapping from ids of the clerk's own choosing to values of one shape."""

    of: Shape
    ids: str = "kebab"
    """``kebab``, ``snake`` (usable as a name in expressions) or ``any`` text."""

    @property
    def zh(self) -> str:
        return f"一组“代号: {self.of.zh}”"

    @property
    def en(self) -> str:
        return f"a mapping from ids to {self.of.en}"

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        if type(node) is not Mapping_:
            return say_wrong(self, node, path, problems)
        if not node.entries:
            problems.add("C105", node.line, node.column, path, word=path.rsplit(".", 1)[-1])
            return None
        if len(node.entries) > MOST_ENTRIES:
            word = path.rsplit(".", 1)[-1]
            problems.add("C124", node.line, node.column, path, word=word, count=len(node.entries), most=MOST_ENTRIES)
            return None
        found: dict[str, Item] = {}
        for word, (key, value) in node.entries.items():
            here = f"{path}.{word}" if path else word
            if not self._allows(word):
                problems.add("C107" if self.ids == "snake" else "C108", key.line, key.column, path, word=word[:40])
            item = self.of.read(value, here, problems)
            if item is None and isinstance(self.of, Block):
                item = Item({}, value, here)  # known by name, so that nothing else is said to be missing
            if item is not None:
                item.key = key
                found[word] = item
        return Item(found, node, path)

    def _allows(self, word: str) -> bool:
        if self.ids == "any":
            return 0 < len(word) <= 80
        return len(word) <= 48 and bool((SNAKE if self.ids == "snake" else KEBAB).match(word))


@dataclass(frozen=True, slots=True)
class Either:
    """A shape for each way of writing: a single value, a list, a mapping."""

    single: Shape | None = None
    sequence: Shape | None = None
    mapping: Shape | None = None

    @property
    def _shapes(self) -> list[Shape]:
        return [shape for shape in (self.single, self.sequence, self.mapping) if shape]

    @property
    def zh(self) -> str:
        return "，或".join(shape.zh for shape in self._shapes)

    @property
    def en(self) -> str:
        return ", or ".join(shape.en for shape in self._shapes)

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        shape = {Scalar: self.single, Sequence: self.sequence, Mapping_: self.mapping}[type(node)]
        return shape.read(node, path, problems) if shape else say_wrong(self, node, path, problems)


@dataclass(frozen=True, slots=True)
class Later:
    """A word that a later version will run; refused with a sentence, never silently ignored."""

    zh = "（本版本还不执行）"
    en = "(not run by this version)"

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        raise AssertionError("read_words refuses a later word before its value is read")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a block: its shape, and what it means in both languages."""

    name: str
    shape: Shape
    zh: str
    en: str
    required: bool = False
    only: tuple[str, ...] = ()
    """Field types the word belongs to; empty: all."""


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping with fixed words."""

    name: str
    words: Mapping[str, Word]
    zh: str
    en: str
    gives_way: bool = False
    """Whether a word of a later version stands for the whole block: the words around it are its own."""

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        """Return the block's words, or ``None`` where a later version's word stands for the whole."""
        if self.gives_way and isinstance(node, Mapping_):
            later = {name: self.words[name] for name in node.entries if _is_later(self.words.get(name))}
            if later:
                _refuse_later(node, path, problems, later)
                return None
        return (
            read_words(node, path, problems, self.words)
            if type(node) is Mapping_
            else say_wrong(self, node, path, problems)
        )


def block(name: str, zh: str, en: str, *words: Word, gives_way: bool = False) -> Block:
    """Make a block of its words."""
    return Block(name, {word.name: word for word in words}, zh, en, gives_way)


def read_words(node: Mapping_, path: str, problems: Problems, words: Mapping[str, Word]) -> Item:
    """Read a mapping with fixed words; unknown, later and missing ones are problems."""
    found: dict[str, Item] = {}
    meant: set[str] = set()
    for name, (key, value) in node.entries.items():
        word = words.get(name)
        here = f"{path}.{name}" if path else name
        if word is None:
            meant |= _unknown(name, key, here, problems, words)
        elif type(word.shape) is Later:
            _refuse_later(node, path, problems, {name: word})
        elif item := word.shape.read(value, here, problems):
            item.key = key
            found[name] = item
    for name, word in words.items():
        if word.required and name not in node.entries and name not in meant:
            problems.add("C102", node.line, node.column, path, word=name, zh=word.zh, en=word.en)
    return Item(found, node, path)


def _is_later(word: Word | None) -> bool:
    return word is not None and type(word.shape) is Later


def _refuse_later(node: Mapping_, path: str, problems: Problems, later: Mapping[str, Word]) -> None:
    for name, word in later.items():
        key, _ = node.entries[name]
        here = f"{path}.{name}" if path else name
        problems.add("C109", key.line, key.column, here, word=name, zh=word.zh, en=word.en)


def _unknown(name: str, key: Scalar, path: str, problems: Problems, words: Mapping[str, Word]) -> set[str]:
    """Collect an unknown word; return what was probably meant, which is then not missing as well."""
    if problems.full:
        return set()
    known = [one for one, word in words.items() if type(word.shape) is not Later]
    said = (f"不认识的词“{name[:40]}”。", f'Unknown word "{name[:40]}".', *near(name, known))
    problems.add_said("C101", key.line, key.column, path, said)
    return set(difflib.get_close_matches(name, known, n=1, cutoff=0.6))


TITLE_WORDS: Mapping[str, Word] = {
    "zh": Word("zh", Line(), "中文", "the Chinese text", required=True),
    "en": Word("en", Line(), "英文", "the English text"),
}
