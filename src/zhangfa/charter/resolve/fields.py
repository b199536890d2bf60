"""Fields: of a register, of a table, of a step's own sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from zhangfa.charter.model import EMPTY_TEXT, Field, Option
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.resolve.names import PLACES, RESERVED, record_scope, type_of
from zhangfa.charter.resolve.parties import field_at, resolve_all
from zhangfa.charter.resolve.patterns import pattern_fault
from zhangfa.charter.resolve.rows import resolve_rows
from zhangfa.charter.schema.shapes import Day, Item, Number, Whole
from zhangfa.charter.schema.words import FIELD
from zhangfa.expression.scope import NameType, Type

NEEDS = {"choice": "options", "choices": "options", "ref": "to", "table": "columns"}
PLAIN = ("required", "long", "accept", "role", "sensitive")
WANTS: Mapping[str, Type] = {
    "text": "text", "int": "int", "decimal": "decimal", "percent": "decimal", "money": "decimal", "date": "date",
    "datetime": "datetime", "time": "time", "bool": "bool", "choice": "text", "person": "person", "unit": "unit",
    "choices": "list", "units": "list",
}  # fmt: skip


def resolve_field(ctx: Context, register: Item, name: str, item: Item, names: Mapping[str, NameType]) -> Field:
    """Return the frozen field; what does not fit its type is collected."""
    kind = item.get("type", "text")
    _check_words(ctx, item, kind)
    if name in RESERVED:
        ctx.fail("C112", item, at_word=True, word=name)
    given: dict[str, Any] = {word: item.get(word) for word in PLAIN if item.has(word)}
    measure = item.get("unit")
    field = Field(
        id=name, type=kind, title=item.get("title", EMPTY_TEXT), help=item.get("help"),
        min=_limit(ctx, item.value.get("min"), kind), max=_limit(ctx, item.value.get("max"), kind),
        pattern=_pattern(ctx, item.value.get("pattern")),
        options=tuple(Option(one, title.value) for one, title in item.get("options", {}).items()),
        measure=measure.zh if measure else "", places=item.get("places", PLACES.get(kind, 0)),
        kind=tuple(one.value for one in item.get("kind", ())), to=_target(ctx, item),
        visible_to=resolve_all(ctx, register, item.value.get("visible_to")),
        filled_by=resolve_all(ctx, register, item.value.get("filled_by")),
        carry=_carried(ctx, register, item.value.get("carry"), kind), **given,
    )  # fmt: skip
    if isinstance(field.min, (Decimal, dt.date)) and type(field.min) is type(field.max) and field.min > field.max:  # type: ignore[operator]
        ctx.fail("C123", item.value["min"])
    if item.has("role") and field.role not in ctx.roles:
        ctx.fail_near("C201", item.value["role"], field.role, ctx.roles)
    ctx.used_roles.add(field.role)
    return _with_expressions(ctx, register, item, field, names)


def _with_expressions(ctx: Context, register: Item, item: Item, field: Field, names: Mapping[str, NameType]) -> Field:
    scope = record_scope(ctx, names)
    wants = WANTS.get(field.type)
    columns = item.get("columns", {})
    if not (columns or item.has("default") or item.has("compute") or item.has("where")):
        return field
    around = {**names, **{one: type_of(ctx, column, 0) for one, column in columns.items()}} if columns else names
    target = ctx.registers.get(field.to)
    return replace(
        field,
        default=ctx.formula(item.value.get("default"), scope, wants),
        compute=ctx.formula(item.value.get("compute"), scope, wants),
        where=_where(ctx, item, target),
        columns=tuple(resolve_field(ctx, register, one, column, around) for one, column in columns.items()),
        rows=resolve_rows(ctx, item.value.get("rows_from")),
    )


def _where(ctx: Context, item: Item, target: Item | None) -> Any:
    from zhangfa.charter.resolve.names import names_of

    return ctx.formula(item.value.get("where"), record_scope(ctx, names_of(ctx, target)), "bool") if target else None


def _check_words(ctx: Context, item: Item, kind: str) -> None:
    for word, one in item.value.items():
        only = FIELD.words[word].only
        if only and kind not in only:
            ctx.fail("C110", one, at_word=True, word=word, type=kind)
    if kind in NEEDS and not item.has(NEEDS[kind]):
        ctx.fail("C111", item, at_word=True, word=NEEDS[kind], type=kind)
    if kind == "stock":
        ctx.fail("C109", item.value["type"], word="stock", zh="库存", en="stock")


def _limit(ctx: Context, item: Item | None, kind: str) -> Decimal | dt.date | None:
    if item is None:
        return None
    shape = Day() if kind == "date" else Number() if kind in PLACES or kind == "int" else Whole(0, 100_000)
    value: Any = shape.parse(item.value)
    if value is None:
        ctx.fail("C120", item, value=item.value[:40], type=kind)
        return None
    return value if isinstance(value, dt.date) else Decimal(value)


def _pattern(ctx: Context, item: Item | None) -> str:
    if item is None:
        return ""
    fault = pattern_fault(item.value)
    if fault == "nested":
        ctx.fail("C125", item, value=item.value[:40])
    elif fault:
        ctx.fail("C113", item, value=item.value[:40], said=fault)
    return str(item.value)


def _target(ctx: Context, item: Item) -> str:
    to = item.value.get("to")
    if to and to.value not in ctx.registers:
        ctx.fail_near("C202", to, to.value, ctx.registers)
    return str(to.value) if to else ""


def _carried(ctx: Context, register: Item, item: Item | None, kind: str) -> str:
    if item is None:
        return ""
    found = field_at(ctx, register, item.value)
    if found is None or "." not in item.value:
        ctx.fail_near("C203", item, item.value, _paths(ctx, register))
    elif found.get("type") != kind:
        ctx.fail("C220", item, word=item.value, type_zh=f" {kind} ", type_en=kind, type=found.get("type"))
    return str(item.value)


def _paths(ctx: Context, register: Item) -> Iterator[str]:
    for name, one in register.get("fields", {}).items():
        if target := ctx.registers.get(one.get("to", "")):
            yield from (f"{name}.{inner}" for inner in target.get("fields", {}))


def check_circles(ctx: Context, fields: Mapping[str, Field], items: Mapping[str, Item]) -> None:
    """Collect computed fields whose reckoning comes back to themselves."""
    needs = {one.id: set(one.compute.names) & set(fields) for one in fields.values() if one.compute}
    done: set[str] = set()
    for start in needs:
        if start not in done and (circle := _circle(needs, start)):
            done |= set(circle)
            ctx.fail("C212", items[circle[0]].value["compute"], word=" → ".join([*circle, circle[0]]))


def _circle(needs: Mapping[str, set[str]], start: str) -> list[str]:
    trail = [start]
    seen = {start}

    def walk(name: str) -> bool:
        for other in sorted(needs.get(name, ())):
            if other == start:
                return True
            if other not in seen:
                seen.add(other)
                trail.append(other)
                if walk(other):
                    return True
                trail.pop()
        return False

    return trail if walk(start) else []
