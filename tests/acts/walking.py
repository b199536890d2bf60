"""A seeded random walk: people of the county take whatever steps are offered to them, rightly and wrongly."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

from tests.acts.county import FILE, PEOPLE, County

from zhangfa.acts import verbs
from zhangfa.acts.actor import PUBLIC, Actor
from zhangfa.acts.clock import tick
from zhangfa.acts.engine import take_step
from zhangfa.acts.models import Record, Task
from zhangfa.acts.offers import openings_for, steps_open_to
from zhangfa.acts.reading import read_case
from zhangfa.acts.refusal import Refusal
from zhangfa.charter.model import Field, Step

VERBS = ("pass_on", "return_task", "extend", "pause", "resume", "claim", "add_signer")


class Walk:
    """Acts at random; counts what went through and what was refused."""

    def __init__(self, county: County, seed: int) -> None:
        self.county = county
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.codes: dict[int, str] = {}
        self.seed = seed
        self.number = 0

    def go(self, acts: int) -> None:
        """Do so many acts, an hour or so apart."""
        for _ in range(acts):
            self.number += 1
            self.county.now += dt.timedelta(minutes=self.chance.randint(1, 300))
            doing = self.chance.choices(
                [self._open, self._move, self._verb, self._tick, self._repeat], [25, 60, 10, 3, 2]
            )[0]
            try:
                doing()
            except Refusal as refusal:
                self.refused[refusal.code] += 1

    def key(self) -> str:
        """Return this act's key."""
        return f"walk-{self.seed}-{self.number}"

    def somebody(self) -> Actor:
        """Return anybody of the county."""
        return self.county.actor(self.chance.choice(list(self.county.people)))

    def _open(self) -> None:
        if self.chance.random() < 0.3:
            register, step, units = (
                "residents-requests.request",
                None,
                [self.county.units[g] for g in ("g1", "g2", "g3")],
            )
            data = {"category": "other", "content": f"第 {self.number} 件事", "phone": "13800138000"}
            self._take(register, "submit", PUBLIC, unit=self.chance.choice(units), data=data)
            return
        for _ in range(25):
            actor = self.somebody()
            if openings := openings_for(actor, self.county.now):
                register, step, units = self.chance.choice(openings)
                self._take(register, step.id, actor, unit=self.chance.choice(units), data=self.fill(step, {}))
                return

    def _record(self) -> int | None:
        ids = list(Record.objects.filter(closed=False).values_list("pk", flat=True)) or list(
            Record.objects.values_list("pk", flat=True)
        )
        return self.chance.choice(sorted(ids)) if ids else None

    def _move(self) -> None:
        record = self._record()
        if record is None:
            return
        actor = (
            PUBLIC.with_code(self.codes[record])
            if record in self.codes and self.chance.random() < 0.3
            else self.somebody()
        )
        for _ in range(25):
            case = read_case(record=record, actor=actor, at=self.county.now)
            offers = steps_open_to(case, actor, self.county.now) if case else []
            if case and offers:
                offer = self.chance.choice(offers)
                version = offer.version - self.chance.choice([0, 0, 0, 1])
                data = self.fill(offer.step, case.values)
                self._take(case.situation.key, offer.step.id, actor, record=record, version=version, data=data)
                return
            actor = self.somebody()

    def _take(self, register: str, step: str, actor: Actor, **rest: Any) -> None:
        outcome = take_step(register=register, step=step, by=actor, at=self.county.now, key=self.key(), **rest)
        self.done[f"{register}.{step}"] += 1
        if outcome.code:
            self.codes[outcome.record] = outcome.code
        self.last = (register, step, actor, rest)

    def _repeat(self) -> None:
        if hasattr(self, "last"):
            register, step, actor, rest = self.last
            take_step(register=register, step=step, by=actor, at=self.county.now, key=self.key(), **rest)

    def _verb(self) -> None:
        tasks = list(Task.objects.filter(state__in=("open", "paused")).values_list("pk", flat=True))
        if not tasks:
            return
        name = self.chance.choice(VERBS)
        somebody = self.county.people[self.chance.choice(list(self.county.people))]
        more = {"pass_on": {"to": somebody}, "add_signer": {"person": somebody}, "extend": {"amount": 2}}.get(name, {})
        for _ in range(25):
            try:
                getattr(verbs, name)(
                    task=self.chance.choice(tasks),
                    by=self.somebody(),
                    at=self.county.now,
                    key=self.key(),
                    reason="随手",
                    **more,
                )
            except Refusal as refusal:
                self.refused[refusal.code] += 1
            else:
                self.done[name] += 1
                return

    def _tick(self) -> None:
        self.county.now += dt.timedelta(days=self.chance.randint(1, 12))
        for what, count in tick(at=self.county.now).to_json().items():
            if what != "failed":
                self.done[f"tick {what}"] += count

    def fill(self, step: Step, values: Any) -> dict[str, Any]:
        """Return something for every field a step asks, now and then nothing."""
        return {
            one.id: self.value(one, values.get(one.id))
            for one in step.asks
            if one.required or self.chance.random() < 0.8
        }

    def value(self, one: Field, before: Any) -> Any:
        """Return a fitting value of a field."""
        pick = self.chance
        match one.type:
            case "text":
                return "写几个字" + str(pick.randint(0, 99))
            case "int":
                return pick.randint(int(one.min or 0), int(min(one.max or 20, 20)))  # type: ignore[call-overload]
            case "decimal":
                return str(pick.randint(1, 9))
            case "percent":
                return f"{pick.randint(0, 100)}%"
            case "money":
                return str(pick.randint(1, 9999))
            case "bool":
                return pick.random() < 0.8
            case "choice":
                return pick.choice(one.options).id
            case "person":
                fitting = [
                    self.county.people[name]
                    for name, posts in PEOPLE.items()
                    if any(p.startswith(one.role) for p in posts)
                ]
                return pick.choice(fitting)
            case "unit":
                return self.county.units[pick.choice(["water", "roads"])]
            case "date":
                return f"2026-0{pick.randint(1, 9)}-15"
            case "datetime":
                hours = pick.randint(1, 200) + (200 if one.id == "ends" else 0)
                return (self.county.now + dt.timedelta(hours=hours)).isoformat()
            case "files":
                return [FILE]
            case "ref":
                return self._ref(one)
            case "table":
                rows = [{"id": row["id"]} for row in one.rows] or [{}]
                return [
                    {**row, **{c.id: self.value(c, None) for c in one.columns if c.type != "files"}} for row in rows
                ]
        return None

    def _ref(self, one: Field) -> Any:
        ids = list(Record.objects.filter(register__endswith=f".{one.to}").values_list("pk", flat=True))
        return str(self.chance.choice(ids)) if ids else None
