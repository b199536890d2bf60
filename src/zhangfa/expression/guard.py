"""What is refused before any parser sees it: too long, too deep, signs that only look right."""

from __future__ import annotations

import re
import unicodedata

from zhangfa.expression.faults import Fault

MAX_BYTES = 4096
MAX_DEPTH = 30
MAX_NODES = 500

FULL_WIDTH = dict(zip("（），。；：＝＜＞！＋－＊／％＂＇“”‘’　≥≤≠×÷", [*"(),.;:=<>!+-*/%", *"\"'''''", "空格", ">=", "<=", "<>", "*", "/"], strict=True))
"""Signs a Chinese keyboard gives, and the one that is meant."""

PIECES = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|[A-Za-z_]\w*|\s+|.", re.DOTALL)
OPENING = frozenset({"(", "case", "[", "{"})
CLOSING = frozenset({")", "end", "]", "}"})
PREFIXES = frozenset({"-", "+", "not", "~"})


def find_refusal(source: str) -> Fault | None:
    """Return why the source must not be parsed, or ``None``."""
    if not source.strip():
        return Fault("E100", 0, "表达式是空的", "The expression is empty")
    if len(source) > MAX_BYTES or len(source.encode("utf-8", "replace")) > MAX_BYTES:
        return Fault("E101", 0, f"表达式超过{MAX_BYTES}个字节", f"The expression is longer than {MAX_BYTES} bytes")
    return _find_odd_sign(source) or _find_depth(source)


def _find_odd_sign(source: str) -> Fault | None:
    for offset, sign in enumerate(source):
        if sign not in "\n\t\r" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            code = f"U+{ord(sign):04X}"
            return Fault("E107", offset, f"含有看不见的字符 {code}", f"There is an invisible character {code}",
                         "请删掉这个字符", "Delete it")  # fmt: skip
    return None


def _find_depth(source: str) -> Fault | None:
    """Find nesting over the limit, by brackets, ``case`` and rows of prefix operators; and full-width signs."""
    depth = run = 0
    for piece in PIECES.finditer(source):
        word = piece[0].lower()
        if word.isspace() and word != "　":
            continue
        if word in FULL_WIDTH:
            return _full_width(piece.start(), word)
        run = run + 1 if word in PREFIXES else 0
        depth += (word in OPENING) - (word in CLOSING)
        if max(depth, depth + run) > MAX_DEPTH:
            return Fault("E102", piece.start(), f"表达式嵌套超过{MAX_DEPTH}层", f"The expression is nested deeper than {MAX_DEPTH}",
                         "请拆成几个计算字段", "Split it into several computed fields")  # fmt: skip
    return None


def _full_width(offset: int, sign: str) -> Fault:
    meant = FULL_WIDTH[sign]
    return Fault("E105", offset, f"“{sign}”是全角符号", f"“{sign}” is a full-width sign",
                 f"请改成半角 {meant}", f"Write {'a space' if meant == '空格' else meant} instead")  # fmt: skip
