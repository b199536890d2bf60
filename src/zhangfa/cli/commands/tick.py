"""``zhangfa tick``: let time do what is due."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import click

from zhangfa.cli.start import start_django

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _moment(text: str | None) -> dt.datetime:
    if text is None:
        return dt.datetime.now(dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a moment; write it like 2026-02-24T08:00", param_hint="--at")
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


@click.command()
@click.option("--at", metavar="ISO", help="The moment to look from (Shanghai unless it has an offset); now by default.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one line of JSON.")
def command(at: str | None, as_json: bool) -> None:
    """Do what is due: late deadlines, unclaimed tasks, a new calendar, the end of retention, boards, honours.

    Everything happens once, however often this runs; after a stop it catches up in order.
    Exit code 1 where something could not be done.

    \b
    Example:
        zhangfa tick
        zhangfa tick --at 2026-02-24T08:00 --json
    """
    moment = _moment(at)
    start_django()
    from zhangfa.acts.clock import tick
    from zhangfa.honours.clock import tick as tick_honours
    from zhangfa.publishing.clock import tick as tick_boards

    ticked, boards, honours = tick(at=moment), tick_boards(at=moment), tick_honours(at=moment)
    if as_json:
        told = {**ticked.to_json(), "boards_locked": boards.locked, "objections_overdue": boards.overdue}
        told |= {"honours_conferred": honours.conferred, "honours_ended": honours.ended}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(
            f"late {ticked.late}, steps taken {ticked.steps}, assigned by turn {ticked.assigned}, "
            f"reckoned anew {ticked.recalendared}, retention ended {ticked.retired}, boards locked {boards.locked}, "
            f"honours conferred {honours.conferred}, ended {honours.ended}"
        )
        for sentence in ticked.failed:
            click.echo(sentence, err=True)
    if ticked.failed or honours.failed:
        raise SystemExit(1)
