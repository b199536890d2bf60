"""``zhangfa seal``."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from zhangfa.cli.start import start_django


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the newest checkpoint as JSON, to be kept elsewhere.")
def command(as_json: bool) -> None:
    """Seal what was written: give every event its place and sign the root.

    A running server seals by itself; call this to take a checkpoint now.

    \b
    Example:
      zhangfa seal --json > checkpoint.json
    """
    start_django()
    from zhangfa.log.checkpoint import last_checkpoint
    from zhangfa.log.seal import seal

    sealed, last = seal(at=datetime.now(UTC)), last_checkpoint()
    if as_json:
        click.echo(json.dumps(last.to_json() if last else None))
    elif last is None:
        click.echo("日志为空。 / The log is empty.")
    else:
        click.echo(f"新封存 {sealed} 条，共 {last.size} 条。 / Sealed {sealed} new events, {last.size} in all.")
        click.echo(f"根 root {last.root.hex()} · {last.ts}")
