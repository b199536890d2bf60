"""Run scenarios through the same write path everybody uses, on a clock that the scenario sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from zhangfa.acts.actor import PUBLIC, SYSTEM, Actor, actor_of
from zhangfa.acts.clock import tick
from zhangfa.acts.engine import Outcome, take_step
from zhangfa.acts.refusal import Refusal
from zhangfa.charter import engine as charters
from zhangfa.honours import clock as honours
from zhangfa.publishing import clock as publishing
from zhangfa.scenarios import expecting, judging, verbs
from zhangfa.scenarios.reading import Scenario, ScenarioProblem, moment
from zhangfa.scenarios.world import World


@dataclass(slots=True)
class Told:
    """What one scenario came to: the sentences of everything that was not as it said."""

    title: str
    failures: list[str] = field(default_factory=list)
    acts: int = 0

    @property
    def passed(self) -> bool:
        """True where everything was as the scenario said."""
        return not self.failures


@dataclass(slots=True)
class Stage:
    """A scenario under way: its world, the records by their nickname, the clock."""

    charter: str
    world: World
    now: dt.datetime
    records: dict[str, Outcome] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    number: int = 0

    @property
    def key(self) -> str:
        """Return the idempotency key of the act under way."""
        return f"scenario-{self.world.serial}-{self.number}"

    def actor(self, name: str, on: str | None) -> Actor:
        """Return the actor the scenario names; ``author`` holds the follow-up code of the record at hand."""
        if name == "public":
            return PUBLIC
        if name == "system":
            return SYSTEM
        if name == "author":
            if on is None or on not in self.codes:
                raise ScenarioProblem("`by: author` needs `on:` a record whose follow-up code is not lost.")
            return PUBLIC.with_code(self.codes[on])
        return actor_of(self.world.person(name), self.now.date())

    def register(self, act: dict[str, Any]) -> str:
        """Return the full key of the register an act is about."""
        if act.get("on"):
            return self.world.register_of(self.records[act["on"]].record)
        name = act.get("register") or self.world.register_opened_by(self.charter, act["step"])
        return name if "." in name else f"{self.charter}.{name}"


def run_scenario(scenario: Scenario, charter: str, world: World) -> Told:
    """Do the acts in order; note every expectation that does not hold. The caller undoes the writes."""
    told = Told(title=scenario.title)
    stage = Stage(charter=charter, world=world, now=world.start)
    for number, act in enumerate(scenario.acts, start=1):
        stage.number = number
        if "at" in act:
            stage.now = moment(act["at"])
        try:
            told.failures += [f"act {number}: {failure}" for failure in _do(stage, act)]
        except Refusal as refusal:
            fields = "".join(f" [{path}] {sentence}" for path, sentence in refusal.fields.items())
            told.failures.append(f"act {number} ({_name(act)}) was refused: {refusal.sentence}{fields}")
            return told
        told.acts += 1
    return told


def _name(act: dict[str, Any]) -> str:
    return str(act.get("step") or act.get("verb") or next(word for word in DOING if word in act))


def _do(stage: Stage, act: dict[str, Any]) -> list[str]:
    doing: Callable[[Stage, dict[str, Any]], list[str]] = next(do for word, do in DOING.items() if word in act)
    if "refused" not in act:
        return doing(stage, act)
    try:
        doing(stage, act)
    except Refusal as refusal:
        said = " ".join([str(refusal.sentence), *map(str, refusal.fields.values())])
        return [] if str(act["refused"]) in said else [f"refused, but with “{said}” instead of “{act['refused']}”"]
    return [f"{_name(act)} was allowed, but should be refused with “{act['refused']}”"]


def _take(stage: Stage, act: dict[str, Any]) -> list[str]:
    if "each" not in act:
        return _take_one(stage, act, stage.key)
    for name, own in stage.world.each(act["each"]).items():
        one = {word: value for word, value in act.items() if word != "each"} | {
            "data": {**act.get("data", {}), **own},
            **({"on": f"{act['on']}-{name}"} if "on" in act else {"unit": name}),
            **({"as": f"{act['as']}-{name}"} if "as" in act else {}),
        }
        _take_one(stage, one, f"{stage.key}-{name}")
    return []


def _take_one(stage: Stage, act: dict[str, Any], key: str) -> list[str]:
    on, register = act.get("on"), stage.register(act)
    fields = {field.id: field for field in charters.register(register)[1].steps[act["step"]].asks}
    outcome = take_step(
        register=register,
        step=act["step"],
        by=stage.actor(act.get("by", "public"), on),
        at=stage.now,
        key=act.get("key", key),
        record=stage.records[on].record if on else None,
        unit=stage.world.unit(act["unit"]) if "unit" in act else None,
        about=stage.world.person_or_unit(act["about"]) if "about" in act else None,
        data=stage.world.data(act.get("data", {}), stage.records, fields),
    )
    name = on or act.get("as") or f"record-{stage.number}"
    stage.records[name] = outcome
    if outcome.code:
        stage.codes[name] = outcome.code
    return []


def _tick(stage: Stage, act: dict[str, Any]) -> list[str]:
    if act["tick"] is not True:
        stage.now = moment(act["tick"])
    tick(at=stage.now)
    publishing.tick(at=stage.now)
    honours.tick(at=stage.now)
    return []


def _lose_code(stage: Stage, act: dict[str, Any]) -> list[str]:
    del stage.codes[act["lose_code"]]
    return []


DOING: dict[str, Callable[[Stage, dict[str, Any]], list[str]]] = {
    "step": _take,
    "verb": verbs.take_verb,
    "tick": _tick,
    "expect": expecting.compare,
    "lose_code": _lose_code,
    "draft": judging.draft,
    "sign": judging.sign,
    "object": judging.object_to,
    "decide": judging.decide,
    "revise": judging.revise,
    "award": judging.award,
    "withdraw": judging.withdraw,
}
