"""Look at honours: who holds what since when and why, who may give and take. Everything passes ``rights``.

Reading what another person holds is logged, once for each reader and holding in ten minutes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from django.db.models import Count, Q, QuerySet

from zhangfa.acts.actor import Actor
from zhangfa.charter import engine as charters
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import Charter, Text
from zhangfa.directory import tree
from zhangfa.directory.models import Person, Post, Unit
from zhangfa.directory.tree import UnitNow
from zhangfa.honours import says
from zhangfa.honours.awarding import rules_of
from zhangfa.honours.changes import day_of
from zhangfa.honours.held import Content, contents_of, current_of
from zhangfa.honours.models import Conferral, Holding
from zhangfa.honours.pools import above_each
from zhangfa.honours.rights import below, may_give, may_read, may_take_back, places_of, visible
from zhangfa.log.append import append_event
from zhangfa.log.models import Event
from zhangfa.log.transaction import write_transaction
from zhangfa.publishing.models import Board
from zhangfa.publishing.rights import may_see_board

EVERY = 600
MOST = 500
"""Holdings returned at once."""


@dataclass(frozen=True, slots=True)
class Held:
    """A holding in the clear."""

    id: int
    charter: Charter
    honour: str
    title: Text
    """With the grade."""
    grade: str
    unit: UnitNow | None
    person: Person | None
    place: int
    since: dt.date
    until: dt.date | None
    """First day without it, where its time is limited."""
    ended: dt.date | None
    how: str
    reason: Text
    ended_reason: Text | None
    period: str
    board: int | None
    conferred_by: int | None
    erased: bool = False
    """Its key was destroyed: nothing of it can be read."""
    may_withdraw: bool = False

    @property
    def name(self) -> str:
        """The holder's name."""
        one = self.unit or self.person
        return one.name if one is not None else ""

    @property
    def is_held(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None


@dataclass(frozen=True, slots=True)
class Listed:
    """An honour of a charter in force, as a list shows it."""

    charter: Charter
    honour: Honour
    holders: int | None
    """How many hold it that one may see; None of people."""
    awarding: tuple[UnitNow, ...]
    """Where one awards it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody an honour may be awarded to."""

    id: int
    name: str
    place: int


def honours_of(
    *, actor: Actor, at: dt.datetime, unit: int | None = None, person: int | None = None, history: bool = False
) -> tuple[Held, ...]:
    """Return what a unit or a person holds (or ever held) that the actor may see, the newest first."""
    whose = Q(unit=unit) if unit is not None else Q(person=person)
    return _seen(Holding.objects.filter(whose), actor, at, history=history)


def held(
    *, charter: str, honour: str, actor: Actor, at: dt.datetime, history: bool = False, below_unit: int | None = None
) -> tuple[Held, ...]:
    """Return who holds (or ever held) an honour that the actor may see, the newest first."""
    rows = Holding.objects.filter(charter=charter, honour__in=(honour, ""))
    if below_unit is not None:
        rows = rows.filter(below([tree.unit(below_unit)], "place"))
    return tuple(one for one in _seen(rows, actor, at, history=history) if one.honour == honour)


def find_held(*, holding: int, actor: Actor, at: dt.datetime) -> Held | None:
    """Return one holding; None for absent and denied alike."""
    return next(iter(_seen(Holding.objects.filter(pk=holding), actor, at, history=True)), None)


def _seen(rows: QuerySet[Holding], actor: Actor, at: dt.datetime, *, history: bool) -> tuple[Held, ...]:
    rows = rows.filter(visible(actor)) if history else rows.filter(visible(actor), ended=None)
    found = list(rows.select_related("person").order_by("-since", "-pk")[:MOST])
    contents = contents_of(found)
    tree.units(one.place_id for one in found)
    seen = [made for one in found if (made := _opened(one, contents[one.pk], actor, at)) is not None]
    note_readings([one for one in seen if one.person is not None], actor, at)
    return tuple(seen)


def _opened(one: Holding, content: Content, actor: Actor, at: dt.datetime) -> Held | None:
    """Return a holding in the clear; None where a person's turns out to be none of the actor's business."""
    one.honour = content.honour
    charter = rules_of(one, at)
    honour = charter.honours.get(content.honour)
    if not may_read(actor, one, honour, charter):
        return None
    return Held(
        one.pk, charter, content.honour, says.titled(honour, content.grade) if honour else Text(content.honour),
        content.grade, tree.find_unit(one.unit_id) if one.unit_id else None, one.person, one.place_id, one.since,
        one.until, one.ended, one.how, content.reason, content.ended_reason, content.period, one.board_id,
        one.conferred_by, erased=not content.honour,
        may_withdraw=honour is not None and one.ended is None and may_take_back(actor, honour, one.place_id),
    )  # fmt: skip


def note_readings(seen: Iterable[Held], actor: Actor, at: dt.datetime) -> None:
    """Log that other people's honours were read."""
    others = [one for one in seen if one.person is not None and one.person.pk != actor.person]
    if not others or actor.kind == "system":
        return
    slot = int(at.timestamp()) // EVERY
    with write_transaction():
        for one in others:
            append_event(
                key=f"read:{one.id}:{actor.person}:{slot}", ts=at, kind="reading", charter=one.charter.id,
                version=one.charter.version, register=one.charter.id, record=one.id, person=actor.person,
                unit=one.place, payload={"fields": [], "by": {"kind": actor.kind}},
            )  # fmt: skip


def readings_of(person: int, limit: int = 200) -> list[tuple[int | None, dt.datetime]]:
    """Return who read a person's honours and when, the newest first."""
    mine = Holding.objects.filter(person=person).values("pk")
    events = Event.objects.filter(kind="reading", record__in=mine).exclude(person=person).order_by("-seq")[:limit]
    return list(events.values_list("person", "ts"))


def honours_in_force(*, actor: Actor, at: dt.datetime) -> tuple[Listed, ...]:
    """Return every honour of the charters in force of which the actor sees a holder, or which he awards."""
    found, counts = [], _counts(actor)
    for charter in charters.all_current(day_of(at)).values():
        for honour in charter.honours.values():
            places = may_award(actor=actor, charter=charter.id, honour=honour.id, at=at)
            holders = counts.get((charter.id, honour.id), 0)
            concerns = holders or places or any(post.role in charter.roles for post in actor.posts)
            if concerns:
                found.append(Listed(charter, honour, holders if honour.of_kind else None, places))
    return tuple(found)


def _counts(actor: Actor) -> dict[tuple[str, str], int]:
    """Count what the actor sees held now by charter and honour; that of people stands under no name."""
    held = Holding.objects.filter(visible(actor), ended=None).order_by()
    rows = held.values_list("charter", "honour").annotate(Count("pk"))
    return {(charter, honour): count for charter, honour, count in rows}


def may_award(*, actor: Actor, charter: str, honour: str, at: dt.datetime) -> tuple[UnitNow, ...]:
    """Return the units at or below which the actor awards an honour; none where he does not."""
    one = _honour(charter, honour, at)
    return places_of(actor, one.awarders) if one is not None and one.by == "award" else ()


def may_withdraw(*, actor: Actor, holding: int, at: dt.datetime) -> bool:
    """Whether the actor may take a holding back now."""
    found = find_held(holding=holding, actor=actor, at=at)
    return found is not None and found.may_withdraw


def quota_of(*, charter: str, honour: str, at: dt.datetime, place: int | None = None) -> tuple[int, int] | None:
    """Return how many may hold an award and how many do (within the ``per`` of a place); None without a quota."""
    one = _honour(charter, honour, at)
    if one is None or one.by != "award" or one.quota is None:
        return None
    day = day_of(at)
    running = [row for row in current_of(charter, one) if row.until is None or row.until > day]
    if one.per and place is not None:
        above = above_each({place, *(row.place_id for row in running)}, one.per, day)
        running = [row for row in running if above[row.place_id] == above[place]]
    return one.quota, len(running)


def candidates(
    *, charter: str, honour: str, actor: Actor, at: dt.datetime, text: str = "", limit: int = 50
) -> tuple[Candidate, ...]:
    """Return to whom the actor may award an honour: below his post, of the right kind, and not holding it yet."""
    one = _honour(charter, honour, at)
    places = may_award(actor=actor, charter=charter, honour=honour, at=at)
    if one is None or not places:
        return ()
    holding = current_of(charter, one)
    if one.of_kind:
        return _units(one, places, {row.unit_id for row in holding}, text.strip(), limit)
    return _people(one, places, {row.person_id for row in holding}, day_of(at), text.strip(), limit)


def _units(
    honour: Honour, places: Iterable[UnitNow], holding: set[int | None], text: str, limit: int
) -> tuple[Candidate, ...]:  # fmt: skip
    fits = Q(name__contains=text) | Q(code__startswith=text) | Q(pinyin__startswith=text.upper()) if text else Q()
    found = Unit.objects.filter(below(places, ""), fits, kind=honour.of_kind, until=None)
    rows = found.exclude(pk__in=[one for one in holding if one]).order_by("code").values_list("pk", "name")[:limit]
    return tuple(Candidate(id_, name, id_) for id_, name in rows)


def _people(
    honour: Honour, places: Iterable[UnitNow], holding: set[int | None], day: dt.date, text: str, limit: int
) -> tuple[Candidate, ...]:  # fmt: skip
    name = "person__name__contains"
    fits = Q(**{name: text}) | Q(person__pinyin__startswith=text.upper()) if text else Q()
    running = Q(until=None) | Q(until__gt=day)
    posts = Post.objects.filter(below(places, "unit"), fits, running, role=honour.of_post, since__lte=day)
    rows = posts.exclude(person__in=[one for one in holding if one]).order_by("person__pinyin", "person", "pk")
    found = {person: Candidate(person, name, unit) for person, name, unit in
             rows.values_list("person", "person__name", "unit")[: 2 * limit]}  # fmt: skip
    return tuple(found.values())[:limit]


def notes_of(*, board: int, actor: Actor) -> tuple[tuple[str, Text], ...]:
    """Return whom ties left out of a board's honours, as (honour, sentence); none where one may not see the board."""
    found = Conferral.objects.filter(board=board).first()
    row = Board.objects.filter(pk=board).first()
    if found is None or row is None or not may_see_board(actor, row):
        return ()
    return tuple((honour, Text(zh, en)) for honour, _units, zh, en in orjson.loads(found.notes))


def _honour(charter: str, honour: str, at: dt.datetime) -> Honour | None:
    try:
        return charters.current(charter, day_of(at)).honours.get(honour)
    except charters.UnknownCharter:
        return None


__all__ = [
    "Candidate", "Held", "Listed", "candidates", "find_held", "held", "honours_in_force", "honours_of", "may_award",
    "may_give", "may_withdraw", "notes_of", "quota_of", "readings_of",
]  # fmt: skip
