"""``zhangfa restore``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from zhangfa.cli.progress import show_progress
from zhangfa.cli.start import start_django


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Put the backup in the place of what is there (SQLite: moved aside).")
@click.option(
    "--checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint file kept elsewhere, to tell how much is missing.",
)  # fmt: skip
def command(file: Path, force: bool, checkpoint: Path | None) -> None:
    """Put a backup in place, check every hash in it, verify the log, say how far behind it is.

    Stop the server first. Exit code 1 when the backup is refused or its log is not sound.

    \b
    Example:
      DATA=/srv/zhangfa zhangfa restore /media/usb/county.tar
    """
    start_django()
    from zhangfa.log.archive import Refused
    from zhangfa.log.checkpoint import read_checkpoint
    from zhangfa.log.restore import restore

    try:
        kept = read_checkpoint(checkpoint) if checkpoint else None
        with show_progress("恢复 / restoring") as progress:
            restored = restore(source=file, at=datetime.now(UTC), force=force, kept=kept, progress=progress)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    for problem in restored.report.problems:
        click.echo(f"{problem.code} {problem.zh}\n     {problem.en}")
    for sentence in (restored.report.summary(), *restored.said):
        click.echo(sentence)
    sys.exit(0 if restored.report.sound else 1)
