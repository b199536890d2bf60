"""Village cadres: a survey each half-year, rewards and penalties at once, marks at the yearly report, a reserve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.demo.archive import holders_of, mark_for
from zhangfa.demo.case import Case, acting, holder
from zhangfa.demo.merits import Merit, merit_of
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span, in_office, some_day
from zhangfa.directory import tree
from zhangfa.scores.period import Period

SURVEY, NOTICE, MARK, RESERVE = (f"village-cadres.{one}" for one in ("survey", "notice", "report-mark", "reserve"))
NOTICES = {
    "reward": ("抢收时组织党员帮助六户困难家庭。", "村道养护做法被镇里推广。"),
    "penalty": ("村务公开栏两个月没有更新，提醒后仍未改。", "三次无故缺席例会。"),
}


def cadre_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield surveys, notices and marks of every village cadre, and the mentoring of the reserve."""
    representatives = holders_of("representative")
    for person, village in holders_of("village-cadre"):
        unit = tree.unit(village)
        merit = merit_of(unit.code, span.year.start)
        for half in span.halves[1:]:
            yield "survey", _tell_survey(stage, person, village, half, merit)
            if stage.chance.random() < 0.2:
                yield "notice", _tell_notice(stage, person, village, half, merit)
        judges = [judge for judge, town in representatives if town == unit.town]
        for number, judge in enumerate(judges):
            yield "report-mark", _tell_mark(stage, person, village, span.year, number, judge, merit)
    for person, village in holders_of("reserve"):
        yield "reserve", _tell_reserve(stage, span, person, village)


def _tell_survey(stage: Stage, person: int, village: int, half: Period, merit: Merit) -> Story:
    chance, case = stage.chance, Case(SURVEY, f"{stage.prefix}-survey-{person}-{half.id}")
    at = in_office(some_day(half, chance, 0.55, 0.85), chance)
    yield at
    good = merit.on(at.date())
    attitude = "active" if good > 0.75 else "steady" if good > 0.45 or chance.random() < 0.8 else "passive"
    results = "good" if chance.random() < good - 0.2 else "fair" if chance.random() < 0.5 + good / 2 else "poor"
    voters = 10 * chance.randrange(4, 9)
    pleased = min(voters, round(voters * (0.5 + 0.5 * good)) + chance.choice((-2, 0, 1)))
    case.take(
        "propose", holder("town-office", village, at), at, village, person, on_day=at.date().isoformat(),
        visits=chance.randrange(10, 40), talks=chance.randrange(4, 16), attitude=attitude, results=results,
        voters=voters, pleased=pleased, remark="依据入户走访和民主评议结果，见附表。",
    )  # fmt: skip
    yield from _answer(stage, case, person, village, at)


def _tell_notice(stage: Stage, person: int, village: int, half: Period, merit: Merit) -> Story:
    chance, case = stage.chance, Case(NOTICE, f"{stage.prefix}-notice-{person}-{half.id}")
    at = in_office(some_day(half, chance, 0.1, 0.9), chance)
    yield at
    sign = "reward" if chance.random() < merit.on(at.date()) else "penalty"
    case.take("propose", holder("town-office", village, at), at, village, person, on_day=at.date().isoformat(),
              sign=sign, points=chance.randrange(1, 6), fact=chance.choice(NOTICES[sign]))  # fmt: skip
    yield from _answer(stage, case, person, village, at)


def _answer(stage: Stage, case: Case, person: int, village: int, at: dt.datetime) -> Story:
    """The person agrees, appeals, or says nothing, and it stands when the time is over."""
    chance = stage.chance
    at = stage.at_work(at, 30)
    yield at
    answer = chance.random()
    if answer < 0.5:
        case.take("accept", acting(person, at), at)
    elif answer < 0.56:
        case.take("object", acting(person, at), at, objection="道路已经修完，验收单附后。")
        at = stage.at_work(at, 40)
        yield at
        step, ruling = chance.choice((("uphold", "验收在考核期之后，维持。"), ("strike", "情况属实，撤销重评。")))
        case.take(step, holder("district-office", village, at), at, ruling=ruling)


def _tell_mark(
    stage: Stage, person: int, village: int, year: Period, number: int, judge: int, merit: Merit
) -> Story:  # fmt: skip
    case = Case(MARK, f"{stage.prefix}-mark-{person}-{number}")
    at = in_office(year.end - dt.timedelta(days=15), stage.chance)
    yield at
    case.take("give", acting(judge, at), at, village, person, on_day=at.date().isoformat(),
              mark=mark_for(merit, at.date(), stage.chance))  # fmt: skip


def _tell_reserve(stage: Stage, span: Span, person: int, village: int) -> Story:
    case = Case(RESERVE, f"{stage.prefix}-reserve-{person}")
    at = in_office(some_day(span.quarters[0], stage.chance), stage.chance)
    yield at
    town = tree.unit(village).town
    secretary = next(one for one, unit in holders_of("village-cadre") if unit == village)
    leader = next(one for one, unit in holders_of("town-leader") if unit == town)
    precinct = holders_of("precinct-head")[0][0]
    office = holder("town-office", village, at)
    case.take("begin", office, at, village, person, secretary=secretary, precinct=precinct, leader=leader)
    at = stage.at_work(at, 24 * 50)
    yield at
    case.take("enrol", holder("town-office", village, at), at, course="山东农业大学 乡村管理")
