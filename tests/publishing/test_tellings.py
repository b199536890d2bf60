"""Who is told of a board, once each, and in words that give nobody's standing away."""

from __future__ import annotations

import orjson
from django.test import Client
from tests.publishing.county import QUARTER, County, moment

from zhangfa.acts.models import Outbox
from zhangfa.directory.models import Account
from zhangfa.notices.engine import deliver, notices_of
from zhangfa.notices.words import say
from zhangfa.publishing.clock import tick


def told(county: County) -> dict[str, int]:
    """Return how many tellings wait or went out, by name."""
    names = {id_: name for name, id_ in county.people.items()}
    found: dict[str, int] = {}
    for person in Outbox.objects.filter(key__contains="#score").values_list("person", flat=True):
        found[names[person]] = found.get(names[person], 0) + 1
    return found


def test_a_signed_board_of_units_tells_the_readers_at_and_above_the_units(county: County) -> None:
    county.sign(county.draft(key="d"), key="s")
    assert told(county) == dict.fromkeys(["chair", "deputy", "w-yushan", "w-huji", "w-mamiao"], 1)
    county.sign(county.draft(key="d"), key="s")
    assert len(told(county)) == 5
    deliver(at=county.now)
    assert next(say(one) for one in notices_of(county.people["w-huji"])) == (
        "“镇街季度排名”（2026年第1季度）已公示。如有异议，请在 2026-04-09 前提出。"
    )


def test_a_signed_board_of_people_tells_each_and_the_office(county: County) -> None:
    county.sign(county.draft("org", **QUARTER), "org")
    assert told(county) == dict.fromkeys(["li", "zhou", "wang", "org", "org2"], 1)
    texts = {
        orjson.loads(one)["zh"] for one in Outbox.objects.filter(key__contains="#score").values_list("text", flat=True)
    }
    assert texts == {"“执行力季度分析”（2026年第1季度）已公示。如有异议，请在 2026-04-09 前提出。"}


def test_an_objection_tells_who_signs_and_its_decision_the_objector(county: County) -> None:
    board = county.sign(county.draft())
    Outbox.objects.all().delete()
    objection = county.object(board, "mamiao", "w-mamiao")
    assert told(county) == {"chair": 1, "deputy": 1}
    Outbox.objects.all().delete()
    assert tick(at=moment("2026-05-01 09:00")).overdue == 2
    assert tick(at=moment("2026-05-01 09:01")).overdue == 0
    county.decide(objection, upheld=True)
    assert told(county) == {"w-mamiao": 1}


def test_a_revision_tells_only_those_whose_result_changed(county: County) -> None:
    board = county.sign(county.draft())
    county.decide(county.object(board, "mamiao", "w-mamiao"), upheld=True)
    Outbox.objects.all().delete()
    county.supervise("mamiao", 72, "2026-03-20")
    county.revise(board)
    assert told(county) == {"chair": 1, "deputy": 1, "w-mamiao": 1}


def test_a_notice_on_the_workbench_leads_to_its_board(county: County, client: Client) -> None:
    county.sign(county.draft())
    deliver(at=county.now)
    account = Account.objects.create(username="huji", person_id=county.people["w-huji"], must_change_password=False)
    client.force_login(account)
    page = client.get("/").content.decode()
    assert '<a href="/scores/beautiful-courtyard/town-quarter/u-jinxiang/2026-Q1/">“镇街季度排名”' in page
