"""Which types go together: in a comparison, and as the branches of one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from zhangfa.expression import tree
from zhangfa.expression.arithmetic import to_scale
from zhangfa.expression.faults import Fault, describe_fault
from zhangfa.expression.scope import WORDS, NameType, any_, decimal_, null_
from zhangfa.expression.sentences import suggest

ORDERED = ("int", "decimal", "text", "date", "datetime", "time")
EQUAL = (*ORDERED, "bool", "person")
PRINTABLE = ("text", "int", "decimal", "date", "bool")
MOMENTS = {"date": dt.date.fromisoformat, "datetime": dt.datetime.fromisoformat, "time": dt.time.fromisoformat}
SHAPES = {"date": "'2026-11-22'", "datetime": "'2026-11-22T08:30:00Z'", "time": "'08:30'"}
GROUPS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "number": (("int", "decimal"), "数字", "a number"),
    "day": (("date", "datetime"), "日期", "a date"),
    "ordered": (ORDERED, "可比大小的值", "a value with an order"),
    "printable": (PRINTABLE, "文字、数字、日期或是否", "a text, number, date or yes or no"),
    "many": (("list", "files", "table"), "多选、附件或表格", "a list, files or a table"),
    "summed": (("int", "decimal", "bool"), "数字或是否", "a number or yes or no"),
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
        return describe_fault("no_order", kind=kind_words(left.type.kind), operator=operator)
    return _option_fault(left, right) or _option_fault(right, left) or (left, right)


def _same_number(left: tree.Node, right: tree.Node) -> tuple[tree.Node, tree.Node]:
    if left.type.kind == right.type.kind == "int":
        return left, right
    wanted = decimal_(max(left.type.scale, right.type.scale))
    return converted(left, wanted), converted(right, wanted)


def _null_fault(left: tree.Node, right: tree.Node) -> tuple[tree.Node, tree.Node] | Fault:
    written = any(isinstance(side, tree.Literal) and side.value is None for side in (left, right))
    return describe_fault("with_null") if written else (left, right)


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
    try:
        value = MOMENTS[wanted.kind](text)
    except ValueError:
        kind, shape = kind_words(wanted.kind), SHAPES[wanted.kind]
        return describe_fault("bad_moment", shown=text[:30], kind=kind, shape=shape)
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
    return tree.Literal(wanted, value)


def _different(left: NameType, right: NameType) -> Fault:
    what = "different_days" if {left.kind, right.kind} == {"date", "datetime"} else "different"
    return describe_fault(what, left=kind_words(left.kind), right=kind_words(right.kind))


def _option_fault(choice: tree.Node, literal: tree.Node) -> Fault | None:
    options = choice.type.options
    if options is None or not isinstance(literal, tree.Literal) or literal.value in options:
        return None
    return describe_fault("unknown_option", option=str(literal.value), hint=suggest(str(literal.value), options))
