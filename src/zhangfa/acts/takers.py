"""Who gets a task: parties of a charter turned into a person, or a role at a unit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zhangfa.acts.models import Task
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.rights import person_at, unit_of
from zhangfa.acts.situation import Situation
from zhangfa.charter.model import Step, Takers, Who
from zhangfa.directory import tree
from zhangfa.directory.models import Post
from zhangfa.directory.posts import holders
from zhangfa.log.models import Checkpoint


@dataclass(frozen=True, slots=True)
class Taker:
    """A person by name, or whoever holds the role at the unit; neither for the public and the clock."""

    person: int | None = None
    role: str = ""
    unit: int | None = None

    @property
    def is_definite(self) -> bool:
        """Whether there is somebody whose workbench it can stand on."""
        return self.person is not None or bool(self.role)


NOBODY = Taker()


def taker_of(who: Who, situation: Situation) -> Taker | None:
    """Return the taker a charter names, ``NOBODY`` for those without a workbench, ``None`` where there is none."""
    match who.kind:
        case "role":
            unit = unit_of(who, situation)
            return Taker(role=who.name, unit=unit) if unit is not None else None
        case "field":
            person = person_at(who, situation)
            return Taker(person=person) if person is not None else None
        case "author":
            return Taker(person=situation.record["author"])
        case "about":
            person = situation.record["about_person"]
            return Taker(person=person) if person is not None else None
        case "assignee":
            return assigned(situation)
    return NOBODY


def assigned(situation: Situation) -> Taker | None:
    """Return who the step before assigned the next task to."""
    kept = situation.meta.get("assigned")
    return Taker(kept.get("person"), kept.get("role", ""), kept.get("unit")) if kept else None


def first_taker(step: Step, situation: Situation) -> Taker | None:
    """Return the taker of a step that one person takes: the assignee where one is named, else the first party."""
    kept = assigned(situation)
    if kept and any(who.kind == "assignee" or (who.kind == "role" and who.name == kept.role) for who in step.by.who):
        return kept
    found = (taker_of(who, situation) for who in step.by.who)
    return next((taker for taker in found if taker is not None), None)


def assign(who: Who, situation: Situation) -> dict[str, Any] | None:
    """Choose who gets the next step's task, as the record keeps it.

    A role named without a unit goes to its holders whose post reaches the record's unit; where there are
    none, by turn to that holder in the county who has the fewest open tasks.
    """
    taker = taker_of(who, situation)
    if taker is None:
        return None
    if taker.role and not who.at and not holders(taker.role, taker.unit or 0, situation.today):
        person = fewest_tasks(county_holders(taker.role, situation))
        taker = Taker(person=person, role=taker.role, unit=taker.unit) if person is not None else taker
    return {"person": taker.person, "role": taker.role, "unit": taker.unit}


def county_holders(role: str, situation: Situation) -> list[int]:
    """Return who holds the role anywhere in the record's county today."""
    return list(
        Post.objects.filter(
            Q(until=None) | Q(until__gt=situation.today),
            role=role,
            since__lte=situation.today,
            unit__county=situation.unit.county,
        )
        .order_by("person")
        .values_list("person", flat=True)
        .distinct()
    )


def fewest_tasks(people: Sequence[int]) -> int | None:
    """Return whoever has the fewest open tasks of their own, the smallest id among equals."""
    if not people:
        return None
    counted = (
        Task.objects.filter(person__in=people, done_at=None, state__in=("open", "paused"))
        .values("person")
        .annotate(n=Count("id"))
    )
    load = {row["person"]: row["n"] for row in counted}
    return min(sorted(people), key=lambda person: load.get(person, 0))


def panel_candidates(by: Takers, situation: Situation) -> list[int]:
    """Return who may sit on a panel or vote: holders reaching the unit, none from the unit named by ``not_from``."""
    who = by.who[0]
    people = holders(who.name, unit_of(who, situation) or 0, situation.today)
    barred = _barred_unit(by.not_from, situation)
    if barred is None:
        return sorted(people)
    near = {barred, *tree.descendants(barred)}
    from_there = set(Post.objects.filter(person__in=people, unit__in=near).values_list("person", flat=True))
    return sorted(set(people) - from_there)


def _barred_unit(name: str, situation: Situation) -> int | None:
    if not name:
        return None
    return int(situation.record["unit"]) if name == "unit" else situation.payload.get(name)


def draw_panel(step: Step, situation: Situation) -> dict[str, Any]:
    """Draw the panel by lot so that anybody can repeat it: order by SHA-256(seed, person), take the first.

    The seed is the hash of the record, the step, how often it was drawn before, and the root of the last
    sealed checkpoint, which nobody can choose.
    """
    candidates = panel_candidates(step.by, situation)
    if len(candidates) < step.by.count:
        sentence = _("评审人员不足：需要 %(count)d 人，符合条件的只有 %(found)d 人。")
        raise Refusal("guard", sentence % {"count": step.by.count, "found": len(candidates)}, hint=_("请先补足人员。"))
    sealed = Checkpoint.objects.order_by("-size").values_list("size", "root").first()
    size, root = (sealed[0], bytes(sealed[1]).hex()) if sealed else (0, "")
    turn = situation.meta.get("steps", {}).get(step.id, 0)
    seed = hashlib.sha256(f"{situation.record['id']}|{step.id}|{turn}|{root}".encode()).hexdigest()
    return {
        "people": sorted(draw(seed, candidates)[: step.by.count]),
        "from": candidates,
        "seed": seed,
        "checkpoint": size,
        "root": root,
    }


def draw(seed: str, candidates: Sequence[int]) -> list[int]:
    """Return the candidates in the order the seed gives them."""
    return sorted(candidates, key=lambda person: hashlib.sha256(f"{seed}|{person}".encode()).digest())
