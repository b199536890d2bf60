"""The scenarios that stand beside a charter's file: examples a clerk can read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from zhangfa.charter.model import Charter
from zhangfa.scenarios.reading import ScenarioProblem, read_scenarios

FOLDER = Path(__file__).resolve().parents[3] / "charters" / "tests"
"""Beside the sources; an installation without them shows no scenarios."""


def scenarios_of(charter: Charter) -> tuple[str, ...]:
    """Return the titles of a charter's scenarios; none where it has no file."""
    path = FOLDER / f"{charter.id}.yaml"
    return _titles(path, path.stat().st_mtime_ns) if path.is_file() else ()


@lru_cache(maxsize=128)
def _titles(path: Path, _changed: int) -> tuple[str, ...]:
    try:
        return tuple(scenario.title for scenario in read_scenarios(path).scenarios)
    except ScenarioProblem:
        return ()
