"""Work a board out: as of a position of the log, from locked earlier boards, with the charter versions it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import orjson

from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter
from zhangfa.charter.score_model import Score
from zhangfa.directory import tree
from zhangfa.facts.feed import MIRRORED
from zhangfa.log.canonical import canonical
from zhangfa.log.rows import select_events
from zhangfa.publishing.models import LOCKED, Board
from zhangfa.publishing.rights import Rules
from zhangfa.publishing.subjects import Subject, find_subject, subject_of
from zhangfa.scores.engine import Scoring
from zhangfa.scores.gathering import Scored, score_period
from zhangfa.scores.period import read_period

__all__ = [
    "Earlier", "NotReproduced", "Subject", "find_subject", "forget_kept", "live_scoring", "scored_again", "scored_of",
    "scoring_of", "subject_of", "work_out",
]  # fmt: skip
KEPT = 16
"""Scorings of boards, and as many of running periods, that a process keeps."""


class NotReproduced(Exception):
    """A board cannot be worked out again from its position: other numbers come out, or its charter is not here."""

    def __init__(self, board: Board, found: str) -> None:
        super().__init__(f"board {board.pk} says {board.digest}, and {found} comes out")
        self.board, self.found = board, found


@dataclass
class Earlier(Mapping[tuple[str, str], Sequence[Scoring]]):
    """Locked boards by score and period, worked out when they are asked for; remembers which were."""

    boards: Mapping[tuple[str, str], Sequence[Board]]
    used: set[int] = field(default_factory=set)

    def __getitem__(self, key: tuple[str, str]) -> Sequence[Scoring]:
        """Return the scorings of one earlier score and period."""
        held = self.boards[key]
        self.used |= {one.pk for one in held}
        return tuple(scoring_of(one) for one in held)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Return the scores and periods there are."""
        return iter(self.boards)

    def __len__(self) -> int:
        """Return how many."""
        return len(self.boards)


def work_out(subject: Subject, *, as_of: int | None = None, threads: int | None = None) -> tuple[Scored, str]:
    """Work a subject out with the boards that are locked now; return it with its sources as a board keeps them."""
    earlier = Earlier(_locked_boards(subject))
    others = _others(subject)
    scored = _score(subject, as_of, earlier, others, threads)
    versions = {one.id: one.version for one in others.values()}
    return scored, canonical({"boards": sorted(earlier.used), "charters": versions})


def scored_again(board: Board, *, threads: int | None = None) -> Scored:
    """Work a board out again from its position and sources, whatever happened since.

    Raises:
        NotReproduced: anything else comes out.
    """
    subject = subject_of(board)
    if subject.rules.charter.digest != board.charter_digest:
        raise NotReproduced(board, f"charter {subject.rules.charter.digest}")
    sources = orjson.loads(board.sources)
    earlier = Earlier(_by_period(Board.objects.filter(pk__in=sources.get("boards", ()))))
    others = {id_: charters.at_version(id_, version) for id_, version in sources.get("charters", {}).items()}
    scored = _score(subject, board.position, earlier, others, threads)
    if scored.scoring.digest != board.digest:
        raise NotReproduced(board, scored.scoring.digest)
    return scored


def scored_of(board: Board) -> Scored:
    """Return a board worked out from its position; kept in this process under its digest.

    Raises:
        NotReproduced: it does not come out as it says.
    """
    return _kept(board.pk, board.digest, board.position)


def scoring_of(board: Board) -> Scoring:
    """Return the scoring of a board, as :func:`scored_of`."""
    return scored_of(board).scoring


@lru_cache(maxsize=KEPT)
def _kept(board: int, _digest: str, _position: int) -> Scored:
    return scored_again(Board.objects.get(pk=board))


def live_scoring(
    *, charter: str, score: str, period: str, area: int, at: dt.datetime, as_of: int | None = None
) -> Scored:
    """Work a score out as it stands now, the running period too; kept until something is written that could count.

    Raises:
        LookupError: there is no such published score, period or unit.
    """
    subject = find_subject(charter=charter, score=score, period=period, area=area, at=at)
    if subject is None:
        raise LookupError(f"there is no {charter}.{score} of {period} at {area}")
    rules = subject.rules
    return _live(
        rules.charter.id,
        rules.charter.version,
        rules.charter.digest,
        score,
        period,
        area,
        _mark() if as_of is None else as_of,
    )


@lru_cache(maxsize=KEPT)
def _live(
    charter: str, version: int, _digest: str, score: str, period: str, area: int, mark: int | tuple[int, int]
) -> Scored:
    held = charters.at_version(charter, version)
    one = held.scores[score]
    assert one.publish is not None
    when = read_period(period, one.every, held.seasons)
    subject = Subject(Rules(held, one, one.publish), when, area)
    return work_out(subject, as_of=mark if isinstance(mark, int) else None)[0]


def _mark() -> tuple[int, int]:
    """Return how far the log reaches with what can change a score: the last sealed position, and the last written."""
    told = ", ".join(f"'{one}'" for one in sorted(MIRRORED | {"calendar", "charter", "honour", "score"}))
    sealed = select_events(f"WHERE position IS NOT NULL AND kind IN ({told}) ORDER BY position DESC LIMIT 1", [])
    written = select_events(f"WHERE kind IN ({told}) ORDER BY seq DESC LIMIT 1", [])
    return (sealed[0].position or 0 if sealed else -1), (written[0].seq if written else -1)


def forget_kept() -> None:
    """Let go of every scoring this process keeps."""
    _kept.cache_clear()
    _live.cache_clear()


def _score(
    subject: Subject, as_of: int | None, earlier: Earlier, others: Mapping[str, Charter], threads: int | None
) -> Scored:
    rules = subject.rules
    return score_period(
        charter=rules.charter, score=rules.score, period=subject.period, as_of=as_of, threads=threads, others=others,
        within=subject.area, locked=earlier,
    )  # fmt: skip


def _locked_boards(subject: Subject) -> Mapping[tuple[str, str], Sequence[Board]]:
    """Return the locked boards of this charter within the period whose area holds the subject's, or lies in it."""
    if not any(one.from_ == "score" for one in subject.rules.score.indicators.values()):
        return {}
    found = Board.objects.filter(
        charter=subject.rules.charter.id, state=LOCKED, since__gte=subject.period.start, until__lte=subject.period.end
    ).exclude(score=subject.rules.score.id)
    near = [one for one in found if tree.reaches(one.area_id, subject.area) or tree.reaches(subject.area, one.area_id)]
    return {key: _once_each(boards, subject.area) for key, boards in _by_period(near).items()}


def _once_each(boards: Sequence[Board], area: int) -> Sequence[Board]:
    """Return the boards that speak of everybody once: that of the very area, else those no other one holds."""
    own = [one for one in boards if one.area_id == area]
    held = {one.area_id for one in boards}
    return own or [one for one in boards if not any(tree.reaches(each, one.area_id) for each in held - {one.area_id})]


def _by_period(boards: Iterable[Board]) -> Mapping[tuple[str, str], Sequence[Board]]:
    found: dict[tuple[str, str], list[Board]] = {}
    for one in sorted(boards, key=lambda one: one.pk):
        found.setdefault((one.score, one.period), []).append(one)
    return found


def _others(subject: Subject) -> Mapping[str, Charter]:
    """Return the other charters whose registers this charter's scores read, as in force at the period's end."""
    names = {name for score in subject.rules.charter.scores.values() for name in _other_charters(score)}
    found: dict[str, Charter] = {}
    for name in sorted(names - {subject.rules.charter.id}):
        try:
            found[name] = charters.current(name, subject.period.end)
        except charters.UnknownCharter:
            found[name] = charters.current(name)
    return found


def _other_charters(score: Score) -> Iterator[str]:
    for one in score.indicators.values():
        other, _, _register = one.from_.rpartition(".")
        if other:
            yield other
