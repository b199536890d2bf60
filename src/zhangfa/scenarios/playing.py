"""Play every scenario of a file in a transaction of its own that is undone afterwards."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from zhangfa.charter import engine as charters
from zhangfa.charter import memory as charter_memory
from zhangfa.directory import memory as directory_memory
from zhangfa.publishing.working import forget_kept
from zhangfa.scenarios.reading import Scenario, ScenarioFile, ScenarioProblem, moment
from zhangfa.scenarios.running import Told, run_scenario
from zhangfa.scenarios.world import charter_files, make_world


def play_file(file: ScenarioFile, *, folder: Path, words: str = "") -> list[Told]:
    """Play the scenarios whose title contains ``words``; each begins from an empty county."""
    chosen = [scenario for scenario in file.scenarios if words in scenario.title]
    return [play(scenario, file.charter, folder, serial=f"s{number}") for number, scenario in enumerate(chosen)]


def play(scenario: Scenario, charter: str, folder: Path, *, serial: str) -> Told:
    """Put the charter in force, make the world, do the acts, undo everything."""
    path = folder / f"{charter}.yaml"
    if not path.exists():
        raise ScenarioProblem(f"No charter {path} for the scenario “{scenario.title}”.")
    first = next((moment(act["at"]) for act in scenario.acts if "at" in act), None)
    if first is None:
        raise ScenarioProblem(f"The scenario “{scenario.title}” says nowhere `at` what time it happens.")
    with transaction.atomic():
        try:
            charters.apply_charter(
                text=path.read_text(encoding="utf-8"),
                files=charter_files(folder),
                name=path.name,
                by=None,
                at=first,
                key=f"{serial}-charter",
                in_force=first.date(),
            )
            return run_scenario(scenario, charter, make_world(scenario.given, charter=charter, serial=serial, at=first))
        finally:
            transaction.set_rollback(True)
            connection.run_on_commit.clear()
            charter_memory.forget_all()
            directory_memory.forget()
            forget_kept()
