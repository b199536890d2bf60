"""Other rules on a board's facts: who may try them, the figures, the address, the charter's lines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client
from tests.publishing.county import CHARTERS, County
from tests.registers.conftest import enter
from tests.scoreboards.judged import WHAT_IF, sign_today

from zhangfa.charter.load import load_charter
from zhangfa.log.models import Event
from zhangfa.publishing import reading
from zhangfa.publishing.models import Board
from zhangfa.scoreboards.charter_lines import rewrite
from zhangfa.scoreboards.tried_rules import read_trial, say_changes
from zhangfa.scores.whatif import Changes, recompute

COURTYARD = load_charter((CHARTERS / "beautiful-courtyard.yaml").read_text("utf-8"), name="c.yaml").charter
TITLE = "title: {zh: 每季度活动目标（场）, en: Target of activities a quarter}}"
TOWNS = COURTYARD.scores["town-quarter"]


def test_page_shows_the_ranking_the_engine_gives(county: County) -> None:
    board = sign_today(county)
    page = enter(county, "chair").get(f"{WHAT_IF}?w.daily=80").content.decode()
    changed = recompute(reading.scoring_of(board), Changes(weights={"daily": Decimal(80)}))
    totals = [one.after.rounded for one in changed.shifts]
    assert [f"{total}" in page for total in totals] == [True] * 3
    assert "日常工作：权重 30 → 80" in page


def test_trying_changes_nothing(county: County) -> None:
    board = sign_today(county)
    before = Event.objects.count()
    enter(county, "chair").get(f"{WHAT_IF}?w.daily=80&out=rate")
    board.refresh_from_db()
    assert (Event.objects.count(), board.digest) == (before, reading.scoring_of(board).digest)


@pytest.mark.parametrize(
    ("name", "status"), [("chair", 200), ("w-yushan", 200), ("v-east", 200), ("stranger", 200), ("c-yutai", 200)]
)
def test_whoever_sees_the_public_board_may_try(county: County, name: str, status: int) -> None:
    sign_today(county)
    assert enter(county, name).get(WHAT_IF).status_code == status


@pytest.mark.parametrize(("name", "status"), [("chair", 200), ("w-yushan", 404), ("stranger", 404), ("li", 404)])
def test_a_draft_is_tried_by_whoever_signs_it(county: County, name: str, status: int) -> None:
    county.draft()
    assert enter(county, name).get(WHAT_IF).status_code == status


PEOPLE = "/scores/cadre-archive/quarter/u-jinxiang/2026-Q1/what-if/"


@pytest.mark.parametrize(("name", "status"), [("org", 200), ("li", 404), ("wang", 404), ("rater", 404), ("chair", 404)])
def test_a_board_of_people_is_tried_by_the_offices_alone(county: County, name: str, status: int) -> None:
    board = county.draft(by="org", charter="cadre-archive", score="quarter")
    county.sign(board, by="org")
    assert enter(county, name).get(PEOPLE).status_code == status


def test_reading_earlier_boards_of_people_is_noted_too(county: County) -> None:
    for period in ("2026-Q1", "2025-Q4"):
        board = county.draft(by="org", charter="cadre-archive", score="quarter", period=period)
        county.sign(board, by="org")
    enter(county, "org").get(PEOPLE)
    noted = Event.objects.filter(kind="reading").values_list("record", flat=True)
    assert set(noted) == set(Board.objects.values_list("pk", flat=True))


def test_strangers_are_sent_to_sign_in(county: County) -> None:
    sign_today(county)
    for address in (WHAT_IF, "/scores/rule/beautiful-courtyard/town-quarter/", "/scores/objections/"):
        assert Client().get(address).status_code == 302


def test_form_without_script_leads_to_the_short_address(county: County) -> None:
    sign_today(county)
    sent = {"do": "try", "w.rate": "50", "w.activities": "20", "w.daily": "60", "t.rate": "0.5", "f.daily": "60"}
    answer = enter(county, "chair").get(WHAT_IF, sent)
    assert answer["Location"] == f"{WHAT_IF}?w.daily=60"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("w.rate=0&w.activities=0&w.daily=0", "至少要留一项有权重的指标。"),
        ("out=rate&out=activities&out=daily", "至少要留一项有权重的指标。"),
        ("t.daily=60", "目标不能等于底线"),
        ("w.nobody=3&t.x=1&out=zzz", "下面是章程现在的规则"),
        ("w.rate=-3", "权重不小于零"),
        ("w.rate=" + "9" * 30, "不能用"),
    ],
)
def test_rules_that_cannot_be_are_refused_in_a_sentence(county: County, asked: str, said: str) -> None:
    sign_today(county)
    answer = enter(county, "chair").get(f"{WHAT_IF}?{asked}")
    assert (answer.status_code, said in answer.content.decode()) == (200, True)


def test_queries_do_not_grow_with_what_is_tried(
    county: County,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    sign_today(county)
    client = enter(county, "chair")
    client.get(WHAT_IF)
    with django_assert_max_num_queries(45):
        client.get(f"{WHAT_IF}?w.rate=10&out=daily", headers={"hx-request": "true"})


def trial(query: str) -> Changes:
    return read_trial(TOWNS, QueryDict(query)).changes


def test_changed_lines_say_exactly_what_was_tried() -> None:
    found = rewrite(COURTYARD, "town-quarter", trial("w.rate=40&w.daily=40&f.rate=0.1&t.activities=10"), "c.yaml", {})
    changed = [line for line in found.difference.splitlines()[2:] if line[:1] in "+-"]
    assert changed == [
        f"-  active_target:  {{type: int, value: 12, {TITLE}",
        "-  rate_weight:    {type: int, value: 50, title: {zh: 创建率权重, en: Weight of the creation rate}}",
        f"+  active_target:  {{type: int, value: 10, {TITLE}",
        "+  rate_weight:    {type: int, value: 40, title: {zh: 创建率权重, en: Weight of the creation rate}}",
        "-  daily_weight:   {type: int, value: 30, title: {zh: 日常工作权重, en: Weight of daily work}}",
        "+  daily_weight:   {type: int, value: 40, title: {zh: 日常工作权重, en: Weight of daily work}}",
        "+        floor: 0.1",
    ]
    assert (found.complete, found.problems) == (True, ())


def test_lines_the_checker_refuses_are_said_to_need_more() -> None:
    found = rewrite(COURTYARD, "town-quarter", trial("out=daily"), "c.yaml", {})
    assert (found.complete, len(found.problems)) == (False, 1)


def test_a_setting_other_scores_read_is_named() -> None:
    text = (CHARTERS / "progress-comparison.yaml").read_text("utf-8")
    charter = load_charter(text, name="p.yaml").charter
    changes = read_trial(charter.scores["towns"], QueryDict("w.done=50")).changes
    assert rewrite(charter, "towns", changes, "p.yaml", {}).shared == {"done_weight": ("committees",)}


def test_rule_page_gives_the_clerk_the_edited_charter(county: County) -> None:
    page = enter(county, "chair").get("/scores/rule/beautiful-courtyard/town-quarter/?w.rate=40&w.daily=40")
    assert "把下面的文件交给章程管理员" in page.content.decode()
    text = enter(county, "deputy").get("/scores/rule/beautiful-courtyard/town-quarter/?w.rate=40&as=text")
    assert "+  rate_weight:    {type: int, value: 40," in text.content.decode()


def test_what_is_tried_is_said_in_words() -> None:
    asked = read_trial(TOWNS, QueryDict("w.rate=40&f.rate=0.1&out=daily"))
    assert say_changes(asked) == ["创建率：权重 50 → 40", "创建率：底线 0 → 0.1", "去掉“日常工作”"]
    assert asked.address == "w.rate=40&f.rate=0.1&out=daily"


def test_ones_own_unit_is_marked(county: County) -> None:
    sign_today(county)
    assert enter(county, "w-yushan").get(WHAT_IF).content.decode().count('<tr class="own">') == 1
    assert enter(county, "chair").get(WHAT_IF).content.decode().count('<tr class="own">') == 0
