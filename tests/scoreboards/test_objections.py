"""The inbox of objections: who sees what, deciding with a reason, the new edition with what it changes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.publishing.county import County
from tests.registers.conftest import enter
from tests.scoreboards.judged import sign_today

from zhangfa.log.models import Event
from zhangfa.publishing.models import Board, Objection

INBOX = "/scores/objections/"


@pytest.fixture
def objection(county: County) -> Objection:
    """Yushan objects to its mark of daily work."""
    return county.object(sign_today(county), "yushan", "w-yushan", indicator="daily", text="督导分记错了")


def page(one: Objection) -> str:
    return f"{INBOX}{one.pk}/"


def test_signer_sees_it_with_its_due_date_and_the_objector_his_own(county: County, objection: Objection) -> None:
    shown = enter(county, "chair").get(INBOX).content.decode()
    assert all(words in shown for words in ("待我决定 · 1", "督导分记错了", "怎么算的", page(objection)))
    assert "督导分记错了" in enter(county, "w-yushan").get(INBOX).content.decode()
    assert "督导分记错了" not in enter(county, "w-huji").get(INBOX).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("chair", 200), ("w-yushan", 200), ("w-huji", 404), ("v-west", 404), ("c-yutai", 404), ("stranger", 404)],
)
def test_who_may_open_it(county: County, objection: Objection, name: str, status: int) -> None:
    assert enter(county, name).get(page(objection)).status_code == status


def test_absent_and_denied_answer_alike(county: County, objection: Objection) -> None:
    client = enter(county, "w-huji")
    denied, absent = client.get(page(objection)), client.get(f"{INBOX}12345/")
    bare = [re.sub(r'value="[^"]*"', "", one.content.decode()) for one in (denied, absent)]
    assert (denied.status_code, bare[0]) == (absent.status_code, bare[1])


def test_why_stands_beside_it_with_links_to_the_facts(county: County, objection: Objection) -> None:
    shown = enter(county, "chair").get(page(objection)).content.decode()
    assert "/why/u-yushan/daily/" in shown
    assert "有异议" in shown


def test_only_whoever_signs_decides(county: County, objection: Objection) -> None:
    sent = {"outcome": "upheld", "reason": "属实", "key": "k1"}
    assert enter(county, "w-yushan").post(page(objection), sent).status_code == 404
    objection.refresh_from_db()
    assert objection.state == "open"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"outcome": "", "reason": "核对过台账"}, "请选择成立还是不成立。"),
        ({"outcome": "rejected", "reason": " "}, "请写明理由"),
        ({"outcome": "rejected", "reason": "长" * 2001}, "最多 2000 个字"),
    ],
)
def test_what_was_typed_stays_when_refused(
    county: County, objection: Objection, sent: dict[str, str], said: str
) -> None:
    answer = enter(county, "chair").post(page(objection), sent | {"key": "k1"})
    shown = answer.content.decode()
    assert (answer.status_code, said in shown, sent["reason"].strip() in shown) == (422, True, True)


def test_whoever_speaks_for_the_unit_sees_what_was_raised_for_it(county: County, objection: Objection) -> None:
    Objection.objects.update(by=county.people["stranger"])
    assert "督导分记错了" in enter(county, "w-yushan").get(INBOX).content.decode()
    assert "督导分记错了" not in enter(county, "w-huji").get(INBOX).content.decode()


def test_rejecting_tells_the_objector_why(county: County, objection: Objection) -> None:
    chair = enter(county, "chair")
    chair.post(page(objection), {"outcome": "rejected", "reason": "回执日期为次日", "key": "k1"})
    assert "回执日期为次日" in enter(county, "w-yushan").get(page(objection)).content.decode()
    assert "没有等您决定的异议" in chair.get(INBOX).content.decode()


def test_upheld_leads_to_the_correction_and_a_new_edition_says_what_changed(
    county: County,
    objection: Objection,
) -> None:
    chair = enter(county, "chair")
    answer = chair.post(page(objection), {"outcome": "upheld", "reason": "少记一次", "key": "k1"})
    correct = f"{INBOX}board/{objection.board_id}/"
    assert answer["Location"] == correct
    assert "重算的结果和现在一样" in chair.get(correct).content.decode()
    assert chair.post(correct, {"key": "k2"}).status_code == 422
    county.supervise("yushan", 100, "2026-02-12")
    shown = chair.get(correct).content.decode()
    assert all(words in shown for words in ("日常工作：80 → 90", "事实 1 → 2 条", "签发新一版"))
    assert chair.post(correct, {"key": "k3", "seen": "of another result"}).status_code == 422
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert seen
    made = chair.post(correct, {"key": "k3", "seen": seen[1]})
    newest = Board.objects.get(edition=2)
    assert made["Location"] == f"{INBOX}board/{newest.pk}/"
    told = chair.get(made["Location"]).content.decode()
    assert all(words in told for words in ("第 2 版改了什么", "日常工作：80 → 90"))


@pytest.mark.parametrize("name", ["w-yushan", "v-east", "stranger", "c-yutai"])
def test_the_correction_is_for_whoever_signs(county: County, objection: Objection, name: str) -> None:
    client = enter(county, name)
    address = f"{INBOX}board/{objection.board_id}/"
    assert (client.get(address).status_code, client.post(address, {"key": "k"}).status_code) == (404, 404)


def test_an_upheld_decision_can_be_taken_back_until_the_revision(county: County, objection: Objection) -> None:
    chair = enter(county, "chair")
    assert "收回决定" not in chair.get(page(objection)).content.decode()
    chair.post(page(objection), {"outcome": "upheld", "reason": "少记一次", "key": "k1"})
    assert "收回决定" in chair.get(page(objection)).content.decode()
    chair.post(page(objection), {"outcome": "rejected", "reason": "核对无误", "key": "k2"})
    objection.refresh_from_db()
    assert objection.state == "rejected"


def test_the_same_form_sent_twice_decides_once(county: County, objection: Objection) -> None:
    chair, sent = enter(county, "chair"), {"outcome": "rejected", "reason": "已核对", "key": "k1"}
    chair.post(page(objection), sent)
    before = Event.objects.filter(kind="score").count()
    chair.post(page(objection), sent)
    assert Event.objects.filter(kind="score").count() == before


def test_reading_a_persons_objection_is_noted(county: County) -> None:
    board = county.draft(by="org", charter="cadre-archive", score="quarter")
    signed = county.sign(board, by="org")
    made = county.object(signed, "li", "li", indicator="credit", text="少记一项")
    before = Event.objects.filter(kind="reading").count()
    assert enter(county, "org").get(page(made)).status_code == 200
    assert Event.objects.filter(kind="reading").count() == before + 1
    assert enter(county, "zhou").get(page(made)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_asks_as_many_queries_for_three_as_for_one(
    county: County,
    django_assert_max_num_queries: Callable[[int], object],
    count: int,
) -> None:
    board = sign_today(county)
    for indicator in ("daily", "rate", "activities")[:count]:
        county.object(board, "yushan", "w-yushan", indicator=indicator)
    client = enter(county, "chair")
    client.get(INBOX)
    with django_assert_max_num_queries(40):
        client.get(INBOX)
