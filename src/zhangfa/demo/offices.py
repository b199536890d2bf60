"""Who sits where in the demo county for the mechanisms that judge: each line is one person's posts."""

from __future__ import annotations

import random
from collections.abc import Iterator

from zhangfa.demo.places import JINXIANG, PRECINCT, YUSHAN, Line, courtyard_villages

GRADED_TOWNS = (YUSHAN, "370828109000", "370828111000")
"""鱼山街道、马庙镇、卜集镇: towns whose village cadres are graded."""
JUDGES = 6
"""Secretaries of a town who judge the other villages at the half-year."""
REPRESENTATIVES = 4
RESERVES = 4
COMMITTEES = slice(4, 15)
"""The eleven departments whose system committees take part in the comparison of progress."""
COUNTY_POSTS = {
    "county-office": 2, "bureau": 2, "county-women": 2, "task-force": 2, "city-office": 2, "observer": 7,
    "district-office": 2, "work-committee": 2, "inspector": 3, "appraisal-team": 2, "reviewer": 6,
}  # fmt: skip
"""Posts at the county, each of a person of its own."""
Posts = tuple[tuple[str, str], ...]
"""(role, code of the unit) of one person."""


def judged_posts(
    places: list[Line], towns: list[str], departments: list[str], chance: random.Random
) -> Iterator[Posts]:
    """Yield the posts of everybody who reports, judges, supervises or is judged."""
    for role, count in COUNTY_POSTS.items():
        yield from (((role, JINXIANG),) for _ in range(count))
    for town in towns:
        yield (("town-women", town),)
        yield ("office", town), ("recorder", town)
        yield (("cadre", town),)
    for department in departments:
        committee = (("office", department),) if department in departments[COMMITTEES] else ()
        yield (*committee, ("recorder", department), ("organ-office", department))
        yield (("checker", department),)
        yield (("cadre", department),)
    yield from ((("branch-secretary", code),) for code, _, kind, _ in places if kind == "branch")
    yield from _village_posts(places, towns, chance)


def _village_posts(places: list[Line], towns: list[str], chance: random.Random) -> Iterator[Posts]:
    with_courtyards = {*courtyard_villages(places), *_villages_with_households(places)}
    for town in towns:
        villages = [code for code, _, kind, parent in places if kind == "village" and parent == town]
        judges = set(chance.sample(villages, JUDGES))
        for village in villages:
            graded = (("village-cadre", village),) if town in GRADED_TOWNS else ()
            judge = (("judge", town),) if village in judges else ()
            yield ("secretary", village), *graded, *judge
            if village in with_courtyards:
                yield (("village-women", village),)
        if town in GRADED_TOWNS:
            yield from ((("representative", town),) for _ in range(REPRESENTATIVES))
        if town == YUSHAN:
            yield (("precinct-head", PRECINCT),)
            yield from ((("reserve", village),) for village in villages[:RESERVES])


def _villages_with_households(places: list[Line]) -> set[str]:
    above = {code: (kind, parent) for code, _, kind, parent in places}
    found = set()
    for code, _, kind, _parent in places:
        if kind == "household":
            while above[code][0] != "village":
                code = above[code][1]
            found.add(code)
    return found
