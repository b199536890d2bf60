"""What ``zhangfa score`` does with boards: list, draft, sign, and work out again what was signed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from zhangfa.cli.progress import show_progress
from zhangfa.cli.tables import align

if TYPE_CHECKING:
    from zhangfa.acts.actor import Actor
    from zhangfa.publishing.models import Board
    from zhangfa.publishing.verify import Checked

SHANGHAI = ZoneInfo("Asia/Shanghai")
STATES = {"draft": "草稿", "shown": "公示中", "locked": "已锁定", "replaced": "已被更正"}


def mirror_anew() -> None:
    """Throw the columnar mirror away and make it from the first event of the log."""
    from zhangfa.facts.mirror import rebuild

    made = rebuild(at=dt.datetime.now(dt.UTC))
    zh, en = (
        f"已从日志第一条重建台账镜像（至 {made.position}）",
        f"Made the mirror anew from the log, up to {made.position}",
    )
    click.echo(f"{zh}。 {en}.")


def verify_boards(
    *, charter: str | None, score: str | None, period: str | None, year: int | None, threads: int | None = None
) -> bool:
    """Work the signed boards out again, say what came of each, and return whether all are sound."""
    from zhangfa.publishing.verify import check_boards, signed_boards

    boards = signed_boards(charter=charter, score=score, period=period, year=year)
    with show_progress("重算 / working out again") as progress:
        found = list(check_boards(boards, threads=threads, progress=progress))
    for one in found:
        _say(one)
    wrong = sum(not one.sound for one in found)
    zh = f"重算 {len(found)} 张考核榜：" + (f"{wrong} 张不一致" if wrong else "全部一致")
    en = f"{len(found)} boards worked out again: " + (f"{wrong} NOT the same" if wrong else "all the same")
    click.echo(click.style(f"{zh}。 {en}.", fg="red" if wrong else "green"))
    return not wrong


def _say(one: Checked) -> None:
    words = ("一致", "same", "green") if one.sound else ("不一致", "NOT the same", "red")
    head = f"{_name(one.board)} · {one.board.digest[:16]} · {one.board.position}"
    click.echo(f"{head} · " + click.style(f"{words[0]} {words[1]}", fg=words[2]))
    for fault in one.faults:
        click.echo(f"  {fault.zh}\n  {fault.en}")


def _name(board: Board) -> str:
    return f"{board.charter}.{board.score} · {board.period} · {board.area.name} · {board.edition}"


def list_boards(*, charter: str | None, score: str | None, period: str | None, year: int | None) -> None:
    """Print the boards that stand, drafts among them."""
    from zhangfa.publishing.models import Board

    asked = {"charter": charter, "score": score, "period": period, "until__year": year}
    found = Board.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    rows = [["编号 board", "考核 score", "周期", "单位", "版", "状态 state", "异议截止 until", "SHA-256"]]
    rows += [
        [
            str(one.pk), f"{one.charter}.{one.score}", one.period, one.area.name, str(one.edition),
            f"{STATES[one.state]} {one.state}", _day(one.objections_until), one.digest,
        ]
        for one in found.select_related("area").order_by("charter", "score", "until", "area", "edition")
    ]  # fmt: skip
    click.echo(align(rows))


def _day(moment: dt.datetime | None) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat() if moment else "–"


def draft_one(*, charter: str, score: str, period: str, area: str, by: str) -> None:
    """Draft a board as a person, and print what signing it takes."""
    from zhangfa.directory import tree
    from zhangfa.publishing.engine import draft_board
    from zhangfa.refusal import Refusal

    unit, at = tree.unit_by_code(area), dt.datetime.now(dt.UTC)
    if unit is None:
        raise click.BadParameter(f"没有编码为“{area}”的单位。 There is no unit {area!r}.", param_hint="--area")
    try:
        board = draft_board(
            charter=charter, score=score, period=period, area=unit.id, by=_actor(by, at), at=at, key=_key()
        )
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.sentence}{refusal.hint}")
    click.echo(f"{_name(board)} · {board.position}")
    click.echo(f"zhangfa score sign {board.pk} --digest {board.digest} --by {by}")


def sign_one(*, board: int, digest: str, by: str) -> None:
    """Sign a board as a person."""
    from zhangfa.publishing.engine import sign_board
    from zhangfa.refusal import Refusal

    at = dt.datetime.now(dt.UTC)
    try:
        signed = sign_board(board=board, digest=digest, by=_actor(by, at), at=at, key=_key())
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.sentence}{refusal.hint}")
    click.echo(f"{_name(signed)} · {STATES[signed.state]} {signed.state} · {_day(signed.objections_until)}")


def _actor(code: str, at: dt.datetime) -> Actor:
    from zhangfa.acts.actor import actor_of
    from zhangfa.directory.models import Person

    found = Person.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise click.BadParameter(f"没有工号为“{code}”的人员。 There is no person {code!r}.", param_hint="--by")
    return actor_of(found, at.astimezone(SHANGHAI).date())


def _key() -> str:
    return f"cli-{uuid.uuid4()}"
