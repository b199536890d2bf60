"""Which steps an actor may take now: the buttons of a record, and what may be opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from zhangfa.acts import guards
from zhangfa.acts.actor import Actor
from zhangfa.acts.fold import Row
from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.reading import Case
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.rights import is_taker, may_take
from zhangfa.acts.sheets import as_taken, place_of
from zhangfa.acts.situation import Situation
from zhangfa.charter import engine as charters
from zhangfa.charter.model import Field, Register, Step
from zhangfa.directory import tree
from zhangfa.directory.models import Unit

MOST_UNITS = 300


@dataclass(frozen=True, slots=True)
class Offer:
    """A step the actor may take now; ``version`` is to be handed back with it."""

    step: Step
    task: Row | None
    version: int

    @property
    def asks(self) -> tuple[Field, ...]:
        """What its form asks, a voter's yes or no included."""
        return self.step.asks


def steps_open_to(case: Case, actor: Actor, at: dt.datetime) -> list[Offer]:
    """Return the steps of the record's state that the actor may take, in the charter's order.

    A condition (``when``) is tried only where it does not depend on what the step itself asks.
    """
    situation = case.situation
    offers = []
    for step in map(as_taken, situation.steps_here()):
        if actor.kind != "system" and may_take(step, actor, situation) and _stands(step, actor, situation):
            offers.append(Offer(step, _task_of(step, actor, situation), situation.record["version"]))
    return offers


def _stands(step: Step, actor: Actor, situation: Situation) -> bool:
    try:
        guards.check_claim(step, actor, situation)
        guards.check_count(step, situation)
        guards.check_four_eyes(step, actor, situation)
        place_of(step, actor, situation)
        if step.when and not _depends_on_entry(step):
            guards.check_condition(step, situation)
    except Refusal:
        return False
    return True


def _depends_on_entry(step: Step) -> bool:
    """Whether the condition names a field that the step's own form asks."""
    assert step.when is not None
    return bool({name.partition(".")[0] for name in step.when.names} & {field.id for field in step.asks})


def _task_of(step: Step, actor: Actor, situation: Situation) -> Row | None:
    owed = situation.owed(step.id)
    return next((task for task in owed if is_taker(actor, task)), owed[0] if owed else None)


def openings_for(actor: Actor, at: dt.datetime | None = None) -> list[tuple[str, Step, tuple[int, ...]]]:
    """Return (register key, step, unit ids) for every record the actor may open; at most 300 units each.

    Without ``at`` the charters in force today count.
    """
    on = at.astimezone(SHANGHAI).date() if at else None
    found = []
    for charter in charters.all_current(on).values():
        for register in charter.registers.values():
            for step in register.steps.values():
                units = _units_for(step, register, actor) if not step.from_ else ()
                if units:
                    found.append((f"{charter.id}.{register.id}", step, units))
    return found


def _units_for(step: Step, register: Register, actor: Actor) -> tuple[int, ...]:
    roles = {who.name for who in step.by.who if who.kind == "role"}
    units: dict[int, None] = {}
    for post in actor.posts:
        if post.role in roles:
            if post.unit.kind in register.unit:
                units[post.unit.id] = None
            units.update(dict.fromkeys(_below(post.unit.id, post.unit.kind, register.unit)))
    return tuple(units)[:MOST_UNITS]


def _below(unit: int, kind: str, kinds: tuple[str, ...]) -> list[int]:
    wanted: dict[str, Any] = {"kind__in": kinds, "until": None}
    if kind in ("county", "town", "village", "grid"):
        found = Unit.objects.filter(**{kind: unit}, **wanted).exclude(pk=unit)
        return list(found.order_by("code").values_list("pk", flat=True)[:MOST_UNITS])
    return [one for one in tree.descendants(unit) if tree.unit(one).kind in kinds][:MOST_UNITS]
