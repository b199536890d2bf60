"""``zhangfa import``: units, people, groups, neighbours from Excel or CSV; first what would change, then do it."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhangfa.cli.start import start_django

if TYPE_CHECKING:
    from zhangfa.directory.imports import Plan
    from zhangfa.directory.plan import Kind

SHOWN = 20
"""Changes and problems printed; ``--json`` prints all."""


@click.command()
@click.argument("kind", type=click.Choice(["units", "people", "groups", "beside"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for a program; does not ask.")
def command(kind: Kind, file: Path, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Import units, people (with posts), memberships of groups or which units lie side by side, from .xlsx or CSV.

    Prints what would be added, renamed, moved, closed, joined, left; writes everything or nothing. Ends with 0 when the
    file is in order, 1 when a row of it or the file itself has a problem, 2 on wrong use.

    \b
    Example:
      zhangfa import units villages.xlsx --dry-run
      zhangfa import people staff.csv --yes
      zhangfa import groups alliances.csv --yes
      zhangfa import beside lanes.csv --yes
    """
    start_django()
    from zhangfa.refusal import Refusal

    try:
        with click.progressbar(length=2, label="读取 Reading", show_eta=False, hidden=as_json) as bar:
            plan = _plan(kind, file, bar.update)
        wanted = bool(plan.changes) and not dry_run
        if as_json:
            if wanted:
                _carry_out(plan, quiet=True)
            click.echo(json.dumps(_facts(plan, wanted), ensure_ascii=False, indent=2))
        else:
            _show(plan)
            if wanted and (yes or click.confirm("现在写入吗？ Write it now?", abort=True)):
                _carry_out(plan, quiet=False)
                click.echo("已导入。 Imported.")
        if plan.problems:
            raise SystemExit(1)
    except Refusal as refusal:
        _refuse(refusal, as_json)


def _plan(kind: Kind, file: Path, step: object) -> Plan:
    from zhangfa.directory.imports import plan_import
    from zhangfa.directory.sheet import LARGEST_FILE

    assert callable(step)
    with file.open("rb") as handle:
        data = handle.read(LARGEST_FILE + 1)
    step(1)
    plan = plan_import(kind, data, file.name, at=datetime.now(UTC))
    step(1)
    return plan


def _carry_out(plan: Plan, quiet: bool) -> None:
    from zhangfa.acts.rehoming import rehome_records
    from zhangfa.directory.imports import carry_out
    from zhangfa.log.transaction import write_transaction

    with click.progressbar(length=1, label="写入 Writing", show_eta=False, hidden=quiet) as bar:
        with write_transaction():
            imported = carry_out(plan, by=None, at=datetime.now(UTC), key=f"import:{uuid.uuid4()}")
            rehome_records(imported.moved)
        bar.update(1)


def _facts(plan: Plan, written: bool) -> dict[str, object]:
    return {
        "file": plan.sheet.name,
        "digest": plan.digest,
        "written": written,
        "counts": plan.counts,
        "unchanged": plan.unchanged,
        "changes": [{"line": c.line, "what": c.what, "code": c.code, "zh": c.sentence} for c in plan.changes],
        "problems": [{"line": p.line, "column": p.column, "zh": p.sentence} for p in plan.problems],
    }


def _show(plan: Plan) -> None:
    click.echo(plan.summary)
    _list([f"  {c.line:>6}  {c.sentence}" for c in plan.changes])
    _list([f"  {p.line:>6}  {p.sentence}" for p in plan.problems])
    if plan.problems:
        click.echo("请改正后再导入，没有写入任何内容。 Put these right; nothing was written.")


def _list(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        click.echo(line)
    if len(lines) > SHOWN:
        click.echo(
            f"  … 另有 {len(lines) - SHOWN} 行（--json 全部列出） … and {len(lines) - SHOWN} more (--json lists all)"
        )


def _refuse(refusal: Exception, as_json: bool) -> None:
    sentence, hint = getattr(refusal, "sentence", str(refusal)), getattr(refusal, "hint", "")
    if as_json:
        click.echo(json.dumps({"written": False, "refused": sentence, "hint": hint}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{sentence}{hint}", err=True)
    raise SystemExit(1)
