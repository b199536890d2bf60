"""``zhangfa bench``: the benchmarks of the project's checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[4]


@click.command()
@click.argument("names", nargs=-1)
@click.option("--smoke", is_flag=True, help="Tiny sizes: shows that every benchmark works; bounds are not judged.")
@click.option("--write", is_flag=True, help="Write the figures to bench/RESULTS.md.")
def command(names: tuple[str, ...], smoke: bool, write: bool) -> None:
    """Measure the promises, each as a ratio to a bare baseline of the same run.

    Exit code 1 when a bound is not kept.

    \b
    Example:
      zhangfa bench acts lists
    """
    if not (ROOT / "bench").is_dir():
        raise click.ClickException("The benchmarks stand in the project's checkout; run this from there.")
    sys.path.insert(0, str(ROOT))
    from bench.running import BENCHES, run_benches, write_results

    known = [bench.name for bench in BENCHES]
    if unknown := sorted(set(names) - set(known)):
        raise click.UsageError(f"No benchmark “{unknown[0]}”. Known: {', '.join(known)}.")
    figures = run_benches(names, smoke=smoke)
    if write:
        write_results(figures, ROOT / "bench" / "RESULTS.md")
    broken = [figure for figure in figures if figure.kept is False]
    if broken and not smoke:
        click.echo(f"\n{len(broken)} of {len(figures)} figures are outside their bound.")
        sys.exit(1)
    click.echo(f"\n{len(figures)} figures.")
