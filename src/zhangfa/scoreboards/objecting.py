"""Objections as the pages of a result show them: until when one may object, and what was said and decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhangfa.log.canonical import canonical
from zhangfa.publishing import reading, rights
from zhangfa.publishing.models import SHOWN, Objection
from zhangfa.scoreboards import wording
from zhangfa.scoreboards.seeing import Seen


@dataclass(frozen=True, slots=True)
class Until:
    """How long the reader may object, and how that was reckoned."""

    due: dt.datetime
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """One objection as its reader may see it."""

    title: str
    """The indicator it is about; empty: the whole."""
    text: str | None
    """None once it was erased."""
    at: dt.datetime
    due: dt.datetime | None
    due_why: str
    state: str
    state_title: str
    tone: str
    reason: str | None
    decided_at: dt.datetime | None


def time_to_object(seen: Seen, code: str) -> Until | None:
    """Return until when the reader may object to this standing; None where he may not."""
    standing = seen.standings.get(code)
    if seen.board is None or standing is None or seen.board.state != SHOWN:
        return None
    found = reading.may_object(seen.actor, seen.board, standing, seen.at)
    return Until(found.due, canonical(found.to_json())) if found is not None else None


def objections_on(seen: Seen, code: str) -> list[Said]:
    """Return the objections to a standing, for whoever signs and for those who speak for who stands there."""
    standing = seen.standings.get(code)
    if standing is None or not (seen.signs or rights.is_scored(seen.actor, standing, rights.rules_of(seen.board))):
        return []
    found = Objection.objects.filter(standing=standing).order_by("at")
    return [_said(seen, one) for one in found]


def _said(seen: Seen, one: Objection) -> Said:
    about = seen.place.score.indicators.get(one.indicator)
    text, reason = reading.objection_words(one)
    return Said(
        title=wording.said(about.title) if about else "", text=text, at=one.at, due=one.due, due_why=one.due_why,
        state=one.state, state_title=wording.state_words(one.state), tone=wording.TONES[one.state], reason=reason,
        decided_at=one.decided_at,
    )  # fmt: skip
