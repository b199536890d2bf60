"""A random walk of awards, withdrawals, plaques, neighbours and days: rows = log = facts, and quotas hold."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db.models import Q
from tests.honours.county import COURTYARD, Honoured

from zhangfa.charter import engine as charters
from zhangfa.facts.mirror import refresh
from zhangfa.facts.query import ask
from zhangfa.honours.held import contents_of
from zhangfa.honours.models import Holding
from zhangfa.honours.replay import differences, replay_problems
from zhangfa.log.seal import seal
from zhangfa.log.verify import verify_log
from zhangfa.refusal import Refusal


class Walk:
    """Does at random what a county does."""

    def __init__(self, county: Honoured, seed: int) -> None:
        self.county, self.pick = county, random.Random(seed)
        self.households = [name for lane in ("l1", "l2", "l3") for name in county.lane(lane)]
        self.plaques = {name: county.plaque(name) for name in self.households[:-1]}
        self.removed: set[str] = set()
        self.refused: set[str] = set()

    def go(self, acts: int) -> None:
        for _ in range(acts):
            getattr(self, self.pick.choice(("award", "award", "withdraw", "remove", "grant", "beside", "tomorrow")))()

    def award(self) -> None:
        try:
            self.county.award(self.pick.choice(("ten-best", "hundred-fine")), self.pick.choice(self.households))
        except Refusal as refused:
            self.refused.add(refused.code)

    def withdraw(self) -> None:
        held = Holding.objects.filter(ended=None, honour__in=("ten-best", "hundred-fine")).order_by("?").first()
        if held is not None:
            self.county.withdraw(held)

    def remove(self) -> None:
        name = self.pick.choice(sorted(set(self.plaques) - self.removed))
        self.county.remove(self.plaques[name])
        self.removed.add(name)

    def grant(self) -> None:
        if self.removed:
            name = self.pick.choice(sorted(self.removed))
            self.county.take(
                f"{COURTYARD}.courtyard", "name", "w-yushan", record=self.plaques[name], data={"standard": marks()}
            )
            self.removed.discard(name)

    def beside(self) -> None:
        try:
            self.county.beside(*self.pick.sample(("l1", "l2", "l3"), 2))
        except Refusal as refused:
            self.refused.add(refused.code)

    def tomorrow(self) -> None:
        self.county.now += dt.timedelta(days=self.pick.choice((1, 1, 30, 200)))
        self.county.tick()
        if self.pick.random() < 0.5:
            seal(at=self.county.now)
        if self.pick.random() < 0.5:
            refresh(at=self.county.now)


def marks() -> list[dict[str, int]]:
    return [{"id": n, "mark": 25} for n in range(1, 5)]


def holders_in_facts(honour: str, day: dt.date) -> set[int]:
    sql = f'SELECT unit FROM {{unit}} WHERE "has_{honour.replace("-", "_")}"'
    return {unit for (unit,) in ask(sql, charter=charters.current(COURTYARD), tables=["unit"], today=day)}


def holders_in_rows(honour: str, day: dt.date) -> set[int]:
    standing = (Q(until=None) | Q(until__gt=day)) & (Q(ended=None) | Q(ended__gt=day))
    return set(Holding.objects.filter(standing, honour=honour, since__lte=day).values_list("unit", flat=True))


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_equal_log_and_facts_after_a_walk(county: Honoured, seed: int) -> None:
    walk = Walk(county, seed)
    walk.go(60)
    assert list(differences()) == []
    assert walk.refused <= {"guard", "taken", "fields"}
    day = county.now.date()
    for honour in ("ten-best", "hundred-fine", "lane", "area", "village"):
        for back in (0, 1, 40, 400):
            then = day - dt.timedelta(days=back)
            assert holders_in_facts(honour, then) == holders_in_rows(honour, then)
    assert Holding.objects.filter(honour="ten-best", ended=None).count() <= 10
    assert Holding.objects.exclude(ended=None).count() > 5
    for content in contents_of(Holding.objects.all()).values():
        assert content.reason.zh
        assert content.reason.en
        assert content.ended_reason is None or content.ended_reason.zh


def test_a_row_moved_by_hand_is_found(county: Honoured) -> None:
    held = county.award("ten-best", "east-1")
    Holding.objects.filter(pk=held.pk).update(unit=county.units["east-2"])
    (problem,) = list(replay_problems())
    assert problem.code == "V601"
    assert f"holding {held.pk}" in problem.en
    seal(at=county.now)
    assert "V601" in {one.code for one in verify_log().problems}


def test_a_title_added_by_hand_is_found(county: Honoured) -> None:
    held = county.award("ten-best", "east-1")
    Holding.objects.create(
        id=held.pk + 1, charter=COURTYARD, version=1, honour="ten-best", unit_id=county.units["east-2"],
        place_id=county.units["east-2"], since=held.since, conferred_at=county.now,
    )  # fmt: skip
    (found,) = list(differences())
    assert (found.what, found.logged) == (f"holding {held.pk + 1}", None)
