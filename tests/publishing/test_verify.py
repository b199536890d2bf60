"""Nobody moved the numbers: rows equal the log's replay, and every signed board comes out again."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from click.testing import CliRunner
from django.db import connection
from tests.publishing.county import QUARTER, County, moment

from zhangfa.cli.command import main
from zhangfa.facts.mirror import facts_folder, refresh
from zhangfa.log.secrets import erase_record
from zhangfa.log.verify import verify_log
from zhangfa.publishing.clock import tick
from zhangfa.publishing.models import Board, Objection, Standing
from zhangfa.publishing.reading import visible_standings
from zhangfa.publishing.replay import differences
from zhangfa.publishing.retention import erase_boards
from zhangfa.publishing.verify import check_board, check_boards, signed_boards


@pytest.fixture
def lived(county: County) -> County:
    """Two boards with all that can happen to them: a draft again, an objection upheld, a revision, a lock."""
    county.draft()
    board = county.sign(county.draft())
    people = county.sign(county.draft("org", **QUARTER), "org")
    county.at("2026-04-02 09:00")
    county.decide(county.object(people, "wang", "wang"), upheld=False, by="org")
    county.decide(county.object(board, "mamiao", "w-mamiao"), upheld=True)
    county.supervise("mamiao", 100, "2026-03-20")
    county.revise(board)
    tick(at=moment("2026-04-20 09:00"))
    return county


def test_rows_equal_a_replay_of_the_log(lived: County) -> None:
    assert [str(one) for one in differences()] == []
    assert sorted(Board.objects.values_list("state", flat=True)) == ["locked", "locked", "replaced"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: Standing.objects.filter(unit__name="huji", board__edition=2).update(total="99.9"),
        lambda: Board.objects.filter(edition=2).update(state="shown"),
        lambda: Board.objects.filter(edition=2).update(objections_until=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)),
        lambda: Objection.objects.filter(state="upheld").update(state="rejected"),
        lambda: Objection.objects.filter(state="upheld").delete(),
        lambda: Standing.objects.filter(unit__name="huji", board__edition=2).delete(),
        lambda: Standing.objects.filter(person__name="li").update(sealed="moved"),
    ],
)
def test_a_row_changed_by_hand_is_found(lived: County, change: object) -> None:
    change()  # type: ignore[operator]
    assert len(list(differences())) == 1
    assert [one.code for one in verify_log().problems] == ["V501"]


def test_every_signed_board_comes_out_again(lived: County) -> None:
    told: list[tuple[int, int]] = []
    found = list(check_boards(signed_boards(year=2026), progress=lambda done, of: told.append((done, of))))
    assert [(one.sound, one.digest == one.board.digest) for one in found] == [(True, True)] * 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert signed_boards(year=2025) == []
    assert {one.score for one in signed_boards(charter="cadre-archive")} == {"quarter"}


def test_a_moved_number_is_named(lived: County) -> None:
    Standing.objects.filter(unit__name="mamiao", board__edition=2).update(total="99.9", rank="1")
    faults = [one.zh for board in signed_boards() for one in check_board(board).faults]
    assert faults == [
        "mamiao：榜上为 ranked · 99.9 · 1 · 3 · u-jinxiang，重新计算为 ranked · 20.4 · 2 · 3 · u-jinxiang。"
    ]


def test_a_moved_digest_is_named(lived: County) -> None:
    board = Board.objects.get(edition=2)
    Board.objects.filter(pk=board.pk).update(digest="0" * 64)
    board.refresh_from_db()
    assert not check_board(board).sound


def test_verify_on_the_command_line(lived: County) -> None:
    run = CliRunner()
    said = run.invoke(main, ["score", "verify", "--year", "2026"])
    assert said.exit_code == 0, said.output
    assert said.stdout.count("一致") >= 3
    Standing.objects.filter(unit__name="mamiao", board__edition=2).update(total="99.9")
    moved = run.invoke(main, ["score", "verify", "--charter", "beautiful-courtyard"])
    assert moved.exit_code == 1
    assert "mamiao" in moved.stdout


def test_a_number_moved_in_the_mirror_is_found_and_made_anew_from_the_log(lived: County) -> None:
    refresh(at=lived.now)
    [file] = facts_folder().glob("**/beautiful-courtyard.supervision*.parquet")
    other = file.with_suffix(".other")
    duckdb.sql(f"COPY (SELECT * REPLACE (99 AS \"mark:int\") FROM '{file}') TO '{other}' (FORMAT parquet)")
    other.replace(file)
    run = CliRunner()
    assert run.invoke(main, ["score", "verify", "--charter", "beautiful-courtyard"]).exit_code == 1
    said = run.invoke(main, ["score", "verify", "--charter", "beautiful-courtyard", "--from-log"])
    assert said.exit_code == 0, said.output


def test_erasing_a_board_leaves_a_log_that_verifies(lived: County) -> None:
    board = Board.objects.get(of_people=True)
    erase_record(record=board.pk, reason="保存期满", by=None, at=lived.now, key="erase")
    assert [one.erased for one in visible_standings(board, lived.actor("org"), at=lived.now)] == [True] * 3
    assert verify_log().problems == ()
    assert check_board(board).sound


@pytest.mark.parametrize(("day", "erased"), [("2031-03-31 09:00", 0), ("2031-04-01 09:00", 1)])
def test_a_board_of_people_is_kept_as_long_as_their_records(lived: County, day: str, erased: int) -> None:
    board = Board.objects.get(of_people=True)
    assert (board.until.isoformat(), board.charter) == ("2026-03-31", "cadre-archive")  # entries are kept five years
    at = moment(day)
    assert erase_boards(at=at) == erased
    assert erase_boards(at=at) == 0
    assert [one.erased for one in visible_standings(board, lived.actor("org"), at=at)] == [bool(erased)] * 3
    assert (list(differences()), verify_log().problems) == ([], ())


def test_a_board_comes_out_the_same_with_one_thread_or_two(lived: County) -> None:
    assert all(check_board(board, threads=n).sound for board in signed_boards() for n in (1, 2))


def test_the_database_keeps_one_board_for_each_edition(lived: County) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publishing_board WHERE score = 'town-quarter'")
        assert cursor.fetchone()[0] == 2
