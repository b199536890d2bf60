import datetime as dt

from django.utils import timezone
from tests.desk.conftest import World

from zhangfa.acts.actor import PUBLIC, actor_of
from zhangfa.acts.clock import tick
from zhangfa.acts.engine import take_step
from zhangfa.desk.glance import registers_at, units_below, warned
from zhangfa.desk.work import desk_of
from zhangfa.notices.engine import deliver

NOW = dt.datetime(2026, 3, 18, 2, 0, tzinfo=dt.UTC)  # Wednesday, 10:00 in Shanghai
REGISTER = "residents-requests.request"


def ask(world: World, at: dt.datetime, key: str, grid: str = "东关一网格", content: str = "路口井盖缺失"):
    data = {"category": "facility", "content": content}
    return take_step(register=REGISTER, step="submit", by=PUBLIC, at=at, key=key, unit=world.units[grid], data=data)


def actor(world: World, name: str):
    return actor_of(world.people[name], NOW.date())


def test_tasks_are_grouped_by_urgency_with_the_first_action(world: World) -> None:
    ask(world, NOW - dt.timedelta(days=5), "old")
    ask(world, NOW - dt.timedelta(days=1), "today")
    ask(world, NOW - dt.timedelta(hours=1), "tomorrow")
    desk = desk_of(actor(world, "王敏"), NOW)
    assert [(batch.title, batch.tone, len(batch.lines)) for batch in desk.batches] == [
        ("已逾期", "late", 1),
        ("今天", "soon", 1),
        ("七天以内", "fine", 1),
    ]
    line = desk.batches[0].lines[0]
    assert (line.verb, line.unit) == ("受理", "东关社区东关一网格")


def test_tasks_of_another_grid_are_not_mine(world: World) -> None:
    ask(world, NOW, "theirs", grid="西关一网格")
    assert desk_of(actor(world, "王敏"), NOW).batches == ()
    assert desk_of(actor(world, "李强"), NOW).count == 1


def test_workbench_shows_each_task_with_its_reason_and_one_tap_to_act(world: World, visit) -> None:
    made = ask(world, timezone.now(), "k1")
    page = visit("王敏").get("/").content.decode()
    assert f'href="/records/{made.number}/accept/"' in page
    assert "当日不计；1个工作日" in page


def test_empty_workbench_says_so_kindly(visit) -> None:
    assert "眼下没有要您办的事。" in visit("王敏").get("/").content.decode()


def test_openings_lead_to_the_form_of_their_step(visit) -> None:
    page = visit("孙村").get("/").content.decode()
    assert 'href="/registers/lecture-team.lecture/new/order/"' in page


def test_town_sees_counts_and_warnings_below_and_the_grid_only_its_own(world: World) -> None:
    for number in range(3):
        ask(world, NOW - dt.timedelta(days=30), f"east-{number}")
    ask(world, NOW - dt.timedelta(hours=1), "west", grid="西关一网格")
    lines = units_below(actor(world, "周镇"), NOW)
    assert [(line.title, line.open, line.late) for line in lines] == [("东关社区", 3, 3), ("西关社区", 1, 0)]
    assert units_below(actor(world, "王敏"), NOW) == []
    held = registers_at(actor(world, "王敏"), world.units["东关社区"], NOW)
    assert [(line.open, line.late) for line in held] == [(3, 3)]
    assert registers_at(actor(world, "王敏"), world.units["西关社区"], NOW) == []


def test_counts_of_a_unit_agree_with_the_list_they_lead_to(world: World, visit) -> None:
    for number in range(3):
        ask(world, timezone.now(), f"k{number}")
    line = registers_at(actor(world, "周镇"), world.units["东关社区"], timezone.now())[0]
    page = visit("周镇").get(line.address).content.decode()
    assert page.count("路口井盖缺失") >= line.open == 3


def test_warning_is_shown_within_ones_reach_only(world: World) -> None:
    made = ask(world, NOW - dt.timedelta(days=30), "k1")
    worker = actor_of(world.people["王敏"], NOW.date())
    take_step(
        register=REGISTER, step="accept", by=worker, at=NOW - dt.timedelta(days=30), key="k2",
        record=made.record, version=made.version, data={"category": "facility"},
    )  # fmt: skip
    tick(at=NOW)
    assert [record.number for record in warned(actor(world, "周镇"), NOW)] == [made.number]
    assert warned(actor(world, "李强"), NOW) == []


def test_notices_are_shown_until_they_are_read(world: World, visit) -> None:
    ask(world, timezone.now() - dt.timedelta(days=30), "k1")
    tick(at=timezone.now())
    deliver(at=timezone.now())
    client = visit("周镇")
    assert "的“受理”已超过期限" in client.get("/").content.decode()
    client.post("/notices/read/")
    assert "的“受理”已超过期限" not in client.get("/").content.decode()


def test_workbench_asks_as_many_questions_for_three_tasks_as_for_one(
    world: World, visit, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = visit("王敏")
    counts = []
    for keys in (["a"], ["b", "c"]):
        for key in keys:
            ask(world, timezone.now(), key)
        client.get("/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30
