"""``zhangfa apply``: put charters in force, after saying in words what that changes."""

# ruff: noqa: E501 — a sentence or a drawn part stays on one line
from __future__ import annotations

import datetime as dt
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhangfa.cli.start import start_django

if TYPE_CHECKING:
    from zhangfa.charter.model import Charter


@dataclass(frozen=True, slots=True)
class _Plan:
    path: Path
    text: str
    files: dict[str, str]
    new: Charter
    old: Charter | None

    @property
    def changes(self) -> bool:
        return self.old is None or self.old.digest != self.new.digest


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--in-force", type=click.DateTime(["%Y-%m-%d"]), help="First day in force; beats the date in the file.")
def command(files: tuple[Path, ...], yes: bool, in_force: dt.datetime | None) -> None:
    """Show what charter FILES would change, then put them in force.

    Open cases stay on the version they began under. Exit code 0: in force, or nothing to do. 1: there
    are problems, or you said no. 2: wrong use.

    \b
    Example:
      zhangfa apply charters/lecture-team.yaml --in-force 2026-12-01
    """
    start_django()
    at = dt.datetime.now(dt.UTC)
    day = in_force.date() if in_force else None
    plans = [_plan(path, at, day) for path in files]
    if not all(plans):
        sys.exit(1)
    waiting = [plan for plan in plans if plan and plan.changes]
    for plan in plans:
        _show(plan)  # type: ignore[arg-type]
    if waiting and not yes and not click.confirm("施行吗？ Put in force?"):
        sys.exit(1)
    for plan in waiting:
        _apply(plan, at, day)


def _plan(path: Path, at: dt.datetime, day: dt.date | None) -> _Plan | None:
    from zhangfa.charter.engine import CharterRefused, plan_charter
    from zhangfa.charter.load import read_charter
    from zhangfa.cli.commands.check import print_problems

    text, files, problems = read_charter(path)
    if text is None:
        print_problems(path, problems, "both")
        return None
    try:
        new, old = plan_charter(text=text, name=path.name, files=files, at=at, in_force=day)
    except CharterRefused as refused:
        print_problems(path, refused.problems, "both")
        return None
    return _Plan(path, text, files, new, old)


def _show(plan: _Plan) -> None:
    from zhangfa.charter.diff import compare

    new, old = plan.new, plan.old
    click.secho(f"{new.title.zh}  {new.id}", bold=True)
    if old is None:
        since = new.in_force
        click.echo(
            f"  新章程，第 {new.version} 版，{since} 起施行。 New charter, version {new.version}, in force from {since}."
        )
    elif not plan.changes:
        click.echo(f"  没有变化，仍是第 {old.version} 版。 No change; version {old.version} stays.")
    else:
        since = new.in_force
        click.echo(
            f"  第 {old.version} 版 → 第 {new.version} 版，{since} 起施行。 Version {old.version} → {new.version}, from {since}."
        )
        changes = compare(old, new)
        for change in changes:
            click.echo(f"  · {change.zh}\n    {change.en}")
        if not changes:
            click.echo("  · 只改了文字或注释，规则不变。 Only wording or comments changed; no rule.")


def _apply(plan: _Plan, at: dt.datetime, day: dt.date | None) -> None:
    from zhangfa.charter.engine import CharterRefused, apply_charter
    from zhangfa.cli.commands.check import print_problems

    try:
        applied = apply_charter(
            text=plan.text,
            files=plan.files,
            name=plan.path.name,
            by=None,
            at=at,
            key=f"apply-{uuid.uuid4().hex}",
            in_force=day,
        )
    except CharterRefused as refused:
        print_problems(plan.path, refused.problems, "both")
        sys.exit(1)
    charter = applied.charter
    click.secho(f"✓ {charter.id} 第 {charter.version} 版 · version {charter.version}", fg="green")
