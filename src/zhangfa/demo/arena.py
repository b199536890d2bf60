"""The village arena: commitments in January, a report each month, judges at the half-year, a final in December."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from zhangfa.demo.case import Case, acting, holder
from zhangfa.demo.merits import Merit, merit_of
from zhangfa.demo.offices import GRADED_TOWNS
from zhangfa.demo.places import JINXIANG
from zhangfa.demo.simulation import Stage, Story
from zhangfa.demo.span import Span, in_office, months_of
from zhangfa.directory import tree
from zhangfa.directory.models import Post
from zhangfa.publishing.models import SIGNED, Standing
from zhangfa.scores.period import Period, period_of

COMMITMENT, REPORT, OBSERVATION, FINAL = (
    f"village-arena.{one}" for one in ("commitment", "report", "observation", "final")
)
PILOT = 6
"""Villages of each town that tried the contest before all took part."""
RUNNING = 0.08
"""Share of the villages told in the running half-year, outside the towns that are told in full."""
OBSERVERS = 7
FINALISTS = 2
"""Villages of each town that go to the final."""
PROMISES = (
    ("economy", "新增大蒜精深加工合作社社员（户）", 40), ("works", "硬化生产路（百米）", 30),
    ("service", "老年助餐（百人次）", 24), ("order", "矛盾纠纷就地调解（件）", 36),
    ("party", "党员联系户走访（轮）", 12), ("economy", "流转土地统种（亩）", 300),
)  # fmt: skip
RESULTS = ("本月按计划推进，完成量已在公开栏公示。", "雨天耽误几天，月底赶了回来。", "群众代表看过现场，提了两条建议。")
COMMENTS = {
    "ahead": "进度超前，请把做法写成一页纸给邻村看。", "level": "按序时推进，下月注意验收资料。",
    "behind": "进度滞后，下月先把卡住的一项定下来，镇里帮助对接。",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Village:
    """A village of the arena, with its secretary and the judges of its town who are not its own."""

    id: int
    town: int
    merit: Merit
    secretary: int
    judges: tuple[int, ...]
    pilot: bool
    graded: bool
    """Its town is one of those told in full."""
    told: bool
    """Also in the running half-year."""


@dataclass(frozen=True, slots=True)
class Pledge:
    """What a village promised for a year."""

    village: Village
    year: Period
    field: str
    promise: str
    amount: int

    def done_by(self, day: dt.date, chance: random.Random) -> int:
        """Return how much is done on a day: in proportion to the year, more or less as the village works."""
        part = ((day - self.year.start).days + 1) / 365
        pace = 0.35 + 0.75 * self.village.merit.on(day) + chance.choice((-0.1, 0.0, 0.0, 0.05))
        return round(self.amount * min(1.1, part * pace))


def arena_stories(stage: Stage, span: Span) -> Iterator[tuple[str, Story]]:
    """Yield commitments, reports and observations of every village, and the final of the finished year."""
    county = tree.unit_by_code(JINXIANG)
    assert county is not None
    this_year = period_of(span.today, "year")
    for village in _villages(county.id, span):
        for year in (span.year, this_year):
            halves = [half for half in span.halves if half.start.year == year.start.year]
            halves = [half for half in halves if _takes_part(village, half, span)]
            if not halves:
                continue
            field, promise, amount = stage.chance.choice(PROMISES)
            pledge = Pledge(village, year, field, promise, round(amount * stage.chance.choice((1, 1, 1.5, 2))))
            yield "commitment", _tell_commitment(stage, pledge)
            for half in halves:
                yield from _half_year(stage, pledge, half)
    for number, person in enumerate(_holders("observer").get(county.id, ())[:OBSERVERS]):
        yield "final", _tell_final(stage, span, number, person)


def _takes_part(village: Village, half: Period, span: Span) -> bool:
    """All villages in the last finished half-year, some in the running one; before that a few tried it."""
    if half == span.halves[-2]:
        return True
    if half == span.halves[-1]:
        return village.told
    return village.pilot and (village.graded or half == span.halves[0])


def _villages(county: int, span: Span) -> Iterator[Village]:
    judges, secretaries = _holders("judge"), _holders("secretary")
    for town in tree.children(county, "town"):
        villages = list(tree.units(tree.descendants(town.id, "village")).values())
        villages.sort(key=lambda one: one.code)
        chance = random.Random(town.code)
        pilots = {one.id for one in chance.sample(villages, PILOT)}
        for one in villages:
            secretary = secretaries[one.id][0]
            others = tuple(person for person in judges[town.id] if person != secretary)
            graded = town.code in GRADED_TOWNS
            told = graded or one.id in pilots or chance.random() < RUNNING
            merit = merit_of(one.code, span.year.start)
            yield Village(one.id, town.id, merit, secretary, others[:5], one.id in pilots, graded, told)


def _holders(role: str) -> dict[int, list[int]]:
    """Return the persons who hold a role, by the unit of their post."""
    found: dict[int, list[int]] = {}
    for person, unit in (
        Post.objects.filter(role=role, until=None).order_by("person__code").values_list("person", "unit")
    ):
        found.setdefault(unit, []).append(person)
    return found


def _tell_commitment(stage: Stage, pledge: Pledge) -> Story:
    chance, village = stage.chance, pledge.village
    case = Case(COMMITMENT, f"{stage.prefix}-vow-{village.id}-{pledge.year.id}")
    at = in_office(pledge.year.start + dt.timedelta(days=chance.randrange(4, 18)), chance)
    yield at
    said: dict[str, object] = {"field": pledge.field, "promise": pledge.promise, "amount": pledge.amount}
    case.take("draft", acting(village.secretary, at), at, village.id, on_day=at.date().isoformat(), **said)
    at = stage.at_work(at, 16)
    yield at
    if chance.random() < 0.04:
        case.take("return", holder("town-office", village.town, at), at, advice="写明数量和完成时间。")
        at = stage.at_work(at, 20)
        yield at
        case.take("revise", acting(village.secretary, at), at, **said)
        at = stage.at_work(at, 16)
        yield at
    case.take("post", holder("town-office", village.town, at), at)


def _half_year(stage: Stage, pledge: Pledge, half: Period) -> Iterator[tuple[str, Story]]:
    for month in months_of(half):
        if stage.chance.random() < 0.4 + 0.55 * pledge.village.merit.on(month.end):
            yield "report", _tell_report(stage, pledge, month)
    for number, judge in enumerate(pledge.village.judges):
        if stage.chance.random() < 0.997:  # now and then a judge is ill, and four marks are too few
            yield "observation", _tell_observation(stage, pledge.village, half, number, judge)


def _tell_report(stage: Stage, pledge: Pledge, month: Period) -> Story:
    chance, village = stage.chance, pledge.village
    case = Case(REPORT, f"{stage.prefix}-tell-{village.id}-{month.id}")
    at = in_office(month.end - dt.timedelta(days=chance.randrange(6, 11)), chance)
    yield at
    done = pledge.done_by(at.date(), chance)
    case.take("send", acting(village.secretary, at), at, village.id, on_day=at.date().isoformat(),
              promised=pledge.amount, done=done, results=chance.choice(RESULTS))  # fmt: skip
    slow = chance.random() < 0.06
    at = in_office(at.date() + dt.timedelta(days=12 if slow else chance.randrange(1, 5)), chance)
    yield at
    pace = done / pledge.amount / (month.end.month / 12)
    track = "ahead" if pace > 1 else "level" if pace > 0.8 else "behind"
    case.take("comment", holder("town-office", village.town, at), at, track=track, comment=COMMENTS[track])


def _tell_observation(stage: Stage, village: Village, half: Period, number: int, judge: int) -> Story:
    chance, case = stage.chance, Case(OBSERVATION, f"{stage.prefix}-see-{village.id}-{half.id}-{number}")
    day = half.end - dt.timedelta(days=12 + village.id % 5)
    at = in_office(day, chance)
    yield at
    mark = round(58 + 36 * village.merit.on(day) + number - 2 + chance.choice((-4, -2, 0, 0, 1, 3)))
    case.take("give", acting(judge, at), at, village.id, on_day=at.date().isoformat(), apart=True,
              mark=min(100, mark))  # fmt: skip


def _tell_final(stage: Stage, span: Span, number: int, person: int) -> Story:
    """One observer marks every village of the final, on one day of December."""
    chance = stage.chance
    at = in_office(span.year.end - dt.timedelta(days=12), chance)
    yield at
    for village in finalists(span):
        case = Case(FINAL, f"{stage.prefix}-final-{number}-{village}")
        merit = merit_of(tree.unit(village).code, span.year.start)
        mark = min(100, round(66 + 28 * merit.on(at.date()) + number % 3 + chance.choice((-3, -1, 0, 1, 2))))
        case.take("give", acting(person, at), at, village, on_day=at.date().isoformat(), apart=True, mark=mark)


def finalists(span: Span) -> list[int]:
    """Return the two best villages of each town on the boards of the finished year's first half."""
    boards = Standing.objects.filter(
        board__charter="village-arena", board__score="half", board__period=span.halves[0].id,
        board__state__in=SIGNED, status="ranked",
    ).exclude(board__state="replaced")  # fmt: skip
    found: dict[int, list[int]] = {}
    for area, unit in boards.order_by("board__area__code", "place").values_list("board__area", "unit"):
        found.setdefault(area, []).append(unit)
    return [unit for units in found.values() for unit in units[:FINALISTS]]
