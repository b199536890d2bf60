"""After a random walk of real acts through four charters, the facts are the rows kept at hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from tests.acts.county import build_county
from tests.acts.walking import Walk

from zhangfa.acts.models import Record, Task, UnitProperty
from zhangfa.charter import engine as charters
from zhangfa.charter.fact_columns import is_sealed
from zhangfa.cli.commands.facts import command
from zhangfa.facts.columns import shape_of
from zhangfa.facts.mirror import refresh
from zhangfa.facts.query import Facts
from zhangfa.log.seal import seal

TODAY = dt.date(2030, 1, 1)


@pytest.fixture
def walked(db: None) -> None:
    """Half of the walk is mirrored, a part sealed, the rest neither."""
    county = build_county()
    walk = Walk(county, 5)
    for acts in (110, 50, 40):
        walk.go(acts)
        if acts != 40:
            seal(at=county.now)
        if acts == 110:
            refresh(at=county.now)
    assert Record.objects.count() > 25


def rows(sql: str, facts: Facts) -> list[dict[str, Any]]:
    found = facts.connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def stored(value: Any, kind: str) -> Any:
    """Return a stored value as a fact has it."""
    if value is None or value == []:
        return None
    if kind in ("decimal", "percent"):
        return Decimal(value)
    if kind == "money":
        return Decimal(value) / 100
    readers: dict[str, Any] = {
        "date": dt.date.fromisoformat, "time": dt.time.fromisoformat, "ref": int,
        "datetime": lambda text: dt.datetime.fromisoformat(text).replace(tzinfo=None),
        "files": lambda many: [one["hash"] for one in many],
    }  # fmt: skip
    return readers[kind](value) if kind in readers else value


def test_every_register_has_the_records_that_stand(walked):
    compared = 0
    with Facts() as facts:
        for charter in charters.all_current().values():
            for register in charter.registers.values():
                view, _ = facts.view(charter, register.id, today=TODAY)
                found = {row["record"]: row for row in rows(f"SELECT * FROM {view}", facts)}
                held = {one.id: one for one in Record.objects.filter(register=f"{charter.id}.{register.id}")}
                assert found.keys() == held.keys()
                compared += sum(_same(found[id_], one, register) for id_, one in held.items())
    assert compared > 100


def _same(row: dict[str, Any], record: Record, register: Any) -> int:
    """Compare a fact with the row kept at hand; return how many values of fields were there to compare."""
    payload, meta = orjson.loads(record.payload), orjson.loads(record.meta)
    about = record.about_unit if register.about == "unit" else record.about_person
    assert (row["state"], row["unit"], row["author"], row["about"], row["version"], row["number"]) == (
        record.state, record.unit, record.author, about, record.charter_version, record.number,
    )  # fmt: skip
    assert (row["town"], row["county"]) == (record.town, record.county)
    assert row["opened"] == record.opened_at.replace(tzinfo=None)
    assert (row["closed"] is not None) == record.closed
    for step in register.steps:
        assert row[step.replace("-", "_") + "_count"] == meta.get("steps", {}).get(step, 0)
    fields = [one for one in register.fields.values() if shape_of(one) and not is_sealed(one, register)]
    assert {one.id: row[one.id] for one in fields} == {one.id: stored(payload.get(one.id), one.type) for one in fields}
    assert not {one.id for one in register.fields.values() if is_sealed(one, register)} & row.keys()
    return sum(row[one.id] is not None for one in fields)


def test_tasks_and_properties_are_those_that_stand(walked):
    with Facts() as facts:
        for charter in charters.all_current().values():
            view, _ = facts.view(charter, "task", today=TODAY)
            found = {row["fact"]: row for row in rows(f"SELECT * FROM {view}", facts)}
            held = {one.id: one for one in Task.objects.filter(charter=charter.id).exclude(step="~keep")}
            assert found.keys() == held.keys()
            for id_, one in held.items():
                row = found[id_]
                assert (row["record"], row["step"], row["state"], row["unit"], row["person"], row["role"]) == (
                    one.record, one.step, one.state, one.unit, one.person, one.role,
                )  # fmt: skip
                assert row["due"] == (one.due_at and one.due_at.replace(tzinfo=None))
                assert one.state != "done" or row["on_time"] == one.on_time
        everything = charters.current("everything")
        units = rows(f"SELECT unit, well FROM {facts.view(everything, 'unit', today=TODAY)[0]}", facts)
    wells = UnitProperty.objects.filter(name="well").values_list("unit", "value")
    assert {row["unit"]: row["well"] for row in units if row["well"]} == dict(wells)


def test_command_refreshes_and_shows(walked):
    told = CliRunner().invoke(command, ["refresh", "--json"], catch_exceptions=False)
    assert orjson.loads(told.output)["events"] > 20
    shown = orjson.loads(CliRunner().invoke(command, ["show", "--digest", "--json"], catch_exceptions=False).output)
    again = CliRunner().invoke(command, ["refresh", "--rebuild"], catch_exceptions=False)
    assert "用时" in again.output
    after = orjson.loads(CliRunner().invoke(command, ["show", "--digest", "--json"], catch_exceptions=False).output)
    assert after["of_this_log"] is True
    assert (after["digest"], after["root"]) == (shown["digest"], shown["root"])
