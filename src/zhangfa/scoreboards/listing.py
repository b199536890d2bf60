"""The boards of the index: by score, the newest period first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhangfa.acts.actor import Actor
from zhangfa.acts.naming import SHANGHAI
from zhangfa.publishing import reading
from zhangfa.publishing.models import Board
from zhangfa.scoreboards import wording
from zhangfa.scores.period import MONTHS, Period, period_of, read_period

FEW = 8
"""Boards of a score shown at once; of more, those of the newest period."""
MOST = 60
"""Boards listed of one score; older ones are reached from the newest by their periods."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One board of the index."""

    board: Board
    period: str
    state: str
    tone: str

    @property
    def address(self) -> tuple[str, str, str, str]:
        """What stands in the address of its page."""
        return self.board.charter, self.board.score, self.board.area.code, self.board.period


@dataclass(frozen=True, slots=True)
class Scheme:
    """One score with the boards the reader may see."""

    charter: str
    title: str
    lines: tuple[BoardLine, ...]
    older: tuple[BoardLine, ...]
    """Those of earlier periods, where there are many."""
    more: int


@dataclass(frozen=True, slots=True)
class Running:
    """A period that is under way, at a place where the reader signs."""

    title: str
    area: str
    period: str
    address: tuple[str, str, str, str]


def schemes_of(actor: Actor) -> list[Scheme]:
    """Return the scores with boards, in the order of their charters."""
    return [_scheme(one) for one in reading.boards_of(actor)]


def _scheme(one: reading.OfScore) -> Scheme:
    lines = tuple(
        BoardLine(board, wording.said(_period(one, board).title), wording.state_words(board.state),
                  wording.TONES[board.state])
        for board in one.boards[:MOST]
    )  # fmt: skip
    more = max(0, len(one.boards) - MOST)
    newest = sum(line.board.period == lines[0].board.period for line in lines) if lines else 0
    recent = lines[: max(newest, FEW)]
    title, charter = wording.said(one.score.title), wording.said(one.charter.title)
    return Scheme(charter, title, recent, lines[len(recent) :], more)


def _period(one: reading.OfScore, board: Board) -> Period:
    return read_period(board.period, board.every, one.charter.seasons)


def running_of(actor: Actor, at: dt.datetime) -> list[Running]:
    """Return the periods under way at the places where the reader signs."""
    today = at.astimezone(SHANGHAI).date()
    found = []
    for place in reading.signing_places(actor):
        if place.score.every in MONTHS:
            period = period_of(today, place.score.every)
            address = (place.charter.id, place.score.id, place.area.code, period.id)
            title = wording.said(place.score.title)
            found.append(Running(title, place.area.name, wording.said(period.title), address))
    return found
