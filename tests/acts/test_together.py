"""Steps that several people take, effects, slots, claims, verbs."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest
from tests.acts.county import County, moment

from zhangfa.acts import verbs
from zhangfa.acts.clock import tick
from zhangfa.acts.engine import Outcome
from zhangfa.acts.invariants import broken
from zhangfa.acts.models import Claimed, Outbox, Record, Task, UnitProperty
from zhangfa.acts.reading import read_case, readings_of
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.takers import draw
from zhangfa.acts.tasks import tasks_of

WELL = "everything.well"
REPAIR = "everything.repair"
PARTS = [{"what": "水泵", "count": "2"}, {"what": "电缆", "count": "3"}]


def a_well(county: County, **more: object) -> Outcome:
    data = {
        "name": "A1",
        "cost": "1200.50",
        "share": "25%",
        "parts": PARTS,
        "keeper_person": county.people["k1"],
        **more,
    }
    return county.take(WELL, "list", "k1", unit="east", data=data)


def drawn(record: int) -> list[int]:
    meta = orjson.loads(Record.objects.get(pk=record).meta)
    people: list[int] = meta["drawn"]["judge"]["people"]
    return people


def judge(county: County, well: Outcome, score: int) -> Outcome:
    names = {number: name for name, number in county.people.items()}
    outcome = well
    for person in drawn(well.record):
        outcome = county.take(WELL, "judge", names[person], record=well.record, data={"score": score})
    return outcome


def refusal(call: object, *args: object, **rest: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*args, **rest)  # type: ignore[operator]
    return refused.value


def open_task(record: int, step: str) -> Task:
    return Task.objects.get(record=record, step=step, state__in=("open", "paused"))


def test_computed_fields_and_defaults_follow_what_was_entered(county: County) -> None:
    payload = orjson.loads(Record.objects.get(pk=a_well(county).record).payload)

    assert (payload["cost"], payload["share"], payload["own"], payload["pieces"], payload["grade"]) == (
        120050, "0.25", 30013, 5, "b",
    )  # fmt: skip


def test_one_per_unit_refuses_a_second_and_frees_the_slot_with_a_refusal_state(county: County) -> None:
    first = a_well(county)
    assert refusal(a_well, county).code == "taken"

    county.take(WELL, "drop", "boss", record=first.record, data={"reason": "重复"})
    assert Claimed.objects.count() == 0
    assert a_well(county).record != first.record
    assert broken() == []


def test_drawn_panel_can_be_drawn_again_by_anybody(county: County) -> None:
    well = a_well(county)
    facts = orjson.loads(Record.objects.get(pk=well.record).meta)["drawn"]["judge"]

    assert sorted(draw(facts["seed"], facts["from"])[:3]) == facts["people"]
    assert (
        sorted(Task.objects.filter(record=well.record, step="judge").values_list("person", flat=True))
        == facts["people"]
    )


def test_panel_decides_when_all_drawn_have_marked(county: County) -> None:
    well = a_well(county)
    names = {number: name for name, number in county.people.items()}
    people = drawn(well.record)
    outsider = next(n for n in ("e1", "e2", "e3", "e4") if county.people[n] not in people)

    assert refusal(county.take, WELL, "judge", outsider, record=well.record, data={"score": 9}).code == "not_yours"
    first = county.take(WELL, "judge", names[people[0]], record=well.record, data={"score": 9})
    again = refusal(county.take, WELL, "judge", names[people[0]], record=well.record, data={"score": 9})
    assert (first.state, again.code) == ("listed", "same_person")
    for person in people[1:]:
        last = county.take(WELL, "judge", names[person], record=well.record, data={"score": 7})
    assert last.state == "good"
    assert broken() == []


def test_vote_opens_a_repair_sets_a_property_and_tells(county: County) -> None:
    well = a_well(county)
    judge(county, well, 9)
    for name, yes in (("m1", True), ("m2", False)):
        county.take(WELL, "vote", name, record=well.record, data={"vote": yes})
    voted = county.take(WELL, "vote", "m3", record=well.record, data={"vote": "是"})

    repair = Record.objects.get(origin=well.record)
    assert (voted.state, repair.state, repair.label) == ("voted", "ordered", "A1")
    assert dict(UnitProperty.objects.values_list("name", "value")) == {"well": "voted", "well_checked": "voted"}
    assert list(Outbox.objects.filter(record=well.record).values_list("person", flat=True)) == [county.people["k1"]]
    assert broken() == []


def test_vote_is_counted_at_its_deadline_with_those_present(county: County) -> None:
    well = a_well(county)
    judge(county, well, 9)
    for name in ("m1", "m2"):
        county.take(WELL, "vote", name, record=well.record, data={"vote": True})
    ticked = tick(at=county.now + dt.timedelta(days=6))

    assert (ticked.steps, Record.objects.get(pk=well.record).state) == (1, "voted")
    assert Record.objects.filter(origin=well.record).count() == 1
    assert broken() == []


def test_effects_fall_with_the_step(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    well = a_well(county)
    judge(county, well, 9)
    county.take(WELL, "vote", "m1", record=well.record, data={"vote": True})
    county.take(WELL, "vote", "m2", record=well.record, data={"vote": True})
    Record.objects.filter(pk=well.record).update(unit=county.units["jinxiang"])

    # The county cannot own a repair: the vote that would open one is refused, and nothing of it stands.
    assert refusal(county.take, WELL, "vote", "m3", record=well.record, data={"vote": True}).code in (
        "guard",
        "not_found",
    )
    assert (Record.objects.count(), Record.objects.get(pk=well.record).state) == (1, "good")


def sealed_well(county: County) -> Outcome:
    well = a_well(county)
    judge(county, well, 9)
    for name in ("m1", "m2", "m3"):
        county.take(WELL, "vote", name, record=well.record, data={"vote": True})
    return well


def test_countersigning_is_done_when_each_and_every_added_signer_has_signed(county: County) -> None:
    well = sealed_well(county)
    task = Task.objects.get(record=well.record, step="seal", role="office", state="open")
    verbs.add_signer(task=task.pk, person=county.people["stranger"], by=county.actor("boss"), at=county.now, key="add")
    county.take(WELL, "seal", "k2", record=well.record)
    assert refusal(county.take, WELL, "seal", "k2", record=well.record).code == "same_person"
    half = county.take(WELL, "seal", "boss", record=well.record)
    done = county.take(WELL, "seal", "stranger", record=well.record)

    assert (half.state, done.state) == ("voted", "sealed")
    assert broken() == []


def a_repair(county: County) -> Outcome:
    return county.take(REPAIR, "order", "boss", unit="east")


def test_claim_has_one_taker_and_the_step_is_his(county: County) -> None:
    repair = a_repair(county)
    task = open_task(repair.record, "do")
    verbs.claim(task=task.pk, by=county.actor("k1"), at=county.now, key="c1")

    assert refusal(verbs.claim, task=task.pk, by=county.actor("k2"), at=county.now, key="c2").code == "claimed"
    assert refusal(county.take, REPAIR, "do", "k2", record=repair.record, data={"spent": "5"}).code == "claimed"
    assert verbs.claim(task=task.pk, by=county.actor("k1"), at=county.now, key="c1").repeated
    assert county.take(REPAIR, "do", "k1", record=repair.record, data={"spent": "5"}).state == "taken"
    assert refusal(county.take, REPAIR, "check", "k1", record=repair.record).code == "same_person"
    assert broken() == []


def test_unclaimed_task_goes_to_whoever_has_fewest(county: County) -> None:
    first, second = a_repair(county), a_repair(county)
    verbs.claim(task=open_task(first.record, "do").pk, by=county.actor("k1"), at=county.now, key="c")
    ticked = tick(at=county.now + dt.timedelta(days=2))

    assert (ticked.assigned, open_task(second.record, "do").person) == (1, county.people["k2"])
    assert broken() == []


def test_whole_record_deadline_is_told_and_closed(county: County) -> None:
    repair = a_repair(county)
    tick(at=county.now + dt.timedelta(days=31))
    whole = Task.objects.get(record=repair.record, step="")

    assert whole.late_at is not None
    assert Outbox.objects.filter(record=repair.record, role="office").count() == 1


def test_pass_on_and_return_move_the_task(county: County) -> None:
    opened = county.request()
    task = open_task(opened.record, "accept")
    li, wang = county.people["li"], county.actor("wang")
    refused = refusal(verbs.pass_on, task=task.pk, to=county.people["stranger"], by=wang, at=county.now, key="p0")
    verbs.pass_on(task=task.pk, to=li, by=wang, at=county.now, key="p1", reason="我出差")
    assert ("to" in refused.fields, open_task(opened.record, "accept").person) == (True, li)

    verbs.return_task(task=task.pk, by=county.actor("li"), at=county.now, key="r1", reason="不归我")
    assert open_task(opened.record, "accept").person is None
    assert broken() == []


def test_extend_adds_working_days_with_its_reason_and_never_is_refused(county: County) -> None:
    opened = county.request()
    task = open_task(opened.record, "accept")
    assert (
        refusal(verbs.extend, task=task.pk, amount=2, by=county.actor("wang"), at=county.now, key="e0").code == "fields"
    )
    verbs.extend(task=task.pk, amount=2, by=county.actor("wang"), at=county.now, key="e1", reason="要现场看")
    assert open_task(opened.record, "accept").due_at == moment("2026-03-05 23:59:59")

    repair = a_repair(county)
    task = open_task(repair.record, "do")
    never = refusal(verbs.extend, task=task.pk, amount=2, by=county.actor("k1"), at=county.now, key="e2", reason="忙")
    assert never.code == "never"
    assert broken() == []


def test_pause_stops_the_clock_until_resumed(county: County) -> None:
    opened = county.request()
    task = open_task(opened.record, "accept")
    verbs.pause(task=task.pk, by=county.actor("wang"), at=county.now, key="p", reason="等材料")
    assert tick(at=moment("2026-03-09 09:00")).late == 0
    county.now = moment("2026-03-09 09:00")
    verbs.resume(task=task.pk, by=county.actor("wang"), at=county.now, key="r")

    task.refresh_from_db()
    assert (task.state, task.due_at) == ("open", moment("2026-03-09 23:59:59"))
    assert broken() == []


def test_version_stale_after_a_change_is_refused_with_who_and_what(county: County) -> None:
    opened = county.request()
    county.on("accept", "li", opened)
    refused = refusal(
        county.take,
        "residents-requests.request",
        "decline",
        "wang",
        record=opened.record,
        version=1,
        data={"decline_reason": "无"},
    )

    assert refused.code == "changed"
    assert refused.sentence == "li已于2026年3月2日 09:00办理了“受理”，现在的状态是“办理中”。"


def test_secret_is_masked_and_its_reading_is_logged_once(county: County) -> None:
    well = a_well(county, secret="密码 1234")
    masked = read_case(record=well.record, actor=county.actor("k2"), at=county.now)
    shown = read_case(record=well.record, actor=county.actor("boss"), at=county.now)
    read_case(record=well.record, actor=county.actor("boss"), at=county.now + dt.timedelta(seconds=5))

    assert masked is not None
    assert shown is not None
    assert ("secret" in masked.hidden, masked.values.get("secret"), shown.values["secret"]) == (True, None, "密码 1234")
    assert [(one.person, one.fields) for one in readings_of(county.people["k1"])] == [
        (county.people["boss"], ("secret",))
    ]
    assert "1234" not in Record.objects.get(pk=well.record).payload


def test_tasks_of_shows_mine_and_nothing_else(county: County) -> None:
    opened = county.request()

    assert [task.record for task in tasks_of(county.actor("wang"), county.now)] == [opened.record]
    assert list(tasks_of(county.actor("zhao"), county.now)) == []
