"""Beautiful courtyards: households join and are visited, towns hold activities, the task force looks each month."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from zhangfa.demo.case import Case, holder
from zhangfa.demo.merits import Merit, merit_of
from zhangfa.demo.places import JINXIANG
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span, days_of, in_office, months_of, some_day
from zhangfa.directory import tree
from zhangfa.scores.period import Period

COURTYARD, VISIT, ACTIVITY, SUPERVISION = (
    f"beautiful-courtyard.{one}" for one in ("courtyard", "visit", "activity", "supervision")
)
WHOLE_FROM = 0.86
"""In towns at this level every household of the first three lanes takes part, so that titles come true."""
LANE_FROM = 0.74
"""In towns at this level every household of the first lane does."""
BEFORE = 0.25
"""Share of the households that joined before the first quarter told."""
WAITS = dt.timedelta(days=45)
"""After which a household that got no plaque leaves."""
ACTIVITIES = (
    "清洁庭院日",
    "好家风故事会",
    "庭院花草交换会",
    "收纳整理课",
    "旧物改造比赛",
    "巾帼志愿清扫",
    "门前绿化认领",
)
ADVICE = {"built": "keep", "model": "keep", "best": "upgrade", "warned": "right"}
FINDINGS = (
    "遍访台账有三户没有填日期，本月补记。", "两个村的验收表没有签字，已当场补齐。", "复核安排偏在月底，请分到每周。",
    "挂牌户的回访记录完整，请保持。", "新报名户的现场评分没有与农户本人核对。",
)  # fmt: skip
ANSWERS = ("已逐项补齐，村妇联主席签字确认。", "已改为每周两个村，排班表贴出。", "已与农户当面核对，两户更正了得分。")
REASONS = ("杂物堆放占了巷道，三次提醒没有清。", "排水沟堵塞，污水流到邻居门前。")


@dataclass(frozen=True, slots=True)
class Household:
    """A household, whether everybody of its lane takes part, and whether it is the one that will be removed."""

    id: int
    merit: Merit
    whole: bool
    falls: bool = False


def courtyard_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield the stories of every household, and of every town's activities and supervision."""
    county = tree.unit_by_code(JINXIANG)
    assert county is not None
    for number, one in enumerate(_households(county.id, span)):
        yield "courtyard", _tell_household(stage, span, number, one)
    for town in tree.children(county.id, "town"):
        merit = merit_of(town.code, span.quarters[0].start)
        for quarter in span.quarters:
            yield "activities", _tell_activities(stage, town.id, quarter, merit)
            for month in months_of(quarter):
                if not _is_skipped(town.code, quarter, span):
                    yield "supervision", _tell_supervision(stage, town.id, month, merit)


def _is_skipped(code: str, quarter: Period, span: Span) -> bool:
    """In the second quarter the task force did not reach the last town: it is not reported there, which is no zero."""
    return quarter == span.quarters[1] and code.endswith("112000")


def _households(county: int, span: Span) -> Iterator[Household]:
    """Yield the households lane by lane; in how many lanes of a town all take part depends on the town."""
    lanes = sorted(tree.units(tree.descendants(county, "lane")).values(), key=lambda one: one.code)
    seen: Counter[int] = Counter()
    fallen = False
    for lane in lanes:
        town = tree.unit(lane.town or county)
        merit = merit_of(town.code, span.quarters[0].start)
        seen[town.id] += 1
        whole = seen[town.id] <= (3 if merit.level >= WHOLE_FROM else 1 if merit.level >= LANE_FROM else 0)
        for place, home in enumerate(tree.children(lane.id, "household")):
            falls = whole and not fallen and merit.level >= WHOLE_FROM and place == 1
            fallen = fallen or falls
            yield Household(home.id, merit, whole, falls)


def _tell_household(stage: Stage, span: Span, number: int, one: Household) -> Story:
    chance, case = stage.chance, Case(COURTYARD, f"{stage.prefix}-court-{number}")
    if not one.whole and chance.random() > 0.05 + 0.6 * one.merit.level:
        return  # of its own free will: not everybody joins
    at = in_office(_joined(span, one.whole, chance), chance)
    yield at
    first = chance.randrange(60, 84)
    case.take("apply", holder("village-women", one.id, at), at, one.id, agreed=True, standard=sheet(first))
    at = stage.at_work(at, 24 * chance.choice((6, 10, 18)))
    yield at
    if not one.whole and chance.random() < 0.06:  # not good enough yet: it waits, the town is reminded, or it leaves
        yield (at := at + WAITS)
        case.take("leave", holder("village-women", one.id, at), at)
        return
    case.take("name", holder("town-women", one.id, at), at, standard=sheet(chance.randrange(80, 94)))
    yield from _look_again(stage, span, case, one, at, number)


def _joined(span: Span, whole: bool, chance: random.Random) -> dt.date:
    """Say on which day a household joins: a third before, whole lanes early, the rest spread over the quarters."""
    if whole or chance.random() < BEFORE:
        return some_day(span.year, chance, 0.2, 0.7)
    return some_day(chance.choice(span.quarters), chance)


def _look_again(stage: Stage, span: Span, case: Case, one: Household, at: dt.datetime, number: int) -> Story:
    """Visit it; then raise the plaque, ask for repairs, take it down, or leave it as it is."""
    chance = stage.chance
    at = stage.at_work(at, 24 * chance.randrange(20, 60))
    yield at
    fate = "falls" if one.falls else chance.choices(
        ("built", "model", "righted", "removed", "left"),
        weights=(60, 30, 5, 0, 0) if one.whole else (62, 18, 8, 8, 4),
    )[0]  # fmt: skip
    level, role = chance.choice((("village", "village-women"), ("town", "town-women"), ("county", "county-women")))
    visit = Case(VISIT, f"{stage.prefix}-visit-{number}")
    advice = {"model": "upgrade", "built": "keep", "left": "keep"}.get(fate, "right")
    mark = chance.randrange(95, 100) if fate == "model" else chance.randrange(70, 94)
    visit.take("record", holder(role, one.id, at), at, one.id, on_day=at.date().isoformat(), level=level, mark=mark,
               advice=advice)  # fmt: skip
    if fate == "falls":
        at = in_office(some_day(span.quarters[-2], chance, 0.3, 0.4), chance)
    else:
        at = stage.at_work(at, 24 * chance.randrange(5, 40))
    yield at
    if fate == "model":
        case.take("upgrade", holder("county-women", one.id, at), at, standard=sheet(chance.randrange(95, 101)))
    elif fate == "left":
        case.take("leave", holder("village-women", one.id, at), at)
    elif fate != "built":
        yield from _put_right(stage, span, case, one, at, fate)


def _put_right(stage: Stage, span: Span, case: Case, one: Household, at: dt.datetime, fate: str) -> Story:
    chance = stage.chance
    case.take("warn", holder("town-women", one.id, at), at, reason=chance.choice(REASONS))
    at = stage.at_work(at, 24 * 12) if fate == "righted" else in_office(at.date() + dt.timedelta(days=26), chance)
    yield at
    if fate != "righted":
        case.take("remove", holder("town-women", one.id, at), at)
        at = in_office(some_day(span.quarters[-1], chance, 0.2, 0.4), chance)
        yield at
    if fate != "removed":
        case.take("name", holder("town-women", one.id, at), at, standard=sheet(chance.randrange(82, 92)))


def sheet(total: int) -> list[dict[str, object]]:
    """Spread a mark over the four rows of the score sheet."""
    return [{"id": str(row + 1), "mark": total // 4 + (row < total % 4)} for row in range(4)]


def _tell_activities(stage: Stage, town: int, quarter: Period, merit: Merit) -> Story:
    chance = stage.chance
    count = round(13 * merit.on(quarter.end) + chance.choice((-2, -1, 0, 0, 1)))
    days = sorted(some_day(quarter, chance) for _ in range(max(2, count)))
    for number, day in enumerate(days):
        case = Case(ACTIVITY, f"{stage.prefix}-act-{town}-{quarter.id}-{number}")
        at = in_office(day + dt.timedelta(days=1), chance)
        yield at
        case.take("record", holder("town-women", town, at), at, town, name=chance.choice(ACTIVITIES),
                  held=day.isoformat(), people=chance.randrange(12, 90))  # fmt: skip
        at = stage.at_work(at, 30)
        yield at
        step = "refuse" if chance.random() < 0.05 else "verify"
        remark = "与上月的活动是同一场。" if step == "refuse" else ""
        case.take(step, holder("county-women", town, at), at, remark=remark)


def _tell_supervision(stage: Stage, town: int, month: Period, merit: Merit) -> Story:
    chance, case = stage.chance, Case(SUPERVISION, f"{stage.prefix}-look-{town}-{month.id}")
    at = in_office(month.start + dt.timedelta(days=min(days_of(month) - 6, chance.randrange(14, 26))), chance)
    yield at
    mark = min(100, round(62 + 36 * merit.on(at.date()) + chance.choice((-4, -2, 0, 1, 3))))
    case.take("inspect", holder("task-force", town, at), at, town, on_day=at.date().isoformat(), mark=mark,
              finding=chance.choice(FINDINGS))  # fmt: skip
    late = chance.random() > 0.4 + 0.6 * merit.level
    at = in_office(at.date() + dt.timedelta(days=38 if late else chance.randrange(3, 18)), chance)
    yield at
    case.take("answer", holder("town-women", town, at), at, answer=chance.choice(ANSWERS))
