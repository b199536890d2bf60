"""What is scored: a charter of five registers and one score of six indicators by month, and events of a year for it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhangfa.charter.model import Charter

START = dt.datetime(2026, 1, 1, 0, 0, tzinfo=dt.UTC)
YEAR = 2026
REGISTERS = ("visit", "visit", "check", "case", "meeting", "sale", "visit", "check")
"""In the share they have of all records."""
EVENTS = 3
"""An entry, a check, an end."""
HEAD = """
charter: scored
title: {zh: 月评, en: Monthly score}
group: other
source: M28
in_force: 2000-01-01
lawful_basis: 测试
impact: 测试
roles:
  keeper: {title: {zh: 记录员, en: Keeper}, at: village}
  office: {title: {zh: 镇办公室, en: Office}, at: town}
  judge: {title: {zh: 县考核办, en: Judge}, at: county}
registers:
"""
REGISTER = """
  %s:
    title: {zh: 登记, en: Register}
    unit: village
    label: "{note}"
    %s
    keep: {for: 3 years, then: anonymise}
    fields:
      done_on: {type: date, title: {zh: 日期, en: Day}}
      note: {type: text, title: {zh: 说明, en: Note}}
      kind: {type: choice, title: {zh: 类, en: Kind}, options: {home: {zh: 入户, en: Home}, field: 田间}}
      minutes: {type: int, title: {zh: 分钟, en: Minutes}}
      mark: {type: decimal, places: 2, title: {zh: 分, en: Mark}}
      amount: {type: money, title: {zh: 金额, en: Amount}}
    states: {open: {zh: 待核, en: Open}, checked: {zh: 已核, en: Checked}, done: {zh: 办结, en: Done}}
    steps:
      enter: {title: {zh: 登记, en: Enter}, to: open, by: keeper, asks: [done_on, note, kind, minutes, mark, amount]}
      check: {title: {zh: 核对, en: Check}, from: open, to: checked, by: office, asks: [mark], within: 5 workdays}
      finish: {title: {zh: 办结, en: Finish}, from: checked, to: done, by: office}
"""
SCORES = """
scores:
  month:
    title: {zh: 月评, en: Month}
    of: village
    every: month
    rank_in: town
    source: 测试
    precision: 2
    missing: leave_out
    indicators:
      visits: {title: 入户, from: visit, where: "kind = 'home'", value: count(*), target: 4, weight: 20}
      long: {title: 长访率, from: visit, value: share(minutes >= 30), target: 1, weight: 10}
      marks: {title: 检查均分, from: check, value: avg(mark), target: 100, floor: 60, weight: 25}
      closed:
        title: 按时办结率
        from: case
        value: "share(closed is not null and days_between(opened, closed) <= 10)"
        target: 1
        weight: 20
      met: {title: 会议时长, from: meeting, value: sum(minutes), target: 60, weight: 10}
      income: {title: 收入, from: sale, where: "amount > 0", value: sum(amount), minmax: peers, weight: 15}
    publish: {by: judge, objections: 5 workdays, to: [office]}
"""


def apply_scored() -> Charter:
    """Put the charter in force."""
    from zhangfa.charter.engine import apply_charter

    parts = (REGISTER % (one, "" if one == "case" else "dated_by: done_on") for one in dict.fromkeys(REGISTERS))
    text = HEAD + "".join(parts) + SCORES
    return apply_charter(text=text, name="scored.yaml", by=None, at=START, key="scored", files={}).charter


@dataclass(frozen=True, slots=True)
class Scene:
    """Where records are made, and how many in a year."""

    villages: tuple[int, ...]
    records: int

    def at(self, number: int) -> dt.datetime:
        """Return when a record is entered: evenly over the year."""
        return START + dt.timedelta(seconds=number * 31_000_000 // self.records)


def make_events(scene: Scene, *, first: int = 0, count: int | None = None) -> Iterator[tuple[object, ...]]:
    """Yield the inserted values of the events of records, each entered, checked and ended, in order of time by week."""
    chance = random.Random(first)
    last = scene.records if count is None else first + count
    block = max(scene.records // 52, 1)
    for start in range(first, last, block):
        numbers = [(number, chance.choice(scene.villages)) for number in range(start, min(start + block, last))]
        for make in (_entered, _checked, _ended):
            for number, village in numbers:
                yield make(scene, number, village, chance)


def _row(scene: Scene, number: int, village: int, step: str, days: int, payload: dict[str, Any]) -> tuple[object, ...]:
    from zhangfa.log.append import event_row

    return event_row(
        key=f"{step}-{number}", ts=scene.at(number) + dt.timedelta(days=days), kind="step", payload=payload,
        charter="scored", version=1, register=f"scored.{REGISTERS[number % len(REGISTERS)]}",
        record=1 << 50 | number, step=step, person=None, unit=village,
    ).values  # fmt: skip


def _meta(*steps: str) -> dict[str, Any]:
    return {"changed": len(steps), "steps": dict.fromkeys(steps, 1), "took": {step: [] for step in steps}}


def _entered(scene: Scene, number: int, village: int, chance: random.Random) -> tuple[object, ...]:
    day = (scene.at(number) + dt.timedelta(hours=8)).date().isoformat()
    task = {"id": 1 << 51 | number, "step": "check", "role": "office", "unit": village, "due_at": f"{day}T15:59:59Z"}
    data = {
        "done_on": day, "note": "到户走访，问了收成和老人的药，都好。", "kind": chance.choice(("home", "field")),
        "minutes": chance.randrange(5, 90), "mark": f"{chance.randrange(5000, 10000) / 100:.2f}",
        "amount": chance.randrange(-1000, 500_000),
    }  # fmt: skip
    record = {
        "id": 1 << 50 | number, "state": "open", "unit": village, "closed": False, "number": f"S-{number}",
        "author": None, "about_person": None, "about_unit": None, "label": "到户走访", "due_at": None, "warning": "",
    }  # fmt: skip
    payload = {
        "by": {"kind": "public"}, "data": data, "meta": _meta("enter"), "record": record, "tasks": [task],
        "to": "open", "version": 1,
    }  # fmt: skip
    return _row(scene, number, village, "enter", 0, payload)


def _checked(scene: Scene, number: int, village: int, chance: random.Random) -> tuple[object, ...]:
    done = {str(1 << 51 | number): {"state": "done", "done_at": "2026-03-02T01:00:00Z", "on_time": True, "done_by": 1}}
    payload = {
        "by": {"kind": "person"}, "data": {"mark": f"{chance.randrange(6000, 10000) / 100:.2f}"}, "from": "open",
        "meta": _meta("enter", "check"), "record": {"closed": False, "state": "checked"}, "task_sets": done,
        "to": "checked", "version": 2,
    }  # fmt: skip
    return _row(scene, number, village, "check", 2, payload)


def _ended(scene: Scene, number: int, village: int, chance: random.Random) -> tuple[object, ...]:
    payload = {
        "by": {"kind": "person"}, "from": "checked", "meta": _meta("enter", "check", "finish"),
        "record": {"closed": True, "state": "done"}, "to": "done", "version": 3,
    }  # fmt: skip
    return _row(scene, number, village, "finish", chance.randrange(3, 20), payload)
