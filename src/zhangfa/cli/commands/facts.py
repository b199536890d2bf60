"""``zhangfa facts``."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from zhangfa.cli.start import start_django


@click.group()
def command() -> None:
    """Keep and show the columnar mirror of the log that scores are worked out from.

    \b
    Example:
      zhangfa facts refresh
      zhangfa facts show --digest
    """
    start_django()


@command.command()
@click.option("--rebuild", "anew", is_flag=True, help="Throw the mirror away and make it from the first event.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def refresh(anew: bool, as_json: bool) -> None:
    """Mirror what was sealed since the last time.

    A running server does so by itself; a score is never stale without it, only slower.
    """
    from zhangfa.facts.mirror import rebuild, refresh

    done = (rebuild if anew else refresh)(at=datetime.now(UTC))
    if as_json:
        said = {"position": done.position, "events": done.events, "seconds": round(done.seconds, 3)}
        click.echo(json.dumps({**said, "rebuilt": done.rebuilt}))
        return
    click.echo(
        f"新增 {done.events} 条，至第 {done.position} 位，用时 {done.seconds:.2f} 秒。 / "
        f"{done.events} new events, up to position {done.position}, in {done.seconds:.2f} s."
    )


@command.command()
@click.option("--digest", "with_digest", is_flag=True, help="Add one hash over all content.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show(with_digest: bool, as_json: bool) -> None:
    """Show what is mirrored: changes, snapshot and files of each table."""
    from zhangfa.facts.mirror import digest, facts_folder, is_of_this_log
    from zhangfa.facts.store import read_manifest

    manifest = read_manifest(facts_folder())
    rows = [
        {
            "table": name, "changes": sum(file.rows for file in kept.history), "files": len(kept.files),
            "snapshot": kept.base.rows if kept.base else 0,
        }
        for name, kept in sorted(manifest.tables.items())
    ]  # fmt: skip
    said = {"events": manifest.size, "root": manifest.root, "of_this_log": is_of_this_log(manifest), "tables": rows}
    if with_digest:
        said["digest"] = digest()
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"已镜像 {manifest.size} 条事件 / {manifest.size} events mirrored · root {manifest.root or '–'}")
    if not said["of_this_log"]:
        click.echo("镜像属于另一份日志，下次刷新时重建。 / The mirror is of another log and will be made anew.")
    for row in rows:
        click.echo(f"  {row['table']}: {row['changes']} changes, {row['snapshot']} in snapshot, {row['files']} files")
    if with_digest:
        click.echo(f"digest {said['digest']}")
