"""``zhangfa verify``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from zhangfa.cli.progress import show_progress
from zhangfa.cli.start import start_django


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--checkpoint", "kept", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint file kept elsewhere, which the log must extend; may be given several times.",
)  # fmt: skip
@click.option("--log-only", is_flag=True, help="Leave out the checks of other rooms (replay, attachments).")
def command(as_json: bool, kept: tuple[Path, ...], log_only: bool) -> None:
    """Recompute the whole log: every hash, root, signature and place.

    Exit code 0 when the log is sound, 1 when something is wrong with it, told in a sentence each.

    \b
    Example:
      zhangfa verify --checkpoint checkpoint.json
    """
    start_django()
    from zhangfa.log.checkpoint import read_checkpoint
    from zhangfa.log.verify import verify_log

    try:
        against = [checkpoint for path in kept if (checkpoint := read_checkpoint(path))]
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    with show_progress("验证 / verifying", hidden=as_json) as progress:
        report = verify_log(progress=progress, against=against, others=not log_only)
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        for problem in report.problems:
            click.echo(f"{problem.code} {problem.zh}\n     {problem.en}")
        click.echo(report.summary())
    sys.exit(0 if report.sound else 1)
