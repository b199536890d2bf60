"""Work signed boards out again and compare every digest and every standing: nobody moved the numbers (I5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from zhangfa.charter.model import Text
from zhangfa.publishing.models import DRAFT, Board, Standing
from zhangfa.publishing.standings import Seen, open_standings
from zhangfa.publishing.working import NotReproduced, scored_again
from zhangfa.scores.engine import Result
from zhangfa.scores.gathering import Scored

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of working one board out again."""

    board: Board
    digest: str
    """What came out; the board's own when all is well."""
    faults: tuple[Text, ...]

    @property
    def sound(self) -> bool:
        """Whether everything came out as it was signed."""
        return not self.faults


def signed_boards(
    *, charter: str | None = None, score: str | None = None, period: str | None = None, year: int | None = None
) -> list[Board]:
    """Return the boards ever signed, of one charter, score, period or year (of the period's last day) where told."""
    found = (
        Board.objects.exclude(state=DRAFT)
        .select_related("area")
        .order_by("charter", "score", "until", "area", "edition")
    )
    asked = {"charter": charter, "score": score, "period": period, "until__year": year}
    return list(found.filter(**{name: value for name, value in asked.items() if value is not None}))


def check_boards(
    boards: Sequence[Board], *, threads: int | None = None, progress: Progress | None = None
) -> Iterator[Checked]:
    """Work each board out again from its position of the log, and yield what came of it."""
    for done, board in enumerate(boards, start=1):
        yield check_board(board, threads=threads)
        if progress:
            progress(done, len(boards))


def check_board(board: Board, *, threads: int | None = None) -> Checked:
    """Work a board out again; compare its digest, and what its standings say."""
    try:
        scored = scored_again(board, threads=threads)
    except NotReproduced as fault:
        said = Text(
            f"重新计算的结果是 {fault.found}，签发的是 {board.digest}。",
            f"Working it out again gives {fault.found}, signed was {board.digest}.",
        )
        return Checked(board, fault.found, (said,))
    return Checked(board, scored.scoring.digest, tuple(_moved(board, scored)))


def _moved(board: Board, scored: Scored) -> Iterator[Text]:
    """Yield whose standing is not what comes out."""
    by_id = {scored.whose[code].id: one for code, one in scored.scoring.by_code.items()}
    found = Standing.objects.filter(board=board).select_related("unit", "person", "board").order_by("pk")
    for one in open_standings(found):
        result = by_id.pop(one.standing.unit_id or one.standing.person_id or 0, None)
        if not one.erased and (result is None or _told(one) != _worked(result)):
            yield _say(board, one.code, one.name, _told(one), _worked(result) if result else None)
    for result in by_id.values():
        yield _say(board, result.key.code, result.key.name, None, _worked(result))


Told = tuple[object, ...]


def _told(one: Seen) -> Told:
    return one.status, one.total, one.rank, one.of, one.tier, one.group


def _worked(one: Result) -> Told:
    place = (one.rank.place, one.rank.of) if one.rank else (None, None)
    return one.status, one.rounded, *place, one.tier, one.key.group


def _say(board: Board, code: str, name: str, told: Told | None, worked: Told | None) -> Text:
    """Say it; of a person only the number, never the result."""
    if board.of_people:
        return Text(
            f"人员 {code} 的结果与重新计算的不同。",
            f"The result of person {code} is another one when worked out again.",
        )
    return Text(
        f"{name}：榜上为 {_write(told, '没有')}，重新计算为 {_write(worked, '没有')}。",
        f"{name}: the board says {_write(told, 'nothing')}, worked out again it is {_write(worked, 'nothing')}.",
    )


def _write(row: Told | None, nothing: str) -> str:
    return nothing if row is None else " · ".join(str(one) for one in row if one not in (None, ""))
