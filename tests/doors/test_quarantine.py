"""Floods: kept back, never dropped, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.acts.county import County
from tests.doors.conftest import KINDS, Resident, photo

from zhangfa.acts.models import Record
from zhangfa.attachments.engine import sweep_unused
from zhangfa.attachments.models import Hold
from zhangfa.directory import engine as directory
from zhangfa.directory.models import Account
from zhangfa.doors import quarantine
from zhangfa.doors.door_codes import codes_for
from zhangfa.doors.models import Quarantined
from zhangfa.doors.work import LASTS, set_puzzle, take_solution


def test_without_script_the_request_waits_and_its_code_works(resident: Resident, door: str) -> None:
    code = resident.ask(door, script=False, photos=[photo()])

    assert (Record.objects.count(), Quarantined.objects.get().reason) == (0, "work")
    assert "等工作人员看一眼" in resident.open(code).content.decode()
    assert KINDS["content"].encode() not in bytes(Quarantined.objects.get().sealed)


def test_flood_is_kept_back_and_released_as_sent(resident: Resident, door: str, county: County) -> None:
    codes = [resident.ask(door, content=f"第{n}件：路灯不亮") for n in range(14)]

    assert (Record.objects.count(), Quarantined.objects.count()) == (10, 4)
    assert len(set(codes)) == 14
    sent, county.now = county.now, county.now + dt.timedelta(days=1)
    office = county.actor("office")
    for row in quarantine.waiting_for(office):
        quarantine.release(row=row, by=office, at=county.now)

    assert Record.objects.count() == 14
    assert set(Record.objects.values_list("opened_at", flat=True)) == {sent}
    assert "现在：待受理" in Resident().open(codes[-1]).content.decode()
    assert quarantine.waiting_for(office).count() == 0


def test_released_twice_opens_once(resident: Resident, door: str, county: County) -> None:
    resident.ask(door, script=False)
    row = Quarantined.objects.get()
    office = county.actor("office")
    first = quarantine.release(row=row, by=office, at=county.now)
    second = quarantine.release(row=row, by=office, at=county.now)

    assert (first.record, Record.objects.count()) == (second.record, 1)


def test_files_of_a_waiting_request_are_not_swept(resident: Resident, door: str, county: County) -> None:
    resident.ask(door, script=False, photos=[photo()])

    assert sweep_unused(at=county.now + dt.timedelta(days=3)) == 0
    quarantine.release(row=Quarantined.objects.get(), by=county.actor("office"), at=county.now)
    assert Hold.objects.count() == 0
    assert sweep_unused(at=county.now + dt.timedelta(days=3)) == 0


def test_spam_is_wiped_and_says_so(resident: Resident, door: str, county: County) -> None:
    code = resident.ask(door, script=False)
    quarantine.mark_spam(row=Quarantined.objects.get(), by=county.actor("office"), at=county.now)

    assert bytes(Quarantined.objects.get().sealed) == b""
    assert "没有受理" in resident.open(code).content.decode()


def test_missing_answer_is_said_before_it_is_kept_back(resident: Resident, door: str) -> None:
    response = resident.send(door, script=False, content="")

    assert (response.status_code, Quarantined.objects.count()) == (422, 0)


@pytest.mark.parametrize(("who", "count"), [("office", 1), ("wang", 1), ("zhao", 0), ("l1", 0)])
def test_only_roles_of_the_charter_that_reach_the_unit_see_it(
    who: str, count: int, resident: Resident, door: str, county: County
) -> None:
    resident.ask(door, script=False)

    assert quarantine.waiting_for(county.actor(who)).count() == count


def test_double_submit_without_script_waits_once(resident: Resident, door: str) -> None:
    page = resident.page(f"/d/{door}")
    codes = {resident.ask(door, page=page, script=False) for _turn in range(2)}

    assert (len(codes), Quarantined.objects.count()) == (1, 1)


CHANGED: list[dict[str, object]] = [{"number": 0}, {"salt": 5}, {"signature": "x"}, {"challenge": "00"}, {"salt": ""}]


class TestPuzzle:
    """The proof of work."""

    at = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)

    def solved(self, resident: Resident, **changes: object) -> str:
        import base64

        puzzle = set_puzzle(door="c.d", at=self.at)
        solution = resident.solve(f'data-puzzle="{puzzle.replace(chr(34), "&#34;")}"')
        return base64.b64encode(json.dumps(json.loads(base64.b64decode(solution)) | changes).encode()).decode()

    def take(self, solution: str, *, door: str = "c.d", key: str = "k", later: dt.timedelta = dt.timedelta()) -> str:
        return take_solution(solution=solution, door=door, key=key, at=self.at + later)

    def test_right_solution_counts_once(self, db: None, resident: Resident) -> None:
        solution = self.solved(resident)

        assert [self.take(solution), self.take(solution), self.take(solution, key="other")] == ["", "", "used"]

    def test_expired_solution_is_refused(self, db: None, resident: Resident) -> None:
        assert self.take(self.solved(resident), later=LASTS + dt.timedelta(seconds=1)) == "used"

    def test_solution_of_another_door_is_refused(self, db: None, resident: Resident) -> None:
        assert self.take(self.solved(resident), door="c.other") == "work"

    @pytest.mark.parametrize("changes", CHANGED)
    def test_changed_solution_is_refused(self, db: None, resident: Resident, changes: dict[str, object]) -> None:
        assert self.take(self.solved(resident, **changes)) == "work"

    @pytest.mark.parametrize("garbage", ["", "x", "bnVsbA==", "W10=", "MQ==", "e30=", "\u4e2d"])
    def test_garbage_is_refused(self, db: None, garbage: str) -> None:
        assert self.take(garbage) == "work"

    def test_later_expiry_cannot_be_written_in(self, db: None, resident: Resident) -> None:
        import base64

        payload = json.loads(base64.b64decode(self.solved(resident)))
        payload["salt"] = payload["salt"].replace("expires=", "expires=9999999999&old=")
        forged = base64.b64encode(json.dumps(payload).encode()).decode()

        assert self.take(forged, later=LASTS * 2) == "work"


def sign_in(county: County, who: str) -> Resident:
    directory.create_account(person=county.people[who], username=who, password="Wq7-long-enough", by=None,
                             at=county.now, key=f"account-{who}")  # fmt: skip
    account = Account.objects.get(username=who)
    Account.objects.filter(id=account.id).update(must_change_password=False)
    staff = Resident()
    staff.client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return staff


def test_staff_page_releases_what_is_chosen(resident: Resident, door: str, county: County) -> None:
    for n in range(3):
        resident.ask(door, script=False, content=f"第{n}件：路灯不亮", phone="13812345678")
    staff = sign_in(county, "wang")
    page = staff.page("/quarantine/")
    chosen = list(Quarantined.objects.values_list("id", flat=True))[:2]
    response = staff.client.post("/quarantine/", {"chosen": chosen, "do": "release"}, follow=True)

    assert "第2件：路灯不亮" in page
    assert "13812345678" not in page
    assert "已放行 2 件" in response.content.decode()
    assert (Record.objects.count(), Quarantined.objects.filter(decided_at=None).count()) == (2, 1)


def test_staff_of_another_town_can_neither_see_nor_release(resident: Resident, door: str, county: County) -> None:
    resident.ask(door, script=False)
    staff = sign_in(county, "zhao")
    staff.client.post("/quarantine/", {"chosen": [Quarantined.objects.get().id], "do": "release"})

    assert KINDS["content"] not in staff.page("/quarantine/")
    assert Record.objects.count() == 0


def test_doors_page_lists_codes_and_prints_sheets(door: str, county: County) -> None:
    staff = sign_in(county, "wang")

    assert door in staff.page("/doors/")
    pdf = staff.client.get("/doors/residents-requests/request/sheets.pdf", {"unit": county.units["g1"]})
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    other = staff.client.get("/doors/residents-requests/request/sheets.pdf", {"unit": county.units["g3"]})
    assert other.status_code == 404


def test_renewing_a_code_needs_the_unit(door: str, county: County) -> None:
    staff, unit = sign_in(county, "wang"), county.units["g1"]
    staff.client.post("/doors/residents-requests/request/renew", {"unit": unit})
    newer = codes_for(charter="residents-requests", door="request", units=[unit], at=county.now)[unit]
    refused = staff.client.post("/doors/residents-requests/request/renew", {"unit": county.units["g3"]})

    assert newer != door
    assert refused.status_code == 404


@pytest.mark.parametrize("address", ["/doors/", "/quarantine/", "/doors/residents-requests/request/sheets.pdf?unit=1"])
def test_staff_pages_want_a_log_in(address: str, db: None, resident: Resident) -> None:
    assert resident.client.get(address).status_code == 302


@pytest.mark.parametrize("number", ["²", "9" * 5000, str(1 << 63)])
def test_numbers_of_no_request_release_nothing(resident: Resident, door: str, county: County, number: str) -> None:
    from tests.registers.conftest import enter

    resident.ask(door, script=False)
    office = enter(county, "office")
    assert office.post("/quarantine/", {"chosen": number, "do": "release"}).status_code == 302
    assert office.get("/doors/", {"from": number}).status_code == 200
    assert office.get("/doors/residents-requests/request/sheets.pdf", {"unit": number}).status_code == 404
    assert office.post("/doors/residents-requests/request/renew", {"unit": number}).status_code == 404
    assert Quarantined.objects.get().decided_at is None


def test_a_field_shown_to_some_roles_only_stays_closed_while_it_waits(county: County) -> None:
    from zhangfa.charter.model import Field, Text, Who
    from zhangfa.doors.views.staff import _said

    restricted = Field("name", "text", Text("姓名", "Name"), visible_to=(Who("role", "grid-worker"),))
    assert "王小明" not in _said(restricted, "王小明", "zh-hans")
    assert "王小明" in _said(Field("name", "text", Text("姓名", "Name")), "王小明", "zh-hans")
