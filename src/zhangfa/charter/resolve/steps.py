"""Steps: who takes them, what they ask, where they lead, and what follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from zhangfa.charter.model import EMPTY_TEXT, Effect, Field, Step, Takers
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.resolve.fields import resolve_field
from zhangfa.charter.resolve.names import record_scope, sheet_scope, type_of
from zhangfa.charter.resolve.parties import resolve_all, resolve_by, resolve_late, resolve_who
from zhangfa.charter.schema.shapes import Item
from zhangfa.expression import Expression
from zhangfa.expression.scope import NameType

Names = Mapping[str, NameType]
OPENERS = ("role", "public", "system")


def resolve_step(
    ctx: Context, register: Item, name: str, item: Item, fields: Mapping[str, Field], names: Names
) -> Step:
    """Return the frozen step; ``fields`` are the register's own."""
    by = resolve_by(ctx, register, item.value["by"]) if item.has("by") else Takers("any", ())
    asks, own, about = _asks(ctx, register, item, fields, names)
    sheet = {one: type_of(ctx, item.value["asks"].value[one]) for one in own}
    around = {**names, **sheet} if sheet else names
    assign = item.value.get("assign")
    step = Step(
        id=name, title=item.get("title", EMPTY_TEXT), help=item.get("help"),
        from_=_words(item, "from"), to=_words(item, "to"), by=by, asks=asks, own=own, asks_about=about,
        when=ctx.formula(item.value.get("when"), record_scope(ctx, around), "bool"),
        within=ctx.duration(item.value.get("within")), since=_since(ctx, register, item),
        late=resolve_late(ctx, register, item.value.get("late")),
        assign=resolve_who(ctx, register, assign) if assign else None,
        claim=ctx.duration(item.value.get("claim")), then=_effects(ctx, register, item, around),
        at_most=ctx.count(item.value.get("at_most")), decide=_decide(ctx, item, by, names, sheet),
        tell=resolve_all(ctx, register, item.value.get("tell")), never=frozenset(_words(item, "never")),
    )  # fmt: skip
    _check_form(ctx, item, step)
    return step


def _words(item: Item, word: str) -> tuple[str, ...]:
    return tuple(one.value for one in item.get(word, ()))


def _since(ctx: Context, register: Item, item: Item) -> tuple[str, ...]:
    steps = register.get("steps", {})
    for one in item.get("since", ()):
        if one.value not in steps:
            ctx.fail_near("C205", one, one.value, steps)
    if item.has("since") and not item.has("within"):
        ctx.fail("C121", item.value["since"], at_word=True, word="since", other="within")
    return _words(item, "since")


def _asks(
    ctx: Context, register: Item, item: Item, fields: Mapping[str, Field], names: Names
) -> tuple[tuple[Field, ...], frozenset[str], bool]:
    asks = item.value.get("asks")
    if asks is None:
        return (), frozenset(), False
    if isinstance(asks.value, dict):
        for name, one in asks.value.items():
            if name in fields:
                ctx.fail("C235", one, at_word=True, word=name)
        sheet = {**names, **{name: type_of(ctx, one) for name, one in asks.value.items()}}
        own = tuple(resolve_field(ctx, register, name, one, sheet) for name, one in asks.value.items())
        return own, frozenset(asks.value), False
    listed = asks.value if isinstance(asks.value, list) else [Item(asks.value, asks.node, asks.path)]
    found = [_asked(ctx, register, one, fields) for one in listed]
    return tuple(one for one in found if one), frozenset(), any(one.value == "about" for one in listed)


def _asked(ctx: Context, register: Item, item: Item, fields: Mapping[str, Field]) -> Field | None:
    if item.value == "about":
        if not register.has("about"):
            ctx.fail("C226", item)
        return None
    field = fields.get(item.value)
    if field is None and register.has("fields"):
        ctx.fail_near("C216", item, item.value, [*fields, *(["about"] if register.has("about") else [])])
    elif field and field.compute:
        ctx.fail("C215", item, word=item.value, how_zh="计算", how_en="computed")
    elif field and field.carry:
        ctx.fail("C215", item, word=item.value, how_zh="带入", how_en="carried over")
    return field


def _decide(ctx: Context, item: Item, by: Takers, names: Names, sheet: Names) -> Expression | None:
    written = item.value.get("decide")
    if written is None:
        return None
    many = by.mode in ("panel", "vote")
    scope = sheet_scope(ctx, names, sheet) if many else record_scope(ctx, {**names, **sheet})
    decide = ctx.formula(written, scope, "text")
    allowed = _words(item, "to")
    for word in dict.fromkeys(re.findall(r"(?i)(?:\bthen|\belse|^)\s*'([^']*)'", written.value)):
        if word not in allowed:
            ctx.fail_near("C208", written, word, allowed)
    return decide


def _check_form(ctx: Context, item: Item, step: Step) -> None:
    if step.late and not step.within:
        ctx.fail("C227", item.value["late"], at_word=True)
    decided = item.has("decide")
    if step.by.mode == "vote" and not decided and len(step.to) != 2:
        ctx.fail("C240", item.value.get("to", item), at_word=True)
    elif len(step.to) > 1 and not decided and step.by.mode != "vote":
        ctx.fail("C213", item.value["to"], at_word=True)
    elif len(step.to) == 1 and decided:
        ctx.fail("C214", item.value["decide"], at_word=True)
    if step.by.mode == "panel" and step.by.who and not step.own:
        ctx.fail("C239", item.value.get("asks", item), at_word=True)
    if not item.has("from"):
        _check_opening(ctx, item, step)


def _check_opening(ctx: Context, item: Item, step: Step) -> None:
    for who in step.by.who:
        if who.kind not in OPENERS:
            ctx.fail("C222", item.value["by"], word=who.name or who.kind)
    for word in ("within", "late", "claim", "at_most", "decide"):
        if item.has(word):
            ctx.fail("C237", item.value[word], at_word=True, word=step.id, what=word)


def _effects(ctx: Context, register: Item, item: Item, names: Names) -> tuple[Effect, ...]:
    found = [_effect(ctx, register, one, names) for one in item.get("then", ())]
    return tuple(one for one in found if one)


def _effect(ctx: Context, register: Item, item: Item, names: Names) -> Effect | None:
    kinds = [word for word in ("open", "set", "tell") if item.has(word)]
    if len(kinds) != 1:
        ctx.fail("C115", item)
        return None
    for word, other in (("step", "open"), ("with", "open"), ("value", "set"), ("text", "tell")):
        if item.has(word) and other != kinds[0]:
            ctx.fail("C121", item.value[word], at_word=True, word=word, other=other)
    if kinds[0] == "tell":
        return Effect("tell", who=resolve_all(ctx, register, item.value["tell"]), text=item.get("text"))
    if kinds[0] == "open":
        return _opening(ctx, item, names)
    if not item.has("value"):
        ctx.fail("C102", item, word="value", zh="属性的值", en="the property's value")
    return Effect("set", name=item.get("set"), value=ctx.formula(item.value.get("value"), record_scope(ctx, names)))


def _opening(ctx: Context, item: Item, names: Names) -> Effect | None:
    target = ctx.registers.get(item.get("open"))
    if target is None:
        ctx.fail_near("C202", item.value["open"], item.get("open"), ctx.registers)
        return None
    openers = [name for name, step in target.get("steps", {}).items() if not step.has("from")]
    step = item.get("step", openers[0] if len(openers) == 1 else "")
    if step not in openers:
        ctx.fail_near("C205", item.value.get("step", item), step, openers)
    values = {}
    for name, one in item.get("with", {}).items():
        if name not in target.get("fields", {}):
            ctx.fail_near("C203", one, name, target.get("fields", {}))
        if expression := ctx.formula(one, record_scope(ctx, names), None):
            values[name] = expression
    return Effect("open", register=item.get("open"), step=step, values=MappingProxyType(values))
