"""Who: roles, person fields and the parties every record has."""

from __future__ import annotations

import re
from fractions import Fraction

from zhangfa.charter.model import Late, Takers, Who
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.schema.shapes import Item
from zhangfa.charter.schema.words import PARTIES
from zhangfa.charter.source import Mapping_

PANEL = re.compile(r"(\d{1,2}) of ([a-z0-9_-]+)\Z")
PASS = re.compile(r"(\d{1,3})/(\d{1,3}) of present\Z")


def field_at(ctx: Context, register: Item, path: str) -> Item | None:
    """Return the field at a path such as ``topic.lecturer``, followed through one ref."""
    first, dot, rest = path.partition(".")
    item: Item | None = register.get("fields", {}).get(first)
    if item is None or not dot:
        return item
    target = ctx.registers.get(item.get("to", "")) if item.get("type") == "ref" else None
    return target.get("fields", {}).get(rest) if target else None


def resolve_who(ctx: Context, register: Item, item: Item) -> Who | None:
    """Return the party a word names. A role comes before a field of the same name."""
    word, at, unit = str(item.value).partition("@")
    if word in ctx.roles:
        ctx.used_roles.add(word)
        if at and not _is_unit_field(ctx, register, unit, item):
            return None
        return Who("role", word, unit)
    if word in PARTIES and not at:
        if word == "about" and not register.has("about"):
            ctx.fail("C226", item)
        return Who(word)  # type: ignore[arg-type]
    if not at and (found := field_at(ctx, register, word)):
        if found.get("type") == "person":
            return Who("field", word)
        ctx.fail("C220", item, word=word, type_zh="人员", type_en="person", type=found.get("type"))
        return None
    people = [name for name, one in register.get("fields", {}).items() if one.get("type") == "person"]
    ctx.fail_near("C201", item, word, [*ctx.roles, *people, *PARTIES])
    return None


def _is_unit_field(ctx: Context, register: Item, name: str, item: Item) -> bool:
    found = field_at(ctx, register, name)
    if found is None:
        units = [one for one, other in register.get("fields", {}).items() if other.get("type") == "unit"]
        ctx.fail_near("C203", item, name, units)
    elif found.get("type") != "unit":
        ctx.fail("C220", item, word=name, type_zh="单位", type_en="unit", type=found.get("type"))
    return bool(found and found.get("type") == "unit")


def resolve_all(ctx: Context, register: Item, item: Item | None) -> tuple[Who, ...]:
    """Return every party of a list."""
    found = [resolve_who(ctx, register, one) for one in (item.value if item else ())]
    return tuple(who for who in found if who)


def resolve_late(ctx: Context, register: Item, item: Item | None) -> Late | None:
    """Return what happens when a deadline passes."""
    if item is None:
        return None
    return Late(resolve_all(ctx, register, item.value.get("tell")), item.get("warn", ""), item.get("do", ""))


def resolve_by(ctx: Context, register: Item, item: Item) -> Takers:
    """Return who takes a step, in whichever of the five forms it is written."""
    if not isinstance(item.node, Mapping_):
        items = item.value if isinstance(item.value, list) else [item]
        found = [resolve_who(ctx, register, one) for one in items]
        return Takers("any", tuple(who for who in found if who))
    modes = [mode for mode in ("any", "all", "panel", "vote") if item.has(mode)]
    if len(modes) != 1:
        ctx.fail("C114", item)
        return Takers("any", ())
    _check_companions(ctx, item, modes[0])
    if modes[0] in ("any", "all"):
        return Takers(modes[0], resolve_all(ctx, register, item.value[modes[0]]))  # type: ignore[arg-type]
    return _panel(ctx, register, item) if modes[0] == "panel" else _vote(ctx, register, item)


def _check_companions(ctx: Context, item: Item, mode: str) -> None:
    for word, other in (("drawn", "panel"), ("not_from", "panel"), ("pass", "vote")):
        if item.has(word) and mode != other:
            ctx.fail("C121", item.value[word], at_word=True, word=word, other=other)


def _panel(ctx: Context, register: Item, item: Item) -> Takers:
    written = item.value["panel"]
    match = PANEL.match(written.value)
    if not match or not int(match[1]):
        ctx.fail("C114", written)
        return Takers("panel", ())
    who = resolve_who(ctx, register, Item(match[2], written.node, written.path))
    away = item.value.get("not_from")
    if away and away.value != "unit":
        _is_unit_field(ctx, register, away.value, away)
    drawn = item.get("drawn", False)
    return Takers("panel", (who,) if who else (), int(match[1]), drawn, away.value if away else "")


def _vote(ctx: Context, register: Item, item: Item) -> Takers:
    who = resolve_who(ctx, register, item.value["vote"])
    share = Fraction(1, 2)
    if written := item.value.get("pass"):
        match = PASS.match(written.value)
        if match and 0 < int(match[1]) <= int(match[2]):
            share = Fraction(int(match[1]), int(match[2]))
        else:
            ctx.fail("C114", written)
    return Takers("vote", (who,) if who else (), share=share)
