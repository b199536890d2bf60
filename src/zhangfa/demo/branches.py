"""Star grading: branches rate themselves against the checklists, organs are inspected, opinions are put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from zhangfa.charter import engine as charters
from zhangfa.demo.case import Case, holder
from zhangfa.demo.merits import Merit, merit_of
from zhangfa.demo.places import JINXIANG
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span, in_office, some_day
from zhangfa.directory import tree
from zhangfa.scores.period import Period, period_of

GRADING, INSPECTION, OPINION = (f"star-branches.{one}" for one in ("grading", "inspection", "opinion"))
ITEMS = ("lessons", "theme", "life")
FINDINGS = {True: "程序规范，记录完整。", False: "记录与签到人数不一致，会议主题写得笼统。"}
OPINIONS = (
    ("style", "办事窗口中午没有人，来了两趟。"), ("action", "答应一周答复的事，等了二十天。"),
    ("cadres", "业务骨干常被抽走，窗口换人太勤。"), ("style", "电话打进去没有人接，转了三次。"),
)  # fmt: skip
MEASURES = ("实行午间值班，名单贴在窗口。", "把答复时限写进受理回执，逾期由科长说明。", "窗口人员一年内不抽调。")


def branch_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield the gradings of the finished and the running year, and each quarter's inspections and opinions."""
    county = tree.unit_by_code(JINXIANG)
    assert county is not None
    items = [row["id"] for row in charters.register(GRADING)[1].fields["items"].rows]
    standard = [row["id"] for row in charters.register(GRADING)[1].fields["standard"].rows]
    for department in tree.children(county.id, "department"):
        merit = merit_of(department.code, span.quarters[0].start)
        for branch in tree.children(department.id, "branch"):
            for year in (span.year, period_of(span.today, "year")):
                own = merit_of(branch.code, span.quarters[0].start)
                yield "grading", _tell_grading(stage, branch.id, year, own, items, standard)
        for quarter in span.quarters:
            for number in range(stage.chance.randrange(4)):
                yield "inspection", _tell_inspection(stage, department.id, quarter, number, merit)
            for number in range(stage.chance.choice((0, 1, 1, 2))):
                yield "opinion", _tell_opinion(stage, department.id, quarter, number, merit)


def _tell_grading(
    stage: Stage, branch: int, year: Period, merit: Merit, items: Sequence[str], standard: Sequence[str]
) -> Story:
    chance, case = stage.chance, Case(GRADING, f"{stage.prefix}-star-{branch}-{year.id}")
    at = in_office(some_day(year, chance, 0.82, 0.92), chance)
    yield at
    good = merit.on(at.date())
    own = {item: 5 if chance.random() < 0.1 + 0.9 * good else chance.choice((3, 4)) for item in items}
    rows = [{"id": item, "own": mark} for item, mark in own.items()]
    met = [{"id": item, "met": chance.random() < 0.8 + 0.2 * good} for item in standard]
    case.take("rate", holder("branch-secretary", branch, at), at, branch, on_day=at.date().isoformat(), items=rows,
              standard=met)  # fmt: skip
    at = stage.at_work(at, 24 * 5)
    yield at
    checked = [{**row, "checked": max(0, own[str(row["id"])] - (chance.random() > 0.2 + 0.8 * good))} for row in rows]
    case.take("check", holder("checker", branch, at), at, items=checked, remark="已对照原始记录逐项核对。")
    at = stage.at_work(at, 24)
    yield at
    answer = chance.random()
    if answer < 0.12:
        case.take("object", holder("branch-secretary", branch, at), at, objection="第三维度的佐证已经补交，请再看。")
        at = stage.at_work(at, 48)
        yield at
        case.take("rule", holder("work-committee", branch, at), at, ruling="补交材料在截止日之后，维持复核意见。")
    elif answer < 0.7:  # else silence: it stands when the time is over
        case.take("accept", holder("branch-secretary", branch, at), at)


def _tell_inspection(stage: Stage, department: int, quarter: Period, number: int, merit: Merit) -> Story:
    chance, case = stage.chance, Case(INSPECTION, f"{stage.prefix}-insp-{department}-{quarter.id}-{number}")
    at = in_office(some_day(quarter, chance, 0.1, 0.9), chance)
    yield at
    sound = chance.random() < 0.2 + 0.8 * merit.on(at.date())
    case.take("inspect", holder("inspector", department, at), at, department, on_day=at.date().isoformat(),
              item=chance.choice(ITEMS), apart=True, sound=sound, finding=FINDINGS[sound])  # fmt: skip
    at = in_office(at.date() + dt.timedelta(days=chance.randrange(4, 34)), chance)
    yield at
    case.take("answer", holder("organ-office", department, at), at, answer="已按要求补正，留档备查。")


def _tell_opinion(stage: Stage, department: int, quarter: Period, number: int, merit: Merit) -> Story:
    chance, case = stage.chance, Case(OPINION, f"{stage.prefix}-voice-{department}-{quarter.id}-{number}")
    at = in_office(some_day(quarter, chance, 0.0, 0.7), chance)
    yield at
    kind, words = chance.choice(OPINIONS)
    case.take("raise", holder("appraisal-team", department, at), at, department, on_day=at.date().isoformat(),
              kind=kind, opinion=words)  # fmt: skip
    while True:
        late = chance.random() > 0.3 + 0.7 * merit.on(at.date())
        at = in_office(
            at.date() + dt.timedelta(days=chance.randrange(32, 50) if late else chance.randrange(5, 20)), chance
        )
        yield at
        case.take("measure", holder("organ-office", department, at), at, measure=chance.choice(MEASURES))
        at = stage.at_work(at, 40)
        yield at
        if chance.random() < 0.9:
            case.take("confirm", holder("appraisal-team", department, at), at)
            return
        case.take("press", holder("appraisal-team", department, at), at)
