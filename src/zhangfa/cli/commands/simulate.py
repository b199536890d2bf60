"""``zhangfa simulate``: let simulated offices and residents work, through the real write path."""

from __future__ import annotations

import datetime as dt
import random

import click

from zhangfa.cli.start import start_django


@click.command()
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="How many days pass, ending now."
)
@click.option(
    "--requests",
    default=800,
    show_default=True,
    type=click.IntRange(1),
    help="How many residents' requests; the rest in proportion.",
)
@click.option("--seed", default=3708, show_default=True, help="The same seed tells the same stories.")
@click.option("--places", is_flag=True, help="First load the demo county's places, people and charters.")
def command(days: int, requests: int, seed: int, places: bool) -> None:
    """Tell requests, lectures and hand-overs of the last days, as people would, from a seed.

    Everything goes through the same write path as real work; nothing marks it off but the keys of its
    acts, so use it on a database that may hold made-up cases.

    \b
    Example:
      DATA=/tmp/county zhangfa simulate --places --days 30 --requests 2000
    """
    start_django()
    from django.core.management import call_command

    from zhangfa.demo.county import PASSWORD, is_loaded, put_charters_in_force
    from zhangfa.demo.people import load_people
    from zhangfa.demo.places import load_places
    from zhangfa.demo.simulating import simulate

    call_command("migrate", verbosity=0)
    end = dt.datetime.now(dt.UTC)
    start = end - dt.timedelta(days=days)
    if places and not is_loaded():
        load_places(at=start, by=None)
        load_people(at=start, by=None, password=PASSWORD)
        put_charters_in_force(at=start)
    if not is_loaded():
        raise click.ClickException(
            "No charter is in force here. Add --places, or import a county and apply its charters first."
        )
    with click.progressbar(length=requests * 4, label="acts") as bar:
        tally = simulate(
            start=start,
            end=end,
            requests=requests,
            chance=random.Random(seed),
            prefix=f"sim-{seed}-{end:%y%m%d%H%M%S}",
            progress=bar.update,
        )
    click.echo("  ".join(f"{name}: {count}" for name, count in sorted(tally.stories.items())))
    for reason, count in sorted(tally.refused.items()):
        click.echo(f"  refused {count}× {reason}")
