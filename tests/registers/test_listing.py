"""Pages, counts, boards and exports of one set: always the same records."""

from __future__ import annotations

import csv
import io

import pytest
from tests.acts.county import County
from tests.registers.conftest import enter

from zhangfa.acts.models import Record
from zhangfa.charter.engine import register
from zhangfa.log.models import Event
from zhangfa.registers.filters import Filter
from zhangfa.registers.listing import Listing
from zhangfa.registers.search import rebuild
from zhangfa.registers.standing import states_of

KEY = "residents-requests.request"


def list_for(county: County, name: str, **chosen: object) -> Listing:
    return Listing(KEY, register(KEY)[1], states_of(KEY), Filter(**chosen), county.actor(name), county.now)


def numbers(rows: object) -> list[str]:
    return [row.number for row in rows]


def read_csv(answer: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


@pytest.fixture
def many(county: County) -> County:
    for number in range(30):
        county.request(f"第{number}件事情", unit=("g1", "g2", "g3")[number % 3])
    return county


def test_pages_forward_and_back_hold_every_record_once(many: County):
    first = list_for(many, "office").page(12)
    second = list_for(many, "office", after=first.after).page(12)
    third = list_for(many, "office", after=second.after).page(12)
    back = list_for(many, "office", before=third.before).page(12)
    seen = numbers((*first.rows, *second.rows, *third.rows))
    assert sorted(seen) == sorted(Record.objects.values_list("number", flat=True))
    assert len(seen) == len(set(seen))
    assert numbers(back.rows) == numbers(second.rows)
    assert (first.before, third.after) == ("", "")


@pytest.mark.parametrize("name", ["office", "wang", "li", "zhao", "other-office", "stranger"])
@pytest.mark.parametrize("chosen", [{}, {"q": "事情"}, {"states": ("submitted",)}, {"sort": "due"}, {"due": "week"}])
def test_count_list_board_and_export_are_of_the_same_records(many: County, name: str, chosen: dict):
    listing = list_for(many, name, **chosen)
    ids = set(listing.all_ids())
    assert listing.count() == len(ids)
    assert {row.id for row in listing.page(100).rows} == ids
    assert {row.id for rows in listing.board(100).values() for row in rows} == ids
    assert sum(listing.counts([(state,) for state in listing.wanted_states])) == len(ids)


def test_a_unit_filter_never_widens_what_one_sees(many: County):
    other = many.units["g3"]
    assert list_for(many, "wang", unit=other).all_ids() == []


def test_an_unknown_unit_finds_nothing(many: County):
    assert list_for(many, "office", unit=99999).count() == 0


def test_a_range_keeps_numbers_within(county: County):
    for audience in (3, 30):
        county.now = county.now.replace(microsecond=audience)
        give_lecture(county, audience)
    key = "lecture-team.lecture"
    chosen = Filter(fields=(("audience", "10..40"),))
    listing = Listing(key, register(key)[1], states_of(key), chosen, county.actor("l1"), county.now)
    assert len(listing.all_ids()) == 1


def give_lecture(county: County, audience: int) -> None:
    row = Record.objects.filter(register="lecture-team.lecture").count()
    Record.objects.create(
        id=500 + row, number=f"LT-{row}", charter="lecture-team", charter_version=1, register="lecture-team.lecture",
        state="given", unit=county.units["yushan"], county=county.units["jinxiang"], town=county.units["yushan"],
        version=1, label="x", opened_at=county.now, updated_at=county.now, payload=f'{{"audience": {audience}}}',
    )  # fmt: skip


def test_export_holds_the_columns_and_rows_of_the_list_and_is_noted(many: County):
    answer = enter(many, "wang").get(f"/registers/{KEY}/export.csv?columns=label,state")
    rows = read_csv(answer)
    event = Event.objects.get(kind="export")
    assert rows[0] == ["编号", "事项", "状态"]
    assert sorted(row[0] for row in rows[1:]) == sorted(numbers(list_for(many, "wang").page(100).rows))
    assert (event.person, event.register) == (many.people["wang"], KEY)
    assert '"count":10' in event.payload


def test_export_never_holds_a_sensitive_column(county: County):
    county.request(phone="13812345678")
    answer = enter(county, "wang").get(f"/registers/{KEY}/export.csv?columns=phone,label")
    assert "13812345678" not in answer.getvalue().decode()


def test_rebuild_finds_what_the_acts_found(many: County):
    found = list_for(many, "office", q="件事").all_ids()
    assert rebuild() == 30
    assert list_for(many, "office", q="件事").all_ids() == found
    assert len(found) == 30
