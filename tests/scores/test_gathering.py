"""Scores from the log's facts: what the columnar engine gathers, what plain Python makes of it, and made again."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from click.testing import CliRunner
from tests.facts.conftest import NOW
from tests.facts.county import (
    MEASURED,
    TOWNS,
    YEAR,
    Writer,
    apply_measured,
    build_units,
    in_python,
    named,
    rows_of,
    villages,
)

from zhangfa.charter.load import load_charter
from zhangfa.cli.command import main
from zhangfa.directory import engine as directory
from zhangfa.directory.engine import join_group, leave_group
from zhangfa.directory.models import GroupMember
from zhangfa.facts.mirror import refresh
from zhangfa.log.seal import seal
from zhangfa.scores.engine import compute
from zhangfa.scores.gathering import score_period, score_periods
from zhangfa.scores.matrix import Cell, Key, build_matrix
from zhangfa.scores.period import read_period

SCORES = """
groups:
  alliance: {title: 共建联盟, of: village}
scores:
  year:
    title: 年评
    of: village
    every: year
    rank_in: town
    source: 办法
    indicators:
      marks: {title: 均分, from: result, value: avg(mark), target: 20, floor: -5, weight: 60}
      passed:
        {title: 合格率, from: result, where: mark is not null, value: share(kind = 'pass'), minmax: peers, weight: 40}
      many: {title: 数量, from: result, where: done, value: count(*), add: {cap: 5}}
    publish: {by: office, objections: 5 workdays, to: [office]}
  towns:
    title: 镇评
    of: town
    every: quarter
    source: 办法
    missing: leave_out
    indicators:
      marks: {title: 均分, from: result, value: avg(mark), target: 20, floor: -5, weight: 60}
    publish: {by: office, objections: 5 workdays, to: [office]}
  allied:
    title: 联盟评
    of: village
    every: year
    peers: alliance
    source: 办法
    indicators:
      marks: {title: 均分, from: result, value: avg(mark), minmax: peers, weight: 100}
    publish: {by: office, objections: 5 workdays, to: [office]}
  whole:
    title: 镇年评
    of: town
    every: year
    source: 办法
    indicators:
      quarters: {title: 季评平均, from: score, where: scheme = 'towns', value: avg(total), target: 100, weight: 100}
    publish: {by: office, objections: 5 workdays, to: [office]}
"""


@pytest.fixture
def units(db, tmp_path, settings):
    settings.DATA = tmp_path
    made = build_units()
    apply_measured()
    Writer(7, villages(made)).write(400)
    seal(at=NOW)
    refresh(at=NOW)
    return made


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "measured.yaml"
    path.write_text(MEASURED.read_text() + SCORES)
    return path


@pytest.fixture
def charter(file):
    loaded = load_charter(file.read_text(), name="measured.yaml")
    assert loaded.problems == ()
    return loaded.charter


def scored(charter, name, written="2026", **words):
    score = charter.scores[name]
    return score_period(charter=charter, score=score, period=read_period(written, score.every, {}), **words)


@pytest.mark.parametrize("threads", [1, 2])
def test_score_from_the_mirror_is_the_score_from_plain_python(charter, units, threads):
    score, rows = charter.scores["year"], rows_of(charter, named(units))
    keys = [Key(f"37-{town}", f"37-{name}", f"{name}地") for name, town in TOWNS.items()]
    cells = {}
    for one in score.indicators.values():
        for whose, ((_, value), facts) in in_python(charter, one, rows, "village", YEAR).items():
            code = named(units)[whose]["code"]
            cells[code, one.id] = Cell(None, facts, False) if value == "None" else Cell(_decimal(value), facts)
    plain = compute(score, build_matrix(keys, tuple(score.indicators), cells), period="2026")
    found = scored(charter, "year", threads=threads)
    assert found.scoring.digest == plain.digest
    assert {one.key.group for one in found.scoring.results} == {"37-east", "37-west"}


def _decimal(value):
    return Decimal(value)


def test_score_of_scores_is_the_mean_of_its_quarters(charter, units):
    quarters = [scored(charter, "towns", f"2026-Q{n}").scoring for n in (1, 2, 3, 4)]
    whole = scored(charter, "whole").scoring
    for code in ("37-east", "37-west"):
        totals = [one.by_code[code].rounded for one in quarters if one.by_code[code].rank]
        assert totals
        assert round(whole.cells_of(code)["quarters"].value, 8) == round(sum(totals) / len(totals), 8)
        assert whole.cells_of(code)["quarters"].facts == 4


def test_scoring_several_periods_at_once_is_scoring_each(charter, units):
    directory.close_unit(unit=units["v4"], on=dt.date(2026, 8, 10), by=None, at=NOW, key="close")
    score = charter.scores["towns"]
    periods = [read_period(f"2026-Q{n}", "quarter", {}) for n in (1, 2, 3, 4)]
    for one in (score, replace(score, of_kind="village", rank_in="town")):
        together = score_periods(charter=charter, score=one, periods=periods)
        for period, found in zip(periods, together, strict=True):
            alone = score_period(charter=charter, score=one, period=period)
            assert (found.scoring.digest, found.whose) == (alone.scoring.digest, alone.whose)
    assert [len(one.whose) for one in together] == [4, 4, 3, 3]


def test_scoring_within_an_area_leaves_the_others_out(charter, units):
    whole = scored(charter, "year").scoring
    part = scored(charter, "year", within=units["east"]).scoring
    assert {key: part.by_code[key] for key in part.by_code} == {key: whole.by_code[key] for key in ("37-v1", "37-v2")}


def test_score_as_of_a_position_stays_the_same_for_ever(charter, units):
    then = scored(charter, "year")
    Writer(9, villages(units), "later").write(60)
    assert scored(charter, "year").unsealed == 60
    seal(at=NOW)
    assert scored(charter, "year", as_of=then.position).scoring.digest == then.scoring.digest
    assert scored(charter, "year").scoring.digest != then.scoring.digest


def test_compute_and_verify_on_the_command_line(units, file, tmp_path):
    run = CliRunner()
    words = ["score", "compute", str(file), "--score", "year", "--period", "2026"]
    said = run.invoke(main, [*words, "--json"])
    assert said.exit_code == 0, said.output
    result = tmp_path / "year.json"
    result.write_text(said.stdout)
    Writer(9, villages(units), "later").write(30)
    seal(at=NOW)
    again = run.invoke(main, ["score", "verify", str(result), "--charter", str(file)])
    assert (again.exit_code, again.stdout.splitlines()[0]) == (0, "一致。 It is the same.")
    moved = json.loads(said.stdout)
    moved["digest"] = moved["digest"][::-1]
    result.write_text(json.dumps(moved))
    assert run.invoke(main, ["score", "verify", str(result), "--charter", str(file)]).exit_code == 1
    assert "37-v1" in run.invoke(main, words).stdout
    assert run.invoke(main, [*words, "--why", "37-v1"]).stdout.startswith("v1地：第 ")


def test_verify_refuses_what_it_cannot_make_again(units, file, tmp_path):
    run, result = CliRunner(), tmp_path / "year.json"
    words = ["score", "compute", str(file), "--score", "year", "--period", "2026", "--json"]
    Writer(9, villages(units), "later").write(5)
    result.write_text(run.invoke(main, words).stdout)
    assert run.invoke(main, ["score", "verify", str(result), "--charter", str(file)]).exit_code == 2
    result.write_text("[]")
    assert run.invoke(main, ["score", "verify", str(result)]).exit_code == 2
    assert run.invoke(main, ["score", "compute", "nothing", "--period", "2026"]).exit_code == 2


def test_peers_are_those_of_the_periods_last_day_as_the_log_had_them(charter, units, file):
    words = {"by": None, "at": NOW}
    apply_measured(file.read_text().replace("version: 1", "version: 2"), key="groups")
    for name, part, since in (("v1", "东片", "2026-02-01"), ("v2", "东片", "2026-05-01"), ("v3", "", "2026-06-01")):
        join_group(
            unit=units[name], group="measured.alliance", part=part, since=dt.date.fromisoformat(since), **words,
            key=f"join-{name}",
        )  # fmt: skip
    join_group(
        unit=units["v2"], group="measured.alliance", part="西片", since=dt.date(2027, 1, 1), **words, key="late"
    )  # fmt: skip
    seal(at=NOW)

    def groups(**more):
        return {one.key.code: one.key.group for one in scored(charter, "allied", **more).scoring.results}

    assert groups() == {"37-v1": "东片", "37-v2": "东片", "37-v3": "共建联盟", "37-v4": ""}
    then = scored(charter, "allied")
    [first] = GroupMember.objects.filter(unit=units["v1"])
    leave_group(membership=first.id, until=dt.date(2026, 3, 1), **words, key="leave")
    assert groups() == {"37-v1": "", "37-v2": "东片", "37-v3": "共建联盟", "37-v4": ""}
    seal(at=NOW)
    refresh(at=NOW)
    assert scored(charter, "allied", as_of=then.position).scoring.digest == then.scoring.digest
    assert scored(charter, "allied").scoring.digest != then.scoring.digest
    GroupMember.objects.all().delete()  # the tables are not asked
    assert scored(charter, "allied", as_of=then.position).scoring.digest == then.scoring.digest
