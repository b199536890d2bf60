"""``zhangfa run``: the server of one county, with its jobs."""

from __future__ import annotations

import os
import sys

import click

from zhangfa.cli.start import start_django


@click.command()
@click.option("--demo", is_flag=True, help="Load the demo county into an empty database and offer its accounts.")
@click.option("--host", help="Address to listen on (HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (PORT).")
def command(demo: bool, host: str | None, port: int | None) -> None:
    """Bring the database up to date and serve the county until Ctrl-C.

    \b
    Example:
      DATA=/srv/county PORT=8080 zhangfa run
    """
    os.environ |= {name: str(value) for name, value in (("HOST", host), ("PORT", port)) if value}
    if demo:
        os.environ["DEMO"] = "1"
    start_django()
    from django.conf import settings
    from django.core.management import call_command

    from zhangfa.log.transaction import refuse_unsafe_sqlite

    config = settings.CONFIG
    if sentence := refuse_unsafe_sqlite(config.workers):
        raise click.ClickException(str(sentence))
    _refuse_taken_port(config.host, config.port)
    call_command("migrate", verbosity=0)
    if demo:
        _load_demo()
    _serve(config.host, config.port, config.workers, config.public_url, demo)


def _load_demo() -> None:
    from zhangfa.demo.county import is_loaded, load_county, unfinished

    if unfinished().exists():
        raise click.ClickException(
            f"The demo county was not loaded to its end. Remove {unfinished().parent} (and the database of "
            "DATABASE_URL, where there is one), then start again."
        )
    if not is_loaded():
        load_county(say=lambda sentence: click.echo(f"· {sentence}"))


def _serve(host: str, port: int, workers: int, address: str, demo: bool) -> None:
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ["ZHANGFA_JOBS"] = "1"
    click.secho(f"\n  章法 Zhangfa  {address}", bold=True)
    if demo:
        from zhangfa.demo.county import describe_accounts

        click.echo(describe_accounts())
    click.echo("  Ctrl-C stops the server.\n")
    sqlite = not os.environ.get("DATABASE_URL")
    server = Granian(
        "zhangfa.cli.serving:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4 if sqlite else 1,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    connections.close_all()  # the worker is a child of this process and must not share its connections
    server.serve()
    click.echo("\n  Stopped.")
    sys.exit(0)


def _refuse_taken_port(host: str, port: int) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sentence = f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: PORT=8001 make run"
            raise click.ClickException(sentence) from error
