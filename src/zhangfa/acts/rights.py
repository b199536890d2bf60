"""Who may take a step now, and who may see a record, decided on a loaded situation without a query.

The same rule as a database condition stands in ``gate``; a test holds the two together.
"""

from __future__ import annotations

from zhangfa.acts.actor import Actor
from zhangfa.acts.fold import Row
from zhangfa.acts.once import once_per_version
from zhangfa.acts.situation import Situation
from zhangfa.acts.terms import RecordTerms, as_id, follow
from zhangfa.charter.model import Charter, Register, Step, Who
from zhangfa.directory import tree


def holds(actor: Actor, role: str, unit: int | None) -> bool:
    """Whether the actor has a post of the role that reaches the unit."""
    if unit is None:
        return False
    return any(post.role == role and tree.reaches(post.unit.id, unit) for post in actor.posts)


def is_who(who: Who, actor: Actor, situation: Situation, step: str = "") -> bool:
    """Whether the actor is the party a charter names, in this situation."""
    match who.kind:
        case "role":
            return holds(actor, who.name, unit_of(who, situation))
        case "public" | "system":
            return actor.kind == who.kind
        case "author":
            return is_author(actor, situation.record)
        case "about":
            return is_about(actor, situation.record)
        case "assignee":
            return is_assignee(actor, situation) or holds_task(actor, situation, step)
        case "field":
            person = person_at(who, situation)
            return person is not None and person == actor.person
    return False


def unit_of(who: Who, situation: Situation) -> int | None:
    """Return the unit at which a role is meant: that of the field named by ``at``, else the record's."""
    if who.at:
        return as_id(follow(RecordTerms(situation), who.at))
    return int(situation.record["unit"])


def person_at(who: Who, situation: Situation) -> int | None:
    """Return the person in a person field or at the end of a path through a ref."""
    if "." not in who.name:
        return as_id(situation.payload.get(who.name))
    return as_id(follow(RecordTerms(situation), who.name))


def is_author(actor: Actor, record: Row) -> bool:
    """Whether the actor opened the record: the same person, or the resident with its follow-up code."""
    if actor.kind == "public":
        return actor.code_hash is not None and bool(actor.code_hash == record["code_hash"])
    return actor.person is not None and actor.person == record["author"]


def is_about(actor: Actor, record: Row) -> bool:
    """Whether the record is about the actor, or about the unit itself at which the actor has a post."""
    if record["about_person"] is not None:
        return bool(actor.person == record["about_person"])
    return record["about_unit"] is not None and any(post.unit.id == record["about_unit"] for post in actor.posts)


def is_taker(actor: Actor, task: Row) -> bool:
    """Whether the task is the actor's: by name, else by a post of its role that reaches its unit."""
    if task["person"] is not None:
        return bool(task["person"] == actor.person)
    return bool(task["role"]) and holds(actor, task["role"], task["unit"])


def is_assignee(actor: Actor, situation: Situation) -> bool:
    """Whether the step before assigned what follows to the actor: by name, else by a post of the role at the unit."""
    kept = situation.meta.get("assigned")
    return kept is not None and is_taker(actor, {"person": None, "role": "", "unit": None, **kept})


def holds_task(actor: Actor, situation: Situation, step: str) -> bool:
    """Whether the actor holds an open task of the step."""
    return any(is_taker(actor, task) for task in situation.owed(step))


def may_take(step: Step, actor: Actor, situation: Situation) -> bool:
    """Whether the charter lets the actor take this step (its state, conditions and counts apart)."""
    if actor.kind == "system":
        return is_for_system(step, situation.register)
    if any(task["person"] is not None and task["person"] == actor.person for task in situation.owed(step.id)):
        return True
    return any(is_who(who, actor, situation, step.id) for who in step.by.who)


def is_for_system(step: Step, register: Register) -> bool:
    """Whether the clock may take the step: it is by ``system``, or named by ``late: {do: …}``."""
    named = {other.late.do for other in register.steps.values() if other.late}
    return step.id in named or any(who.kind == "system" for who in step.by.who)


@once_per_version
def seeing_roles(charter: Charter, register: Register) -> frozenset[str]:
    """Return the roles whose holders see the register's records within their reach."""
    if not register.seen_by:
        return frozenset(charter.roles)
    return frozenset(who.name for who in register.seen_by if who.kind == "role" and not who.at)


def sees(actor: Actor, situation: Situation) -> bool:
    """Whether the actor may see the record."""
    if actor.kind == "system":
        return True
    record = situation.record
    if is_author(actor, record) or is_about(actor, record):
        return True
    if actor.kind == "public":
        return False
    roles = seeing_roles(situation.charter, situation.register)
    if any(post.role in roles and tree.reaches(post.unit.id, situation.record["unit"]) for post in actor.posts):
        return True
    return any(_is_joined(actor, person, role, unit) for person, role, unit, _why in situation.meta.get("joined", ()))


def _is_joined(actor: Actor, person: int | None, role: str, unit: int | None) -> bool:
    if person is not None:
        return person == actor.person
    return any(post.role == role and tree.reaches(post.unit.id, unit) for post in actor.posts) if unit else False
