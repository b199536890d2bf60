"""Comparison of progress: the bureau shares out the tasks of a quarter, units report and are confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.demo.case import Case, holder
from zhangfa.demo.merits import Merit, merit_of
from zhangfa.demo.offices import COMMITTEES
from zhangfa.demo.places import JINXIANG
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span, days_of, in_office, some_day
from zhangfa.directory import tree
from zhangfa.scores.period import Period

PROGRESS, ACTIVITY = "progress-comparison.progress", "progress-comparison.activity"
TASKS = (
    ("制定本季度学习计划", "deploy", 1), ("召开支部学习会", "organise", 6), ("送学上门（人次）", "organise", 40),
    ("老党员讲党课", "organise", 4), ("走访困难党员（户）", "organise", 20), ("整理学习档案（份）", "appraise", 30),
    ("季度自查", "appraise", 1),
)  # fmt: skip
KINDS = ("theme", "birthday", "lecture", "visit", "study")
FEW = "370828110000"
"""化雨镇, which in one quarter has a single task and cannot be compared."""
SHARES = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def progress_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield the tasks and activities of the towns and the eleven committees, quarter by quarter."""
    county = tree.unit_by_code(JINXIANG)
    assert county is not None
    units = (*tree.children(county.id, "town"), *tree.children(county.id, "department")[COMMITTEES])
    for quarter in span.quarters:
        for unit in units:
            merit = merit_of(unit.code, span.quarters[0].start)
            count = 1 if unit.code == FEW and quarter == span.quarters[2] else 3 + stage.chance.randrange(2)
            for number in range(count):
                yield "task", _tell_task(stage, unit.id, quarter, number, merit)
            for number in range(round(4 * merit.level) - (stage.chance.random() < 0.3)):
                yield "study", _tell_activity(stage, unit.id, quarter, number, merit)


def _tell_task(stage: Stage, unit: int, quarter: Period, number: int, merit: Merit) -> Story:
    """Assign, report once or twice, confirm; whoever is slack reports late, and less."""
    chance, case = stage.chance, Case(PROGRESS, f"{stage.prefix}-task-{unit}-{quarter.id}-{number}")
    at = in_office(quarter.start + dt.timedelta(days=4 + 7 * number), chance)
    yield at
    name, link, quantity = TASKS[(number * 2 + quarter.start.month // 3) % len(TASKS)]
    due = some_day(quarter, chance, 0.6)
    case.take("assign", holder("bureau", unit, at), at, unit, name=name, link=link, quantity=quantity,
              due_on=due.isoformat())  # fmt: skip
    good = merit.on(due)
    late = chance.random() > 0.25 + 0.75 * good
    at = in_office(at.date() + dt.timedelta(days=chance.randrange(32, 48) if late else chance.randrange(8, 24)), chance)
    yield at
    done = quantity if chance.random() < good else max(0, round(quantity * chance.choice((0.3, 0.5, 0.6, 0.8))))
    case.take("report", holder("office", unit, at), at, done=done, note="")
    if chance.random() < 0.05:
        at = stage.at_work(at, 10)
        yield at
        case.take("send-back", holder("bureau", unit, at), at, advice="数量与附表对不上，请核对后再报。")
        at = stage.at_work(at, 30)
        yield at
        case.take("report", holder("office", unit, at), at, done=done, note="已核对附表。")
    at = stage.at_work(at, 18)
    yield at
    case.take("confirm", holder("bureau", unit, at), at)
    if done < quantity and chance.random() < good:
        yield from _finish(stage, case, unit, quantity, quarter, at)


def _finish(stage: Stage, case: Case, unit: int, quantity: int, quarter: Period, at: dt.datetime) -> Story:
    at = stage.at_work(at, 24 * 12)
    yield at
    case.take("report", holder("office", unit, at), at, done=quantity, note="余下部分已完成。")
    at = stage.at_work(at, 18)
    yield at
    case.take("confirm", holder("bureau", unit, at), at)


def _tell_activity(stage: Stage, unit: int, quarter: Period, number: int, merit: Merit) -> Story:
    chance, case = stage.chance, Case(ACTIVITY, f"{stage.prefix}-study-{unit}-{quarter.id}-{number}")
    held = quarter.start + dt.timedelta(days=chance.randrange(days_of(quarter) - 4))
    at = in_office(held + dt.timedelta(days=1), chance)
    yield at
    members = 20 * chance.randrange(2, 5)
    place = min(len(SHARES) - 1, int(merit.on(held) * len(SHARES)))
    people = round(members * SHARES[max(0, place - chance.randrange(3))])
    case.take("record", holder("office", unit, at), at, unit, kind=chance.choice(KINDS), held=held.isoformat(),
              people=people, members=members)  # fmt: skip
    at = stage.at_work(at, 20)
    yield at
    if chance.random() < 0.06:
        case.take("send-back", holder("bureau", unit, at), at, advice="人数与签到表不一致。")
        at = stage.at_work(at, 20)
        yield at
        case.take("correct", holder("office", unit, at), at, people=people - 2, members=members)
        at = stage.at_work(at, 20)
        yield at
    case.take("verify", holder("bureau", unit, at), at)
