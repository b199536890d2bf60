"""Text → tree with line numbers: YAML's parse events, checked as they come, nothing constructed.

``yaml.safe_load`` is not safe: a 434-byte merge bomb held it 31 s, 500 brackets crash it, ``010``
becomes 8, ``no`` becomes False and a duplicate key silently wins. Here every scalar stays text,
and whatever could grow or mean something else is refused before a tree stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from zhangfa.charter.problems import Problems

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 10_000
# C0 and C1 controls, lone surrogates, and the bidirectional controls that make a text read otherwise than it runs.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(slots=True)
class Scalar:
    """A single value, as text; ``style`` is YAML's sign for how it was written."""

    line: int
    column: int
    value: str
    style: str | None
    index: int


@dataclass(slots=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping_:
    """A mapping, in the order of the file."""

    line: int
    column: int
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping_


def digest_of(text: str, files: Mapping[str, str]) -> str:
    """SHA-256 (hex) of the source and, by name, of each checklist file that goes with it."""
    total = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for name in sorted(files):
        total.update(b"\0" + name.encode() + b"\0" + files[name].encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def decode_source(data: bytes, problems: Problems) -> str | None:
    """Read a file's bytes as UTF-8; a byte-order mark of UTF-8 is dropped, any other encoding refused."""
    if len(data) > MAX_BYTES:
        problems.add("C002", 1, 1, "", size=len(data), most=MAX_BYTES)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add("C003", line, 1, "")
        return None


def parse_source(text: str, problems: Problems) -> Mapping_ | None:
    """Return the tree of the file, or ``None`` with every problem of its form collected."""
    if not _is_plain(text, problems):
        return None
    builder = _Builder(problems)
    before = len(problems)
    try:
        # The C parser hands out one event after another; it never recurses and never expands.
        parser = yaml.CSafeLoader(text)
        while type(event := parser.get_event()) is not yaml.StreamEndEvent:
            builder.take(event)
    except _Refused:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = error.problem or str(error).splitlines()[0]
        problems.add("C001", line, column, "", said=said, said_zh=SAID_IN_CHINESE.get(said, said))
        return None
    except yaml.YAMLError as error:
        said = str(error).splitlines()[0]
        problems.add("C001", 1, 1, "", said=said, said_zh=said)
        return None
    if len(problems) > before:
        return None
    if not isinstance(builder.root, Mapping_):
        problems.add("C013", 1, 1, "")
        return None
    return builder.root


def _is_plain(text: str, problems: Problems) -> bool:
    size = len(text) if len(text) > MAX_BYTES else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        problems.add("C002", 1, 1, "", size=size, most=MAX_BYTES)
        return False
    if found := FORBIDDEN.search(text):
        line, column = _line_column(text, found.start())
        problems.add("C004", line, column, "", sign=f"U+{ord(found.group()):04X}")
        return False
    return True


def _line_column(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


SAID_IN_CHINESE = {
    "did not find expected ',' or ']'": "方括号没有写完，或少了逗号",
    "did not find expected ',' or '}'": "花括号没有写完，或少了逗号",
    "did not find expected key": "缩进不对，或这里少了一个词",
    "mapping values are not allowed in this context": "一行里多了一个冒号；含冒号的文字请加引号",
    "found character that cannot start any token": "这里不能用制表符（Tab）或这个符号，请用空格缩进",
    "could not find expected ':'": "词后面少了冒号",
    "found unexpected end of stream": "引号没有写完",
    "did not find expected '-' indicator": "列表的缩进不对",
    "block sequence entries are not allowed in this context": "列表不能写在这里",
}
"""What the YAML parser says, for people who read Chinese."""


class _Refused(Exception):
    """Reading stops here: what follows could not be trusted."""


class _Builder:
    """Builds the tree from events with a stack of its own, so that depth costs nothing."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0
        self.stack: list[Mapping_ | Sequence] = []
        self.keys: list[Scalar | None] = []

    def take(self, event: Any) -> None:
        """Take the next event; most are scalars, so they come first."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.stack.pop()
            self.keys.pop()
        elif kind is yaml.MappingStartEvent:
            mark = event.start_mark
            self._open(event, Mapping_(mark.line + 1, mark.column + 1))
        elif kind is yaml.SequenceStartEvent:
            mark = event.start_mark
            self._open(event, Sequence(mark.line + 1, mark.column + 1))
        elif kind is yaml.AliasEvent:
            self._refuse("C006", event, name=event.anchor)
        elif kind is yaml.DocumentStartEvent:
            self._document(event)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._refuse("C010", event)
        if event.version or event.tags:
            self._refuse("C008", event, tag="%")

    def _scalar(self, event: Any) -> None:
        # Most of a file is scalars: this is the hot path, so nothing is called here that can be done in place.
        if event.anchor or event.tag:
            self._check_plain(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._refuse("C012", event, most=MAX_NODES)
        mark = event.start_mark
        node = Scalar(mark.line + 1, mark.column + 1, event.value, event.style, mark.index)
        stack: Any = self.stack
        if not stack:
            self.root = node
        elif type(holder := stack[-1]) is Sequence:
            holder.items.append(node)
        elif (key := self.keys[-1]) is None:
            self._key(holder, node, event)
        else:
            holder.entries.setdefault(key.value, (key, node))
            self.keys[-1] = None

    def _key(self, mapping: Any, key: Scalar, event: Any) -> None:
        if key.value == "<<" and not key.style:
            self._refuse("C007", event)
        if key.value in mapping.entries:
            first = mapping.entries[key.value][0].line
            self.problems.add("C009", key.line, key.column, key.value, word=key.value, first=first)
        self.keys[-1] = key

    def _open(self, event: Any, node: Mapping_ | Sequence) -> None:
        if event.anchor or event.tag:
            self._check_plain(event)
        if len(self.stack) >= MAX_DEPTH:
            self._refuse("C011", event, most=MAX_DEPTH)
        self._place(node, event)
        self.stack.append(node)
        self.keys.append(None)

    def _place(self, node: Mapping_ | Sequence, event: Any) -> None:
        self.nodes += 1
        holder = self.stack[-1] if self.stack else None
        if isinstance(holder, Sequence):
            holder.items.append(node)
        elif isinstance(holder, Mapping_):
            key = self.keys[-1]
            if key is None:
                self._refuse("C014", event)
            else:
                holder.entries.setdefault(key.value, (key, node))
                self.keys[-1] = None
        else:
            self.root = node

    def _check_plain(self, event: Any) -> NoReturn:
        if event.anchor:
            self._refuse("C005", event, name=event.anchor)
        self._refuse("C008", event, tag=event.tag)

    def _refuse(self, code: str, event: Any, **words: object) -> NoReturn:
        mark = event.start_mark
        self.problems.add(code, mark.line + 1, mark.column + 1, "", **words)
        raise _Refused


def place_in_scalar(text: str, scalar: Scalar, offset: int) -> tuple[int, int]:
    """Return the line and column in the file of the ``offset``-th sign of a scalar's value.

    The value is walked along the source, since quotes, escapes and folded lines make the two differ.
    """
    raw = scalar.index
    if scalar.style in ("'", '"'):
        raw += 1
    elif scalar.style in ("|", ">"):
        raw = text.find("\n", raw) + 1
        raw = _skip_blank(text, raw)
    for sign in scalar.value[:offset]:
        raw = _step(text, raw, sign, scalar.style)
    return _line_column(text, min(raw, len(text)))


def _step(text: str, raw: int, sign: str, style: str | None) -> int:
    here = text[raw : raw + 1]
    if style == '"' and here == "\\":
        long = {"x": 4, "u": 6, "U": 10}.get(text[raw + 1 : raw + 2], 2)
        return raw + long
    if style == "'" and here == "'":
        return raw + 2
    if (sign in " \n" and here in ("\n", "\r")) or (sign == " " and not text[raw:].split("\n", 1)[0].strip(" ")):
        return _skip_blank(text, raw)
    return raw + 1


def _skip_blank(text: str, raw: int) -> int:
    while raw < len(text) and text[raw] in " \r\n":
        raw += 1
    return raw
