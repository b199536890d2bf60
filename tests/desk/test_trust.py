from django.utils import timezone
from tests.desk.conftest import World

from zhangfa.acts.actor import PUBLIC, actor_of
from zhangfa.acts.engine import take_step
from zhangfa.acts.models import Record
from zhangfa.acts.reading import read_case
from zhangfa.log.seal import seal


def test_checkpoint_is_shown_and_can_be_taken_away(world: World, visit) -> None:
    client = visit("王敏")
    assert client.get("/trust/checkpoint.json").status_code == 404
    assert "还没有封存过。" in client.get("/trust/").content.decode()
    count = seal(at=timezone.now())
    assert f"{count} 件事" in client.get("/trust/").content.decode()
    taken = client.get("/trust/checkpoint.json").json()
    assert taken["size"] == count
    assert len(taken["signature"]) == 128


def test_nobody_read_anything_yet_is_said_kindly(visit) -> None:
    assert "还没有人看过与您有关的敏感信息。" in visit("王敏").get("/trust/").content.decode()


def test_reading_of_sensitive_values_is_shown_to_the_person_they_are_about(world: World, visit) -> None:
    at = timezone.now()
    made = take_step(
        register="residents-requests.request", step="submit", by=PUBLIC, at=at, key="ask",
        unit=world.units["东关一网格"],
        data={"category": "facility", "content": "路口井盖缺失", "phone": "13800138000"},
    )  # fmt: skip
    Record.objects.filter(pk=made.record).update(about_person=world.people["孙村"])
    read_case(record=made.record, actor=actor_of(world.people["王敏"], at.date()), at=at)
    page = visit("孙村").get("/trust/").content.decode()
    assert made.number in page
    assert "王敏" in page
    assert "联系电话" in page
    assert made.number not in visit("李强").get("/trust/").content.decode()
