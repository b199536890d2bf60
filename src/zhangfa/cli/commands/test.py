"""``zhangfa test``: the scenarios beside the charters."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import click


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--charters",
    default="charters",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the charters; scenarios stand in its tests/.",
)
@click.option("-k", "words", default="", help="Only scenarios whose title contains this.")
def command(files: tuple[Path, ...], charters: Path, words: str) -> None:
    """Run scenario files through the real write path, in a database made for it.

    Exit code 1 when a scenario does not hold, 2 when a file cannot be read.

    \b
    Example:
      zhangfa test charters/tests/residents-requests.yaml -k 春节
    """
    chosen = files or tuple(sorted((charters / "tests").glob("*.yaml")))
    if not chosen:
        raise click.UsageError(f"No scenario files in {charters / 'tests'}.")
    with tempfile.TemporaryDirectory(prefix="zhangfa-scenarios-") as data:
        os.environ |= {"DATA": data, "DATABASE_URL": os.environ.get("SCENARIO_DATABASE_URL", "")}
        sys.exit(_run(chosen, charters, words))


def _run(files: tuple[Path, ...], charters: Path, words: str) -> int:
    from zhangfa.cli.start import start_django

    start_django()
    from django.core.management import call_command

    from zhangfa.scenarios.playing import play_file
    from zhangfa.scenarios.reading import ScenarioProblem, read_scenarios

    call_command("migrate", verbosity=0)
    started, passed, failed = time.perf_counter(), 0, 0
    for path in files:
        try:
            told = play_file(read_scenarios(path), folder=charters, words=words)
        except ScenarioProblem as problem:
            click.secho(str(problem), fg="red", err=True)
            return 2
        click.echo(f"\n{path.name}")
        for one in told:
            passed, failed = (passed + 1, failed) if one.passed else (passed, failed + 1)
            click.echo(f"  {'✓' if one.passed else '✗'} {one.title} ({one.acts} acts)")
            for failure in one.failures:
                click.secho(f"      {failure}", fg="red")
    click.echo(f"\n{passed} passed, {failed} failed ({time.perf_counter() - started:.1f} s)")
    return 1 if failed else 0
