"""What ``zhangfa try`` and ``zhangfa score`` share: choosing a score and a period, and looking at what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from zhangfa.cli.tables import align

if TYPE_CHECKING:
    from zhangfa.charter.model import Charter
    from zhangfa.charter.score_model import Score
    from zhangfa.scores.engine import Scoring
    from zhangfa.scores.period import Period
    from zhangfa.scores.whatif import Changes


class Change(click.ParamType[tuple[str, Decimal]]):
    """An indicator or dimension with a number, as ``rate=30``."""

    name = "ID=NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Decimal]:
        """Read it, or say how one is written."""
        id_, _, number = str(value).partition("=")
        try:
            found = Decimal(number)
            if found.is_finite():
                return id_, found
        except InvalidOperation:
            pass
        self.fail(f"“{value}”请写成 rate=30。 Write {value!r} as rate=30.", param, ctx)


@dataclass(frozen=True, slots=True)
class Look:
    """Which side of a scoring to show."""

    why: str | None
    bands: bool
    each: bool
    weight: tuple[tuple[str, Decimal], ...]
    target: tuple[tuple[str, Decimal], ...]
    floor: tuple[tuple[str, Decimal], ...]
    without: tuple[str, ...]


LOOKS: tuple[Callable[..., Any], ...] = (
    click.option("--why", metavar="CODE", help="Explain one unit or person instead of listing all."),
    click.option("--bands", is_flag=True, help="How firm the ranks are: a thousand rankings under weights ±10 %."),
    click.option("--each", is_flag=True, help="Take each indicator out in turn: which ranks hang on it."),
    click.option("--weight", multiple=True, type=Change(), help="What if this indicator or dimension weighed so much."),
    click.option("--target", multiple=True, type=Change(), help="What if this indicator's target were another."),
    click.option("--floor", multiple=True, type=Change(), help="What if this indicator's floor were another."),
    click.option("--without", multiple=True, metavar="ID", help="What if this indicator were not there."),
)


def looking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that make a :class:`Look`."""
    for option in reversed(LOOKS):
        command = option(command)
    return command


def choose_score(charter: Charter, name: str | None) -> Score:
    """Return the score named, or the only one."""
    if name is None and len(charter.scores) == 1:
        return next(iter(charter.scores.values()))
    if name is None or name not in charter.scores:
        known = ", ".join(charter.scores) or "—"
        raise click.BadParameter(
            f"请写章程里的一项考核。 The scores of this charter are: {known}.", param_hint="--score"
        )
    return charter.scores[name]


def choose_period(charter: Charter, score: Score, written: str) -> Period:
    """Return the period written."""
    from zhangfa.scores.period import NoPeriod, read_period

    try:
        return read_period(written, score.every, charter.seasons)
    except NoPeriod as fault:
        raise click.BadParameter(f"{fault.said.zh} {fault.said.en}", param_hint="--period")


def show(scoring: Scoring, when: Period, look: Look, footer: str = "") -> None:
    """Print the ranking, or the side of it asked for."""
    from zhangfa.scores.listing import table_of

    if look.why is not None:
        _explain(scoring, look.why)
        return
    score = scoring.score
    click.echo(click.style(f"{score.title.zh or score.id} · {when.title.zh}", bold=True))
    changes = _changes(score, look)
    if changes is not None:
        _compare(scoring, changes)
    elif look.bands:
        _print_bands(scoring)
    elif look.each:
        _print_each(scoring)
    else:
        click.echo(align(table_of(scoring)))
        click.echo(click.style(f"{footer}SHA-256 {scoring.digest}", dim=True))


def _explain(scoring: Scoring, code: str) -> None:
    from zhangfa.scores.listing import say_why

    if code not in scoring.by_code:
        raise click.BadParameter(f"考核对象里没有“{code}”。 {code!r} is not scored.", param_hint="--why")
    click.echo("\n".join(say_why(scoring, code)))


def _changes(score: Score, look: Look) -> Changes | None:
    from zhangfa.scores.whatif import Changes

    if not (look.weight or look.target or look.floor or look.without):
        return None
    dimensions = {name: weight for name, weight in look.weight if name in score.dimensions}
    weights = {name: weight for name, weight in look.weight if name not in score.dimensions}
    return Changes(weights, dict(look.target), dict(look.floor), dimensions, frozenset(look.without))


def _compare(scoring: Scoring, changes: Changes) -> None:
    from zhangfa.scores.listing import comparison_table
    from zhangfa.scores.whatif import recompute

    try:
        tried = recompute(scoring, changes)
    except ValueError as fault:
        raise click.UsageError(f"不能这样改。 This cannot be tried: {fault}.")
    click.echo(align(comparison_table(tried)))
    up, down = len(tried.gainers), len(tried.losers)
    click.echo(f"上升 {up} 个，下降 {down} 个。 {up} gain, {down} lose.")


def _print_bands(scoring: Scoring) -> None:
    from zhangfa.scores.listing import band_table
    from zhangfa.scores.stability import bands

    click.echo(align(band_table(bands(scoring))))
    click.echo("≈ 与下一名的差距说明不了什么。 ≈ the difference to the next one says little.")


def _print_each(scoring: Scoring) -> None:
    from zhangfa.scores.listing import each_table
    from zhangfa.scores.whatif import remove_one

    rows: Sequence[Sequence[str]] = each_table(remove_one(scoring))
    click.echo(align(rows))
