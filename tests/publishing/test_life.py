"""The life of a board: draft, sign, object, decide, revise, lock."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.publishing.county import LONG_AGO, QUARTER, County, moment

from zhangfa.calendar.engine import upload_year
from zhangfa.directory import people
from zhangfa.log.models import Event
from zhangfa.publishing import reading
from zhangfa.publishing.clock import tick
from zhangfa.publishing.models import Board, Objection, Standing
from zhangfa.publishing.replay import differences
from zhangfa.refusal import Refusal


def refused(code: str) -> object:
    """Expect a refusal with a code."""
    return pytest.raises(Refusal, check=lambda one: one.code == code)


def test_a_board_of_units_is_drafted_signed_and_locked(county: County) -> None:
    draft = county.draft()
    assert (draft.state, draft.edition, draft.since.isoformat(), draft.until.isoformat()) == (
        "draft", 1, "2026-01-01", "2026-03-31",
    )  # fmt: skip
    assert Standing.objects.count() == 0
    shown = county.sign(draft)
    assert (shown.state, shown.digest, shown.signed_by) == ("shown", draft.digest, county.people["chair"])
    rows = {one.unit.name: (one.status, one.total, one.rank, one.of) for one in Standing.objects.all()}
    assert rows == {
        "huji": ("ranked", "24.2", "1", 3), "yushan": ("ranked", "16.7", "2", 3), "mamiao": ("ranked", "9.2", "3", 3),
    }  # fmt: skip
    county.at("2026-04-20 09:00")
    assert tick(at=county.now).locked == 1
    assert Board.objects.get().state == "locked"
    assert reading.scoring_of(Board.objects.get()).digest == draft.digest


def test_the_time_for_objections_leaves_out_a_holiday(county: County) -> None:
    board = county.sign(county.draft())
    assert board.objections_until == moment("2026-04-09 23:59:59")
    deadline = reading.may_object(county.actor("w-yushan"), board, county.standing(board, "yushan"), county.now)
    assert deadline is not None
    assert "清明" in deadline.why.zh


def test_a_new_draft_takes_the_place_of_an_earlier_one(county: County) -> None:
    first = county.draft()
    county.supervise("mamiao", 100, "2026-03-20")
    second = county.draft()
    assert (second.pk, second.changes) == (first.pk, 2)
    assert second.digest != first.digest
    assert second.position > first.position
    with refused("changed"):
        county.sign(first)
    assert county.sign(second).state == "shown"
    with refused("not_now"):
        county.draft()


def test_a_period_that_is_not_over_has_no_board(county: County) -> None:
    with refused("not_now"):
        county.at("2026-03-31 23:00").draft()
    with refused("not_found"):
        county.at("2026-04-01 00:10").draft(period="2026-04")


def test_an_objection_is_decided_and_the_board_revised(county: County) -> None:
    board = county.sign(county.draft())
    county.at("2026-04-03 10:00")
    objection = county.object(board, "mamiao", "w-mamiao", indicator="activities")
    assert reading.objection_words(objection) == ("一次活动没有计入", None)
    assert "一次活动" not in objection.text
    assert not Event.objects.filter(kind="score", payload__contains="一次活动").exists()
    assert [one.pk for one in reading.inbox_of(county.actor("chair"))] == [objection.pk]
    with refused("guard"):
        county.revise(board)
    county.decide(objection, upheld=True)
    with refused("guard"):  # nothing was corrected yet
        county.revise(board)
    data = {"name": "家训展", "held": "2026-03-01", "people": 20}
    made = county.take("beautiful-courtyard.activity", "record", "w-mamiao", unit="mamiao", data=data)
    county.take("beautiful-courtyard.activity", "verify", "chair", record=made.record, data={"remark": "属实"})
    county.at("2026-04-09 12:00")
    again = county.revise(board)
    board.refresh_from_db()
    assert (board.state, again.state, again.edition) == ("replaced", "shown", 2)
    assert county.standing(again, "mamiao").total == "10.8"
    assert county.standing(again, "mamiao").contested_on == 2
    assert county.standing(again, "huji").contested_on == 1
    county.at("2026-04-10 09:00")  # the first edition's time is over, the second's is not
    assert reading.may_object(county.actor("w-huji"), again, county.standing(again, "huji"), county.now) is None
    assert reading.may_object(county.actor("w-mamiao"), again, county.standing(again, "mamiao"), county.now)
    assert tick(at=county.now).locked == 0
    assert tick(at=moment("2026-04-17 00:00")).locked == 1
    assert list(Board.objects.order_by("edition").values_list("state", flat=True)) == ["replaced", "locked"]


def test_objections_are_taken_within_the_time_and_once(county: County) -> None:
    board = county.sign(county.draft())
    county.at("2026-04-09 23:59").object(board, "mamiao", "w-mamiao")
    with refused("taken"):
        county.object(board, "mamiao", "w-mamiao")
    with refused("not_yours"):
        county.object(board, "huji", "w-mamiao")
    with refused("fields"):
        county.object(board, "yushan", "w-yushan", text="  ")
    with refused("not_found"):
        county.object(board, "yushan", "w-yushan", indicator="nothing")
    with refused("not_now"):
        county.at("2026-04-10 00:00").object(board, "yushan", "w-yushan")


def test_an_open_or_upheld_objection_keeps_a_board_from_being_locked(county: County) -> None:
    board = county.sign(county.draft())
    objection = county.at("2026-04-03 10:00").object(board, "mamiao", "w-mamiao")
    assert objection.due == moment("2026-04-13 23:59:59")
    late = moment("2026-05-01 09:00")
    assert tick(at=late).locked == 0
    county.decide(objection, upheld=True)
    assert tick(at=late).locked == 0
    with refused("changed"):
        county.decide(objection, upheld=True, by="deputy")


def test_an_upheld_objection_is_taken_back_where_the_records_prove_right(county: County) -> None:
    board = county.sign(county.draft())
    objection = county.decide(county.object(board, "mamiao", "w-mamiao"), upheld=True)
    with refused("guard"):
        county.revise(board)
    with refused("not_yours"):
        county.decide(objection, upheld=False, by="w-mamiao")
    county.decide(objection, upheld=False, by="deputy")
    with refused("changed"):
        county.decide(objection, upheld=True)
    assert Event.objects.filter(kind="score", step="decide").count() == 2
    assert tick(at=moment("2026-04-10 00:00")).locked == 1


def test_a_rejected_objection_lets_the_board_be_locked(county: County) -> None:
    board = county.sign(county.draft())
    objection = county.at("2026-04-03 10:00").object(board, "mamiao", "w-mamiao")
    decided = county.decide(objection, upheld=False)
    assert (decided.state, reading.objection_words(decided)[1]) == ("rejected", "经核对台账")
    assert tick(at=moment("2026-04-10 00:00")).locked == 1
    with refused("not_now"):
        county.revise(Board.objects.get())


def test_whoever_objected_does_not_decide(county: County) -> None:
    people.appoint(
        person=county.people["w-mamiao"], role="county-women", unit=county.units["jinxiang"], since=LONG_AGO,
        until=None, by=None, at=county.now, key="both",
    )  # fmt: skip
    objection = county.object(county.sign(county.draft()), "mamiao", "w-mamiao")
    with refused("same_person"):
        county.decide(objection, upheld=True, by="w-mamiao")


def test_a_board_of_people_is_sealed_and_each_reads_his_own(county: County) -> None:
    board = county.sign(county.draft("org", **QUARTER), "org")
    assert board.of_people
    assert board.state == "shown"
    stored = Standing.objects.get(board=board, person=county.people["li"])
    assert (stored.status, stored.total, stored.rank, stored.of, stored.tier) == ("", "", "", None, "")
    assert county.seen(board, "li") == {"li": ("ranked", Decimal("85.0"), Decimal(1), 3)}
    assert set(county.seen(board, "org")) == {"li", "zhou", "wang"}
    assert county.seen(board, "stranger") == {}
    assert county.seen(board, "org-yutai") == {}
    objection = county.object(board, "wang", "wang", indicator="debit")
    assert "一次活动" not in objection.text
    assert reading.objection_words(objection)[0] == "一次活动没有计入"
    with refused("not_found"):
        county.object(board, "wang", "li")
    with refused("not_yours"):
        county.object(board, "li", "org")


def test_a_repeated_key_does_nothing_twice(county: County) -> None:
    drafts = [county.draft(key="d").pk for _ in (1, 2)]
    boards = [county.sign(Board.objects.get(), key="s").pk for _ in (1, 2)]
    objections = [county.object(Board.objects.get(), "huji", "w-huji", key="o").pk for _ in (1, 2)]
    for _ in (1, 2):
        county.decide(Objection.objects.get(), upheld=True, key="x")
    county.supervise("mamiao", 100, "2026-03-20")
    editions = [county.revise(Board.objects.order_by("edition")[0], key="r").edition for _ in (1, 2)]
    assert len(set(drafts)) == len(set(boards)) == len(set(objections)) == 1
    assert editions == [2, 2]
    assert Event.objects.filter(kind="score").count() == 5
    with refused("key_used"):
        county.draft(key="s")
    with refused("key_used"):
        county.draft("deputy", key="d")


def test_a_newly_announced_year_moves_an_open_deadline(county: County) -> None:
    county.at("2026-12-29 09:00")
    board = county.sign(county.draft(period="2026-Q3"))
    objection = county.object(board, "huji", "w-huji")
    before = (board.objections_until, objection.due)
    table = "date,kind,name_zh,name_en\n2027-01-04,holiday,元旦,New Year\n"
    assert tick(at=county.now).recalendared == 0
    upload_year(text=table, year=2027, notice="国办发明电", by=None, at=county.now, key="2027")
    assert tick(at=county.now).recalendared == 2
    assert tick(at=county.now).recalendared == 0
    board.refresh_from_db()
    objection.refresh_from_db()
    assert (board.objections_until > before[0], objection.due > before[1]) == (True, True)
    assert list(differences()) == []
