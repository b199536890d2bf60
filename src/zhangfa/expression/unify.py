"""Which types go together: in a comparison, and as the branches of one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from zhangfa.expression import tree
from zhangfa.expression.arithmetic import to_scale
from zhangfa.expression.faults import Fault, suggest
from zhangfa.expression.scope import WORDS, NameType, any_, decimal_, null_

ORDERED = ("int", "decimal", "text", "date", "datetime", "time")
EQUAL = (*ORDERED, "bool", "person")
PRINTABLE = ("text", "int", "decimal", "date", "bool")
MOMENTS = {"date": dt.date.fromisoformat, "datetime": dt.datetime.fromisoformat, "time": dt.time.fromisoformat}
SHAPES = {"date": "'2026-11-22'", "datetime": "'2026-11-22T08:30:00Z'", "time": "'08:30'"}
GROUPS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "number": (("int", "decimal"), "数字", "number"),
    "day": (("date", "datetime"), "日期", "date"),
    "ordered": (ORDERED, "可比大小的值", "value with an order"),
    "printable": (PRINTABLE, "文字、数字、日期或是否", "text, number, date or yes-or-no"),
    "many": (("list", "files", "table"), "多选、附件或表格", "list, files or table"),
    "summed": (("int", "decimal", "bool"), "数字或是否", "number or yes-or-no"),
}


def kind_words(kind: str) -> tuple[str, str]:
    """Return what people call a type or a group of types."""
    return WORDS[kind] if kind in WORDS else GROUPS[kind][1:]


def fits(found: NameType, kind: str) -> bool:
    """Say whether a type may stand where a kind (or a group of kinds) is needed."""
    return found.kind in ("any", "null", kind) or found.kind in GROUPS.get(kind, ((), "", ""))[0]


def converted(node: tree.Node, wanted: NameType) -> tree.Node:
    """Return the node as the wanted type: numbers become decimals of its scale, NULL stays."""
    if wanted.kind != "decimal" or node.type == wanted or not node.type.is_number:
        return node
    if isinstance(node, tree.Literal) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return tree.Literal(wanted, to_scale(node.value, wanted.scale))
    return tree.Convert(wanted, node)


def unify(types: Sequence[NameType]) -> NameType | None:
    """Return the one type of several branches, or ``None`` where there is none."""
    held = list(dict.fromkeys(found for found in types if found.kind != "null"))
    if not held:
        return null_
    if any(found.kind == "any" for found in held):
        return any_
    if len(held) == 1:
        return held[0]
    if all(found.is_number for found in held):
        return decimal_(max(found.scale for found in held))
    kinds = {found.kind for found in held}
    return NameType(held[0].kind) if len(kinds) == 1 and kinds <= set(EQUAL) | {"point"} else None


def comparable(operator: str, left: tree.Node, right: tree.Node) -> tuple[tree.Node, tree.Node] | Fault:
    """Return both sides as one type, or the fault that forbids comparing them (offset 0)."""
    if "null" in (left.type.kind, right.type.kind):
        return _null_fault(left, right)
    if "any" in (left.type.kind, right.type.kind):
        return left, right
    if left.type.is_number and right.type.is_number:
        return _same_number(left, right)
    moment = _moment_literal(left, right)
    if moment is not None:
        return moment
    if left.type.kind != right.type.kind:
        return _different(left.type, right.type)
    if left.type.kind not in (EQUAL if operator in ("=", "<>") else ORDERED):
        return _no_order(operator, left.type)
    return _option_fault(left, right) or _option_fault(right, left) or (left, right)


def _same_number(left: tree.Node, right: tree.Node) -> tuple[tree.Node, tree.Node]:
    if left.type.kind == right.type.kind == "int":
        return left, right
    wanted = decimal_(max(left.type.scale, right.type.scale))
    return converted(left, wanted), converted(right, wanted)


def _null_fault(left: tree.Node, right: tree.Node) -> tuple[tree.Node, tree.Node] | Fault:
    literal = [side for side in (left, right) if isinstance(side, tree.Literal) and side.value is None]
    if not literal:
        return left, right
    return Fault("E114", 0, "不能用比较符号与 null 比较", "Nothing can be compared with null by an operator",
                 "请写 is null 或 is not null", "Write is null or is not null")  # fmt: skip


def _moment_literal(left: tree.Node, right: tree.Node) -> tuple[tree.Node, tree.Node] | Fault | None:
    for literal, other, turned in ((right, left, False), (left, right, True)):
        if isinstance(literal, tree.Literal) and isinstance(literal.value, str) and other.type.kind in MOMENTS:
            moment = read_moment(literal.value, other.type)
            if isinstance(moment, Fault):
                return moment
            return (moment, other) if turned else (other, moment)
    return None


def read_moment(text: str, wanted: NameType) -> tree.Literal | Fault:
    """Return a quoted date, moment or time as a literal; a moment without a zone is Beijing time."""
    shape = SHAPES[wanted.kind]
    try:
        value = MOMENTS[wanted.kind](text)
    except ValueError:
        zh, en = kind_words(wanted.kind)
        return Fault("E122", 0, f"'{text[:30]}' 不是{zh}", f"'{text[:30]}' is not a {en}", f"请写成 {shape}", f"Write it as {shape}")
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
    return tree.Literal(wanted, value)


def _different(left: NameType, right: NameType) -> Fault:
    left_zh, left_en = kind_words(left.kind)
    right_zh, right_en = kind_words(right.kind)
    hint = ("请用 date(…) 取日期", "Take the day with date(…)") if {left.kind, right.kind} == {"date", "datetime"} else ("", "")
    return Fault("E114", 0, f"{left_zh}不能与{right_zh}比较", f"A {left_en} cannot be compared with a {right_en}", *hint)


def _no_order(operator: str, found: NameType) -> Fault:
    zh, en = kind_words(found.kind)
    return Fault("E114", 0, f"{zh}不能用 {operator} 比较", f"A {en} cannot be compared by {operator}")


def _option_fault(choice: tree.Node, literal: tree.Node) -> Fault | None:
    options = choice.type.options
    if options is None or not isinstance(literal, tree.Literal) or literal.value in options:
        return None
    hint = suggest(str(literal.value), options)
    return Fault("E115", 0, f"没有选项 '{literal.value}'", f"There is no option '{literal.value}'", *hint)


