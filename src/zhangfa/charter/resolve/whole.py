"""The whole charter: settings, roles, registers, doors, in the order in which they need one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from zhangfa.charter.fact_columns import ENGINE_TABLES
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import EMPTY_TEXT, Charter, Group, Register, Role, Season, Setting
from zhangfa.charter.problems import Problems
from zhangfa.charter.resolve.circles import check_judging_circles
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.resolve.doors import resolve_door
from zhangfa.charter.resolve.fairness import check_fairness
from zhangfa.charter.resolve.honours import resolve_honour
from zhangfa.charter.resolve.judged import Judging
from zhangfa.charter.resolve.names import SIMPLE, states_of
from zhangfa.charter.resolve.policy import check_policy
from zhangfa.charter.resolve.registers import resolve_register
from zhangfa.charter.resolve.scores import resolve_score
from zhangfa.charter.schema.shapes import Bool, Day, Item, Length, Number, Whole
from zhangfa.charter.score_model import Score
from zhangfa.expression.scope import NameType, choice, date_, decimal_, text_

NOT_DATED = dt.date(2000, 1, 1)
"""Stands where the file gives no date; applying it puts the day of applying there."""
VALUES = {
    "int": Whole(-(10**12), 10**12),
    "decimal": Number(),
    "percent": Number(),
    "money": Number(),
    "date": Day(),
    "bool": Bool(),
}


def resolve_charter(
    tree: Item, *, text: str, files: Mapping[str, str], digest: str, problems: Problems
) -> Charter | None:
    """Return the frozen charter of a tree that has passed the schema, or collect why not."""
    ctx = Context(text, files, problems, tree.get("registers", {}), tree.get("roles", {}))
    ctx.settings = {name: _setting(ctx, name, item) for name, item in tree.get("settings", {}).items()}
    ctx.shared = {
        "today": date_,
        **{name: _type_of(one) for name, one in ctx.settings.items() if one.type != "duration"},
    }
    ctx.properties = _properties(ctx)
    registers = {name: resolve_register(ctx, name, item) for name, item in ctx.registers.items()}
    doors = {name: resolve_door(ctx, name, item, registers) for name, item in tree.get("doors", {}).items()}
    check_policy(ctx, tree, registers)
    _check_burden(ctx, tree)
    seasons = {name: _season(ctx, name, item) for name, item in tree.get("seasons", {}).items()}
    scores, honours = judge(ctx, tree, registers)
    _check_roles(ctx)
    if len(problems):
        return None
    return Charter(
        id=tree.get("charter"), title=tree.get("title"), summary=tree.get("summary"), group=tree.get("group"),
        source=_texts(tree, "source"), version=tree.get("version", 1), in_force=tree.get("in_force", NOT_DATED),
        digest=digest, text=text, roles=MappingProxyType(_roles(ctx)), groups=MappingProxyType(_groups(tree)),
        seasons=MappingProxyType(seasons), settings=MappingProxyType(ctx.settings),
        registers=MappingProxyType(registers), doors=MappingProxyType(doors), lawful_basis=tree.get("lawful_basis"),
        impact=tree.get("impact"), tests=_texts(tree, "tests"),
        burden_minutes=MappingProxyType({name: item.value for name, item in tree.get("burden_minutes", {}).items()}),
        scores=MappingProxyType(scores), honours=MappingProxyType(honours),
    )  # fmt: skip


def judge(
    ctx: Context, tree: Item, registers: Mapping[str, Register]
) -> tuple[dict[str, Score], dict[str, Honour]]:  # fmt: skip
    """Return the scores and honours, which read what the registers hold."""
    drafts = (tree.get(word, {}) for word in ("scores", "honours", "seasons", "groups"))
    judging = Judging(ctx, registers, *drafts)
    for name in ENGINE_TABLES if judging.scores or judging.honours else ():
        if name in ctx.registers:  # ``from`` would name two things
            ctx.fail("C112", ctx.registers[name], at_word=True, word=name)
    scores = {name: resolve_score(judging, name, item) for name, item in judging.scores.items()}
    honours = {name: resolve_honour(judging, name, item, scores) for name, item in judging.honours.items()}
    check_judging_circles(judging, scores, honours)
    check_fairness(judging, scores)
    return scores, honours


def _texts(item: Item, word: str) -> tuple[str, ...]:
    return tuple(one.value for one in item.get(word, ()))


def _setting(ctx: Context, name: str, item: Item) -> Setting:
    kind = item.get("type", "text")
    value: object = item.get("value", "")
    if kind == "duration":
        value = Length().parse(str(value))
        value = None if isinstance(value, str) else value
    elif kind in VALUES:
        value = VALUES[kind].parse(str(value))
    elif kind == "time":
        value = value if _is_time(str(value)) else None
    if value is None and item.has("value"):
        ctx.fail("C120", item.value["value"], value=str(item.get("value"))[:40], type=kind)
    return Setting(name, item.get("title", EMPTY_TEXT), kind, value, item.get("help"))


def _is_time(text: str) -> bool:
    try:
        return bool(dt.time.fromisoformat(text)) or text == "00:00"
    except ValueError:
        return False


def _type_of(setting: Setting) -> NameType:
    if isinstance(setting.value, Decimal):
        return decimal_(min(10, max(0, -int(setting.value.as_tuple().exponent))))
    return SIMPLE.get(setting.type, text_)


def _properties(ctx: Context) -> dict[str, NameType]:
    found: dict[str, NameType] = {}
    for name, register in ctx.registers.items():
        if [one.value for one in register.get("one_per", ())] == ["unit"]:
            found[name.replace("-", "_")] = choice(states_of(register))
        for step in register.get("steps", {}).values():
            found |= {
                effect.get("set").replace("-", "_"): text_ for effect in step.get("then", ()) if effect.has("set")
            }
    return found


def _roles(ctx: Context) -> dict[str, Role]:
    return {
        name: Role(name, item.get("title"), _texts(item, "at"), item.get("two_factor", False), item.get("help"))
        for name, item in ctx.roles.items()
    }


def _groups(tree: Item) -> dict[str, Group]:
    return {name: Group(name, item.get("title"), _texts(item, "of")) for name, item in tree.get("groups", {}).items()}


def _season(ctx: Context, name: str, item: Item) -> Season:
    start, end = item.get("from", dt.date.min), item.get("to", dt.date.max)
    if end < start:
        ctx.fail("C122", item, at_word=True)
    return Season(name, item.get("title", EMPTY_TEXT), start, end)


def _check_roles(ctx: Context) -> None:
    for name, item in ctx.roles.items():
        if name not in ctx.used_roles:
            ctx.fail("C218", item, at_word=True, word=name)


def _check_burden(ctx: Context, tree: Item) -> None:
    for name, item in tree.get("burden_minutes", {}).items():
        register, _, step = name.partition(".")
        if register not in ctx.registers or step not in ctx.registers[register].get("steps", {}):
            ctx.fail("C234", item, at_word=True, word=name)
