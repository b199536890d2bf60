"""Scores of scores: a locked earlier board enters as it stands, everything else as the records say now."""

from __future__ import annotations

from decimal import Decimal

import orjson
import pytest
from tests.publishing.county import CHARTERS, QUARTER, County, moment

from zhangfa.charter import engine as charters
from zhangfa.publishing.clock import tick
from zhangfa.publishing.models import Board
from zhangfa.publishing.reading import live_scoring, scoring_of
from zhangfa.publishing.verify import check_board

YEAR = {"charter": "cadre-archive", "score": "year", "period": "2026"}


@pytest.fixture
def locked(county: County) -> County:
    """The first quarter locked, and an entry about it that came too late."""
    county.sign(county.draft("org", **QUARTER), "org")
    county.at("2026-05-06 09:00")
    assert tick(at=county.now).locked == 1
    county.entry("li", "recorder", "yushan")
    for name in ("li", "zhou", "wang"):
        review = {"on_day": "2026-12-20", "mark": 90}
        unit = "huji" if name == "wang" else "yushan"
        county.at("2026-12-21 09:00")
        for _ in range(3):
            county.take("cadre-archive.review", "give", "rater", unit=unit, about=name, data=review)
    return county.at("2027-01-05 09:00")


def quarters(county: County, board: Board, name: str) -> Decimal | None:
    """Return the mean of the quarters that a yearly board counts for somebody."""
    return scoring_of(board).cells_of(str(county.people[name]))["quarters"].value


def test_a_locked_quarter_counts_as_it_was_locked(locked: County) -> None:
    first = Board.objects.get(score="quarter")
    board = locked.sign(locked.draft("org", **YEAR), "org")
    assert orjson.loads(board.sources) == {"boards": [first.pk], "charters": {}}
    # Q1 as locked 85, the other three 80; the entry that came late would have made it 90.
    assert quarters(locked, board, "li") == Decimal("81.25")
    assert check_board(board).sound


def test_without_a_lock_the_records_count_as_they_are(county: County) -> None:
    county.at("2026-05-06 09:00").entry("li", "recorder", "yushan")
    county.at("2026-12-21 09:00")
    board = county.at("2027-01-05 09:00").draft("org", **YEAR)
    assert orjson.loads(board.sources) == {"boards": [], "charters": {}}
    assert quarters(county, board, "li") == Decimal("82.5")


def test_a_board_locked_later_does_not_move_one_signed_before(county: County) -> None:
    county.at("2027-01-05 09:00")
    board = county.sign(county.draft("org", **YEAR), "org")
    first = county.sign(county.draft("org", **QUARTER), "org")
    county.entry("li", "recorder", "yushan")
    assert tick(at=moment("2027-03-01 09:00")).locked == 2
    assert Board.objects.get(pk=first.pk).state == "locked"
    assert check_board(Board.objects.get(pk=board.pk)).sound


def test_a_running_period_is_worked_out_as_it_stands(county: County) -> None:
    def total() -> str:
        area = county.units["jinxiang"]
        named = {"charter": "beautiful-courtyard", "score": "town-quarter", "period": "2026-Q2"}
        found = live_scoring(**named, area=area, at=county.now).scoring.by_code["u-huji"]
        return str(found.rounded)

    county.at("2026-05-06 09:00").supervise("huji", 80, "2026-05-05")
    assert total() == "15.0"
    county.supervise("huji", 100, "2026-05-05")
    assert total() == "22.5"


def test_a_place_is_scored_within_itself(county: County) -> None:
    board = county.draft("c-yutai", area="yutai")
    assert list(scoring_of(board).by_code) == ["u-other"]
    assert sorted(scoring_of(county.draft()).by_code) == ["u-huji", "u-mamiao", "u-yushan"]


def test_a_period_is_judged_by_the_version_in_force_on_its_last_day(county: County) -> None:
    text = (CHARTERS / "beautiful-courtyard.yaml").read_text(encoding="utf-8")
    changed = text.replace("active_target:  {type: int, value: 12", "active_target:  {type: int, value: 6")
    assert changed != text
    charters.apply_charter(
        text=changed, name="beautiful-courtyard.yaml", by=None, at=county.now, key="second", in_force=county.now.date()
    )
    first = county.sign(county.draft())
    county.at("2026-07-02 09:00").supervise("huji", 90, "2026-05-10")
    second = county.draft(period="2026-Q2")
    assert (first.version, second.version) == (1, 2)
    assert first.charter_digest != second.charter_digest
    assert check_board(first).sound
