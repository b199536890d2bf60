"""States in which a record may stay: nobody owes what has no time limit."""

from __future__ import annotations

import pytest
from tests.acts.county import County

from zhangfa.acts.models import Task
from zhangfa.charter import engine as charters
from zhangfa.charter.load import load_charter

WELLS = """charter: wells
title: 机井
group: livelihood
roles:
  keeper: {title: 管护员, at: village}
registers:
  well:
    title: 机井
    unit: village
    fields:
      name: {type: text, required: true, title: 名称}
    states: {listed: 在册, broken: 待修, closed: 封存}
    rests: [listed]
    steps:
      list: {title: 登记, to: listed, by: keeper, asks: [name]}
      report: {title: 报修, from: listed, to: broken, by: keeper}
      repair: {title: 修好, from: broken, to: listed, by: keeper, within: 5 days}
      close: {title: 封存, from: listed, to: closed, by: keeper}
"""


def owed(county: County, text: str) -> list[list[str]]:
    """Put wells in force, list one, report it and repair it; return the open steps after each act."""
    charters.apply_charter(text=text, files={}, name="wells.yaml", by=None, at=county.now, key=county.key())
    well = county.take("wells.well", "list", "k1", unit="east", data={"name": "一号井"})
    found = [open_steps(well.record)]
    for step in ("report", "repair"):
        county.take("wells.well", step, "k1", record=well.record)
        found.append(open_steps(well.record))
    return found


def open_steps(record: int) -> list[str]:
    """Return the steps of a record that somebody owes."""
    return sorted(Task.objects.filter(record=record, state="open").values_list("step", flat=True))


@pytest.mark.parametrize(("rests", "owes"), [("    rests: [listed]\n", []), ("", ["close"])])
def test_a_state_at_rest_owes_only_what_has_a_time_limit(county: County, rests: str, owes: list[str]) -> None:
    text = WELLS.replace("    rests: [listed]\n", rests)

    assert owed(county, text) == [owes, ["repair"], owes]


def test_a_state_at_rest_must_be_a_state() -> None:
    problems = load_charter(WELLS.replace("rests: [listed]", "rests: [lised]"), name="wells.yaml").problems

    assert [(one.code, one.path) for one in problems] == [("C204", "registers.well.rests")]
