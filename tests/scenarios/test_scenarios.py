"""The scenarios beside the charters hold, and scenario files that cannot be meant are refused."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction
from tests.facts.county import apply_measured

from zhangfa.directory.models import GroupMember
from zhangfa.scenarios.expecting import COMPARING
from zhangfa.scenarios.holding import HOLDING
from zhangfa.scenarios.playing import play
from zhangfa.scenarios.reading import (
    ACT_WORDS,
    EXPECT_WORDS,
    GIVEN_WORDS,
    HONOUR_WORDS,
    SCENARIO_WORDS,
    SCORE_WORDS,
    TOP_WORDS,
    ScenarioProblem,
    moment,
    read_scenarios,
)
from zhangfa.scenarios.running import DOING
from zhangfa.scenarios.standing import JUDGING
from zhangfa.scenarios.world import BEGINNING, make_world

CHARTERS = Path(__file__).resolve().parents[2] / "charters"
FILES = [read_scenarios(path) for path in sorted((CHARTERS / "tests").glob("*.yaml"))]
SUBMIT = "at: 2026-03-02 09:00, by: public, step: submit, unit: g1, data: {category: other, content: 路灯不亮了}"
EVERY = [(file, scenario) for file in FILES for scenario in file.scenarios]


@pytest.mark.django_db
@pytest.mark.parametrize(("file", "scenario"), EVERY, ids=[f"{file.charter}: {one.title}" for file, one in EVERY])
def test_scenario_holds(file, scenario):
    assert play(scenario, file.charter, CHARTERS, serial="t").failures == []


def test_every_charter_has_scenarios():
    assert {path.stem for path in CHARTERS.glob("*.yaml")} == {file.charter for file in FILES}


@pytest.mark.django_db
def test_scenario_that_does_not_hold_says_what_it_found(tmp_path):
    file = write(tmp_path, f"- {{{SUBMIT}, as: r1}}\n      - {{expect: {{state: closed}}, on: r1}}")
    told = play(read_scenarios(file).scenarios[0], "residents-requests", CHARTERS, serial="t")
    assert told.failures == ["act 2: state of r1: expected 'closed', found 'submitted'"]


@pytest.mark.django_db
def test_refusal_that_was_not_announced_fails_with_its_sentence(tmp_path):
    file = write(tmp_path, "- {at: 2026-03-02 09:00, by: public, step: submit, unit: g1, data: {category: other}}")
    told = play(read_scenarios(file).scenarios[0], "residents-requests", CHARTERS, serial="t")
    assert not told.passed
    assert "[content]" in told.failures[0]


@pytest.mark.django_db
def test_announced_refusal_that_does_not_come_fails(tmp_path):
    file = write(tmp_path, f"- {{{SUBMIT}, refused: 必填}}")
    told = play(read_scenarios(file).scenarios[0], "residents-requests", CHARTERS, serial="t")
    assert told.failures == ["act 1: submit was allowed, but should be refused with “必填”"]


@pytest.mark.parametrize(
    ("act", "word"),
    [("- {step: submit, unti: g1}", "unti"), ("- {at: 2026-03-02}", "exactly one"), ("- {expect: {stat: x}}", "stat")],
)
def test_scenario_file_with_an_unknown_word_is_refused_by_name(tmp_path, act, word):
    with pytest.raises(ScenarioProblem, match=word):
        read_scenarios(write(tmp_path, act))


def test_every_word_is_understood_and_documented():
    said = (Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    words = {*TOP_WORDS, *GIVEN_WORDS, *SCENARIO_WORDS, *EXPECT_WORDS, *SCORE_WORDS, *HONOUR_WORDS, *ACT_WORDS}
    words = words.union(*ACT_WORDS.values())
    assert {word for word in words if f"`{word}`" not in said} == set()
    assert (set(DOING), set(COMPARING), set(JUDGING), set(HOLDING)) == (
        set(ACT_WORDS),
        EXPECT_WORDS,
        SCORE_WORDS,
        HONOUR_WORDS,
    )


def test_expectation_of_a_score_must_say_which(tmp_path):
    file = write(tmp_path, "- {expect: {board: shown}}")
    with pytest.raises(ScenarioProblem, match="`score:` and `period:`"):
        read_scenarios(file)


def write(folder: Path, acts: str) -> Path:
    """Write a scenario file with one scenario in the smallest county that works."""
    path = folder / "residents-requests.yaml"
    path.write_text(
        "charter: residents-requests\n"
        "given:\n"
        "  units:\n"
        "    c: {kind: county}\n    t: {kind: town, in: c}\n"
        "    v: {kind: village, in: t}\n    g1: {kind: grid, in: v}\n"
        "  people:\n    wang: {posts: [grid-worker at g1]}\n"
        "scenarios:\n"
        "  - title: one\n    acts:\n      " + acts + "\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.django_db
def test_groups_are_given_with_their_parts_and_days(tmp_path):
    text = (Path(__file__).parents[1] / "facts" / "measured.yaml").read_text("utf-8")
    (tmp_path / "measured.yaml").write_text(text + "groups:\n  alliance: {title: 联盟, of: village}\n", "utf-8")
    given = "{alliance: {东片: [v1], 西片: [{unit: v2, since: 2026-02-01, until: 2026-03-01}]}}"
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "charter: measured\n"
        "given:\n"
        "  units:\n"
        "    county: {kind: county}\n    town: {kind: town, in: county}\n"
        "    v1: {kind: village, in: town}\n    v2: {kind: village, in: town}\n"
        f"  groups: {given}\n"
        "scenarios:\n  - title: 编组\n    acts:\n      - {expect: {count: {result: 0}}, at: 2026-03-02}\n",
        "utf-8",
    )
    scenario = read_scenarios(file).scenarios[0]
    assert play(scenario, "measured", tmp_path, serial="t").failures == []
    with transaction.atomic():
        apply_measured((tmp_path / "measured.yaml").read_text("utf-8"))
        make_world(scenario.given, charter="measured", serial="w", at=moment("2026-03-02"))
        rows = GroupMember.objects.order_by("id").values_list("group", "part", "unit__name", "since", "until")
        assert list(rows) == [
            ("measured.alliance", "东片", "v1", BEGINNING, None),
            ("measured.alliance", "西片", "v2", dt.date(2026, 2, 1), dt.date(2026, 3, 1)),
        ]
