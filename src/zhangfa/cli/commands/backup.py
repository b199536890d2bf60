"""``zhangfa backup``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from zhangfa.cli.progress import show_progress
from zhangfa.cli.start import start_django


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--with-keys", is_flag=True, help="Put the installation's keys in too; then guard the file like the keys."
)
def command(file: Path | None, with_keys: bool) -> None:
    """Copy database and attachments into one file, while the server runs.

    Without FILE the backup goes to the folder `backups` in DATA, named by the time.

    \b
    Example:
      zhangfa backup --with-keys /media/usb/county.tar
    """
    start_django()
    from django.conf import settings

    from zhangfa.log.archive import Refused
    from zhangfa.log.backup import backup

    now = datetime.now(UTC)
    target = file or Path(settings.DATA) / "backups" / f"zhangfa-{now:%Y%m%dT%H%M%SZ}.tar"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with show_progress("备份 / backing up") as progress:
            manifest = backup(target=target, at=now, with_keys=with_keys, progress=progress)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    size, sealed = target.stat().st_size / 1e6, manifest.checkpoint.size if manifest.checkpoint else 0
    click.echo(f"{target}（{size:.1f} MB，{manifest.events} 条事件，检查点 {sealed}，{len(manifest.files)} 个文件）")
    click.echo(f"{target} ({size:.1f} MB, {manifest.events} events, checkpoint {sealed}, {len(manifest.files)} files)")
    if not with_keys:
        click.echo(
            "备份不含钥匙：没有 DATA/keys 就读不出敏感内容，请另行妥善保存。 / "
            "The backup holds no keys: without DATA/keys sensitive values cannot be read; keep them safe elsewhere."
        )
