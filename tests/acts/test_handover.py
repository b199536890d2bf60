"""The leaders' hand-over: a table two people fill, objections, two signatures."""

from __future__ import annotations

import orjson
import pytest
from tests.acts.county import County, moment

from zhangfa.acts.clock import tick
from zhangfa.acts.engine import Outcome
from zhangfa.acts.gate import may_see
from zhangfa.acts.invariants import broken
from zhangfa.acts.models import Record, Task
from zhangfa.acts.refusal import Refusal

HANDOVER = "leaders-handover.handover"


@pytest.fixture
def opened(county: County) -> Outcome:
    """A hand-over that was opened."""
    data = {
        "outgoing": county.people["outgoing"],
        "incoming": county.people["incoming"],
        "ordered_on": "2026-03-01",
        "manner": "written",
    }
    return county.take(HANDOVER, "open", "organiser", unit="water", data=data)


def ids(record: int, county: County) -> list[str]:
    from zhangfa.acts.reading import read_case

    case = read_case(record=record, actor=county.actor("organiser"), at=county.now)
    assert case is not None
    return [row["id"] for row in case.register.fields["items"].rows]


def table(record: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = orjson.loads(Record.objects.get(pk=record).payload)["items"]
    return rows


def take(county: County, opened: Outcome, step: str, by: str, **data: object) -> Outcome:
    return county.take(HANDOVER, step, by, record=opened.record, data=data)


def listed(county: County, opened: Outcome) -> list[str]:
    rows = ids(opened.record, county)
    take(county, opened, "list", "outgoing", items={row: {"content": f"第 {row} 项"} for row in rows})
    return rows


def test_checklist_has_nineteen_rows_and_all_must_be_filled(county: County, opened: Outcome) -> None:
    rows = ids(opened.record, county)
    assert len(rows) == 19
    with pytest.raises(Refusal) as refused:
        take(county, opened, "list", "outgoing", items={rows[0]: {"content": "无"}})

    assert refused.value.code == "guard"
    assert "交接内容" in refused.value.sentence
    assert "还差第 2、3、4、5、6、7、8、9、10、11、12、13… 行。" in refused.value.sentence
    assert set(refused.value.fields) == {f"items.{row}" for row in rows[1:]}


def test_the_one_line_left_empty_is_named_where_every_line_must_be_filled(county: County, opened: Outcome) -> None:
    rows = ids(opened.record, county)
    with pytest.raises(Refusal) as refused:
        take(county, opened, "list", "outgoing", items={row: {"content": "无"} for row in rows if row != rows[18]})

    assert refused.value.sentence.endswith("还差第 19 行。")
    assert list(refused.value.fields) == [f"items.{rows[18]}"]


def test_no_line_is_named_where_all_fail_alike_or_any_would_do(county: County, opened: Outcome) -> None:
    rows = listed(county, opened)
    for step, by in (("agree", "incoming"), ("object", "incoming")):
        with pytest.raises(Refusal) as refused:
            take(county, opened, step, by, items={rows[0]: {"agreed": "否"}})
        assert (refused.value.code, dict(refused.value.fields)) == ("guard", {})
        assert "还差" not in refused.value.sentence


def test_others_columns_keep_their_values(county: County, opened: Outcome) -> None:
    rows = listed(county, opened)
    assert table(opened.record)[0] == {"id": rows[0], "content": f"第 {rows[0]} 项"}

    wrong = {row: {"agreed": "是", "content": "改掉"} for row in rows}
    take(county, opened, "agree", "incoming", items=wrong)

    assert table(opened.record)[0] == {"id": rows[0], "content": f"第 {rows[0]} 项", "agreed": True}


def test_objection_is_rechecked_and_both_sign(county: County, opened: Outcome) -> None:
    rows = listed(county, opened)
    take(county, opened, "object", "incoming", items={rows[2]: {"objection": "数目不符"}})
    assert not may_see(county.actor("reviewer"), opened.record, county.now)
    take(county, opened, "consult", "organiser", competent=county.units["roads"])
    assert Task.objects.get(record=opened.record, step="review", state="open").role == "reviewer"
    take(county, opened, "review", "reviewer", review="数目已核对")
    take(county, opened, "agree", "incoming", items={row: {"agreed": "on"} for row in rows})
    half = take(county, opened, "sign", "outgoing", remark="同意")
    assert half.state == "signing"
    done = take(county, opened, "sign", "incoming")
    filed = take(county, opened, "file", "organiser")

    assert (done.state, filed.state) == ("signed", "filed")
    assert Task.objects.get(record=opened.record, step="").on_time is True
    assert broken() == []


def test_missing_signature_is_told_after_ten_working_days(county: County, opened: Outcome) -> None:
    rows = listed(county, opened)
    take(county, opened, "agree", "incoming", items={row: {"agreed": "on"} for row in rows})
    take(county, opened, "sign", "outgoing")
    ticked = tick(at=moment("2026-03-17 00:00"))

    row = Record.objects.get(pk=opened.record)
    assert (ticked.late, row.state, row.warning) == (1, "signing", "orange")
    assert broken() == []


def test_outsiders_do_not_see_it(county: County, opened: Outcome) -> None:
    for name, seen in (("organiser", True), ("outgoing", True), ("incoming", True), ("reviewer", False), ("l1", False)):
        assert may_see(county.actor(name), opened.record, county.now) is seen
