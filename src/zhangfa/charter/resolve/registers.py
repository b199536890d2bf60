"""Registers: fields, steps, states and the rules over all of them."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

from zhangfa.charter.model import EMPTY_TEXT, Field, Register, State, Step
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.resolve.fields import check_circles, resolve_field
from zhangfa.charter.resolve.flow import check_flow
from zhangfa.charter.resolve.names import names_of
from zhangfa.charter.resolve.parties import field_at, resolve_all, resolve_late
from zhangfa.charter.resolve.steps import resolve_step
from zhangfa.charter.schema.shapes import Item

LABEL = re.compile(r"\{([a-z][a-z0-9_]*)(?::(\d{1,3}))?\}|([^{}]+)|(.)", re.DOTALL)


def resolve_register(ctx: Context, name: str, item: Item) -> Register:
    """Return the frozen register."""
    names = names_of(ctx, item)
    drafts: dict[str, Item] = item.get("fields", {})
    fields = {one: resolve_field(ctx, item, one, draft, names) for one, draft in drafts.items()}
    check_circles(ctx, fields, drafts)
    for one in ctx.settings.keys() & drafts.keys():
        ctx.fail("C221", drafts[one], at_word=True, word=one)
    steps = {
        one: resolve_step(ctx, item, one, draft, fields, names) for one, draft in item.get("steps", {}).items()
    }  # fmt: skip
    _check_filled(ctx, item, fields, steps)
    about = item.get("about", {})
    register = Register(
        id=name, title=item.get("title", EMPTY_TEXT), help=item.get("help"), icon=item.get("icon", ""),
        unit=tuple(one.value for one in item.get("unit", ())), fields=MappingProxyType(fields),
        steps=MappingProxyType(steps), states=MappingProxyType(_states(item, steps)),
        about="person" if "person" in about else "unit" if "unit" in about else "",
        about_role=_about_role(ctx, item), label=_label(ctx, item, fields),
        seen_by=resolve_all(ctx, item, item.value.get("seen_by")), one_per=_one_per(ctx, item, fields),
        never_two=_never_two(ctx, item, fields), unless_same_person=_four_eyes(ctx, item, steps),
        dated_by=_dated_by(ctx, item, fields), sensitive=item.get("sensitive"),
        within=ctx.duration(item.value.get("within")), late=resolve_late(ctx, item, item.value.get("late")),
        prints=item.get("prints", ""), rests=_rests(ctx, item, steps), **_keep(ctx, item),
    )  # fmt: skip
    if register.late and not register.within:
        ctx.fail("C227", item.value["late"], at_word=True)
    check_flow(ctx, item, register)
    return register


def _check_filled(ctx: Context, item: Item, fields: dict[str, Field], steps: dict[str, Step]) -> None:
    asked = {field.id for step in steps.values() for field in step.asks}
    opened_with = {
        name
        for register in ctx.registers.values()
        for step in register.get("steps", {}).values()
        for effect in step.get("then", ())
        if effect.has("open")
        for name in effect.get("with", {})
    }
    for name, field in fields.items():
        if not (
            field.compute
            or field.carry
            or field.default
            or field.type == "stock"
            or name in asked
            or name in opened_with
        ):
            ctx.fail("C217", item.get("fields")[name], at_word=True, word=name)


def _states(item: Item, steps: dict[str, Step]) -> dict[str, State]:
    titles = item.get("states", {})
    found = dict.fromkeys(state for step in steps.values() for state in (*step.from_, *step.to))
    left = {state for step in steps.values() for state in step.from_}
    return {
        one: State(one, titles[one].value if one in titles else EMPTY_TEXT, one not in left) for one in found
    }  # fmt: skip


def _rests(ctx: Context, item: Item, steps: dict[str, Step]) -> tuple[str, ...]:
    made = {state for step in steps.values() for state in step.to}
    for one in item.get("rests", ()):
        if one.value not in made:
            ctx.fail_near("C204", one, one.value, made)
    return tuple(one.value for one in item.get("rests", ()))


def _about_role(ctx: Context, item: Item) -> str:
    about = item.value.get("about")
    if about is None:
        return ""
    if len(about.value) != 1:
        ctx.fail("C119", about, at_word=True, word="about", count=1)
        return ""
    one: Item = next(iter(about.value.values()))
    if about.has("person"):
        if one.value not in ctx.roles:
            ctx.fail_near("C201", one, one.value, ctx.roles)
        ctx.used_roles.add(one.value)
    return str(one.value)


def _label(ctx: Context, item: Item, fields: dict[str, Field]) -> tuple[tuple[str, int], ...]:
    written = item.value.get("label")
    parts: list[tuple[str, int]] = []
    for name, cut, text, stray in LABEL.findall(written.value if written else ""):
        if stray:
            ctx.fail("C118", written, value=written.value[:60])
            break
        if name and name not in fields:
            ctx.fail_near("C203", written, name, fields)
        if name and name in fields and fields[name].sensitive:
            ctx.fail("C309", written, word=name)
        parts.append((name, int(cut or 0)) if name else (f"={text}", 0))
    return tuple(parts)


def _one_per(ctx: Context, item: Item, fields: dict[str, Field]) -> tuple[str, ...]:
    for one in item.get("one_per", ()):
        if one.value == "about" and not item.has("about"):
            ctx.fail("C226", one)
        elif one.value not in ("unit", "about") and one.value not in fields:
            ctx.fail_near("C203", one, one.value, [*fields, "unit", "about"])
    return tuple(one.value for one in item.get("one_per", ()))


def _never_two(ctx: Context, item: Item, fields: dict[str, Field]) -> tuple[str, str, str] | None:
    rule = item.value.get("never_two")
    if rule is None or not rule.has("of") or not rule.has("during"):
        return None
    of, during = rule.value["of"], rule.value["during"]
    if field_at(ctx, item, of.value) is None and of.value not in ("unit", "about"):
        ctx.fail_near("C203", of, of.value, fields)
    if len(during.value) != 2:
        ctx.fail("C119", during, word="during", count=2)
        return None
    for one in during.value:
        if one.value not in fields:
            ctx.fail_near("C203", one, one.value, fields)
        elif fields[one.value].type != "datetime":
            ctx.fail("C219", one, word=one.value)
    return of.value, during.value[0].value, during.value[1].value


def _four_eyes(ctx: Context, item: Item, steps: dict[str, Step]) -> tuple[tuple[str, ...], ...]:
    listed = item.get("unless_same_person", ())
    if not listed:
        return ()
    nested = any(isinstance(one.value, list) for one in listed)
    groups = [one.value if isinstance(one.value, list) else [one] for one in listed] if nested else [listed]
    for one in (one for group in groups for one in group if one.value not in steps):
        ctx.fail_near("C205", one, one.value, steps)
    return tuple(tuple(one.value for one in group) for group in groups)


def _dated_by(ctx: Context, item: Item, fields: dict[str, Field]) -> str:
    one = item.value.get("dated_by")
    if one and one.value not in fields:
        ctx.fail_near(
            "C203", one, one.value, [name for name, field in fields.items() if field.type in ("date", "datetime")]
        )
    elif one and fields[one.value].type not in ("date", "datetime"):
        ctx.fail("C220", one, word=one.value, type_zh="日期", type_en="date", type=fields[one.value].type)
    return one.value if one else ""


def _keep(ctx: Context, item: Item) -> dict[str, Any]:
    keep = item.value.get("keep")
    if keep is None or not keep.has("for"):
        return {}
    return {"keep_for": ctx.duration(keep.value["for"]), "keep_then": keep.get("then", "")}
