"""Honours as their pages show them: who holds what since when and why, what lapses soon, what is still missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.words import names_of
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.judging_words import say_way
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.words import say_duration
from zhangfa.directory import tree
from zhangfa.facts.views import NoSuchFacts
from zhangfa.honours import reading, rules
from zhangfa.honours.changes import day_of
from zhangfa.honours.reading import Held, Listed
from zhangfa.publishing.models import LOCKED, Board
from zhangfa.scoreboards.disputes import address_on
from zhangfa.scoreboards.wording import said

SOON = dt.timedelta(days=30)
MOST_UNITS = 200
HOW = {
    "lapsed": lambda: _("已到期"), "withdrawn": lambda: _("已撤销"), "moved": lambda: _("已流转"),
    "lost": lambda: _("不再符合条件"), "renewed": lambda: _("已续授"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One holding in words."""

    held: Held
    title: str
    reason: str
    until: dt.date | None
    """Its last day, where its time is limited."""
    soon: bool
    how: str
    ended_reason: str
    by: str
    board: str
    """Address of the board it rests on, where the reader may open it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One honour in the list."""

    listed: Listed
    title: str
    way: str
    left: int | None
    """How many may still be awarded; None without a quota."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The honours of one charter."""

    charter: Charter
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a unit satisfies a rule now, with the figures that say so."""

    unit: tree.UnitNow
    holds: bool
    figures: tuple[str, ...]
    place: str
    """The village or town it lies in."""


def shelves(actor: Actor, at: dt.datetime) -> list[Shelf]:
    """Return the honours in force that concern the reader, by charter."""
    found = reading.honours_in_force(actor=actor, at=at)
    made = []
    for _id, each in groupby(found, key=lambda one: one.charter.id):
        lines = tuple(_line(one, at) for one in each)
        made.append(Shelf(lines[0].listed.charter, said(lines[0].listed.charter.title), lines))
    return made


def _line(one: Listed, at: dt.datetime) -> Line:
    quota = reading.quota_of(charter=one.charter.id, honour=one.honour.id, at=at) if one.awarding else None
    left = max(quota[0] - quota[1], 0) if quota else None
    return Line(one, said(one.honour.title), said(say_way(one.honour, one.charter)), left)


def find_honour(actor: Actor, charter: str, honour: str, at: dt.datetime) -> Listed | None:
    """Return an honour that concerns the reader; None for absent and denied alike."""
    found = reading.honours_in_force(actor=actor, at=at)
    return next((one for one in found if (one.charter.id, one.honour.id) == (charter, honour)), None)


def rows_of(found: tuple[Held, ...], at: dt.datetime) -> list[Row]:
    """Put holdings into words: names and boards by one query each."""
    boards = Board.objects.filter(pk__in={one.board for one in found if one.board}).select_related("area")
    addresses = {one.pk: address_on(one, "scoreboard") for one in boards}
    names = names_of({one.conferred_by for one in found if one.conferred_by})
    return [_row(one, names.get(one.conferred_by or 0, ""), addresses.get(one.board or 0, ""), at) for one in found]


def _row(one: Held, by: str, board: str, at: dt.datetime) -> Row:
    last = one.until - dt.timedelta(days=1) if one.until else None
    soon = one.is_held and last is not None and last - day_of(at) <= SOON
    how = HOW[one.how]() if one.how else ""
    reason = said(one.ended_reason) if one.ended_reason else ""
    return Row(one, said(one.title), said(one.reason), last, soon, how, reason, by, board)


def mine(actor: Actor, at: dt.datetime) -> tuple[Held, ...]:
    """Return what the reader holds, and the units he has a post at."""
    own = reading.honours_of(actor=actor, at=at, person=actor.person) if actor.person is not None else ()
    units = dict.fromkeys(post.unit.id for post in actor.posts)
    return (*own, *(one for unit in units for one in reading.honours_of(actor=actor, at=at, unit=unit)))


def lapsing(actor: Actor, at: dt.datetime) -> list[Row]:
    """Return what ends within thirty days of what the reader awards, or holds himself."""
    awarded = [
        held
        for one in reading.honours_in_force(actor=actor, at=at)
        if one.awarding
        for held in reading.held(charter=one.charter.id, honour=one.honour.id, actor=actor, at=at)
    ]
    found = {one.id: one for one in (*awarded, *mine(actor, at))}
    return [row for row in rows_of(tuple(found.values()), at) if row.soon]


def standings(actor: Actor, listed: Listed, at: dt.datetime) -> list[Standing] | None:
    """Return how the units within the reader's reach stand by a rule over units; None where there is no such rule."""
    honour = listed.honour
    if honour.by != "rule" or honour.from_ or not honour.over:
        return None
    try:
        verdicts = rules.judge(listed.charter, honour, day_of(at))
    except NoSuchFacts:
        return None
    reach = [post.unit.id for post in actor.posts if post.role in listed.charter.roles]
    units = tree.units(verdicts)
    seen = [one for one in units.values() if any(tree.reaches(top, one.id) for top in reach)]
    made = [_standing(one, verdicts[one.id]) for one in seen]
    return sorted(made, key=lambda one: (not one.holds, one.unit.code))[:MOST_UNITS]


def _standing(unit: tree.UnitNow, verdict: rules.Verdict) -> Standing:
    return Standing(unit, verdict.holds, tuple(map(said, verdict.figures)), _above(unit.id))


def ties_of(actor: Actor, listed: Listed) -> list[str]:
    """Return whom ties left out of the last boards this honour rests on."""
    if not listed.honour.from_:
        return []
    boards = Board.objects.filter(charter=listed.charter.id, score=listed.honour.from_, state=LOCKED)
    last = boards.order_by("-until")[:4].values_list("pk", flat=True)
    notes = [note for board in last for note in reading.notes_of(board=board, actor=actor)]
    return [said(text) for honour, text in notes if honour == listed.honour.id]


def way_of(listed: Listed) -> str:
    """Say how an honour is come by."""
    return said(say_way(listed.honour, listed.charter))


def lasts_of(honour: Honour) -> Text | None:
    """Say how long it is kept; None where nothing limits it."""
    return say_duration(honour.lasts) if honour.lasts else None


def place_words(held: Held) -> str:
    """Say where the holder is: the village of a household, the town of a village, the unit of a person."""
    if held.unit is None:
        return tree.unit(held.place).name
    return _above(held.unit.id)


def _above(unit: int) -> str:
    """Name the village, or of a village the town, that a unit lies in."""
    return next((one.name for one in tree.ancestors(unit) if one.kind in ("village", "town")), "")
