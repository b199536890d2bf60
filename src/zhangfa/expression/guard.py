"""What is refused before any parser sees it: too long, too deep, signs that only look right."""

from __future__ import annotations

import re
import unicodedata

from zhangfa.expression.faults import Fault, describe_fault

MAX_BYTES = 4096
MAX_DEPTH = 30
MAX_NODES = 500

SINGLE = "（），。；：＝＜＞！＋－＊／％＂＇“”‘’≥≤≠×÷"
MEANT = [*"(),.;:=<>!+-*/%", *("'" * 6), ">=", "<=", "<>", "*", "/"]
FULL_WIDTH: dict[str, str | tuple[str, str]] = {**dict(zip(SINGLE, MEANT, strict=True)), "　": ("空格", "a space")}
"""Signs a Chinese keyboard gives, and the one that is meant."""

PIECES = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|[A-Za-z_]\w*|[ \t\r\n]+|.", re.DOTALL)
OPENING = frozenset({"(", "case", "[", "{"})
CLOSING = frozenset({")", "end", "]", "}"})
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories with nothing to see: control, direction marks, surrogates, private, unassigned."""
PREFIXES = frozenset({"-", "+", "not", "~"})


def find_refusal(source: str) -> Fault | None:
    """Return why the source must not be parsed, or ``None``."""
    if not source.strip():
        return describe_fault("empty")
    if len(source) > MAX_BYTES or len(source.encode("utf-8", "replace")) > MAX_BYTES:
        return describe_fault("too_long", most=MAX_BYTES)
    return _find_invisible(source) or _find_depth(source)


def _find_invisible(source: str) -> Fault | None:
    for offset, sign in enumerate(source):
        if sign not in "\n\t\r" and unicodedata.category(sign) in INVISIBLE:
            return describe_fault("invisible", offset, sign=f"U+{ord(sign):04X}")
    return None


def _find_depth(source: str) -> Fault | None:
    """Find nesting over the limit, by brackets, ``case`` and rows of prefix operators; and signs refused."""
    depth = run = 0
    for piece in PIECES.finditer(source):
        word = piece[0].lower()
        if word in FULL_WIDTH:
            return describe_fault("full_width", piece.start(), sign=word, meant=FULL_WIDTH[word])
        if word == ";":
            return describe_fault("several", piece.start())
        if word.isspace():
            continue
        run = run + 1 if word in PREFIXES else 0
        depth += (word in OPENING) - (word in CLOSING)
        if depth + run > MAX_DEPTH:
            return describe_fault("too_deep", piece.start())
    return None
