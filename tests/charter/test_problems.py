"""Every problem a charter may have: found, placed, said in both languages, documented."""

import re
from pathlib import Path

import pytest

from zhangfa.charter.load import load_charter, load_file
from zhangfa.charter.problems import render, to_json
from zhangfa.charter.sentences import SENTENCES
from zhangfa.expression.sentences import SENTENCES as FAULT_SENTENCES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FAULTS = sorted({one.code for one in FAULT_SENTENCES.values()})
BAD = sorted((HERE / "bad").rglob("*.yaml"))
GOOD = [
    *sorted((HERE / "good").rglob("*.yaml")),
    *sorted((ROOT / "charters").glob("*.yaml")),
]
ELSEWHERE = {"C002", "C003", "C004", "C012", "C400", "C401", "C402", "C403"}
"""Codes whose test needs bytes, size or a database: test_source and test_engine."""
REFERENCE = (ROOT / "docs" / "reference" / "problems.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_charter_has_exactly_the_problems_beside_it(path):
    loaded = load_file(path)
    found = [f"{one.line}:{one.column} {one.code} {one.path}".rstrip() for one in loaded.problems]
    assert loaded.charter is None
    assert found == path.with_suffix(".txt").read_text().splitlines()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_charter_has_no_problem(path):
    loaded = load_file(path)
    assert loaded.problems == ()
    assert loaded.charter is not None


def test_every_code_has_a_bad_charter():
    shown = {path.stem for path in BAD}
    assert set(SENTENCES) - shown - ELSEWHERE == set()


@pytest.mark.parametrize("code", [*SENTENCES, *FAULTS])
def test_every_code_stands_in_the_reference_with_an_example(code):
    section = REFERENCE.split(f"\n### {code}\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    assert re.search(r"```\w*\n.+?\n```", section, re.DOTALL)
    assert re.search("[\u4e00-\u9fff]", section)


def test_the_reference_has_no_code_that_does_not_exist():
    assert set(re.findall(r"^### (\w+)$", REFERENCE, re.MULTILINE)) == {*SENTENCES, *FAULTS}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_problem_is_a_sentence_in_both_languages(path):
    for problem in load_file(path).problems:
        assert re.search("[\u4e00-\u9fff]", problem.zh)
        assert problem.en


def test_all_problems_are_found_at_once():
    text = (HERE / "good" / "small.yaml").read_text()
    text = text.replace("kind: town", "kind: twon").replace("pass_mark then", "pas_mark then")
    text = text.replace("tell: keeper_person}", "tell: keper}").replace("group: livelihood", "group: livelihod")
    codes = [problem.code for problem in load_charter(text, name="x.yaml").problems]
    assert codes == ["C106", "C106", "E110", "C201"]


def test_an_unknown_name_is_placed_at_its_very_sign():
    text = (HERE / "good" / "small.yaml").read_text().replace("when: ends > starts", "when: ends > strats")
    [problem] = load_charter(text, name="x.yaml").problems
    line = text.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("strats")
    assert problem.path == "registers.visit.steps.make.when"


def test_hint_says_what_was_probably_meant():
    [problem] = load_file(HERE / "bad" / "C106.yaml").problems
    assert "“text”" in problem.hint_zh
    assert '"text"' in problem.hint_en


def test_render_gives_place_code_sentence_and_hint():
    [problem] = load_file(HERE / "bad" / "C201.yaml").problems
    assert render(problem, "zh").startswith("C201.yaml:14:41 C201 不认识“keepr”")
    assert render(problem, "en").endswith('Did you mean "keeper"?')


def test_json_links_to_the_reference():
    [problem] = load_file(HERE / "bad" / "C201.yaml").problems
    told = to_json(problem)
    assert (told["code"], told["line"], told["link"]) == ("C201", 14, "docs/reference/problems.md#c201")


def test_loading_the_same_text_again_gives_the_same_object():
    text = (HERE / "good" / "small.yaml").read_text()
    assert load_charter(text, name="a.yaml") is load_charter(text, name="a.yaml")


def test_a_changed_checklist_changes_the_digest():
    text = (ROOT / "charters" / "leaders-handover.yaml").read_text()
    rows = (ROOT / "charters" / "handover-items.csv").read_text()
    one = load_charter(text, name="x", files={"handover-items.csv": rows}).charter
    two = load_charter(text, name="x", files={"handover-items.csv": rows.replace("党费收缴", "党费收支")}).charter
    other = load_charter(text, name="x", files={"handover-items.csv": rows, "unused.csv": "a"}).charter
    assert one.digest != two.digest
    assert one.digest == other.digest
