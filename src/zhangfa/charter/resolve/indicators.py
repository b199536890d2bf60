"""Indicators: which facts, whose they are, what value they make, how it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from zhangfa.charter.fact_columns import Columns, is_sealed
from zhangfa.charter.model import EMPTY_TEXT, Register
from zhangfa.charter.resolve.judged import Judging, may_lie_in, parts_of, values_allowed
from zhangfa.charter.resolve.scales import resolve_scale, resolve_weight
from zhangfa.charter.schema.shapes import Item
from zhangfa.charter.score_model import LOGARITHMIC, Indicator, Scale, unlogarithmic
from zhangfa.expression import Expression, parse_expression, tree
from zhangfa.expression.scope import Scope

OWN_KEY = ("score", "honour", "post")
"""Tables whose rows say themselves whose they are."""
NOTHING = Scope({}, aggregates=True)
QUOTED = re.compile(r"'[^']*'")
WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Frame:
    """What an indicator takes from the score and dimension around it."""

    of_kind: str
    of_post: str
    dimension: str
    source: str
    missing: str


def resolve_indicator(judging: Judging, name: str, item: Item, frame: Frame) -> Indicator:
    """Return the frozen indicator; what it cannot count is collected."""
    ctx = judging.ctx
    table, register = _table(judging, item)
    scale = resolve_scale(ctx, item, register)
    weight, source = resolve_weight(ctx, item, scale.kind)
    where = _where(judging, item, table)
    value = _value(judging, item, table, scale)
    if table:
        _check_sources(judging, item, table, where)
        _check_level(judging, item, register, frame)
    return Indicator(
        id=name, title=item.get("title", EMPTY_TEXT), from_=table, value=value, scale=scale, where=where,
        key=_key(judging, item, table, frame) if table else "", weight=weight,
        transform=_transform(judging, item, scale),
        clause=item.get("clause"), dimension=frame.dimension, weight_source=source or (frame.source if weight else ""),
        missing=item.get("missing", frame.missing),
    )  # fmt: skip


def _transform(judging: Judging, item: Item, scale: Scale) -> Literal["", "ln"]:
    """Return the transform where the scale has a logarithm: both its ends must be above zero."""
    if not item.has("transform"):
        return ""
    if scale.kind not in LOGARITHMIC:
        judging.ctx.fail("C121", item.value["transform"], at_word=True, word="transform", other="target")
        return ""
    lacking = unlogarithmic(scale)
    for name in lacking:
        judging.ctx.fail("C274", item.value["transform"], at_word=True, word=name)
    return "" if lacking else "ln"


def _table(judging: Judging, item: Item) -> tuple[str, Register | None]:
    written = item.value.get("from")
    if written is None:
        return "", None
    if written.value not in judging.tables:
        judging.ctx.fail_near("C250", written, written.value, judging.tables)
        return "", None
    register = judging.registers.get(written.value)
    if register:
        hidden = set(register.fields) & {"record", "version", "closed", "dated", "county", "town", "village", "grid"}
        for one in sorted(hidden):
            judging.ctx.fail("C275", written, word=one)
    return str(written.value), register


def _where(judging: Judging, item: Item, table: str) -> Expression | None:
    written = item.value.get("where")
    if written is None or not table or _reads_sealed(judging, written, table):
        return None
    return judging.ctx.formula(written, judging.row(table), "bool")


def _value(judging: Judging, item: Item, table: str, scale: Scale) -> Expression:
    written = item.value.get("value")
    if written and scale.kind == "given":
        judging.ctx.fail("C276", written, at_word=True)
    elif scale.kind == "given" and table and item.value["given"].has("mark"):
        return _marks(judging, item.value["given"].get("mark"), table, scale)
    elif written is None and not item.has("given"):
        judging.ctx.fail("C102", item, at_word=True, word="value", zh="怎样得出值", en="how facts make a value")
    elif written and table and not _reads_sealed(judging, written, table):
        value = judging.ctx.formula(written, judging.rows(table))
        if value and _is_number(judging, written, value):
            return value
    return _one_value()


def _marks(judging: Judging, mark: str, table: str, scale: Scale) -> Expression:
    source = f"trimmed_mean({mark}, {scale.given_trim})" if scale.given_trim else f"avg({mark})"
    return parse_expression(source, judging.rows(table))[0] or _one_value()


def _one_value() -> Expression:
    value, _ = parse_expression("count(*)", NOTHING)
    assert value is not None
    return value


def _is_number(judging: Judging, written: Item, value: Expression) -> bool:
    if not value.result.is_number:
        judging.ctx.fail("C261", written, type=value.type)
    elif not any(isinstance(one, tree.Fold) for one in parts_of(value.tree)):
        judging.ctx.fail("C261", written, type="constant")
    else:
        return True
    return False


def _reads_sealed(judging: Judging, written: Item, table: str) -> bool:
    """Refuse a sealed field by name, which the columns do not have."""
    register = judging.registers.get(table)
    words = set(WORD.findall(QUOTED.sub("", written.value)))
    sealed = [one.id for one in register.fields.values() if is_sealed(one, register)] if register else []
    found = [one for one in sealed if one in words]
    for one in found:
        judging.ctx.fail("C316", written, word=one)
    return bool(found)


def _key(judging: Judging, item: Item, table: str, frame: Frame) -> str:
    columns = judging.columns(table)
    written = item.value.get("key")
    if written is None:
        if not frame.of_post:
            return ""
        if table in OWN_KEY:
            return "person"
        judging.ctx.fail("C262", item, at_word=True, **_wanted(columns, frame))
        return ""
    kind = columns[written.value].kind if written.value in columns else ""
    if kind != ("person" if frame.of_post else "unit"):
        judging.ctx.fail("C262", written, **_wanted(columns, frame))
    return str(written.value)


def _wanted(columns: Columns, frame: Frame) -> dict[str, Any]:
    kind = "person" if frame.of_post else "unit"
    words = ("人员", "person") if frame.of_post else ("单位", "unit")
    known = ", ".join(name for name, one in columns.items() if one.kind == kind) or "—"
    return {"zh": words[0], "en": words[1], "known": known}


def _check_sources(judging: Judging, item: Item, table: str, where: Expression | None) -> None:
    """Hold an indicator over scores to naming which: otherwise it would count itself."""
    if table == "score" and (where is None or not values_allowed(where.tree, "scheme")):
        judging.ctx.fail("C265", item.value.get("where", item), at_word=True, word=next(iter(judging.scores), "…"))


def _check_level(judging: Judging, item: Item, register: Register | None, frame: Frame) -> None:
    if register is None or not frame.of_kind or item.has("key") or not register.unit:
        return
    if not any(may_lie_in(kind, frame.of_kind) for kind in register.unit):
        zh, en = "、".join(register.unit), ", ".join(register.unit)
        judging.ctx.fail("C264", item.value["from"], word=register.id, unit=frame.of_kind, kinds=zh, kinds_en=en)
