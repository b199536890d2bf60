"""Who sees a record beside those whose role reaches its unit: kept as rows of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhangfa.acts.fold import Row
from zhangfa.acts.once import once_per_version
from zhangfa.acts.rights import seeing_roles
from zhangfa.acts.situation import Situation
from zhangfa.charter.model import Charter, Register

Joined = list[Any]


def plan_joined(before: Situation, after: Situation, tasks: Iterable[Row]) -> dict[str, Any]:
    """Return the payload's ``joined`` and ``left`` and the list to remember.

    Author and whom it is about stay; people in person fields come and go with them; whoever held a task
    once may go on seeing what became of it.
    """
    known: list[Joined] = before.meta.get("joined", [])
    standing = [*_parties(after), *_named(after)]
    kept = [one for one in known if not one[3].startswith("field:") or one in standing]
    wanted = [*standing, *_task_holders(after, tasks)]
    new = [one for place, one in enumerate(wanted) if one not in kept and one not in wanted[:place]]
    left = sorted({one[3] for one in known if one not in kept})
    if not new and not left:
        return {}
    new += [one for one in kept if one[3] in left]  # rows are taken away by their reason; put the others back
    return {"joined": new, "left": left, "meta": {"joined": [one for one in kept if one not in new] + new}}


def _parties(after: Situation) -> list[Joined]:
    record = after.record
    parties: list[Joined] = [[record["author"], "", None, "author"]] if record["author"] is not None else []
    if record["about_person"] is not None:
        parties.append([record["about_person"], "", None, "about"])
    if record["about_unit"] is not None:
        parties.append([None, "", record["about_unit"], "about"])
    return parties


@once_per_version
def _person_fields(charter: Charter, register: Register) -> tuple[str, ...]:
    return tuple(field.id for field in register.fields.values() if field.type == "person")


def _named(after: Situation) -> list[Joined]:
    people = [(name, after.payload.get(name)) for name in _person_fields(after.charter, after.register)]
    return [[person, "", None, f"field:{name}"[:48]] for name, person in people if isinstance(person, int)]


def _task_holders(after: Situation, tasks: Iterable[Row]) -> list[Joined]:
    roles = seeing_roles(after.charter, after.register)
    joined: list[Joined] = []
    for task in tasks:
        why = f"task:{task['step']}"[:48]
        if task.get("person") is not None:
            joined.append([task["person"], "", None, why])
        elif task.get("role") and (task["role"] not in roles or task["unit"] != after.record["unit"]):
            joined.append([None, task["role"], task["unit"], why])
    return joined
