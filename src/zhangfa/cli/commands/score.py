"""``zhangfa score``: work a score out from the log's facts, and make one again to see that nobody moved the numbers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhangfa.cli.boards import draft_one, list_boards, mirror_anew, sign_one, verify_boards
from zhangfa.cli.engines import Engine, counting_with
from zhangfa.cli.scorings import Look, choose_period, choose_score, looking, show
from zhangfa.cli.start import start_django

if TYPE_CHECKING:
    from zhangfa.charter.model import Charter
    from zhangfa.charter.score_model import Score
    from zhangfa.scores.gathering import Scored
    from zhangfa.scores.period import Period

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Work scores out from the facts in the log, and verify them.

    \b
    Example:
      zhangfa score compute beautiful-courtyard --score town-quarter --period 2026-Q3 --json > q3.json
      zhangfa score verify q3.json
      zhangfa score verify --year 2026
      zhangfa score compute beautiful-courtyard --score town-quarter --period 2026-Q3 --weight rate=30 --without daily
    """


@command.command()
@click.argument("charter")
@click.option("--score", "name", help="Which score of the charter; not needed where it has one.")
@click.option("--period", required=True, help="2026-09, 2026-Q3, 2026-H1, 2026 or the id of a season.")
@click.option("--as-of", type=click.IntRange(0), help="Count the log up to this position only.")
@click.option("--engine", type=Engine(), help="Who counts the facts: duckdb, spark, or spark=MASTER of a cluster.")
@looking
@click.option("--json", "as_json", is_flag=True, help="Print everything for a program, and for `verify`.")
def compute(
    charter: str, name: str | None, period: str, as_of: int | None, engine: str | None, as_json: bool, **look: Any
) -> None:
    """Work out a score of CHARTER, an id in force or a file, from everything written so far."""
    start_django()
    rules = _find_charter(charter)
    score = choose_score(rules, name)
    when = choose_period(rules, score, period)
    scored = _score(rules, score, when, as_of, engine)
    if as_json:
        click.echo(json.dumps(_facts(rules, scored, when), ensure_ascii=False, indent=2))
    else:
        waiting = f"，另有 {scored.unsealed} 条未封存 · {scored.unsealed} not sealed" if scored.unsealed else ""
        show(scored.scoring, when, Look(**look), f"截至 as of {scored.position}{waiting} · ")


@command.command()
@click.argument("file", type=FILE, required=False)
@click.option("--charter", help="Only boards of this charter; with FILE the charter's file, where it is not held here.")
@click.option("--score", "name", help="Only boards of this score.")
@click.option("--period", help="Only boards of this period.")
@click.option("--year", type=int, help="Only boards of periods that end in this year.")
@click.option("--threads", type=click.IntRange(1), help="Threads of the columnar engine; the result is the same.")
@click.option("--from-log", is_flag=True, help="First make the columnar mirror anew from the log, trusting no file.")
def verify(
    file: Path | None,
    charter: str | None,
    name: str | None,
    period: str | None,
    year: int | None,
    threads: int | None,
    from_log: bool,
) -> None:
    """Work out again every signed board, or what FILE (made by `compute --json`) says, from its position of the log.

    Compares digests, and each standing with the table. Ends with 0 when every byte is the same, 1 when not, 2 on
    wrong use.

    \b
    Example:
      zhangfa score verify --year 2026 --from-log
    """
    start_django()
    if from_log:
        mirror_anew()
    if file is None:
        sys.exit(0 if verify_boards(charter=charter, score=name, period=period, year=year, threads=threads) else 1)
    said = _read_result(file)
    rules = _find_version(said["charter"], said["charter_digest"], Path(charter) if charter else None)
    score = choose_score(rules, said["score"])
    scored = _score(rules, score, choose_period(rules, score, said["period"]["id"]), said["position"])
    same = scored.scoring.digest == said["digest"]
    words = ("一致", "the same") if same else ("不一致", "NOT the same")
    colour = "green" if same else "red"
    click.echo(click.style(f"{words[0]}。 It is {words[1]}.", fg=colour))
    click.echo(f"文件 file   {said['digest']}\n重算 again  {scored.scoring.digest}")
    sys.exit(0 if same else 1)


@command.command()
@click.option("--charter", help="Only of this charter.")
@click.option("--score", "name", help="Only of this score.")
@click.option("--period", help="Only of this period.")
@click.option("--year", type=int, help="Only of periods that end in this year.")
def boards(charter: str | None, name: str | None, period: str | None, year: int | None) -> None:
    """List the boards: what of, where, in which edition and state, until when one may object."""
    start_django()
    list_boards(charter=charter, score=name, period=period, year=year)


@command.command()
@click.argument("charter")
@click.option("--score", "name", help="Which score of the charter; not needed where it has one.")
@click.option("--period", required=True, help="2026-09, 2026-Q3, 2026-H1, 2026 or the id of a season.")
@click.option("--area", required=True, help="Code of the unit at which it is signed.")
@click.option("--by", required=True, help="Staff number of who drafts it: a holder of the signing post there.")
def draft(charter: str, name: str | None, period: str, area: str, by: str) -> None:
    """Draft a board of CHARTER for a period that is over; signing it takes its digest."""
    start_django()
    rules = _find_charter(charter)
    draft_one(charter=rules.id, score=choose_score(rules, name).id, period=period, area=area, by=by)


@command.command()
@click.argument("board", type=int)
@click.option("--digest", required=True, help="SHA-256 of what was seen, as `draft` and `boards` print it.")
@click.option("--by", required=True, help="Staff number of who signs.")
def sign(board: int, digest: str, by: str) -> None:
    """Sign the draft BOARD off: those scored are shown it, and told."""
    start_django()
    sign_one(board=board, digest=digest, by=by)


def _find_charter(word: str) -> Charter:
    from zhangfa.charter.engine import UnknownCharter, current

    if Path(word).is_file():
        return _load(Path(word))
    try:
        return current(word)
    except UnknownCharter:
        raise click.BadParameter(f"没有生效的章程“{word}”。 No charter {word!r} is in force.", param_hint="CHARTER")


def _load(path: Path) -> Charter:
    from zhangfa.charter.load import load_file
    from zhangfa.cli.commands.check import print_problems

    loaded = load_file(path)
    if loaded.charter is None:
        print_problems(path, loaded.problems, "both")
        sys.exit(1)
    return loaded.charter


def _find_version(name: str, digest: str, file: Path | None) -> Charter:
    from zhangfa.charter.engine import versions

    held = [_load(file)] if file else [one for one in versions(name) if one.digest == digest]
    found = next((one for one in held if one.digest == digest), None)
    if found is None:
        sentence = f"这里没有这一版章程“{name}”。 This version of {name!r} is not here: give its file with --charter."
        raise click.UsageError(sentence)
    return found


def _score(charter: Charter, score: Score, when: Period, as_of: int | None, engine: str | None = None) -> Scored:
    from zhangfa.expression.render import Unrenderable
    from zhangfa.facts.query import NotSealed
    from zhangfa.facts.views import NoSuchFacts
    from zhangfa.scores.gathering import score_period

    try:
        with counting_with(engine) as counter:
            return score_period(charter=charter, score=score, period=when, as_of=as_of, counter=counter)
    except (NotSealed, NoSuchFacts, Unrenderable) as fault:
        raise click.ClickException(f"算不出来：{fault}。 It cannot be worked out: {fault}.")


def _facts(charter: Charter, scored: Scored, when: Period) -> dict[str, Any]:
    from zhangfa.scores.listing import as_json

    head = {"charter": charter.id, "charter_version": charter.version, "charter_digest": charter.digest}
    return {**head, "position": scored.position, "unsealed": scored.unsealed, **as_json(scored.scoring, when)}


def _read_result(file: Path) -> dict[str, Any]:
    needed = {"charter", "charter_digest", "score", "period", "position", "digest"}
    try:
        said = json.loads(file.read_bytes())
    except ValueError:
        said = None
    if not isinstance(said, dict) or not needed <= set(said) or not isinstance(said["period"], dict):
        raise click.UsageError("这不是 score compute --json 的结果。 This is no result of `score compute --json`.")
    if said.get("unsealed"):
        zh, en = "当时还有未封存的事件，无法核对", "It counted events that were not sealed: seal, and compute it again"
        raise click.UsageError(f"{zh}。 {en}.")
    return said
