"""Objections as their pages show them: what to decide and by when, what waits for a correction, what became of mine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.words import names_of
from zhangfa.publishing import reading, rights
from zhangfa.publishing.models import OPEN, SHOWN, UPHELD, Board, Objection
from zhangfa.publishing.working import subject_of
from zhangfa.scoreboards.wording import TONES, said, state_words

MOST = 100


@dataclass(frozen=True, slots=True)
class Dispute:
    """One objection in words."""

    id: int
    board: Board
    who: str
    code: str
    score: str
    period: str
    about: str
    """The indicator it is about; empty: the whole."""
    indicator: str
    text: str | None
    """None once it was erased."""
    by: str
    at: dt.datetime
    due: dt.datetime | None
    due_why: str
    state: str
    state_title: str
    tone: str
    reason: str | None
    decided_by: str
    decided_at: dt.datetime | None
    address: str
    why_address: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A board with upheld objections that waits for records to be corrected and a new edition."""

    board: Board
    title: str
    upheld: tuple[Dispute, ...]
    open: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """Everything on the page of objections."""

    open: tuple[Dispute, ...]
    waiting: tuple[Waiting, ...]
    mine: tuple[Dispute, ...]
    decided: tuple[Dispute, ...]
    """Those decided lately on boards the reader signs."""
    decides: bool


def inbox_for(actor: Actor) -> Inbox:
    """Return what the reader has to decide, what waits for him, and what he said himself."""
    held = reading.inbox_of(actor)
    mine = _mine(actor)
    decided = [one for one in _decided(actor) if rights.may_sign(actor, one.board)]
    told = {one.id: one for one in dress([*held, *mine, *decided])}
    open_ = tuple(told[one.pk] for one in held if one.state == OPEN)
    return Inbox(
        open_, tuple(_waiting(held, told)), tuple(told[one.pk] for one in mine), tuple(told[one.pk] for one in decided),
        bool(reading.signing_places(actor)),
    )  # fmt: skip


def _mine(actor: Actor) -> list[Objection]:
    """Return what the reader raised himself, and what was raised for units he speaks for."""
    own = Q(by=actor.person) if actor.person is not None else Q(pk__in=())
    found = _select().filter(own | Q(standing__unit__in={post.unit.id for post in actor.posts})).order_by("-at")[:MOST]
    return [
        one
        for one in found
        if one.by == actor.person or rights.is_scored(actor, one.standing, rights.rules_of(one.board))
    ]


def _select():  # type: ignore[no-untyped-def]
    return Objection.objects.select_related("board__area", "standing__unit", "standing__person")


def _decided(actor: Actor) -> Iterable[Objection]:
    areas = {post.unit.id for post in actor.posts}
    return _select().filter(board__area__in=areas, decided_at__isnull=False).order_by("-decided_at")[:20]


def _waiting(held: Iterable[Objection], told: Mapping[int, Dispute]) -> Iterable[Waiting]:
    boards: dict[int, list[Objection]] = {}
    for one in held:
        boards.setdefault(one.board_id, []).append(one)
    for each in boards.values():
        upheld = tuple(told[one.pk] for one in each if one.state == UPHELD)
        if upheld:
            yield Waiting(each[0].board, board_title(each[0].board), upheld, sum(one.state == OPEN for one in each))


def dress(objections: Iterable[Objection]) -> list[Dispute]:
    """Put objections into words: names by one query for all."""
    held = list({one.pk: one for one in objections}.values())
    people = {one.by for one in held} | {one.decided_by for one in held if one.decided_by}
    names, words = names_of(people), reading.words_of(held)
    return [_dress(one, names, *words[one.pk]) for one in held]


def _dress(one: Objection, names: Mapping[int, str], text: str | None, reason: str | None) -> Dispute:
    subject = subject_of(one.board)
    score = subject.rules.score
    scored = one.standing.unit or one.standing.person
    code = one.standing.unit.code if one.standing.unit else str(one.standing.person_id)
    about = score.indicators.get(one.indicator)
    return Dispute(
        id=one.pk, board=one.board, who=scored.name if scored else "", code=code, score=said(score.title) or score.id,
        period=said(subject.period.title), about=said(about.title) if about else "", indicator=one.indicator,
        text=text, by=names.get(one.by, ""), at=one.at, due=one.due, due_why=one.due_why, state=one.state,
        state_title=state_words(one.state), tone=TONES[one.state], reason=reason,
        decided_by=names.get(one.decided_by or 0, ""), decided_at=one.decided_at,
        address=reverse("objection", args=[one.pk]), why_address=address_on(one.board, "score_why", code),
    )  # fmt: skip


def board_title(board: Board) -> str:
    """Name a board: score, period, place."""
    subject = subject_of(board)
    words = {"score": said(subject.rules.score.title), "period": said(subject.period.title), "area": board.area.name}
    return _("%(score)s · %(period)s · %(area)s") % words


def address_on(board: Board, name: str, *more: str) -> str:
    """Return the address of a page of a board in its own edition."""
    found = reverse(name, args=[board.charter, board.score, board.area.code, board.period, *more])
    return found if board.state != "replaced" else f"{found}?edition={board.edition}"


def find_objection(actor: Actor, id_: int) -> Objection | None:
    """Return an objection the actor may read; None for absent and denied alike."""
    one = _select().filter(pk=id_).first()
    if one is None:
        return None
    if one.by == actor.person:
        return one
    return one if any(each.pk == id_ for each in reading.objections_of(actor, one.board)) else None


def count_open(actor: Actor) -> int:
    """Count the objections the actor has to decide."""
    return sum(one.state == OPEN for one in reading.inbox_of(actor))


def may_revise(actor: Actor, board: Board) -> bool:
    """Whether the actor may put a new edition in this board's place now."""
    states = set(board.objections.values_list("state", flat=True))
    return board.state == SHOWN and UPHELD in states and OPEN not in states and rights.may_sign(actor, board)
