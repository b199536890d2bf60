"""Choose the stories of a stretch of days and tell them."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable

from zhangfa.charter import engine as charters
from zhangfa.demo.simulation import Stage, Story, Tally, tell
from zhangfa.demo.tales import HANDOVER, tell_handover, tell_lecture, tell_request, tell_topic
from zhangfa.directory import tree
from zhangfa.directory.models import Post, Unit

LECTURES_PER_REQUEST = 0.09
HANDOVERS_PER_REQUEST = 0.02
TOPICS = 8
SORTED_OUT_BY = "住房|综合行政执法|交通|生态|民政|公安|自然资源"
"""Names of the departments that answer residents, where a county has any of them."""
LATELY = dt.timedelta(days=5)
"""The demo's grid worker gets a few more requests in the last days, so that his desk is not empty."""


def simulate(
    *,
    start: dt.datetime,
    end: dt.datetime,
    requests: int,
    chance: random.Random,
    prefix: str,
    progress: Callable[[int], None] = lambda done: None,
) -> Tally:
    """Tell so many requests, and lectures and hand-overs in proportion, between two moments."""
    stage = Stage(chance=chance, start=start, end=end, prefix=prefix)
    return tell(daily_stories(stage, requests), end=end, ticks_from=start, progress=progress)


def daily_stories(stage: Stage, requests: int) -> list[tuple[str, Story]]:
    """Return the stories of every day: requests, lectures, hand-overs."""
    return [*_requests(stage, requests), *_lectures(stage, requests), *_handovers(stage, requests)]


def _posts(role: str) -> list[tuple[int, int]]:
    """Return (person, unit) of everybody who holds a role, in a fixed order."""
    return list(
        Post.objects.filter(role=role, until=None).order_by("unit__code", "person__code").values_list("person", "unit")
    )


def _requests(stage: Stage, count: int) -> list[tuple[str, Story]]:
    grids = [unit for _, unit in _posts("grid-worker")]
    specialists = {unit for _, unit in _posts("specialist")}
    departments = list(
        Unit.objects.filter(id__in=specialists, name__regex=SORTED_OUT_BY).order_by("code").values_list("id", flat=True)
    ) or sorted(specialists)
    # The first grid is the one the demo's grid worker answers for: it gets its share and a little more.
    weights = _weights(grids)
    chosen = stage.chance.choices(grids, weights=weights, k=count)
    stories = [("request", tell_request(stage, number, grid, departments)) for number, grid in enumerate(chosen)]
    lately = Stage(stage.chance, max(stage.start, stage.end - LATELY), stage.end, f"{stage.prefix}-lately")
    return stories + [
        ("request", tell_request(lately, number, grids[_named(grids)], departments)) for number in range(count // 60)
    ]


def _weights(grids: list[int]) -> list[int]:
    """Weigh the grids: one of a town with few has three times the requests, so that towns can be compared."""
    towns = {unit.id: unit.town for unit in tree.units(grids).values()}
    grids_of = Counter(towns.values())
    weights = [3 if 4 * grids_of[towns[grid]] < max(grids_of.values()) else 1 for grid in grids]
    weights[_named(grids)] = max(1, len(grids) // 8)
    return weights


def _named(grids: list[int]) -> int:
    """Return the place of the demo grid worker's own grid; 0 where this county has no such account."""
    own = (
        Post.objects.filter(role="grid-worker", person__account__username="grid").values_list("unit", flat=True).first()
    )
    return grids.index(own) if own in grids else 0


def _lectures(stage: Stage, requests: int) -> list[tuple[str, Story]]:
    lecturers = _posts("lecturer")
    hosts = [unit for _, unit in _posts("host")]
    if not lecturers or not hosts:
        return []
    county, ready = lecturers[0][1], dict[int, int]()
    topics = [
        ("topic", tell_topic(stage, number, county, lecturers[number % len(lecturers)][0], ready))
        for number in range(TOPICS)
    ]
    count = round(requests * LECTURES_PER_REQUEST)
    lectures = [
        ("lecture", tell_lecture(stage, number, county, stage.chance.choice(hosts), ready)) for number in range(count)
    ]
    return [*topics, *lectures]


def _handovers(stage: Stage, requests: int) -> list[tuple[str, Story]]:
    leaders = _posts("leader")
    offices = _posts("org-office")
    if len(leaders) < 2 or not offices:
        return []
    rows = [row["id"] for row in charters.register(HANDOVER)[1].fields["items"].rows]
    pairs = [stage.chance.sample(leaders, 2) for _ in range(round(requests * HANDOVERS_PER_REQUEST))]
    stories = [
        ("handover", tell_handover(stage, number, out[1], offices[0][1], out[0], new[0], rows))
        for number, (out, new) in enumerate(pairs)
    ]
    return stories + _waiting(stage, len(pairs), offices[0][1], rows)


def _waiting(stage: Stage, number: int, county: int, rows: list[str]) -> list[tuple[str, Story]]:
    """Leave two hand-overs of the demo's named leaders half-way: one without its list, one to be checked."""
    pair = _named_pair()
    if pair is None:
        return []
    (out, unit), (new, other) = pair
    opened, listed = (stage.at_work(stage.end - dt.timedelta(hours=hours), 1) for hours in (30, 90))
    return [
        ("handover", tell_handover(stage, number, unit, county, out, new, rows, begins=opened, until="open")),
        ("handover", tell_handover(stage, number + 1, other, county, new, out, rows, begins=listed, until="list")),
    ]


def _named_pair() -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return (person, unit) of the demo's outgoing and incoming leader, where there are any."""
    named = Post.objects.filter(person__account__username__in=("leader-out", "leader-in"), role="leader")
    posts = {
        post.person.account.username: (post.person_id, post.unit_id) for post in named.select_related("person__account")
    }
    return (posts["leader-out"], posts["leader-in"]) if len(posts) == 2 else None
