"""What locked boards confer: rank, quota, rule, grades, moving flags; people's sealed, seen by few."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.honours.county import COURTYARD, Honoured, shipped
from tests.publishing.county import QUARTER, fill_quarter

from zhangfa.acts.actor import PUBLIC, SYSTEM
from zhangfa.acts.models import Outbox
from zhangfa.directory import engine as directory
from zhangfa.honours import engine, reading
from zhangfa.honours.held import opened
from zhangfa.honours.models import Conferral, Holding
from zhangfa.honours.pools import above_each
from zhangfa.honours.replay import differences
from zhangfa.log.models import Event
from zhangfa.log.secrets import erase_record, is_forgotten
from zhangfa.publishing import clock as publishing
from zhangfa.publishing.models import LOCKED, Board, Standing
from zhangfa.refusal import Refusal

TOWN_HONOURS = """
  flag:  {title: {zh: 流动红旗, en: Red flag}, from: town-quarter, rank: 1, moving: true}
  stars:
    title: {zh: 星级镇街, en: Star town}
    from: town-quarter
    lasts: 1 year
    grades:
      five: {title: {zh: 五星, en: Five stars}, at_least: 60}
      four: {title: {zh: 四星, en: Four stars}, at_least: 40, when: rank <= 2}
  good:  {title: {zh: 先进镇街, en: Advanced town}, from: town-quarter, when: total >= 30 and rank <= of / 2.0}
"""


@pytest.fixture
def flagged(county: Honoured) -> Honoured:
    """Towns judged by the shipped charter with honours of theirs; the first quarter filled."""
    county.charter(shipped("beautiful-courtyard")[0] + TOWN_HONOURS, COURTYARD)
    county.at("2026-02-10 09:00")
    fill_quarter(county)
    county.at("2026-04-01 09:00")
    return county


def lock(county: Honoured, board: Board) -> Board:
    """Sign a board and let its time pass."""
    county.sign(board, "org" if board.of_people else "chair")
    county.at("2026-05-06 09:00")
    publishing.tick(at=county.now)
    board.refresh_from_db()
    assert board.state == LOCKED
    return board


def totals(board: Board) -> dict[str, str]:
    return dict(Standing.objects.filter(board=board).values_list("unit__name", "total"))


def test_a_locked_board_confers_once(flagged: Honoured) -> None:
    board = lock(flagged, flagged.draft())
    assert totals(board) == {"huji": "24.2", "mamiao": "9.2", "yushan": "16.7"}
    assert flagged.tick().conferred == 1
    assert flagged.tick().conferred == 0
    assert flagged.holders("flag") == ["huji"]
    held = Holding.objects.get(honour="flag")
    assert (held.board_id, held.period, held.conferred_by) == (board.pk, "2026-Q1", None)
    assert json.loads(held.reason) == [
        "2026年第1季度“镇街季度排名”第 1 名（共 3 个）。", 'Place 1 of 3 in "Quarterly ranking of towns", Q1 2026.',
    ]  # fmt: skip
    assert list(differences()) == []


def test_a_board_that_is_not_locked_confers_nothing(flagged: Honoured) -> None:
    board = flagged.sign(flagged.draft())
    with pytest.raises(Refusal, match="还没有锁定"):
        engine.confer_from_board(board=board.pk, by=SYSTEM, at=flagged.now, key="early")
    assert flagged.tick().conferred == 0


def made_board(
    county: Honoured, score: str, totals: list[tuple[str, str]], period: str = "2026-Q1", **more: object
) -> Board:
    """Put a locked board of units straight into its tables: (unit, total) in any order."""
    since, until = {"2026-Q1": ("2026-01-01", "2026-03-31"), "2026-Q2": ("2026-04-01", "2026-06-30"),
                    "2026": ("2026-01-01", "2026-12-31"), "2026-H1": ("2026-01-01", "2026-06-30")}[period]  # fmt: skip
    words = {
        "charter": COURTYARD, "version": 2, "area_id": county.units["jinxiang"], "every": "quarter", "edition": 1,
        **more,
    }  # fmt: skip
    board = Board.objects.create(
        id=Board.objects.count() + 1, score=score, period=period, since=dt.date.fromisoformat(since),
        until=dt.date.fromisoformat(until), state=LOCKED, position=0, digest="", charter_digest="",
        drafted_at=county.now, locked_at=county.now, **words,
    )  # fmt: skip
    points = [float(total) for _unit, total in totals]
    for unit, total in totals:
        rank = 1 + sum(other > float(total) for other in points)
        Standing.objects.create(
            board=board, unit_id=county.units[unit], status="ranked", total=total, rank=str(rank), of=len(totals)
        )
    return board


def test_a_moving_flag_goes_to_the_next_best(flagged: Honoured) -> None:
    made_board(flagged, "town-quarter", [("yushan", "29"), ("huji", "20"), ("mamiao", "10")])
    flagged.tick()
    made_board(flagged, "town-quarter", [("yushan", "20"), ("huji", "29"), ("mamiao", "10")], "2026-Q2")
    flagged.tick("2026-07-10 09:00")
    assert flagged.holders("flag") == ["huji"]
    old = Holding.objects.get(unit=flagged.units["yushan"])
    assert (old.how, json.loads(old.ended_reason)[0]) == ("moved", "流转给huji。")


def test_a_tie_for_the_flag_gives_it_to_nobody_and_says_so(flagged: Honoured) -> None:
    board = made_board(flagged, "town-quarter", [("yushan", "29"), ("huji", "29"), ("mamiao", "10")])
    assert flagged.tick().conferred == 0
    said = reading.notes_of(board=board.pk, actor=flagged.actor("chair"))
    assert [(honour, text.zh) for honour, text in said] == [
        ("flag", "yushan、huji并列，占第 1–2 名，“流动红旗”只到第 1 名，按规定不超名额，均未授予。")
    ]
    assert reading.notes_of(board=board.pk, actor=flagged.actor("stranger")) != ()  # the board is public


def test_grades_go_by_total_and_standard_and_change_with_the_next_board(flagged: Honoured) -> None:
    made_board(flagged, "town-quarter", [("yushan", "61"), ("huji", "45"), ("mamiao", "41")])
    flagged.tick()
    stars = {one.unit_id: one.grade for one in Holding.objects.filter(honour="stars")}
    assert stars == {flagged.units["yushan"]: "five", flagged.units["huji"]: "four"}
    made_board(flagged, "town-quarter", [("yushan", "50"), ("huji", "60"), ("mamiao", "41")], "2026-Q2")
    flagged.tick("2026-07-10 09:00")
    now = {one.unit_id: one.grade for one in Holding.objects.filter(honour="stars", ended=None)}
    assert now == {flagged.units["yushan"]: "four", flagged.units["huji"]: "five"}
    old = Holding.objects.get(honour="stars", unit=flagged.units["yushan"], grade="five")
    assert (old.how, json.loads(old.ended_reason)[0]) == (
        "renewed", "改定为“星级镇街（四星）”，原为“星级镇街（五星）”。",
    )  # fmt: skip


def test_a_rule_reads_the_row_of_the_score(flagged: Honoured) -> None:
    made_board(flagged, "town-quarter", [("yushan", "61"), ("huji", "45"), ("mamiao", "41")])
    flagged.tick()
    assert flagged.holders("good") == ["yushan"]


def test_a_corrected_result_takes_back_what_the_first_gave(flagged: Honoured) -> None:
    rows = [("yushan", "61"), ("huji", "45"), ("mamiao", "41")]
    made_board(flagged, "town-quarter", rows)
    flagged.tick()
    made_board(flagged, "town-quarter", [("yushan", "20"), *rows[1:]], edition=2)
    flagged.tick("2026-07-10 09:00")
    old = Holding.objects.get(honour="good", unit=flagged.units["yushan"])
    assert (old.how, json.loads(old.ended_reason)[0]) == ("lost", "考核结果已更正，更正后不再符合。")


def test_the_arena_gives_three_seven_and_ten(county: Honoured) -> None:
    text, files = shipped("village-arena")
    county.charter(text, "village-arena", files)
    for n in range(1, 26):
        county.add(f"v{n}", "village", "yushan")
    rows = [(f"v{n}", str(100 - n)) for n in range(1, 26)]
    words = {"charter": "village-arena", "version": 1, "every": "year"}
    made_board(county, "arena", rows, "2026", **words)
    assert county.tick().conferred == 20
    assert county.holders("lead-goose", "village-arena") == ["v1", "v2", "v3"]
    assert county.holders("model", "village-arena") == sorted(f"v{n}" for n in range(4, 11))
    assert county.holders("striving", "village-arena") == sorted(f"v{n}" for n in range(11, 21))


def test_the_arena_never_gives_more_whatever_ties(county: Honoured) -> None:
    text, files = shipped("village-arena")
    county.charter(text, "village-arena", files)
    for n in range(1, 26):
        county.add(f"v{n}", "village", "yushan")
    tied = {4: 97, 21: 80}
    rows = [(f"v{n}", str(tied.get(n, 100 - n))) for n in range(1, 26)]
    board = made_board(county, "arena", rows, "2026", charter="village-arena", version=1, every="year")
    county.tick()
    assert county.holders("lead-goose", "village-arena") == ["v1", "v2"]
    assert county.holders("model", "village-arena") == sorted(f"v{n}" for n in range(3, 11))[:]
    assert county.holders("striving", "village-arena") == sorted(f"v{n}" for n in range(11, 20))
    left = {honour: text.zh for honour, text in reading.notes_of(board=board.pk, actor=PUBLIC)}
    assert left["striving"].startswith("v20、v21并列，占第 20–21 名")


def test_finalists_are_so_many_in_each_town(county: Honoured) -> None:
    text, files = shipped("village-arena")
    county.charter(text, "village-arena", files)
    for n in range(1, 9):
        county.add(f"v{n}", "village", "yushan" if n < 7 else "huji")
    rows = [(f"v{n}", str(100 - n)) for n in range(1, 9)]
    words = {"charter": "village-arena", "version": 1, "every": "half-year"}
    made_board(county, "half", rows, "2026-H1", **words)
    county.tick()
    quota = int(text.split("finalists:")[1].split("value: ")[1].split(",")[0])
    expected = [f"v{n}" for n in range(1, 7)][:quota] + ["v7", "v8"][:quota]
    assert county.holders("finalist", "village-arena") == sorted(expected)


@pytest.fixture
def carded(county: Honoured) -> Honoured:
    """Cadres with a locked quarter that earns cards, conferred."""
    text = (
        shipped("cadre-archive")[0].replace("total >= blue_from", "rank = 1").replace("total < red_below", "rank = of")
    )
    county.charter(text, "cadre-archive")
    county.at("2026-02-10 09:00")
    fill_quarter(county)
    county.at("2026-04-01 09:00")
    lock(county, county.draft("org", **QUARTER))
    county.tick()
    return county


def cards(county: Honoured) -> dict[str, str]:
    running = opened(Holding.objects.filter(unit=None, ended=None).select_related("person"))
    return {one.person.name: one.honour for one in running if one.person}


def test_cards_go_to_people_and_stand_nowhere_in_the_clear(carded: Honoured) -> None:
    found = cards(carded)
    assert found["li"] == "blue-card"
    assert "red-card" in found.values()
    event = Event.objects.get(kind="honour")
    rows = Holding.objects.values_list("honour", "grade", "period", "reason", "charter")
    assert set(rows) == {("", "", "", "[]", "cadre-archive")}
    assert (event.register, event.step) == ("cadre-archive", "confer")
    for text in (event.payload, *Outbox.objects.filter(kind="honour").values_list("text", flat=True)):
        assert "card" not in text.replace("An honour or card of yours", "")
        assert "蓝牌" not in text
    assert list(differences()) == []


def test_a_card_is_seen_by_its_holder_and_the_office_only(carded: Honoured) -> None:
    li = carded.people["li"]
    assert carded.seen("li", person=li) == [("li", "blue-card")]
    assert carded.seen("org", person=li) == [("li", "blue-card")]
    for by in ("org-yutai", "wang", "zhou", "recorder", "chair", "stranger"):
        assert carded.seen(by, person=li) == []
    assert reading.honours_of(actor=PUBLIC, at=carded.now, person=li) == ()
    words = {"charter": "cadre-archive", "honour": "blue-card", "at": carded.now}
    assert [one.name for one in reading.held(actor=carded.actor("org"), **words)] == ["li"]
    assert reading.held(actor=carded.actor("wang"), **words) == ()


def test_reading_a_card_of_another_is_logged_once_in_ten_minutes(carded: Honoured) -> None:
    li = carded.people["li"]
    carded.seen("li", person=li)
    assert reading.readings_of(li) == []
    carded.seen("org", person=li)
    carded.seen("org", person=li)
    assert [who for who, _at in reading.readings_of(li)] == [carded.people["org"]]


def test_a_card_lapses_after_a_quarter_and_can_be_withdrawn_before(carded: Honoured) -> None:
    held = next(one for one in opened(Holding.objects.filter(person=carded.people["li"])))
    assert (held.since.isoformat(), held.until and held.until.isoformat()) == ("2026-05-06", "2026-08-07")
    carded.withdraw(held, "org", reason="申诉成立")
    carded.tick("2026-08-07 09:00")
    (seen,) = reading.honours_of(actor=carded.actor("li"), at=carded.now, person=carded.people["li"], history=True)
    assert (seen.how, seen.ended_reason and seen.ended_reason.zh) == ("withdrawn", "申诉成立")
    assert cards(carded) == {}
    assert set(Holding.objects.values_list("how", flat=True)) == {"withdrawn", "lapsed"}
    assert list(differences()) == []


def test_a_card_whose_key_was_destroyed_says_nothing(carded: Honoured) -> None:
    held = Holding.objects.get(person=carded.people["li"])
    erase_record(record=held.pk, reason="五年期满", by=None, at=carded.now, key="erase")
    (seen,) = reading.honours_of(actor=carded.actor("li"), at=carded.now, person=carded.people["li"])
    assert (seen.erased, seen.honour, seen.reason.zh) == (True, "", "（已销毁）")


def test_what_a_person_held_is_kept_as_long_as_records_about_people(carded: Honoured) -> None:
    held = Holding.objects.get(person=carded.people["li"])
    carded.tick("2026-08-07 09:00")
    carded.tick("2031-08-06 09:00")
    assert not is_forgotten(held.pk)
    carded.tick("2031-08-10 09:00")
    assert is_forgotten(held.pk)
    assert list(differences()) == []


def test_units_are_seen_by_the_public_only_where_the_board_is_public(flagged: Honoured) -> None:
    made_board(flagged, "town-quarter", [("yushan", "61"), ("huji", "45"), ("mamiao", "41")])
    flagged.tick()
    flagged.award("ten-best", "east-1")
    town, household = flagged.units["yushan"], flagged.units["east-1"]
    words = {"actor": PUBLIC, "at": flagged.now}
    assert {one.honour for one in reading.honours_of(unit=town, **words)} == {"flag", "good", "stars"}
    assert reading.honours_of(unit=household, **words) == ()
    assert flagged.seen("v-east", unit=household) == [("east-1", "ten-best")]
    assert flagged.seen("v-west", unit=household) == []


def test_a_conferral_is_kept_for_each_board(flagged: Honoured) -> None:
    board = made_board(flagged, "town-quarter", [("yushan", "29"), ("huji", "29")])
    flagged.tick()
    assert [one.board_id for one in Conferral.objects.all()] == [board.pk]
    assert Event.objects.filter(kind="honour", step="confer").count() == 1


def test_branches_get_their_stars(county: Honoured) -> None:
    text, files = shipped("star-branches")
    county.charter(text, "star-branches", files)
    for n in range(1, 6):
        county.add(f"b{n}", "branch", "jinxiang")
    rows = [("b1", "97.0"), ("b2", "95.0"), ("b3", "94.9"), ("b4", "75.0"), ("b5", "74.9")]
    made_board(county, "branches", rows, "2026", charter="star-branches", version=1, every="year")
    county.tick()
    stars = {one.unit.name: one.grade for one in Holding.objects.filter(honour="stars").select_related("unit")}
    assert stars == {"b1": "five", "b2": "five", "b3": "four", "b4": "three"}
    held = Holding.objects.get(unit=county.units["b3"])
    assert json.loads(held.reason)[0] == "2026年“支部评星得分”总分 94.9，定为“四星”；标准：不低于 85 分。"


def test_a_unit_that_moved_counts_where_it_was_on_the_last_day(county: Honoured) -> None:
    text, files = shipped("village-arena")
    county.charter(text, "village-arena", files)
    for n in range(1, 5):
        county.add(f"v{n}", "village", "yushan")
    words = {"charter": "village-arena", "version": 1, "every": "half-year"}
    rows = [(f"v{n}", str(100 - n)) for n in range(1, 5)]
    county.at("2026-07-10 09:00")
    directory.move_unit(
        unit=county.units["v1"], parent=county.units["huji"], on=dt.date(2026, 7, 2), by=None, at=county.now, key="move"
    )
    board = made_board(county, "half", rows, "2026-H1", **words)
    above = above_each([county.units[f"v{n}"] for n in range(1, 5)], "town", board.until)
    assert set(above.values()) == {county.units["yushan"]}
    assert above_each([county.units["v1"]], "town", dt.date(2026, 7, 2)) == {county.units["v1"]: county.units["huji"]}
