"""What DuckDB gathers is what the interpreter makes of the same facts, with any number of threads."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from tests.facts.conftest import NOW
from tests.facts.county import (
    YEAR,
    Writer,
    exactly,
    in_python,
    indicator,
    named,
    rows_of,
    score_of,
    villages,
    write_results,
)

from zhangfa.facts.aggregate import collect, facts_behind, gather
from zhangfa.facts.mirror import refresh
from zhangfa.facts.query import Facts, NotSealed

VALUES = (
    "count(*)", "count(mark)", "count(distinct name)", "count(distinct mark)", "sum(count)", "sum(mark)", "sum(income)",
    "sum(distinct mark)", "avg(mark)", "avg(count)", "avg(done)", "avg(distinct count)", "min(mark)", "max(mark)",
    "min(happened)", "max(seen)", "min(name)", "max(kind)", "median(mark)", "median(count)", "median(distinct income)",
    "quantile(mark, 0.9)", "quantile(count, 0)", "quantile(happened, 0.333)", "quantile(mark, 1)",
    "trimmed_mean(mark, 1)", "trimmed_mean(count, 3)", "share(kind = 'pass')", "share(done)", "every(done)",
    "any(mark > 19)", "first(mark)", "last(mark)", "first(name)", "last(seen)", "sum(mark) / count(*)",
    "share(mark >= pass_mark) * 100 - avg(rate)", "case when count(*) > most then median(mark) else null end",
    "round(sum(income) / nullif(count(distinct helper), 0), 2)", "ln(count(*) + 1)",
    "sum(case when done then mark end)", "sum(check_count)", "max(days_between(happened, closed))",
    "sum(days_since(happened))", "count(closed)", "avg(mark * rate + count / 7)",
    "sum(workdays_between(happened, seen))", "sum(size(tags))",
    "share(workdays_between(opened, happened) <= 5)", "max(workdays_between(happened, closed))",
    "coalesce(sum(mark), 0) + 1.5",
)  # fmt: skip
WHERES = (
    "", "mark > 5", "kind = 'pass' or done", "'a' in tags", "not (count in (1, 2))", "state = 'done'",
    "name like '%甲%'",
    "unit.name = 'v1地'", "helper.code = '37-v2' and mark is not null", "happened between date('2026-02-01') and today",
    "closed is not null and quarter(happened) = 2", "author is not null", "mark / 0 > 1", "opened > seen",
)  # fmt: skip


@pytest.fixture
def filled(charter, units, sealing):
    Writer(7, villages(units)).write(700)
    sealing()
    refresh(at=NOW)
    return rows_of(charter, named(units))


def cells(found, name):
    return {key: (exactly(one.value), one.facts) for key, one in found.cells[name].items()}


@pytest.mark.parametrize("threads", [1, 2])
def test_collect_equals_python_on_the_same_facts(charter, filled, threads):
    pick = random.Random(20261122)
    wheres = [(WHERES[at // 2 % len(WHERES)], "")[at % 2] for at in range(len(VALUES))]
    asked = [
        indicator(charter, f"i{at}", value, wheres[at], key=pick.choice(("", "author", "helper")))
        for at, value in enumerate(VALUES)
    ]
    found = collect(charter=charter, score=score_of(*asked), period=YEAR, threads=threads)
    for one in asked:
        expected = in_python(charter, one, filled, one.key or "village", YEAR)
        assert cells(found, one.id) == expected, (one.value.source, one.where and one.where.source, one.key)


def test_collect_gathers_by_the_level_of_the_score(charter, units, filled):
    one = indicator(charter, "n", "avg(mark)", "done")
    found = collect(charter=charter, score=score_of(one, of_kind="town"), period=YEAR)
    assert cells(found, "n") == in_python(charter, one, filled, "town", YEAR)
    assert set(found.cells["n"]) == {units["east"], units["west"]}


def test_collect_says_what_no_facts_at_all_make(charter, filled):
    asked = [indicator(charter, "n", "count(*)"), indicator(charter, "mean", "avg(mark)", "name = 'nobody'")]
    found = collect(charter=charter, score=score_of(*asked), period=YEAR)
    assert (found.nothing["n"], found.nothing["mean"], found.cells["mean"]) == (0, None, {})


def test_facts_behind_a_cell_are_its_records_in_order(charter, units, filled):
    score = score_of(indicator(charter, "n", "count(*)", "mark > 3"))
    behind = facts_behind(charter=charter, score=score, indicator="n", key=units["v2"], period=YEAR)
    expected = [
        row["record"]
        for row in filled
        if row["unit"]["id"] == units["v2"] and row["dated"].year == 2026 and (row.get("mark") or 0) > 3
    ]
    assert list(behind) == expected


def test_score_is_never_stale(charter, units, filled, sealing):
    score = score_of(indicator(charter, "n", "sum(mark)"))
    before = collect(charter=charter, score=score, period=YEAR)
    Writer(8, villages(units), "tail").write(50)
    after = collect(charter=charter, score=score, period=YEAR)
    assert (before.unsealed, after.unsealed, after.position) == (0, 50, before.position)
    rows = rows_of(charter, named(units))
    assert cells(after, "n") == in_python(charter, score.indicators["n"], rows, "village", YEAR)
    sealing()
    again = collect(charter=charter, score=score, period=YEAR)
    assert (again.unsealed, again.position, again.cells) == (0, before.position + 50, after.cells)


def test_collect_as_of_a_position_is_what_stood_then(charter, units, filled, sealing):
    score = score_of(indicator(charter, "n", "sum(mark) - count(distinct state)"))
    then = collect(charter=charter, score=score, period=YEAR)
    Writer(9, villages(units), "later").write(80)
    sealing()
    refresh(at=NOW)
    assert collect(charter=charter, score=score, period=YEAR, as_of=then.position).cells == then.cells
    middle = collect(charter=charter, score=score, period=YEAR, as_of=300)
    assert cells(middle, "n") == in_python(
        charter, score.indicators["n"], rows_of(charter, named(units), 300), "village", YEAR
    )
    with pytest.raises(NotSealed):
        collect(charter=charter, score=score, period=YEAR, as_of=10_000)


MONTHS = [(dt.date(2026, month, 1), dt.date(2026, month, 28)) for month in range(1, 13)]
"""Three days a month are in none; the year and the quarter hold them all once more."""
SEVERAL = [*MONTHS, YEAR, (dt.date(2026, 4, 1), dt.date(2026, 6, 30)), (dt.date(2031, 1, 1), dt.date(2031, 1, 1))]


def test_gathering_several_periods_at_once_is_gathering_each(charter, filled):
    asked = [indicator(charter, f"i{at}", value, WHERES[at % len(WHERES)]) for at, value in enumerate(VALUES)]
    score = score_of(*asked)
    with Facts() as facts:
        together = gather(facts, charter=charter, score=score, periods=SEVERAL)
    for period, found in zip(SEVERAL, together, strict=True):
        alone = collect(charter=charter, score=score, period=period)
        assert [cells(found, one.id) for one in asked] == [cells(alone, one.id) for one in asked], period
        assert found.nothing == alone.nothing


def test_gathering_for_some_keys_leaves_out_the_others(charter, units, filled):
    score = score_of(indicator(charter, "n", "avg(mark)"), indicator(charter, "h", "count(*)", key="helper"))
    wanted = [units["v2"], units["v3"]]
    with Facts() as facts:
        found = gather(facts, charter=charter, score=score, periods=[YEAR], keys=wanted)[0]
    everybody = collect(charter=charter, score=score, period=YEAR)
    for name in ("n", "h"):
        kept = {key: one for key, one in cells(everybody, name).items() if key in wanted}
        assert cells(found, name) == kept


def test_large_numbers_and_small_shares_stay_exact(charter, units, sealing):
    """Beyond 64 bits the columns are Python's own whole numbers."""
    write_results(units["v1"], [(10**15, "123456789012345.678"), (10**15 - 7, "-0.001"), (3, "987654321098765.432")])
    asked = [
        indicator(charter, f"i{at}", value)
        for at, value in enumerate(
            ("sum(count)", "avg(count)", "sum(mark)", "avg(mark)", "min(mark)", "share(count > 3)")
        )
    ]
    found = collect(charter=charter, score=score_of(*asked), period=YEAR)
    rows = rows_of(charter, named(units))
    for one in asked:
        assert cells(found, one.id) == in_python(charter, one, rows, "village", YEAR), one.value.source
