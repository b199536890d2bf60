"""Says an expression in words for a villager, in Chinese and English; best effort, else its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from zhangfa.expression import tree
from zhangfa.expression.dates import BEIJING
from zhangfa.expression.expression import Expression
from zhangfa.expression.phrases import (
    CALLED,
    COMPARED,
    COMPARED_TIMES,
    FOLDED,
    FOLDED_TABLE,
    RECKONED,
    RESERVED,
)
from zhangfa.expression.sentences import Pair


class Named(Protocol):
    """A title in both languages, such as the charter's ``Text``."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Words:
    """What an expression says, in Chinese and English."""

    zh: str
    en: str


def describe(expression: Expression, names: Mapping[str, Named]) -> Words:
    """Return the expression in words.

    ``names`` gives titles for names (``mark``), paths (``items.content``, ``courtyard.state``) and
    options (``kind=industry``). What has no title keeps its id; what cannot be said well is quoted as it stands.
    """
    try:
        return Words(*Speaker(names).say(expression.tree))
    except LookupError:
        return Words(expression.source, expression.source)


def fill(phrase: Pair, *parts: Pair, **gaps: Pair) -> Pair:
    """Fill a phrase in both languages."""
    zh = phrase[0].format(*(part[0] for part in parts), **{name: part[0] for name, part in gaps.items()})
    en = phrase[1].format(*(part[1] for part in parts), **{name: part[1] for name, part in gaps.items()})
    return zh, en


def listed(parts: Iterable[Pair], zh: str, en: str) -> Pair:
    """Join parts by a word of each language."""
    held = list(parts)
    return zh.join(part[0] for part in held), en.join(part[1] for part in held)


class Speaker:
    """Says parts; ``table`` is the table field whose rows are being spoken of."""

    def __init__(self, names: Mapping[str, Named]) -> None:
        self.names = names
        self.table = ""

    def say(self, node: tree.Node) -> Pair:
        """Return a part in words, or raise LookupError where there are none."""
        return SAYERS[type(node)](self, node)

    def title(self, key: str, otherwise: Pair) -> Pair:
        """Return the title under a key."""
        named = self.names.get(key)
        return otherwise if named is None else (named.zh, named.en or named.zh)

    def value(self, node: tree.Node, beside: tree.Node) -> Pair:
        """Return a value; a written option by its title in the choice beside it."""
        if isinstance(node, tree.Literal) and isinstance(node.value, str) and isinstance(beside, tree.Name):
            path = ".".join(beside.path)
            quoted = f"“{node.value}”", f"“{node.value}”"
            found = self.title(f"{self.table}.{path}={node.value}", self.title(f"{path}={node.value}", quoted))
            return found if found == quoted else (f"“{found[0]}”", f"“{found[1]}”")
        return self.say(node)

    def enclosed(self, node: tree.Node) -> Pair:
        """Return a part in brackets where it is made of several."""
        zh, en = self.say(node)
        return (f"（{zh}）", f"({en})") if isinstance(node, tree.Logic | tree.Arithmetic | tree.Case) else (zh, en)


def _literal(speaker: Speaker, node: tree.Literal) -> Pair:
    value = node.value
    if value is None:
        return "空", "nothing"
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    shown = _shown(value)
    return shown, shown


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return f"“{value}”" if isinstance(value, str) else str(value)


def _name(speaker: Speaker, node: tree.Name) -> Pair:
    path = ".".join(node.path)
    if node.row and speaker.table:
        return speaker.title(f"{speaker.table}.{path}", speaker.title(path, (path, path)))
    return speaker.title(path, RESERVED.get(path) or _path(speaker, node.path))


def _path(speaker: Speaker, path: tuple[str, ...]) -> Pair:
    titles = [speaker.title(part, RESERVED.get(part, (part, part))) for part in path]
    return listed(titles, "的", "’s ")


def _condition(speaker: Speaker, node: tree.Node) -> Pair:
    """Say a yes-or-no field as a condition."""
    found = speaker.enclosed(node)
    return fill(("{0}为“是”", "{0} is yes"), found) if isinstance(node, tree.Name) else found


def _compare(speaker: Speaker, node: tree.Compare) -> Pair:
    left, right = speaker.value(node.left, node.right), speaker.value(node.right, node.left)
    times = node.left.type.kind in ("date", "datetime", "time")
    phrase = COMPARED_TIMES.get(node.operator) if times else None
    return fill(phrase or COMPARED[node.operator], left, right)


def _logic(speaker: Speaker, node: tree.Logic) -> Pair:
    joints = ("，且", ", and ") if node.operator == "and" else ("，或", ", or ")
    return listed((_condition(speaker, part) for part in node.parts), *joints)


def _not(speaker: Speaker, node: tree.Not) -> Pair:
    inner = node.operand
    if isinstance(inner, tree.Is) and inner.what is None:
        return fill(("已填写{0}", "{0} is filled in"), speaker.say(inner.operand))
    if isinstance(inner, tree.In):
        return fill(("{0}不是{1}", "{0} is not {1}"), speaker.say(inner.operand), _choices(speaker, inner))
    if isinstance(inner, tree.Name):
        return fill(("{0}不为“是”", "{0} is not yes"), speaker.say(inner))
    return fill(("并非“{0}”", "it is not so that {0}"), speaker.say(inner))


def _is(speaker: Speaker, node: tree.Is) -> Pair:
    said = {None: ("未填写{0}", "{0} is empty"), True: ("{0}为“是”", "{0} is yes"), False: ("{0}为“否”", "{0} is no")}
    return fill(said[node.what], speaker.enclosed(node.operand))


def _choices(speaker: Speaker, node: tree.In) -> Pair:
    return listed((speaker.value(choice, node.operand) for choice in node.choices), "或", " or ")


def _in(speaker: Speaker, node: tree.In) -> Pair:
    return fill(("{0}是{1}", "{0} is {1}"), speaker.say(node.operand), _choices(speaker, node))


def _between(speaker: Speaker, node: tree.Between) -> Pair:
    parts = [speaker.say(part) for part in (node.operand, node.low, node.high)]
    return fill(("{0}在{1}到{2}之间", "{0} is between {1} and {2}"), *parts)


def _contains(speaker: Speaker, node: tree.Contains) -> Pair:
    return fill(("{0}包括{1}", "{0} includes {1}"), speaker.say(node.items), speaker.value(node.operand, node.items))


def _case(speaker: Speaker, node: tree.Case) -> Pair:
    said = []
    for test, value in node.branches:
        when = _condition(speaker, test) if node.operand is None else _compared_to(speaker, node.operand, test)
        said.append(fill(("{0}时为{1}", "{1} if {0}"), when, speaker.enclosed(value)))
    said.append(fill(("否则为{0}", "else {0}"), speaker.enclosed(node.otherwise)))
    return listed(said, "；", "; ")


def _compared_to(speaker: Speaker, operand: tree.Node, test: tree.Node) -> Pair:
    return fill(COMPARED["="], speaker.say(operand), speaker.value(test, operand))


def _arithmetic(speaker: Speaker, node: tree.Arithmetic) -> Pair:
    sign = f" {RECKONED[node.operator]} "
    left, right = (_term(speaker, part, node.operator) for part in (node.left, node.right))
    return left[0] + sign + right[0], left[1] + sign + right[1]


def _term(speaker: Speaker, node: tree.Node, operator: str) -> Pair:
    plain = isinstance(node, tree.Arithmetic) and operator == "+"
    return speaker.say(node) if plain else speaker.enclosed(node)


def _call(speaker: Speaker, node: tree.Call) -> Pair:
    parts = [speaker.enclosed(part) for part in node.arguments]
    if node.function == "round" and node.arguments[1] == tree.Literal(node.arguments[1].type, 0):
        return fill(("{0}（四舍五入取整）", "{0} (rounded)"), parts[0])
    phrase = CALLED[node.function]
    if len(parts) > 2:
        raise LookupError(node.function)
    return fill(phrase, *parts)


def _fold(speaker: Speaker, node: tree.Fold) -> Pair:
    if node.distinct:
        raise LookupError(node.function)
    table = speaker.say(node.table) if node.table else ("", "")
    speaker.table, before = node.table.path[0] if node.table else "", speaker.table
    try:
        return _folded(speaker, node, table)
    finally:
        speaker.table = before


def _folded(speaker: Speaker, node: tree.Fold, table: Pair) -> Pair:
    if not node.arguments:
        return fill(("{0}的行数", "the number of rows of {0}"), table) if node.table else ("份数", "their number")
    said = _condition(speaker, node.arguments[0])
    if node.type.kind != "bool" and not node.where and node.function != "share":
        said = speaker.enclosed(node.arguments[0])
    if node.function == "trimmed_mean" and node.settings == (0,):
        return fill(FOLDED["avg"], said)
    phrase = FOLDED_TABLE.get(node.function) if (node.table and node.function != "count") or node.where else None
    return fill(
        phrase or FOLDED[node.function], said, *((str(value), str(value)) for value in node.settings), table=table
    )


SAYERS: dict[type[tree.Node], Callable[[Speaker, Any], Pair]] = {
    tree.Literal: _literal,
    tree.Name: _name,
    tree.Convert: lambda speaker, node: speaker.say(node.operand),
    tree.Negate: lambda speaker, node: fill(("−{0}", "−{0}"), speaker.enclosed(node.operand)),
    tree.Arithmetic: _arithmetic,
    tree.Logic: _logic,
    tree.Not: _not,
    tree.Compare: _compare,
    tree.Between: _between,
    tree.In: _in,
    tree.Contains: _contains,
    tree.Is: _is,
    tree.Case: _case,
    tree.Call: _call,
    tree.Fold: _fold,
}
