"""What the pages say is what was worked out and signed; what they ask the database does not grow with the rows."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.scoreboards.conftest import BOARD, PEOPLE, County, enter

from zhangfa.publishing.models import Board, Objection, Standing
from zhangfa.publishing.reading import scoring_of
from zhangfa.scores.exact import plain

PUBLIC = "/b/beautiful-courtyard/town-quarter/"


def text(answer: object) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode())))


def rows(answer: object) -> list[list[str]]:
    """Return the words of each line of the page's first table of standings."""
    body = re.search(r"<table[^>]*standings.*?<tbody>(.*?)</tbody>", answer.content.decode(), re.S)[1]
    cells = [re.findall(r"<td.*?</td>", row, re.S) for row in body.split("</tr>") if "<td" in row]
    return [[re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", cell)).strip() for cell in row] for row in cells]


def test_the_board_shows_the_ranks_and_totals_that_were_signed(shown: County) -> None:
    found = [(row[1], row[0], row[2]) for row in rows(enter(shown, "chair").get(BOARD))]
    signed = Standing.objects.filter(board__charter="beautiful-courtyard").order_by("place")
    assert found == [(one.unit.name, one.rank, one.total) for one in signed]
    assert [one[0] for one in found] == ["huji", "yushan", "mamiao"]


def test_the_parts_on_the_board_add_up_to_the_total(shown: County) -> None:
    for row in rows(enter(shown, "chair").get(BOARD)):
        parts = [float(words) for words in row[3:] if words not in ("—", "未上报")]
        assert round(sum(parts), 1) == pytest.approx(float(row[2]), abs=0.051)


def test_the_why_page_shows_the_numbers_of_the_scoring(shown: County) -> None:
    page = text(enter(shown, "w-huji").get(f"{BOARD}why/u-huji/"))
    scoring = scoring_of(Board.objects.get(charter="beautiful-courtyard"))
    result, cell = scoring.by_code["u-huji"], scoring.cells_of("u-huji")["daily"]
    assert f"{plain(result.rank.place)} / {result.rank.of}" in page
    assert str(result.rounded) in page
    assert f"{cell.facts} 条 {plain(cell.value)}" in page
    assert "1 / 3" in page


def test_a_missing_value_is_said_in_words_and_never_zero(county: County) -> None:
    # No household has a courtyard in another county, and nobody supervised it: its town has no rank.
    page = text(enter(county, "c-yutai").get("/scores/beautiful-courtyard/town-quarter/u-yutai/2026-Q1/"))
    assert "未上报" in page
    assert "没有上报不是零分" in page


def test_a_number_leads_to_its_records_and_counts_the_closed_ones(shown: County) -> None:
    record = re.compile(r'href="/records/([A-Z0-9-]+)/"')
    of_town, of_village = (
        enter(shown, name).get(f"{BOARD}why/u-yushan/activities/") for name in ("w-yushan", "v-east")
    )
    assert len(record.findall(of_town.content.decode())) == 1
    assert record.findall(of_village.content.decode()) == []
    assert "另有 1 条您无权打开，已计入这个数。" in text(of_village)


def test_a_draft_is_made_looked_at_and_signed(county: County) -> None:
    client = enter(county, "chair")
    assert "拟定草稿" in text(client.get(BOARD))
    assert client.post(f"{BOARD}draft/", {"key": "one"}).status_code == 302
    board = Board.objects.get()
    assert f"日志第 {board.position} 条，结果摘要 {board.digest[:16]}" in text(client.get(BOARD))
    client.post(f"{BOARD}sign/", {"key": "two", "digest": board.digest})
    client.post(f"{BOARD}sign/", {"key": "three", "digest": "0" * 64, "sure": "true"})
    assert Board.objects.get().state == "draft"
    client.post(f"{BOARD}sign/", {"key": "four", "digest": board.digest, "sure": "true"})
    assert Board.objects.get().state == "shown"
    assert "公示中" in text(client.get(BOARD))


def test_an_objection_is_made_once_and_shown_to_both_sides(shown: County) -> None:
    client, address = enter(shown, "w-huji"), f"{BOARD}why/u-huji/object/"
    assert client.post(address, {"key": "a", "indicator": "daily", "text": " "}).status_code == 422
    assert client.post(address, {"key": "b", "indicator": "daily", "text": "二月的督导应为 95 分"}).status_code == 302
    assert client.post(address, {"key": "c", "indicator": "daily", "text": "再说一次"}).status_code == 422
    assert Objection.objects.get().indicator == "daily"
    seen = {
        name: "二月的督导应为 95 分" in text(enter(shown, name).get(f"{BOARD}why/u-huji/"))
        for name in ("chair", "w-yushan")
    }
    assert seen == {"chair": True, "w-yushan": False}
    assert "二月的督导应为 95 分" in text(client.get(f"{BOARD}why/u-huji/"))


def test_a_replaced_edition_stays_readable_beside_the_new_one(shown: County) -> None:
    board = Board.objects.get(charter="beautiful-courtyard")
    shown.decide(shown.object(board, "mamiao", "w-mamiao"), upheld=True)
    shown.supervise("mamiao", 100)
    shown.revise(board)
    client = enter(shown, "chair")
    newest, first = (client.get(f"{BOARD}{asked}") for asked in ("", "?edition=1"))
    assert ("已被更正" in text(first), "第 2 版 · 公示中" in text(newest)) == (True, True)
    assert [row[1] for row in rows(first)] == ["huji", "yushan", "mamiao"]
    assert [row[1] for row in rows(newest)] != [row[1] for row in rows(first)]
    assert f'href="{BOARD}why/u-huji/?edition=1"' in first.content.decode()


def test_a_board_that_no_longer_comes_out_is_refused_in_a_sentence(shown: County) -> None:
    Board.objects.filter(charter="beautiful-courtyard").update(digest="0" * 64)
    answer = enter(shown, "w-huji").get(BOARD)
    assert (answer.status_code, "现在不能逐项说明" in text(answer)) == (422, True)


def test_my_score_is_my_own_or_my_units(shown: County) -> None:
    found = {name: text(enter(shown, name).get("/scores/mine/")) for name in ("w-huji", "zhou", "stranger")}
    assert re.search(r"镇街季度排名 公示中 huji · 2026年第1季度 第 1 名 / 3", found["w-huji"])
    assert re.search(r"执行力季度分析 公示中 zhou · 2026年第1季度 第 \d 名 / 3", found["zhou"])
    assert re.search(r"镇街季度排名 公示中 yushan", found["zhou"])
    assert "还没有考核到您或您的单位" in found["stranger"]


def test_an_export_says_what_the_page_says(shown: County) -> None:
    sent = b"".join(enter(shown, "chair").get(f"{BOARD}board.csv").streaming_content).decode().lstrip("\ufeff")
    lines = [line.split(",") for line in sent.splitlines()]
    page = rows(enter(shown, "deputy").get(BOARD))
    assert [[line[3], line[1], line[4]] for line in lines[1:]] == [[row[1], row[0], row[2]] for row in page]


def test_an_excel_export_holds_numbers_as_numbers(shown: County) -> None:
    sent = b"".join(enter(shown, "chair").get(f"{BOARD}board.xlsx").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(sent)).active
    signed = Standing.objects.filter(board__charter="beautiful-courtyard").order_by("place")
    found = [(row[3].value, row[1].value, row[4].value) for row in sheet.iter_rows(min_row=2)]
    assert found == [(one.unit.name, int(one.rank), float(one.total)) for one in signed]


@pytest.mark.parametrize("page", ["", "trend/", "why/u-huji/", "why/u-huji/daily/"])
def test_pages_stay_in_english(shown: County, page: str) -> None:
    client = enter(shown, "chair")
    client.post("/language/", {"language": "en", "next": "/"})
    assert not re.search(
        r"[\u4e00-\u9fff]",
        re.sub("<[^>]*(中文|zh)[^<]*<", "<", text(client.get(BOARD + page))).replace("中文", "").replace("章法", ""),
    )


def test_the_public_board_needs_no_account_and_is_light(shown: County) -> None:
    answer = Client().get(PUBLIC)
    assert answer.status_code == 200
    assert re.findall(r"<td>(huji|yushan|mamiao)</td>", answer.content.decode()) == ["huji", "yushan", "mamiao"]
    assert len(answer.content) < 60_000


def test_the_public_board_shows_no_draft_and_no_person(drafted: County) -> None:
    drafted.sign(drafted.draft(by="org", charter="cadre-archive", score="quarter"), by="org")
    client = Client()
    assert [client.get(one).status_code for one in (PUBLIC, "/b/cadre-archive/quarter/", "/b/no/thing/")] == [404] * 3


def questions(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_a_board_asks_the_same_for_one_and_three_lines(shown: County) -> None:
    client = enter(shown, "chair")
    assert questions(client, f"{BOARD}?q=u-huji") == questions(client, BOARD)


def test_the_index_asks_the_same_for_one_and_three_boards(county: County) -> None:
    client, counts = enter(county, "chair"), []
    for period in ("2026-Q1", "2025-Q4", "2026-Q2"):
        county.sign(county.draft(period=period))
        counts.append(questions(client, "/scores/"))
    assert counts[0] == counts[2]


def test_the_public_board_asks_the_same_whatever_it_shows(shown: County) -> None:
    client = Client()
    before = questions(client, PUBLIC)
    shown.sign(shown.draft(period="2026-Q2"))
    assert questions(client, PUBLIC) == before


def test_people_on_a_board_ask_the_same_for_one_and_three(shown: County) -> None:
    client = enter(shown, "org")
    assert questions(client, f"{PEOPLE}?q=li") == questions(client, PEOPLE)
