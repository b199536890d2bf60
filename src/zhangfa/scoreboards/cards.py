"""One's own standings as cards: rank, total, movement, the last periods, and how long one may object."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from zhangfa.acts.actor import Actor
from zhangfa.desk.my_scores import MyScore, my_scores
from zhangfa.log.canonical import canonical
from zhangfa.publishing import reading
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.past import Stood, sparkline


@dataclass(frozen=True, slots=True)
class Card:
    """One standing in words."""

    title: str
    whose: str
    period: str
    rank: str
    of: int | None
    status: str
    total: str
    tier: str
    state: str
    tone: str
    moved: Decimal | None
    moved_words: str
    spark: Markup
    address: tuple[str, str, str, str, str]
    due: dt.datetime | None
    due_why: str


def cards_of(actor: Actor, at: dt.datetime) -> list[Card]:
    """Return the reader's own standings, the newest first."""
    return [_card(one, actor, at) for one in my_scores(actor)]


def _card(one: MyScore, actor: Actor, at: dt.datetime) -> Card:
    now, board = one.now, one.board
    tier = next((tier for tier in one.score.tiers if tier.id == now.tier), None)
    until = reading.may_object(actor, board, now.standing, at)
    line = [Stood("", each.rank, each.total, each.of, each.status) for each in (*reversed(one.before), now)]
    return Card(
        title=wording.said(one.score.title), whose=now.name, period=wording.said(one.period.title),
        rank=wording.number(now.rank) if now.rank is not None else "", of=now.of,
        status=wording.status_of(now.status), total=wording.number(now.total, one.score.precision),
        tier=wording.said(tier.title) if tier else "", state=wording.state_words(board.state),
        tone=wording.TONES[board.state], moved=one.moved, moved_words=wording.moved_words(one.moved),
        spark=sparkline(line[-8:]), address=one.address, due=until.due if until else None,
        due_why=canonical(until.to_json()) if until else "",
    )  # fmt: skip
