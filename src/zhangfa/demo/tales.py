"""The stories the simulated county tells: requests, lectures, hand-overs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from zhangfa.acts.actor import PUBLIC, Actor, actor_of
from zhangfa.calendar.engine import current_calendar
from zhangfa.demo import stories
from zhangfa.demo.case import Case, holder
from zhangfa.demo.simulation import SHANGHAI, Stage, Story
from zhangfa.directory import tree
from zhangfa.directory.posts import holders
from zhangfa.scenarios.papers import store_paper

REQUEST, TOPIC, LECTURE, HANDOVER = (
    "residents-requests.request", "lecture-team.topic", "lecture-team.lecture", "leaders-handover.handover",
)  # fmt: skip


def tell_request(stage: Stage, number: int, grid: int, departments: Sequence[int]) -> Story:
    """A resident asks; the grid worker answers, refers or declines; the resident has the last word, or is silent."""
    chance, case = stage.chance, Case(REQUEST, f"{stage.prefix}-request-{number}")
    category = chance.choices(tuple(stories.REQUESTS), weights=(6, 20, 22, 20, 24, 8))[0]
    data: dict[str, object] = {"category": category, "content": chance.choice(stories.REQUESTS[category])}
    if chance.random() < 0.3:
        data["phone"] = f"1390000{chance.randrange(10000):04d}"  # 1390000: shown as made up, dialled by nobody
    at = stage.some_moment()
    yield at
    case.take("submit", PUBLIC, at, unit=grid, **data)
    at = stage.at_work(at, chance.choices((5, 40), weights=(95, 5))[0])
    yield at
    if chance.random() < 0.04:
        case.take("decline", holder("grid-worker", grid, at), at, decline_reason=chance.choice(stories.DECLINE_REASONS))
        return
    case.take("accept", holder("grid-worker", grid, at), at, category=category)
    fitting = [unit for unit in departments if any(word in tree.unit(unit).name for word in stories.FITTING[category])]
    yield from _work_on(stage, case, category, grid, fitting or departments, at)


def _result_of(solved: str, category: str) -> Sequence[str]:
    said = {"partly": stories.PARTLY, "explained": stories.EXPLAINED}
    return said.get(solved, stories.RESULTS[category])


def _work_on(stage: Stage, case: Case, category: str, grid: int, departments: Sequence[int], at: dt.datetime) -> Story:
    chance, reopened = stage.chance, 0
    while True:
        worker, unit = "grid-worker", grid
        if chance.random() < 0.35:
            at = stage.at_work(at, 6)
            yield at
            unit = chance.choice(departments)
            case.take("refer", holder("grid-worker", grid, at), at, department=unit)
            worker = "specialist"
        at = stage.at_work(at, chance.choices((30, 140, 330), weights=(70, 25, 5))[0])
        yield at
        solved = chance.choices(("solved", "partly", "explained"), weights=(80, 12, 8))[0]
        result = chance.choice(_result_of(solved, category))
        case.take("resolve", holder(worker, unit, at), at, solved=solved, result=result)
        if chance.random() < 0.35:
            return  # silence: the clock closes it, and the resident's verdict stays empty
        at = stage.at_work(at, 20)
        yield at
        resident = PUBLIC
        if reopened < 2 and chance.random() < 0.15:
            reopened += 1
            case.take("reopen", resident, at, reopen_reason=chance.choice(stories.REOPEN_REASONS))
            continue
        verdict = chance.choices(("solved", "partly", "not"), weights=(82, 13, 5))[0]
        stars = {"solved": (4, 5), "partly": (3, 4), "not": (1, 2)}[verdict]
        case.take("confirm", resident, at, resident_verdict=verdict, stars=chance.choice(stars))
        return


def tell_topic(stage: Stage, number: int, county: int, lecturer: int, ready: dict[int, int]) -> Story:
    """A lecturer proposes a topic, three of the office hear the trial; what is on offer is put into ``ready``."""
    chance, case = stage.chance, Case(TOPIC, f"{stage.prefix}-topic-{number}")
    at = stage.on(stage.start.date() + dt.timedelta(days=number % 5))
    yield at
    name = stories.TOPICS[number % len(stories.TOPICS)]
    themes = ("grassroots", "supervision", "wangjie", "culture", "poverty", "governance", "situation", "culture")
    by = actor_of(lecturer, at.astimezone(SHANGHAI).date())
    script = store_paper(f"{name}.pdf", by=by, at=at)
    case.take("draft", by, at, unit=county, name=name, theme=themes[number % 8], lecturer=lecturer, outline=[script])
    for judge in holders("lecture-office", county, at.astimezone(SHANGHAI).date())[:3]:
        at = stage.at_work(at, 5)
        yield at
        mark = f"{chance.uniform(8.1, 9.8):.1f}"
        outcome = case.take("trial", actor_of(judge, at.astimezone(SHANGHAI).date()), at, mark=mark, cleared=True)
        if outcome.state == "on-offer":
            ready[outcome.record] = lecturer


def tell_lecture(stage: Stage, number: int, county: int, host_unit: int, ready: dict[int, int]) -> Story:
    """A unit orders a lecture; the office settles it; it is given and answered, or is still to come."""
    chance, case = stage.chance, Case(LECTURE, f"{stage.prefix}-lecture-{number}")
    at = stage.on(
        stage.start.date() + dt.timedelta(days=12 + chance.randrange(max(1, (stage.end - stage.start).days - 12)))
    )
    yield at
    topic = chance.choice(sorted(ready))
    day = current_calendar().add_workdays(at.astimezone(SHANGHAI).date(), 5 + chance.randrange(10))
    starts = dt.datetime.combine(day, dt.time(chance.choice((9, 10, 14, 15)), chance.choice((0, 30))), SHANGHAI)
    times = {
        "starts": starts.isoformat(),
        "ends": (starts + dt.timedelta(hours=2)).isoformat(),
        "place": chance.choice(stories.PLACES),
    }
    case.take("order", holder("host", host_unit, at), at, unit=host_unit, topic=str(topic), **times)
    at = stage.at_work(at, 9)
    yield at
    if chance.random() < 0.06:
        case.take("cancel", holder("host", host_unit, at), at, cancel_reason="与防汛会议时间冲突，另行点课。")
        return
    case.take("confirm", holder("lecture-office", county, at), at, **times)
    at = starts + dt.timedelta(hours=3)
    yield at
    case.take("give", actor_of(ready[topic], day), at, audience=chance.randrange(30, 260))
    at = stage.at_work(at, chance.choice((20, 60, 160)))
    yield at
    answer = {"stars": chance.choice((4, 5, 5)), "comments": chance.choice(stories.COMMENTS)}
    case.take("answer", holder("host", host_unit, at), at, **answer)


def tell_handover(
    stage: Stage,
    number: int,
    unit: int,
    county: int,
    outgoing: int,
    incoming: int,
    rows: Sequence[str],
    begins: dt.datetime | None = None,
    until: str = "",
) -> Story:
    """A chief leaves; the list is drawn up, checked, sometimes objected to, signed by both, filed.

    With ``until`` the story stops after that step, for whoever tries the demo to go on.
    """
    chance, case = stage.chance, Case(HANDOVER, f"{stage.prefix}-handover-{number}")

    def actor(person: int, at: dt.datetime) -> Actor:
        return actor_of(person, at.astimezone(SHANGHAI).date())

    at = begins or stage.some_moment()
    yield at
    ordered = at.astimezone(SHANGHAI).date() - dt.timedelta(days=1)
    case.take("open", holder("org-office", county, at), at, unit=unit, outgoing=outgoing, incoming=incoming,
              ordered_on=ordered.isoformat(), manner=chance.choice(("written", "meeting")))  # fmt: skip
    if until == "open":
        return
    at = stage.at_work(at, 20)
    yield at
    lines = [{"id": row, "content": chance.choice(stories.HANDOVER_LINES)} for row in rows]
    case.take("list", actor(outgoing, at), at, items=lines)
    if until == "list":
        return
    at = stage.at_work(at, 20)
    yield at
    if chance.random() < 0.4:
        objection = [{"id": chance.choice(rows), "objection": chance.choice(stories.HANDOVER_OBJECTIONS)}]
        case.take("object", actor(incoming, at), at, items=objection)
        at = stage.at_work(at, 20)
        yield at
        case.take("review", holder("org-office", county, at), at, review=chance.choice(stories.HANDOVER_REVIEWS))
        at = stage.at_work(at, 10)
        yield at
    case.take("agree", actor(incoming, at), at, items=[{"id": row, "agreed": True} for row in rows])
    for person in (outgoing, incoming):
        at = stage.at_work(at, 6)
        yield at
        case.take("sign", actor(person, at), at)
    at = stage.at_work(at, 10)
    yield at
    case.take("file", holder("org-office", county, at), at)
