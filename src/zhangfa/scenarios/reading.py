"""Scenario files: read, checked, and told apart from charters. The format is in docs/reference/scenarios.md."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOP_WORDS = {"charter", "given", "scenarios"}
GIVEN_WORDS = {"units", "people", "groups", "beside"}
SCENARIO_WORDS = {"title", "given", "acts"}
ACT_WORDS = {
    "step": {"at", "by", "step", "register", "unit", "on", "about", "data", "as", "refused", "key", "code", "each"},
    "verb": {"at", "by", "verb", "on", "task", "data", "refused"},
    "tick": {"tick", "at"},
    "expect": {"expect", "at", "on", "score", "period", "area", "of"},
    "lose_code": {"lose_code"},
    "draft": {"at", "by", "draft", "period", "area", "refused"},
    "sign": {"at", "by", "sign", "period", "area", "refused"},
    "object": {"at", "by", "object", "period", "area", "of", "indicator", "text", "refused"},
    "decide": {"at", "by", "decide", "period", "area", "of", "indicator", "upheld", "reason", "refused"},
    "revise": {"at", "by", "revise", "period", "area", "refused"},
    "award": {"at", "by", "award", "to", "reason", "refused"},
    "withdraw": {"at", "by", "withdraw", "from", "reason", "refused"},
}
EXPECT_WORDS = {
    "state",
    "due",
    "on_time",
    "fields",
    "seen_by",
    "not_seen_by",
    "tasks",
    "told",
    "warning",
    "hidden_from",
    "shown_to",
    "steps",
    "count",
    "property",
    "verifies",
}
SCORE_WORDS = {
    "board",
    "standings",
    "comes_to",
    "objections",
    "board_seen_by",
    "board_hidden_from",
    "reads_standings",
    "may_object_until",
    "told_of_board",
}
"""Expectations of a score: the act says which, with ``score`` and ``period``."""
HONOUR_WORDS = {"holders", "grades", "ended", "held_until", "because"}


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's booleans: ``on``, ``off``, ``yes`` and ``no`` are words."""

    yaml_implicit_resolvers = {
        sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for sign, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class ScenarioProblem(Exception):
    """A scenario file says something that cannot be meant; the message is for its author."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: what is given, what is done in order, what must then be true."""

    title: str
    given: dict[str, Any]
    acts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of one charter, and the world they share."""

    path: Path
    charter: str
    scenarios: tuple[Scenario, ...] = field(default_factory=tuple)


def read_scenarios(path: Path) -> ScenarioFile:
    """Read a scenario file; raise :class:`ScenarioProblem` with a whole sentence where it is wrong."""
    try:
        tree = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # our own files, not uploads
    except yaml.YAMLError as error:
        raise ScenarioProblem(f"{path.name} is not readable YAML: {error}") from error
    _refuse_unknown(path.name, tree, TOP_WORDS)
    shared = tree.get("given", {})
    _refuse_unknown(f"{path.name} given", shared, GIVEN_WORDS)
    scenarios = [_read_scenario(path.name, shared, entry) for entry in tree.get("scenarios", [])]
    if not scenarios:
        raise ScenarioProblem(f"{path.name} has no scenarios. Write at least one under `scenarios:`.")
    return ScenarioFile(path=path, charter=tree["charter"], scenarios=tuple(scenarios))


def _read_scenario(name: str, shared: dict[str, Any], entry: dict[str, Any]) -> Scenario:
    where = f"{name} scenario “{entry.get('title', '?')}”"
    _refuse_unknown(where, entry, SCENARIO_WORDS)
    own = entry.get("given", {})
    _refuse_unknown(f"{where} given", own, GIVEN_WORDS)
    given = {word: {**shared.get(word, {}), **own.get(word, {})} for word in GIVEN_WORDS - {"beside"}}
    given["beside"] = [*shared.get("beside", []), *own.get("beside", [])]
    acts = tuple(entry.get("acts", ()))
    for number, act in enumerate(acts, start=1):
        _check_act(f"{where} act {number}", act)
    return Scenario(title=entry["title"], given=given, acts=acts)


def _check_act(where: str, act: dict[str, Any]) -> None:
    kinds = [kind for kind in ACT_WORDS if kind in act]
    if len(kinds) != 1:
        raise ScenarioProblem(f"{where} must have exactly one of: {', '.join(ACT_WORDS)}.")
    _refuse_unknown(where, act, ACT_WORDS[kinds[0]])
    if "expect" in act:
        _refuse_unknown(f"{where} expect", act["expect"], EXPECT_WORDS | SCORE_WORDS | HONOUR_WORDS)
        if SCORE_WORDS & act["expect"].keys() and not {"score", "period"} <= act.keys():
            raise ScenarioProblem(f"{where} expects something of a score; say which with `score:` and `period:`.")


def _refuse_unknown(where: str, tree: object, words: set[str]) -> None:
    if not isinstance(tree, dict):
        raise ScenarioProblem(f"{where} must be a mapping of words to values.")
    unknown = sorted(set(tree) - words)
    if unknown:
        raise ScenarioProblem(f"{where}: unknown word “{unknown[0]}”. Known here: {', '.join(sorted(words))}.")


def moment(value: object) -> dt.datetime:
    """Read a moment as the file writes it (``2026-02-10 09:30`` or a date), in Shanghai's time."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(9), SHANGHAI)
    return moment(dt.datetime.fromisoformat(str(value)))
