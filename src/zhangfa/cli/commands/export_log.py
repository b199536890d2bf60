"""``zhangfa export-log``."""

from __future__ import annotations

from pathlib import Path

import click

from zhangfa.cli.progress import show_progress
from zhangfa.cli.start import start_django


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--position", type=click.IntRange(min=0), help="Write the proof of this one event instead of the log.")
@click.option(
    "--since", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --position: prove also that the log extends this older checkpoint.",
)  # fmt: skip
def command(file: Path, position: int | None, since: Path | None) -> None:
    """Write the sealed log to FILE, to be checked by tools/verify_log.py on any machine.

    What is sensitive stands in it as ciphertext.

    \b
    Example:
      zhangfa export-log log.jsonl
      python3 tools/verify_log.py log.jsonl --checkpoint checkpoint.json
    """
    if since and position is None:
        raise click.UsageError("--since belongs to --position; the whole log proves itself against any checkpoint.")
    start_django()
    from zhangfa.log.checkpoint import read_checkpoint
    from zhangfa.log.export import export_log, export_proof

    if position is None:
        with file.open("wb") as out, show_progress("导出 / exporting") as progress:
            count = export_log(out, progress=progress)
        click.echo(f"已导出 {count} 条事件。 / Exported {count} events.")
        return
    try:
        old = read_checkpoint(since) if since else None
        with file.open("wb") as out:
            export_proof(out, position=position, old=old)
    except (LookupError, ValueError) as error:
        file.unlink(missing_ok=True)
        raise click.UsageError(str(error)) from error
    click.echo(f"已写出第 {position} 条事件的证明。 / Wrote the proof of event {position}.")
