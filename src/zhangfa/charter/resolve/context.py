"""What resolving needs at hand: the file, its problems, and the ids the charter declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from zhangfa.charter.model import Duration, Setting
from zhangfa.charter.problems import Problems, near
from zhangfa.charter.schema.shapes import Item
from zhangfa.charter.source import Scalar, place_in_scalar
from zhangfa.expression import Expression, Scope, parse_expression
from zhangfa.expression.scope import NameType, Type


@dataclass(slots=True)
class Context:
    """One charter while it is resolved."""

    text: str
    files: Mapping[str, str]
    problems: Problems
    registers: dict[str, Item]
    roles: dict[str, Item]
    settings: dict[str, Setting] = field(default_factory=dict)
    used_roles: set[str] = field(default_factory=set)
    shared: dict[str, NameType] = field(default_factory=dict)
    """Names with one value everywhere: settings and ``today``."""
    scopes: dict[int, tuple[Mapping[str, NameType], Scope]] = field(default_factory=dict)
    """Scopes already made, by the identity of their names (kept alive beside them)."""
    properties: dict[str, NameType] = field(default_factory=dict)
    """What units are known to have: ``one_per: [unit]`` registers and ``set`` effects."""

    def fail(self, code: str, item: Item, *, at_word: bool = False, **words: object) -> None:
        """Collect a problem at an item: at its value, or at the word before it."""
        line, column = item.place if at_word else (item.node.line, item.node.column)
        self.problems.add(code, line, column, item.path, **words)

    def fail_near(self, code: str, item: Item, word: str, known: Iterable[str], **words: str) -> None:
        """Collect a problem about an unknown word, with its did-you-mean."""
        if self.problems.full:
            return
        hint_zh, hint_en = near(word, known)
        self.problems.add(
            code, item.node.line, item.node.column, item.path, word=word, hint_zh=hint_zh, hint_en=hint_en, **words
        )

    def formula(self, item: Item | None, scope: Scope, wants: Type | None = None) -> Expression | None:
        """Parse an expression; its faults become problems at their very place in the file."""
        if item is None:
            return None
        expression, faults = parse_expression(item.value, scope, wants=wants)
        for fault in faults:
            assert isinstance(item.node, Scalar)
            line, column = place_in_scalar(self.text, item.node, fault.offset)
            zh, hint_zh = (_ended(part, "。") for part in (fault.zh, fault.hint_zh))
            en, hint_en = (_ended(part, ".") for part in (fault.en, fault.hint_en))
            said = (zh, en, hint_zh, hint_en)
            self.problems.add_said(fault.code, line, column, item.path, said)
        return None if faults else expression

    def duration(self, item: Item | None) -> Duration | None:
        """Return a length of time, looked up where a setting is named."""
        if item is None or isinstance(item.value, Duration):
            return item.value if item else None
        setting = self.settings.get(item.value)
        if setting and isinstance(setting.value, Duration):
            return setting.value
        known = [one.id for one in self.settings.values() if one.type == "duration"]
        self.fail_near("C228", item, item.value, known, type_zh="一段时间", type_en="length of time")
        return None

    def count(self, item: Item | None) -> int | None:
        """Return a whole number, looked up where a setting is named."""
        if item is None or isinstance(item.value, int):
            return item.value if item else None
        setting = self.settings.get(item.value)
        if setting and setting.type == "int" and isinstance(setting.value, int):
            return setting.value
        known = [one.id for one in self.settings.values() if one.type == "int"]
        self.fail_near("C228", item, item.value, known, type_zh="整数", type_en="whole number")
        return None

    def number(self, item: Item | None) -> Decimal | None:
        """Return a number, looked up where a setting is named."""
        if item is None or isinstance(item.value, Decimal):
            return item.value if item else None
        setting = self.settings.get(item.value)
        if setting and setting.type in ("int", "decimal", "percent") and isinstance(setting.value, int | Decimal):
            return Decimal(setting.value)
        known = [one.id for one in self.settings.values() if one.type in ("int", "decimal", "percent")]
        self.fail_near("C228", item, item.value, known, type_zh="一个数", type_en="number")
        return None


def _ended(sentence: str, stop: str) -> str:
    return sentence + stop if sentence and sentence[-1] not in "。？.?" else sentence
