"""How records move: states that cannot be reached or left, and what the clock may do."""

from __future__ import annotations

from zhangfa.charter.model import Late, Register, Step
from zhangfa.charter.resolve.context import Context
from zhangfa.charter.schema.shapes import Item


def check_flow(ctx: Context, item: Item, register: Register) -> None:
    """Collect what would leave records stuck, unnamed or moved by the wrong hand."""
    steps = register.steps
    if not steps:
        return
    if all(step.from_ for step in steps.values()):
        ctx.fail("C207", item, at_word=True, word=register.id)
        return
    _check_titles(ctx, item, register)
    _check_reach(ctx, item, register)
    _check_stuck(ctx, item, register)
    for step in steps.values():
        if step.late and step.late.do:
            _check_late(ctx, item.get("steps")[step.id], register, step.late, step.from_)
    if register.late and register.late.do:
        open_states = tuple(state.id for state in register.states.values() if not state.final)
        _check_late(ctx, item, register, register.late, open_states)
    _check_clock(ctx, item, register)


def _check_titles(ctx: Context, item: Item, register: Register) -> None:
    titles = item.get("states", {})
    for one in titles.keys() - register.states.keys():
        ctx.fail_near("C224", titles[one], one, register.states)
    for one in register.states.keys() - titles.keys() if item.has("states") else ():
        ctx.fail("C223", item.value["states"], at_word=True, word=one)


def _check_reach(ctx: Context, item: Item, register: Register) -> None:
    made = {state for step in register.steps.values() for state in step.to}
    reached = {state for step in register.steps.values() if not step.from_ for state in step.to}
    while more := {
        state for step in register.steps.values() if reached & set(step.from_) for state in step.to
    } - reached:  # fmt: skip
        reached |= more
    for step in register.steps.values():
        for one in item.get("steps")[step.id].get("from", ()):
            if one.value not in made:
                ctx.fail_near("C204", one, one.value, made)
    for state in sorted(made - reached):
        first = next(step for step in register.steps.values() if state in step.to)
        ctx.fail("C206", item.get("steps")[first.id].value["to"], word=state)


def _check_stuck(ctx: Context, item: Item, register: Register) -> None:
    for state in register.states:
        out = [step for step in register.steps.values() if state in step.from_]
        if out and all(step.at_most for step in out):
            ctx.fail("C229", item.get("steps")[out[0].id].value["at_most"], at_word=True, word=state)


def _check_late(ctx: Context, holder: Item, register: Register, late: Late, states: tuple[str, ...]) -> None:
    do = holder.value["late"].value["do"]
    step = register.steps.get(late.do)
    if step is None:
        ctx.fail_near("C205", do, late.do, register.steps)
        return
    kinds = {who.kind for who in step.by.who}
    if "system" not in kinds:
        ctx.fail("C209", do, word=late.do)
    elif kinds != {"system"}:
        ctx.fail("C306", do, word=late.do)
    for state in states:
        if state not in step.from_:
            ctx.fail("C210", do, word=late.do, state=state)


def _is_clocks(step: Step) -> bool:
    return bool(step.by.who) and all(who.kind == "system" for who in step.by.who)


def _check_clock(ctx: Context, item: Item, register: Register) -> None:
    lates = [step.late for step in register.steps.values() if step.late]
    triggered = {late.do for late in (*lates, register.late) if late}
    for step in register.steps.values():
        draft = item.get("steps")[step.id]
        if _is_clocks(step) and step.from_ and step.id not in triggered:
            ctx.fail("C225", draft, at_word=True, word=step.id)
        if any(who.kind == "system" for who in step.by.who):
            for field in step.asks:
                if field.required or field.id in step.own:
                    ctx.fail("C211", draft.value["asks"], word=step.id, field=field.id)
