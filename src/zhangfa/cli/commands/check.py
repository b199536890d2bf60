"""``zhangfa check``: everything wrong with charter files, at once, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from zhangfa.charter.load import load_file
from zhangfa.charter.problems import Problem, to_json


@click.command()
@click.argument("files", nargs=-1, required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON, for editors.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of charters, for completion in editors, and stop.")
@click.option("--lang", type=click.Choice(["both", "zh", "en"]), default="both", help="Language of the sentences.")
def command(files: tuple[Path, ...], as_json: bool, schema: bool, lang: str) -> None:
    """Check charter FILES and print every problem with its place, sentence and hint.

    Exit code 0: no problem. 1: there are problems. 2: wrong use.

    \b
    Example:
      zhangfa check charters/*.yaml
      zhangfa check --json charters/lecture-team.yaml
      zhangfa check --schema > charter.schema.json
    """
    if schema:
        _print_schema()
        return
    if not files:
        raise click.UsageError("Name at least one charter file.")
    problems = {path: load_file(path).problems for path in files}
    if as_json:
        click.echo(
            json.dumps([to_json(one) for many in problems.values() for one in many], ensure_ascii=False, indent=2)
        )
    else:
        for path, found in problems.items():
            print_problems(path, found, lang)
    sys.exit(1 if any(problems.values()) else 0)


def _print_schema() -> None:
    from zhangfa.charter.schema_json import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def print_problems(path: Path, problems: tuple[Problem, ...], lang: str) -> None:
    """Print a file's problems for people, or that there are none."""
    if not problems:
        click.echo(f"{click.style('✓', fg='green')} {path}")
        return
    count = click.style(
        f"{len(problems)} 个问题 · {len(problems)} problem{'' if len(problems) == 1 else 's'}", fg="red"
    )
    click.echo(f"{click.style('✗', fg='red')} {path}  {count}")
    for problem in problems:
        place = click.style(f"{path.parent / problem.file}:{problem.line}:{problem.column}", bold=True)
        click.echo(f"  {place} {click.style(problem.code, fg='yellow')} {click.style(problem.path, dim=True)}")
        if lang in ("both", "zh"):
            click.echo(f"    {problem.zh}{click.style(problem.hint_zh, fg='cyan')}")
        if lang in ("both", "en"):
            click.echo(f"    {problem.en} {click.style(problem.hint_en, fg='cyan')}".rstrip())
    click.echo(click.style("  docs/reference/problems.md", dim=True))
