"""A county's spreadsheets tried on the page: the figures of ``zhangfa try``, hostile files refused, nothing lost."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.acts.county import County, build_county
from tests.registers.conftest import enter

from zhangfa.cli.command import main
from zhangfa.log.models import Event

COUNTY = Path(__file__).resolve().parents[1] / "scores" / "county"
RULES = COUNTY / "courtyards.yaml"
FILES = {"units": "units.csv", "facts.courtyard": "courtyards.csv", "facts.visit": "visits.csv"}


@pytest.fixture
def county(db: None) -> County:
    """A small county."""
    return build_county()


@pytest.fixture
def clerk(county: County) -> Client:
    """A browser of somebody on the staff."""
    return enter(county, next(iter(county.people)))


def begin(client: Client, score: str = "courtyards.quarter") -> str:
    """Upload the rules; return the address of the page that asks for files."""
    sent = {"score": score, "files": SimpleUploadedFile("courtyards.yaml", RULES.read_bytes())}
    answer = client.post("/scores/try/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def hand_in(client: Client, where: str, period: str = "2026-Q3", **changed: bytes | None) -> object:
    """Hand the county's files in, some of them exchanged or left out."""
    held = {name: (COUNTY / file).read_bytes() for name, file in FILES.items()}
    held |= {name.replace("__", "."): content for name, content in changed.items()}
    files = {name: SimpleUploadedFile(FILES[name], content) for name, content in held.items() if content is not None}
    return client.post(where, {"period": period, **files})


def wait(client: Client, where: str, path: str = "result.json") -> bytes:
    """Return a page of the result once it is there."""
    for _ in range(100):
        answer = client.get(f"{where}{path}")
        if answer.status_code == 200:
            return answer.content
        time.sleep(0.05)
    raise AssertionError("the try did not end")


def as_excel(name: str) -> bytes:
    """Return a CSV file of the county as Excel holds it: numbers as numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for row, line in enumerate((COUNTY / name).read_text().splitlines()):
        for column, cell in enumerate(line.split(",")):
            sheet.write(row, column, float(cell) if cell.replace(".", "", 1).isdigit() else cell)
    book.close()
    return out.getvalue()


def test_page_gives_the_figures_of_the_command(clerk: Client) -> None:
    where = begin(clerk)
    answer = hand_in(clerk, where)
    assert answer["Location"] == f"{where}result/"
    given = ["--facts", f"courtyard={COUNTY / 'courtyards.csv'}", "--facts", f"visit={COUNTY / 'visits.csv'}"]
    command = ["try", str(RULES), "--score", "quarter", "--period", "2026-Q3", "--units", str(COUNTY / "units.csv")]
    wanted = json.loads(CliRunner().invoke(main, [*command, *given, "--json"]).stdout)
    found = json.loads(wait(clerk, where))
    assert found == wanted


def test_excel_gives_the_same_digest_as_csv(clerk: Client) -> None:
    digests = set()
    for change in ({}, {name.replace(".", "__"): as_excel(file) for name, file in FILES.items()}):
        where = begin(clerk)
        hand_in(clerk, where, **change)
        digests.add(json.loads(wait(clerk, where))["digest"])
    assert len(digests) == 1


def test_nothing_is_written_to_the_log(clerk: Client) -> None:
    before = Event.objects.count()
    where = begin(clerk)
    hand_in(clerk, where)
    wait(clerk, where)
    assert Event.objects.count() == before


def test_result_names_ranks_why_and_the_rows_that_could_not_be_read(clerk: Client) -> None:
    where = begin(clerk)
    hand_in(clerk, where)
    wait(clerk, where)
    page = clerk.get(f"{where}result/").content.decode()
    assert all(words in page for words in ("81.25", "62.50", "未上报", "“四十四”不是数。这一行没有计入。"))
    why = clerk.get(f"{where}result/?of=T2").content.decode()
    assert "差 18.75 分到第 1 名（81.25）" in why
    assert clerk.get(f"{where}result/?of=T9").status_code == 404


def test_what_if_ranks_anew_and_the_address_holds_what_differs(clerk: Client) -> None:
    where = begin(clerk)
    hand_in(clerk, where)
    wait(clerk, where)
    asked = clerk.get(f"{where}what-if/?do=try&w.rate=50&w.checks=10&t.rate=0.5")
    assert asked["Location"] == f"{where}what-if/?w.checks=10"
    page = clerk.get(asked["Location"]).content.decode()
    # 鱼山街道 100 × 50/60 + 62.5 × 10/60 = 93.75; 胡集镇 83.33 + 25 × 10/60 = 87.50
    assert all(words in page for words in ("93.75", "87.50", "抽查得分：权重 50 → 10"))
    part = clerk.get(f"{where}what-if/?w.checks=10", headers={"hx-request": "true"})
    assert part["HX-Replace-Url"] == f"{where}what-if/?w.checks=10"
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("typed", ["abc", "-1", "1e9999", "NaN", "9" * 40, "0.00001", "²"])
def test_a_number_that_cannot_be_used_is_named_and_kept(clerk: Client, typed: str) -> None:
    where = begin(clerk)
    hand_in(clerk, where)
    wait(clerk, where)
    answer = clerk.get(f"{where}what-if/", {"w.rate": typed, "do": "try"})
    assert answer.status_code == 200
    assert "不能用：请写一个数" in answer.content.decode()


def test_files_handed_in_stay_when_something_is_wrong(clerk: Client) -> None:
    where = begin(clerk)
    refused = hand_in(clerk, where, period="2026-13")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert all(name in page for name in ("units.csv", "visits.csv", "2026-13"))
    assert clerk.post(where, {"period": "2026-Q3"}).status_code == 302
    assert json.loads(wait(clerk, where))["results"][0]["total"] == "81.25"


def test_columns_are_shown_with_the_field_they_were_read_as(clerk: Client) -> None:
    where = begin(clerk)
    hand_in(clerk, where, period="", facts__visit="单位,复核日期,庭院分,备注\nV1,2026-07-03,45,好\n".encode())
    page = clerk.get(where).content.decode()
    assert '<td>备注</td><td><span class="muted">没有读</span></td>' in page
    assert "复核日期 <code>visited</code>" in page


def bomb() -> bytes:
    """Return an archive that unpacks to far more than it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的。"),
        (b"PK\x03\x04 nothing", "读不出来"),
        (bomb(), "解压后过大"),
        (b"\xd0\xcf\x11\xe0 old", "旧版 Excel"),
        (b"a,b\n\0,1\n", "空字节"),
        (b",".join([b"x"] * 100), "60 列"),
    ],
)
def test_hostile_files_are_refused_at_their_field(clerk: Client, content: bytes, said: str) -> None:
    answer = hand_in(clerk, begin(clerk), facts__visit=content)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_formulas_in_a_file_stay_text_on_the_way_out(clerk: Client) -> None:
    where = begin(clerk)
    hand_in(clerk, where, units="代码,名称,类型\nT1,=HYPERLINK(1),镇街\n".encode())
    wait(clerk, where)
    assert "'=HYPERLINK(1)" in clerk.get(f"{where}result.csv").content.decode()


def test_markup_in_a_file_is_shown_as_text(clerk: Client) -> None:
    where = begin(clerk)
    hand_in(clerk, where, units="代码,名称,类型\nT1,<script>x</script>,镇街\n".encode())
    wait(clerk, where)
    assert "<script>x" not in clerk.get(f"{where}result/").content.decode()


def test_a_charter_with_problems_is_refused_with_them(clerk: Client) -> None:
    sent = {"files": SimpleUploadedFile("c.yaml", RULES.read_bytes().replace(b"of: town", b"of: twon"))}
    answer = clerk.post("/scores/try/", sent)
    assert answer.status_code == 422
    assert "这份章程还有" in answer.content.decode()


@pytest.mark.parametrize("table", ["units", "visit", "courtyard"])
def test_empty_files_have_headings_the_reader_knows(clerk: Client, table: str) -> None:
    where = begin(clerk)
    answer = clerk.get(f"{where}empty/{table}.xlsx")
    heading = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[0]
    wanted = {
        "units": ["代码", "名称", "类型", "上级", "编组"],
        "visit": ["单位", "复核日期", "方式", "庭院分", "厨厕分"],
        "courtyard": ["单位", "日期", "状态"],
    }
    assert set(heading) == set(wanted[table])


def test_a_trial_belongs_to_its_session(county: County, clerk: Client) -> None:
    where = begin(clerk)
    hand_in(clerk, where)
    wait(clerk, where)
    other = enter(county, list(county.people)[1])
    for path in ("", "result/", "what-if/", "result.json", "empty/units.xlsx"):
        assert other.get(f"{where}{path}").status_code == 404
    assert other.post(f"{where}forget/").status_code == 404
    stranger = Client()
    assert stranger.get(where).status_code == 302
    assert stranger.get("/scores/try/").status_code == 302


def test_forgetting_removes_the_files(clerk: Client, tmp_path: Path) -> None:
    where = begin(clerk)
    hand_in(clerk, where)
    wait(clerk, where)
    clerk.post(f"{where}forget/")
    assert list((tmp_path / "trials").iterdir()) == []
    assert clerk.get(where).status_code == 404


@pytest.mark.parametrize("token", ["x", "..%2f..", "A" * 22])
def test_a_made_up_name_is_not_found(clerk: Client, token: str) -> None:
    assert clerk.get(f"/scores/try/{token}/").status_code == 404


def test_first_page_asks_one_query_for_each_charter_at_most(
    clerk: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    begin(clerk)
    with django_assert_max_num_queries(25):
        clerk.get("/scores/try/")
