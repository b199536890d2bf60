"""How those on a board fared before: the signed boards of earlier periods, as they were signed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from zhangfa.publishing import reading
from zhangfa.publishing.models import LOCKED, SHOWN, Board, Standing
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.seeing import Seen
from zhangfa.scores.exact import plain
from zhangfa.scores.period import read_period

MOST = 8
"""Periods looked back at."""
WIDTH, HEIGHT, EDGE = 72, 22, 4


@dataclass(frozen=True, slots=True)
class Stood:
    """Where somebody stood in one period; no ``place`` for who had no rank."""

    period: str
    place: Decimal | None
    total: Decimal | None
    of: int | None
    status: str


def earlier_boards(seen: Seen) -> list[Board]:
    """Return the newest signed edition of each earlier period, the oldest first."""
    place = seen.place
    rows = Board.objects.filter(
        seen.visible, charter=place.charter.id, score=place.score.id, area=place.area.id, state__in=(SHOWN, LOCKED),
        until__lt=place.period.start,
    ).order_by("-until", "-edition")  # fmt: skip
    newest: dict[str, Board] = {}
    for row in rows[: MOST * 3]:
        newest.setdefault(row.period, row)
    return sorted(newest.values(), key=lambda row: row.until)[-MOST:]


def past_of(seen: Seen, boards: Sequence[Board], codes: Collection[str]) -> Mapping[str, tuple[Stood, ...]]:
    """Return how these keys stood on earlier boards, one entry a board; absent where they were on none."""
    held: dict[str, list[Stood]] = {}
    for board, rows in _standings(seen, boards, codes):
        for row in rows:
            if row.code in codes and not row.erased:
                held.setdefault(row.code, []).append(Stood(board.period, row.rank, row.total, row.of, row.status))
    return {code: tuple(each) for code, each in held.items()}


def _standings(
    seen: Seen, boards: Sequence[Board], codes: Collection[str]
) -> Iterator[tuple[Board, Sequence[reading.Seen]]]:
    """Yield each board with these keys' standings: units at once, people as far as the gate shows them, noted by it."""
    if seen.place.score.of_post:
        for board in boards:
            yield board, reading.visible_standings(board, seen.actor, at=seen.at)
        return
    found = Standing.objects.filter(board__in=boards, unit__code__in=codes).select_related("unit")
    held: dict[int, list[reading.Seen]] = {}
    for row in reading.open_standings(found):
        held.setdefault(row.standing.board_id, []).append(row)
    for board in boards:
        yield board, held.get(board.id, [])


def moved(past: Sequence[Stood], place: Decimal | None) -> Decimal | None:
    """Return how many places somebody came up since the period it was last ranked in; below zero: went down."""
    last = next((one.place for one in reversed(past) if one.place is not None), None)
    return None if last is None or place is None else last - place


def sparkline(past: Sequence[Stood], title: str = "") -> Markup:
    """Draw the ranks of the last periods as a small line, the better the higher; empty for fewer than two."""
    ranked = [(at, one.place) for at, one in enumerate(past) if one.place is not None]
    if len(ranked) < 2:
        return Markup("")
    low, high = min(place for _at, place in ranked), max(place for _at, place in ranked)
    span, steps = (high - low) or Decimal(1), len(past) - 1
    points = [
        (EDGE + (WIDTH - 2 * EDGE) * at / steps, EDGE + float((place - low) / span) * (HEIGHT - 2 * EDGE))
        for at, place in ranked
    ]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    words = title or _("近几期名次：%(places)s") % {"places": _("、").join(plain(place) for _at, place in ranked)}
    last = points[-1]
    return Markup(
        '<svg class="spark" role="img" width="{w}" height="{h}" viewBox="0 0 {w} {h}"><title>{title}</title>'
        '<polyline points="{points}" fill="none"/><circle cx="{x}" cy="{y}" r="2.5"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, title=escape(words), points=drawn, x=f"{last[0]:.1f}", y=f"{last[1]:.1f}")


def period_titles(seen: Seen, ids: Sequence[str]) -> list[str]:
    """Return the periods in short words, such as 2026年第三季度."""
    rules = seen.place
    return [wording.said(read_period(one, rules.score.every, rules.charter.seasons).title) for one in ids]
