"""The lines of a scoreboard: one unit or person each, with all that stands beside its rank."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from zhangfa.directory.models import Unit
from zhangfa.publishing.models import Board
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.past import Stood, moved, past_of, sparkline
from zhangfa.scoreboards.seeing import Seen
from zhangfa.scores.engine import Result
from zhangfa.scores.why import contributions

PAGE = 100
"""Lines on one page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One unit or person on a board."""

    result: Result
    name: str
    seat: str
    """For people: the unit at which they hold the post."""
    rank: str
    tied: bool
    total: str
    tier: str
    status: str
    """A word in place of the rank; empty for who has one."""
    moved: Decimal | None
    moved_words: str
    spark: Markup
    parts: Mapping[str, Decimal | None]
    """What each indicator puts into the total."""
    own: bool
    """Whether it is the reader's own."""

    @property
    def code(self) -> str:
        """The code in its address."""
        return self.result.key.code


@dataclass(frozen=True, slots=True)
class Group:
    """Those ranked together."""

    code: str
    title: str
    lines: tuple[Line, ...]


def lines_of(seen: Seen, results: Sequence[Result], boards: Sequence[Board], own: Collection[str]) -> list[Line]:
    """Dress results in words, with their past."""
    past = past_of(seen, boards, {one.key.code for one in results})
    return [_line(seen, one, past.get(one.key.code, ()), own) for one in results]


def _line(seen: Seen, result: Result, past: tuple[Stood, ...], own: Collection[str]) -> Line:
    score, place = seen.place.score, result.rank.place if result.rank else None
    tier = next((one for one in score.tiers if one.id == result.tier), None)
    change = moved(past, place)
    now = Stood(seen.place.period.id, place, result.rounded, result.rank.of if result.rank else None, result.status)
    return Line(
        result=result, name=result.key.name, seat=seen.seats.get(result.key.code, ""),
        rank=wording.number(place) if place is not None else "",
        tied=bool(result.rank and result.rank.tied > 1), total=wording.total_words(score, result),
        tier=wording.said(tier.title) if tier else "", status=wording.status_words(result), moved=change,
        moved_words=wording.moved_words(change), spark=sparkline([*past, now]),
        parts=contributions(seen.scoring, result.key.code), own=result.key.code in own,
    )  # fmt: skip


def groups_of(lines: Sequence[Line]) -> Iterator[Group]:
    """Yield the lines by those ranked together, with the name of the unit they are ranked in."""
    held: dict[str, list[Line]] = {}
    for line in lines:
        held.setdefault(line.result.key.group, []).append(line)
    titles = group_titles(held)
    for code, each in held.items():
        yield Group(code, titles[code], tuple(each))


def group_titles(codes: Collection[str]) -> Mapping[str, str]:
    """Say who is ranked together: the unit's name, and the group of peers where there is one."""
    split = {code: code.partition(" / ") for code in codes}
    names = dict(Unit.objects.filter(code__in=[above for above, _, _ in split.values()]).values_list("code", "name"))
    return {
        code: " · ".join(part for part in (names.get(above, above), peers) if part)
        for code, (above, _, peers) in split.items()
    }


def group_title(code: str) -> str:
    """Say who is ranked together in one group."""
    return group_titles([code])[code]
