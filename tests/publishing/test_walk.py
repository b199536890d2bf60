"""Anybody does anything at any time: whatever comes of it, rows equal the log and every board comes out again."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from tests.publishing.county import PEOPLE, QUARTER, County

from zhangfa.publishing.clock import tick
from zhangfa.publishing.models import OPEN, REPLACED, UPHELD, Board, Objection
from zhangfa.publishing.replay import differences
from zhangfa.publishing.verify import check_boards, signed_boards
from zhangfa.refusal import Refusal

VERBS = ("draft", "sign", "object", "decide", "revise", "correct", "wait")


class Walk:
    """Draws verbs, people and boards by lot; the likely ones more often."""

    def __init__(self, county: County, seed: int) -> None:
        self.county, self.chance = county, random.Random(seed)
        self.done: dict[str, int] = dict.fromkeys(VERBS, 0)

    def step(self) -> None:
        """Do one thing, or be refused."""
        verb = self.chance.choice(VERBS)
        try:
            getattr(self, f"_{verb}")()
            self.done[verb] += 1
        except Refusal:
            pass

    def _who(self, *likely: str) -> str:
        return self.chance.choice(likely if self.chance.random() < 0.7 else tuple(PEOPLE))

    def _board(self) -> Board:
        boards = list(Board.objects.order_by("pk"))
        if not boards:
            self._draft()
            boards = list(Board.objects.order_by("pk"))
        return self.chance.choice(boards)

    def _draft(self) -> None:
        if self.chance.random() < 0.5:
            self.county.draft(self._who("chair"))
        else:
            self.county.draft(self._who("org"), **QUARTER)

    def _sign(self) -> None:
        board = self._board()
        self.county.sign(board, self._who("org" if board.of_people else "chair"))

    def _object(self) -> None:
        board = self._board()
        scored = ("li", "zhou", "wang") if board.of_people else ("yushan", "huji", "mamiao")
        whose = self.chance.choice(scored)
        if board.standings.exists():
            self.county.object(board, whose, self._who(whose if board.of_people else f"w-{whose}"))

    def _decide(self) -> None:
        waiting = list(Objection.objects.filter(state=OPEN).order_by("pk"))
        if waiting:
            self.county.decide(
                self.chance.choice(waiting), upheld=self.chance.random() < 0.7, by=self._who("chair", "org")
            )

    def _revise(self) -> None:
        board = self._board()
        self.county.revise(board, self._who("org" if board.of_people else "chair"))

    def _correct(self) -> None:
        self.county.supervise(self.chance.choice(("yushan", "huji", "mamiao")), self.chance.randrange(60, 100))

    def _wait(self) -> None:
        self.county.now += dt.timedelta(hours=self.chance.choice((1, 5, 30, 60)))
        tick(at=self.county.now)


@pytest.mark.parametrize("seed", [6, 8, 10])
def test_whatever_is_done_the_log_says_the_same(county: County, seed: int) -> None:
    walk = Walk(county, seed)
    county.sign(county.draft())
    for _ in range(80):
        walk.step()
    assert [str(one) for one in differences()] == []
    assert [one.board.pk for one in check_boards(signed_boards()) if not one.sound] == []

    assert all(walk.done[verb] for verb in ("sign", "object", "decide", "revise"))
    for board in Board.objects.exclude(state=REPLACED):
        assert board.state != "locked" or not board.objections.filter(state__in=(OPEN, UPHELD)).exists()
    later = Board.objects.filter(edition__gt=1)
    assert all(Board.objects.get(score=one.score, edition=one.edition - 1).state == REPLACED for one in later)
