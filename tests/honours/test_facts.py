"""Scores that count honours, honours of people that are awarded, and charters of ours with theirs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.honours.county import COURTYARD, Honoured, shipped

from zhangfa.charter import engine as charters
from zhangfa.honours import reading
from zhangfa.honours.models import Holding
from zhangfa.refusal import Refusal
from zhangfa.scores.gathering import score_period
from zhangfa.scores.period import period_of, read_period

TITLES = """
  titles:
    title: {zh: 创评成果, en: Titles}
    of: town
    every: quarter
    rank_in: county
    source: 县妇联
    indicators:
      best: {title: {zh: 十佳户数, en: Ten best}, from: honour, where: "honour = 'ten-best' and state = 'held'", value: count(*), target: 2, weight: rate_weight}
      lanes: {title: {zh: 最美街巷数, en: Lanes}, from: unit, where: "kind = 'lane'", value: "sum(case when has_lane then 1 else 0 end)", target: 1, weight: active_weight}
    publish: {by: county-women, objections: objections, to: [county-women]}

honours:"""  # noqa: E501


def test_a_score_counts_honours_and_what_units_hold(county: Honoured) -> None:
    county.charter(shipped("beautiful-courtyard")[0].replace("\nhonours:", TITLES, 1), COURTYARD)
    for name in county.lane("l1"):
        county.plaque(name)
    county.award("ten-best", "l1-1")
    county.award("ten-best", "l1-2")
    county.award("ten-best", "west-1")
    county.tick()
    charter = charters.current(COURTYARD)
    made = score_period(charter=charter, score=charter.scores["titles"], period=period_of(county.now.date(), "quarter"))
    found = {one.key.name: (one.rounded, one.status) for one in made.scoring.results}
    assert found["yushan"] == (Decimal("100.00"), "ranked")
    assert found["huji"] == (None, "not_reported")  # it has no lanes: that is no zero


def test_a_period_is_judged_by_how_units_stood_when_it_ended(county: Honoured) -> None:
    first, *_, last = [county.plaque(name) for name in county.lane("l1")]
    county.remove(first)
    county.at("2026-06-30 18:00").remove(last)
    before = rates(county)
    county.at("2026-07-01 09:00")  # what is done after the quarter counts in the next one, however late one looks
    for name in county.lane("l2"):
        county.plaque(name)
    assert (before, rates(county), rates(county, "2026-Q3")) == (8, 8, 18)


def rates(county: Honoured, period: str = "2026-Q2") -> int:
    """Return how many courtyards with a plaque the creation rate of yushan counts in a quarter."""
    charter = charters.current(COURTYARD)
    made = score_period(
        charter=charter, score=charter.scores["town-quarter"], period=read_period(period, "quarter", {})
    )
    cell = made.scoring.cells_of(next(one.key.code for one in made.scoring.results if one.key.name == "yushan"))["rate"]
    assert cell.value is not None
    return round(cell.value * cell.facts)


BEST = """
  best: {title: {zh: 实干先锋, en: Doer of the year}, of: {post: cadre}, award: org-office, quota: 1, lasts: 1 year, withdraw: {by: org-office}}
"""  # noqa: E501


@pytest.fixture
def awarded(county: Honoured) -> Honoured:
    """Cadres whose office awards an honour of its own."""
    county.charter(shipped("cadre-archive")[0] + BEST, "cadre-archive")
    return county


def test_a_person_is_awarded_sealed_and_within_the_quota(awarded: Honoured) -> None:
    held = awarded.award("best", "li", "org", charter="cadre-archive", reason="防汛中连续值守")
    stored = Holding.objects.get()
    assert (held.honour, stored.honour, stored.reason, stored.place_id) == ("best", "", "[]", awarded.units["yushan"])
    (seen,) = reading.honours_of(actor=awarded.actor("li"), at=awarded.now, person=awarded.people["li"])
    assert (seen.title.zh, seen.reason.zh) == ("实干先锋", "防汛中连续值守")
    with pytest.raises(Refusal, match="1 个名额已满"):
        awarded.award("best", "wang", "org", charter="cadre-archive")
    with pytest.raises(Refusal, match="已经持有"):
        awarded.award("best", "li", "org", charter="cadre-archive")
    assert reading.quota_of(charter="cadre-archive", honour="best", at=awarded.now) == (1, 1)


def test_candidates_among_people_hold_the_post_below(awarded: Honoured) -> None:
    words = {"charter": "cadre-archive", "honour": "best", "at": awarded.now}
    assert {one.name for one in reading.candidates(actor=awarded.actor("org"), **words)} == {"li", "zhou", "wang"}
    assert [one.name for one in reading.candidates(actor=awarded.actor("org-yutai"), **words)] == ["far-cadre"]
    assert reading.candidates(actor=awarded.actor("li"), **words) == ()


def test_nobody_else_and_nobody_without_the_post_is_awarded(awarded: Honoured) -> None:
    for by, whom, code in (
        ("recorder", "li", "not_yours"),
        ("org", "far-cadre", "not_yours"),
        ("org", "stranger", "fields"),
    ):
        with pytest.raises(Refusal) as refused:
            awarded.award("best", whom, by, charter="cadre-archive")
        assert refused.value.code == code


def test_the_list_of_honours_shows_what_concerns_the_reader(awarded: Honoured) -> None:
    awarded.award("ten-best", "east-1")
    found = reading.honours_in_force(actor=awarded.actor("chair"), at=awarded.now)
    listed = {(one.charter.id, one.honour.id): (one.holders, len(one.awarding)) for one in found}
    assert listed[COURTYARD, "ten-best"] == (1, 1)
    assert listed[COURTYARD, "lane"] == (0, 0)
    assert ("cadre-archive", "best") not in listed
    office = {one.honour.id for one in reading.honours_in_force(actor=awarded.actor("org"), at=awarded.now)}
    teams = {f"{colour}-{kind}" for colour in ("blue", "red") for kind in ("towns", "departments")}
    assert office == {"best", "blue-card", "red-card", *teams}


def test_lists_ask_no_more_for_many_holdings(county: Honoured) -> None:
    names, counts = county.lane("l1", 6), []
    actor = county.actor("chair")
    for award in (names[:1], names[1:]):
        for name in award:
            county.award("hundred-fine", name)
        reading.held(charter=COURTYARD, honour="hundred-fine", actor=actor, at=county.now)
        with CaptureQueriesContext(connection) as queries:
            reading.held(charter=COURTYARD, honour="hundred-fine", actor=actor, at=county.now)
            reading.honours_in_force(actor=actor, at=county.now)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
