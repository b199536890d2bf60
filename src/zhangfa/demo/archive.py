"""The archive of officials and the grading of village cadres: facts of work, shown to the person, who may answer."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping

from zhangfa.demo.case import Case, acting, day_of, holder
from zhangfa.demo.merits import Merit, merit_of
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span, in_office, some_day
from zhangfa.directory import tree
from zhangfa.directory.models import Post
from zhangfa.directory.posts import holders
from zhangfa.scores.period import Period

ENTRY, TEAM_ENTRY, REVIEW = "cadre-archive.entry", "cadre-archive.team-entry", "cadre-archive.review"
FACTS = {
    "positive": (
        "牵头的大蒜产业园二期提前四十天完工，经审计无整改项。", "暴雨夜到岗组织转移四十二户，无人受伤。",
        "三年未结的征地补偿纠纷当面谈成，双方签字。", "年度任务提前一季度完成，做法在县里推开。",
    ),
    "negative": (
        "项目施工许可逾期三十天未办，经两次督办。", "巡察反馈问题到期未整改，未申请延期。",
        "防汛物资台账与实物不符，经核对缺两项。",
    ),
}  # fmt: skip
KINDS = ("daily", "task", "risk", "yearly")
REVIEWERS = 5
REMARKABLE = 2
MIXED, MAJOR = (45, 35, 20), (0, 25, 75)
"""Weights of the grades of an entry: as they come, and of whoever does remarkably."""


def archive_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield the entries of every official by quarter, and the reviews at the finished year's end."""
    reviewers = [person for person, _ in holders_of("reviewer", "county")][:REVIEWERS]
    officials = holders_of("cadre")
    for quarter in span.quarters:  # a card is rare: two do remarkably well, two badly
        chosen = stage.chance.sample(officials, 2 * REMARKABLE)
        for place, (person, unit) in enumerate(chosen):
            sign = "positive" if place < REMARKABLE else "negative"
            for number in range(4):
                yield "entry", _tell_entry(stage, person, unit, quarter, 10 + number, sign, MAJOR)
    yield from _team_stories(stage, span, {unit: person for person, unit in officials})
    for person, unit in officials:
        merit = merit_of(f"{tree.unit(unit).code}-{person}", span.quarters[0].start)
        for quarter in span.quarters:
            for number in range(stage.chance.choice((0, 1, 1, 2, 3))):
                sign = "positive" if stage.chance.random() < 0.15 + 0.8 * merit.on(quarter.end) else "negative"
                yield "entry", _tell_entry(stage, person, unit, quarter, number, sign, MIXED)
        for number, reviewer in enumerate(reviewers):
            yield "review", _tell_review(stage, person, unit, span.year, number, reviewer, merit)


def _team_stories(stage: Stage, span: Span, speakers: Mapping[int, int]) -> Iterator[tuple[str, Story]]:
    """Yield the entries on the leadership team of every unit by quarter; one of its officials answers for it."""
    for unit, person in speakers.items():
        merit = merit_of(tree.unit(unit).code, span.quarters[0].start)
        for quarter in span.quarters:
            for number in range(stage.chance.choice((0, 1, 1, 2))):
                sign = "positive" if stage.chance.random() < 0.2 + 0.7 * merit.on(quarter.end) else "negative"
                story = _tell_entry(stage, person, unit, quarter, number, sign, MIXED, TEAM_ENTRY)
                yield "team entry", story


def holders_of(role: str, kind: str = "") -> list[tuple[int, int]]:
    """Return (person, unit) of everybody who holds a role, at units of a kind, in a fixed order."""
    held = Post.objects.filter(role=role, until=None).order_by("unit__code", "person__code")
    if kind:
        held = held.filter(unit__kind=kind)
    return list(held.values_list("person", "unit"))


def another(role: str, unit: int, at: dt.datetime, than: int | None) -> int:
    """Return a holder of the role whose post reaches the unit and who is somebody else."""
    return next(person for person in holders(role, unit, day_of(at)) if person != than)


def _tell_entry(
    stage: Stage, person: int, unit: int, quarter: Period, number: int, sign: str, grades: tuple[int, int, int],
    register: str = ENTRY,
) -> Story:  # fmt: skip
    """Report, verify; then the person (or one of the team) accepts, objects, or lets the time pass."""
    name = register.rpartition(".")[2]
    chance, case = stage.chance, Case(register, f"{stage.prefix}-{name}-{person}-{quarter.id}-{number}")
    happened = some_day(quarter, chance, 0.02, 0.85)
    at = in_office(happened + dt.timedelta(days=chance.randrange(1, 5)), chance)
    yield at
    grade = chance.choices(("common", "notable", "major"), weights=grades)[0]
    about = person if register == ENTRY else None
    case.take("report", holder("recorder", unit, at), at, unit, about, sign=sign, kind=chance.choice(KINDS),
              happened=happened.isoformat(), grade=grade, fact=chance.choice(FACTS[sign]), evidence=[])  # fmt: skip
    at = stage.at_work(at, 24)
    yield at
    if chance.random() < 0.05:
        case.take("return", holder("org-office", unit, at), at, remark="没有书证，不予采信。")
        return
    verifier = another("org-office", unit, at, None)
    case.take("verify", acting(verifier, at), at, remark="与原始文件核对属实。")
    at = stage.at_work(at, 30)
    yield at
    if sign == "positive" and chance.random() < 0.7:
        case.take("accept", acting(person, at), at)
    elif sign == "negative" and chance.random() < 0.3:
        case.take("object", acting(person, at), at, objection="当日在现场处置险情，已由值班室证明。")
        at = stage.at_work(at, 40)
        yield at
        step, ruling = chance.choice((("uphold", "证明材料时间不符，维持。"), ("strike", "情况属实，予以撤销。")))
        case.take(step, acting(another("org-office", unit, at, verifier), at), at, ruling=ruling)


def _tell_review(
    stage: Stage, person: int, unit: int, year: Period, number: int, reviewer: int, merit: Merit
) -> Story:  # fmt: skip
    case = Case(REVIEW, f"{stage.prefix}-review-{person}-{number}")
    at = in_office(year.end - dt.timedelta(days=13), stage.chance)
    yield at
    case.take("give", acting(reviewer, at), at, unit, person, on_day=at.date().isoformat(),
              mark=mark_for(merit, at.date(), stage.chance))  # fmt: skip


def mark_for(merit: Merit, day: dt.date, chance: random.Random) -> int:
    """Return a mark out of a hundred as people give them."""
    return min(100, round(66 + 30 * merit.on(day) + chance.choice((-4, -2, 0, 1, 3))))
