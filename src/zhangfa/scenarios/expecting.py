"""What a scenario says must be true, compared with what is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from zhangfa.acts.actor import actor_of
from zhangfa.acts.gate import may_see
from zhangfa.acts.models import Outbox, Record, Task, UnitProperty
from zhangfa.acts.offers import steps_open_to
from zhangfa.acts.reading import Case, read_case
from zhangfa.acts.replay import replay_and_compare
from zhangfa.honours.replay import differences as replayed_honours
from zhangfa.publishing.replay import differences as replayed_boards
from zhangfa.scenarios.holding import HOLDING
from zhangfa.scenarios.reading import SHANGHAI
from zhangfa.scenarios.standing import JUDGING

if TYPE_CHECKING:
    from zhangfa.scenarios.running import Stage


def compare(stage: Stage, act: dict[str, Any]) -> list[str]:
    """Return a sentence for everything that is not as expected."""
    on = act.get("on") or next(reversed(stage.records), "")
    failures: list[str] = []
    for word, wanted in act["expect"].items():
        judged = JUDGING.get(word) or HOLDING.get(word)
        failures += judged(stage, act, wanted) if judged else COMPARING[word](stage, on, wanted)
    return failures


def _row(stage: Stage, on: str) -> Record:
    return Record.objects.get(pk=stage.records[on].record)


def _case(stage: Stage, on: str, person: str | None = None) -> Case | None:
    from zhangfa.acts.actor import SYSTEM

    actor = actor_of(stage.world.person(person), stage.now.date()) if person else SYSTEM
    return read_case(record=stage.records[on].record, actor=actor, at=stage.now, log=False)


def _differs(what: str, wanted: object, found: object) -> list[str]:
    return [] if wanted == found else [f"{what}: expected {wanted!r}, found {found!r}"]


def _state(stage: Stage, on: str, wanted: str) -> list[str]:
    return _differs(f"state of {on}", wanted, _row(stage, on).state)


def _warning(stage: Stage, on: str, wanted: str) -> list[str]:
    return _differs(f"warning of {on}", wanted, _row(stage, on).warning)


def _due(stage: Stage, on: str, wanted: dict[str, dt.date]) -> list[str]:
    failures = []
    for step, day in wanted.items():
        task = _open_tasks(stage, on).filter(step="" if step == "record" else step).first()
        found = task.due_at.astimezone(SHANGHAI).date() if task and task.due_at else None
        failures += _differs(f"due date of {step} on {on}", day, found)
    return failures


def _open_tasks(stage: Stage, on: str) -> Any:
    return Task.objects.filter(record=stage.records[on].record, state__in=("open", "paused"))


def _tasks(stage: Stage, on: str, wanted: list[str]) -> list[str]:
    found = sorted(task.step or "record" for task in _open_tasks(stage, on))
    return _differs(f"open tasks of {on}", sorted(wanted), found)


def _on_time(stage: Stage, on: str, wanted: dict[str, bool]) -> list[str]:
    failures = []
    for step, timely in wanted.items():
        task = (
            Task.objects.filter(record=stage.records[on].record, step=step, state="done").order_by("-done_at").first()
        )
        failures += _differs(f"{step} of {on} done on time", timely, task.on_time if task else None)
    return failures


def _fields(stage: Stage, on: str, wanted: dict[str, Any]) -> list[str]:
    case = _case(stage, on)
    assert case is not None
    resolved = stage.world.data(wanted, stage.records)
    failures = []
    for name, value in resolved.items():
        found = case.values.get(name)
        failures += _differs(
            f"{name} of {on}", str(value) if value is not None else None, None if found is None else str(found)
        )
    return failures


def _seen_by(stage: Stage, on: str, wanted: list[str]) -> list[str]:
    return [f"{name} should see {on}, but does not" for name in wanted if not _sees(stage, on, name)]


def _not_seen_by(stage: Stage, on: str, wanted: list[str]) -> list[str]:
    return [f"{name} should not see {on}, but does" for name in wanted if _sees(stage, on, name)]


def _sees(stage: Stage, on: str, name: str) -> bool:
    return may_see(actor_of(stage.world.person(name), stage.now.date()), stage.records[on].record, stage.now)


def _shown_to(stage: Stage, on: str, wanted: dict[str, list[str]]) -> list[str]:
    return _masking(stage, on, wanted, hidden=False)


def _hidden_from(stage: Stage, on: str, wanted: dict[str, list[str]]) -> list[str]:
    return _masking(stage, on, wanted, hidden=True)


def _masking(stage: Stage, on: str, wanted: dict[str, list[str]], *, hidden: bool) -> list[str]:
    failures = []
    for field, names in wanted.items():
        for name in names:
            case = _case(stage, on, name)
            if case is None:
                failures.append(f"{name} cannot even see {on}")
            elif (field in case.hidden) != hidden:
                failures.append(f"{field} of {on} should be {'hidden from' if hidden else 'shown to'} {name}")
    return failures


def _told(stage: Stage, on: str, wanted: list[str]) -> list[str]:
    tellings = Outbox.objects.filter(record=stage.records[on].record)
    found = {telling.role or stage.world.name_of(telling.person) for telling in tellings}
    return [f"{name} was not told about {on}; told: {sorted(found)}" for name in wanted if name not in found]


def _steps(stage: Stage, on: str, wanted: dict[str, list[str]]) -> list[str]:
    failures = []
    for name, steps in wanted.items():
        actor = stage.actor(name, on)
        case = read_case(record=stage.records[on].record, actor=actor, at=stage.now, log=False)
        found = sorted(offer.step.id for offer in steps_open_to(case, actor, stage.now)) if case else []
        failures += _differs(f"steps of {on} open to {name}", sorted(steps), found)
    return failures


def _count(stage: Stage, on: str, wanted: dict[str, int]) -> list[str]:
    failures = []
    for register, number in wanted.items():
        key = register if "." in register else f"{stage.charter}.{register}"
        failures += _differs(f"records of {register}", number, Record.objects.filter(register=key).count())
    return failures


def _property(stage: Stage, on: str, wanted: dict[str, dict[str, str]]) -> list[str]:
    failures = []
    for unit, properties in wanted.items():
        for name, value in properties.items():
            found = (
                UnitProperty.objects.filter(unit=stage.world.unit(unit), name=name)
                .values_list("value", flat=True)
                .first()
            )
            failures += _differs(f"property {name} of {unit}", value, found)
    return failures


def _verifies(stage: Stage, on: str, wanted: bool) -> list[str]:
    found: Iterable[object] = chain(replay_and_compare(), replayed_boards(), replayed_honours()) if wanted else ()
    return [str(difference) for difference in found]


COMPARING: dict[str, Callable[[Any, str, Any], list[str]]] = {
    "state": _state,
    "warning": _warning,
    "due": _due,
    "tasks": _tasks,
    "on_time": _on_time,
    "fields": _fields,
    "seen_by": _seen_by,
    "not_seen_by": _not_seen_by,
    "shown_to": _shown_to,
    "hidden_from": _hidden_from,
    "told": _told,
    "steps": _steps,
    "count": _count,
    "property": _property,
    "verifies": _verifies,
}
