"""The shapes a value of a charter may have; each reads a node of the tree into a typed item.

A shape never raises: what does not fit is collected as a problem and read as ``None``.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from zhangfa.charter.model import Duration, Text
from zhangfa.charter.problems import Problems, near
from zhangfa.charter.source import Mapping_, Node, Scalar, Sequence

KEBAB = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*\Z")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
DURATION = re.compile(r"([0-9]{1,4}) (minute|hour|day|workday|week|month|quarter|year)s?\Z")
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})\Z")
MAX_TEXT = 4000


@dataclass(slots=True)
class Item:
    """A value read, with the place it stands at; ``key`` is the word before it."""

    value: Any
    node: Node
    path: str
    key: Scalar | None = None

    def has(self, word: str) -> bool:
        """Tell whether a block states the word (readably)."""
        return word in self.value

    def get(self, word: str, default: Any = None) -> Any:
        """Return the value of a block's word, or ``default`` where it is not stated."""
        item = self.value.get(word)
        return default if item is None else item.value

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of its word where it has one, else of its value."""
        at = self.key or self.node
        return at.line, at.column


class Shape(Protocol):
    """What every shape can do."""

    @property
    def zh(self) -> str:
        """What is expected, in Chinese."""

    @property
    def en(self) -> str:
        """What is expected, in English."""

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        """Return the typed item, or collect a problem and return ``None``."""


def _wrong(shape: Shape, node: Node, path: str, problems: Problems, code: str = "C103") -> None:
    found_zh, found_en = {
        Scalar: ("单个值", "a single value"), Sequence: ("一个列表", "a list"), Mapping_: ("一组“词: 值”", "a mapping"),
    }[type(node)]  # fmt: skip
    value = node.value[:40] if isinstance(node, Scalar) else ""
    problems.add(
        code, node.line, node.column, path, wanted_zh=shape.zh, wanted_en=shape.en,
        found_zh=found_zh, found_en=found_en, value=value, word=path.rsplit(".", 1)[-1],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Single:
    """A scalar, read by :meth:`parse`; ``None`` from it is a problem."""

    zh = "单个值"
    en = "a single value"
    code = "C104"

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        if type(node) is not Scalar:
            return _wrong(self, node, path, problems)
        if not node.value and not node.style:
            problems.add("C105", node.line, node.column, path, word=path.rsplit(".", 1)[-1])
            return None
        value = self.parse(node.value)
        return _wrong(self, node, path, problems, self.code) if value is None else Item(value, node, path)

    def parse(self, text: str) -> object | None:
        raise NotImplementedError


class Line(_Single):
    """Any text."""

    zh = "一段文字"
    en = "a text"

    def parse(self, text: str) -> str | None:
        return text if len(text) <= MAX_TEXT else None


class Formula(Line):
    """An expression; parsed when the names around it are known."""

    zh = "一个表达式"
    en = "an expression"


class Id(_Single):
    """An id in kebab- or snake-case."""

    zh = "英文小写代号（字母开头，可用数字、- 和 _）"
    en = "an id in lower-case letters, digits, - and _"

    def parse(self, text: str) -> str | None:
        return text if KEBAB.match(text) else None


class Bool(_Single):
    """``true`` or ``false`` and nothing else; ``yes``, ``no``, ``on`` stay texts."""

    zh = "true 或 false"
    en = "true or false"

    def parse(self, text: str) -> bool | None:
        return {"true": True, "false": False}.get(text)


class Number(_Single):
    """A decimal number in its shortest form."""

    zh = "一个数"
    en = "a number"

    def parse(self, text: str) -> Decimal | None:
        try:
            return Decimal(text) if re.match(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z", text) else None
        except InvalidOperation:
            return None


@dataclass(frozen=True, slots=True)
class Whole(_Single):
    """A whole number in plain decimal signs (``010`` is refused, not read as eight)."""

    least: int = 0
    most: int = 1_000_000
    zh = "一个整数（不以 0 开头）"
    en = "a whole number without a leading zero"

    def parse(self, text: str) -> int | None:
        return int(text) if WHOLE.match(text) and self.least <= int(text) <= self.most else None


class WholeOrSetting(_Single):
    """A whole number, or the id of a setting that holds one."""

    zh = "一个整数，或一个设定值（settings）的代号"
    en = "a whole number, or the id of a setting"

    def parse(self, text: str) -> int | str | None:
        if WHOLE.match(text):
            return int(text) if int(text) > 0 else None
        return text if SNAKE.match(text) else None


class Day(_Single):
    """A date."""

    zh = "一个日期，如 2026-11-22"
    en = "a date such as 2026-11-22"

    def parse(self, text: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            return None


class Length(_Single):
    """A length of time, or the id of a setting that holds one."""

    zh = "一段时间，如 10 workdays、7 days、2 hours"
    en = "a length of time such as 10 workdays, 7 days or 2 hours"

    def parse(self, text: str) -> Duration | str | None:
        if match := DURATION.match(text):
            amount = int(match[1])
            return Duration(amount, match[2] + "s") if amount else None  # type: ignore[arg-type]
        return text if SNAKE.match(text) else None


@dataclass(frozen=True, slots=True)
class OneOf(_Single):
    """One of a few words."""

    words: tuple[str, ...]
    code = "C106"

    @property
    def zh(self) -> str:  # type: ignore[override]
        return "以下之一：" + "、".join(self.words)

    @property
    def en(self) -> str:  # type: ignore[override]
        return "one of " + ", ".join(self.words)

    def parse(self, text: str) -> str | None:
        return text if text in self.words else None

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        if type(node) is not Scalar or node.value in self.words:
            return _Single.read(self, node, path, problems)
        hint = near(node.value, self.words)
        word = path.rsplit(".", 1)[-1]
        said = (
            f"“{word}”不能是“{node.value[:40]}”。", f'"{word}" cannot be "{node.value[:40]}".', *hint,
        )  # fmt: skip
        problems.add_said("C106", node.line, node.column, path, said)
        return None


class Title(Line):
    """A Chinese text, or ``{zh: …, en: …}``."""

    zh = "一段文字，或 {zh: 中文, en: English}"
    en = "a text, or {zh: …, en: …}"

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        if type(node) is not Mapping_:
            item = _Single.read(self, node, path, problems)
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
        read = [self.of.read(one, f"{path}.{place}" if len(nodes) > 1 else path, problems) for place, one in enumerate(nodes)]
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
            return _wrong(self, node, path, problems)
        if not node.entries:
            problems.add("C105", node.line, node.column, path, word=path.rsplit(".", 1)[-1])
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
        return shape.read(node, path, problems) if shape else _wrong(self, node, path, problems)


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

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        return read_words(node, path, problems, self.words) if type(node) is Mapping_ else _wrong(self, node, path, problems)


def block(name: str, zh: str, en: str, *words: Word) -> Block:
    """Make a block of its words."""
    return Block(name, {word.name: word for word in words}, zh, en)


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
            problems.add("C109", key.line, key.column, here, word=name, zh=word.zh, en=word.en)
        elif item := word.shape.read(value, here, problems):
            item.key = key
            found[name] = item
    for name, word in words.items():
        if word.required and name not in node.entries and name not in meant:
            problems.add("C102", node.line, node.column, path, word=name, zh=word.zh, en=word.en)
    return Item(found, node, path)


def _unknown(name: str, key: Scalar, path: str, problems: Problems, words: Mapping[str, Word]) -> set[str]:
    """Collect an unknown word; return what was probably meant, which is then not missing as well."""
    known = [one for one, word in words.items() if type(word.shape) is not Later]
    said = (f"不认识的词“{name[:40]}”。", f'Unknown word "{name[:40]}".', *near(name, known))
    problems.add_said("C101", key.line, key.column, path, said)
    return set(difflib.get_close_matches(name, known, n=1, cutoff=0.6))


TITLE_WORDS: Mapping[str, Word] = {
    "zh": Word("zh", Line(), "中文", "the Chinese text", required=True),
    "en": Word("en", Line(), "英文", "the English text"),
}
