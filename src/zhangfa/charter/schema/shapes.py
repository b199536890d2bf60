"""The shapes a value of a charter may have; each reads a node of the tree into a typed item.

A shape never raises: what does not fit is collected as a problem and read as ``None``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from zhangfa.charter.model import Duration
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


def say_wrong(shape: Shape, node: Node, path: str, problems: Problems, code: str = "C103") -> Item | None:
    """Collect that a value has not the shape it should have; return ``None`` for what it would be read as."""
    found_zh, found_en = {
        Scalar: ("单个值", "a single value"), Sequence: ("一个列表", "a list"), Mapping_: ("一组“词: 值”", "a mapping"),
    }[type(node)]  # fmt: skip
    value = node.value[:40] if isinstance(node, Scalar) else ""
    problems.add(
        code, node.line, node.column, path, wanted_zh=shape.zh, wanted_en=shape.en,
        found_zh=found_zh, found_en=found_en, value=value, word=path.rsplit(".", 1)[-1],
    )  # fmt: skip
    return None


@dataclass(frozen=True, slots=True)
class Single:
    """A scalar, read by :meth:`parse`; ``None`` from it is a problem."""

    zh = "单个值"
    en = "a single value"
    code = "C104"

    def read(self, node: Node, path: str, problems: Problems) -> Item | None:
        if type(node) is not Scalar:
            return say_wrong(self, node, path, problems)
        if not node.value and not node.style:
            problems.add("C105", node.line, node.column, path, word=path.rsplit(".", 1)[-1])
            return None
        value = self.parse(node.value)
        return say_wrong(self, node, path, problems, self.code) if value is None else Item(value, node, path)

    def parse(self, text: str) -> object | None:
        raise NotImplementedError


class Line(Single):
    """Any text."""

    zh = "一段文字"
    en = "a text"

    def parse(self, text: str) -> str | None:
        return text if len(text) <= MAX_TEXT else None


class Formula(Line):
    """An expression; parsed when the names around it are known."""

    zh = "一个表达式"
    en = "an expression"


class Id(Single):
    """An id in kebab- or snake-case."""

    zh = "英文小写代号（字母开头，可用数字、- 和 _）"
    en = "an id in lower-case letters, digits, - and _"

    def parse(self, text: str) -> str | None:
        return text if KEBAB.match(text) else None


class Bool(Single):
    """``true`` or ``false`` and nothing else; ``yes``, ``no``, ``on`` stay texts."""

    zh = "true 或 false"
    en = "true or false"

    def parse(self, text: str) -> bool | None:
        return {"true": True, "false": False}.get(text)


class Number(Single):
    """A decimal number in its shortest form."""

    zh = "一个数"
    en = "a number"

    def parse(self, text: str) -> Decimal | None:
        try:
            return Decimal(text) if re.match(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z", text) else None
        except InvalidOperation:
            return None


@dataclass(frozen=True, slots=True)
class Whole(Single):
    """A whole number in plain decimal signs (``010`` is refused, not read as eight)."""

    least: int = 0
    most: int = 1_000_000
    zh = "一个整数（不以 0 开头）"
    en = "a whole number without a leading zero"

    def parse(self, text: str) -> int | None:
        return int(text) if WHOLE.match(text) and self.least <= int(text) <= self.most else None


class WholeOrSetting(Single):
    """A whole number, or the id of a setting that holds one."""

    zh = "一个整数，或一个设定值（settings）的代号"
    en = "a whole number, or the id of a setting"

    def parse(self, text: str) -> int | str | None:
        if WHOLE.match(text):
            return int(text) if int(text) > 0 else None
        return text if SNAKE.match(text) else None


class NumberOrSetting(Single):
    """A decimal number, or the id of a setting that holds one."""

    zh = "一个数，或一个设定值（settings）的代号"
    en = "a number, or the id of a setting"

    def parse(self, text: str) -> Decimal | str | None:
        number = Number().parse(text)
        return number if number is not None else text if SNAKE.match(text) else None


class Day(Single):
    """A date."""

    zh = "一个日期，如 2026-11-22"
    en = "a date such as 2026-11-22"

    def parse(self, text: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            return None


class Length(Single):
    """A length of time, or the id of a setting that holds one."""

    zh = "一段时间，如 10 workdays、7 days、2 hours"
    en = "a length of time such as 10 workdays, 7 days or 2 hours"

    def parse(self, text: str) -> Duration | str | None:
        if match := DURATION.match(text):
            amount = int(match[1])
            return Duration(amount, match[2] + "s") if amount else None  # type: ignore[arg-type]
        return text if SNAKE.match(text) else None


@dataclass(frozen=True, slots=True)
class OneOf(Single):
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
            return Single.read(self, node, path, problems)
        if problems.full:
            return None
        hint = near(node.value, self.words)
        word = path.rsplit(".", 1)[-1]
        said = (
            f"“{word}”不能是“{node.value[:40]}”。", f'"{word}" cannot be "{node.value[:40]}".', *hint,
        )  # fmt: skip
        problems.add_said("C106", node.line, node.column, path, said)
        return None
