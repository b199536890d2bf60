"""Doors: what the public may do, and never more than a charter may show."""

from __future__ import annotations

from collections.abc import Mapping

from zhangfa.charter.model import EMPTY_TEXT, Door, Register
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.resolve.names import names_of, record_scope
from zhangfa.charter.resolve.parties import field_at
from zhangfa.charter.schema.shapes import Item

INTERNAL = ("person", "ref", "units")
PRIVATE = ("person", "phone", "id-number")


def resolve_door(ctx: Context, name: str, item: Item, registers: Mapping[str, Register]) -> Door:
    """Return the frozen door."""
    if item.has("submit") == item.has("shows"):
        ctx.fail("C230", item, at_word=True)
    if item.has("submit"):
        return _request_door(ctx, name, item, registers)
    return _showing_door(ctx, name, item, registers)


def _request_door(ctx: Context, name: str, item: Item, registers: Mapping[str, Register]) -> Door:
    for word in ("where", "as", "columns"):
        if item.has(word):
            ctx.fail("C121", item.value[word], at_word=True, word=word, other="shows")
    door = Door(
        id=name, title=item.get("title", EMPTY_TEXT), submit=item.get("submit", ""),
        register=item.get("register", name), code_for=item.get("code_for", ""), follow=item.get("follow", False),
    )  # fmt: skip
    register = registers.get(door.register)
    if register is None:
        ctx.fail_near("C202", item.value.get("register", item), door.register, registers)
        return door
    _check_submit(ctx, item, door, register)
    if door.code_for and door.code_for not in register.unit:
        ctx.fail("C232", item.value["code_for"], unit=door.code_for, word=register.id)
    return door


def _check_submit(ctx: Context, item: Item, door: Door, register: Register) -> None:
    written = item.value["submit"]
    step = register.steps.get(door.submit)
    if step is None:
        ctx.fail_near("C205", written, door.submit, register.steps)
        return
    if step.from_:
        ctx.fail("C231", written, word=step.id)
    if all(who.kind != "public" for who in step.by.who):
        ctx.fail("C304", written, word=step.id)


def _showing_door(ctx: Context, name: str, item: Item, registers: Mapping[str, Register]) -> Door:
    for word in ("register", "code_for", "follow"):
        if item.has(word):
            ctx.fail("C121", item.value[word], at_word=True, word=word, other="submit")
    shows = item.get("shows", "")
    where = None
    columns = tuple(one.value for one in item.get("columns", ()))
    if register := registers.get(shows):
        where = ctx.formula(item.value.get("where"), record_scope(ctx, names_of(ctx, ctx.registers[shows])), "bool")
        _check_shown(ctx, item, register)
    elif item.has("shows"):
        ctx.fail_near("C202", item.value["shows"], shows, registers)
    return Door(
        id=name,
        title=item.get("title", EMPTY_TEXT),
        shows=shows,
        where=where,
        as_=item.get("as", "list"),
        columns=columns,
    )


def _check_shown(ctx: Context, item: Item, register: Register) -> None:
    draft = ctx.registers[register.id]
    if not item.has("columns"):
        ctx.fail("C102", item, at_word=True, word="columns", zh="公示哪些字段", en="the fields it shows")
    for one in item.get("columns", ()):
        found = field_at(ctx, draft, one.value)
        if found is None and one.value not in ("unit", "state"):
            ctx.fail_near("C203", one, one.value, [*register.fields, "unit", "state"])
        elif found and (found.get("type") in PRIVATE or found.has("sensitive") or found.has("visible_to")):
            ctx.fail("C303", one, word=one.value)
    if register.sensitive:
        ctx.fail("C303", item.value["shows"], word=register.id)
    if item.get("as") == "calendar" and not any(one.type in ("date", "datetime") for one in register.fields.values()):
        ctx.fail("C233", item.value["as"])
