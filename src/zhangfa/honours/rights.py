"""Who may give an honour, take it back, and see who holds it: from the posts held today and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from django.db.models import Q

from zhangfa.acts.actor import Actor
from zhangfa.charter import engine as charters
from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import Charter, Who
from zhangfa.charter.score_model import Publish
from zhangfa.directory import tree
from zhangfa.directory.models import LEVELS
from zhangfa.directory.tree import UnitNow
from zhangfa.honours.models import Holding

NOTHING = Q(pk__in=())
PRIVATE = frozenset({"household"})
"""Kinds of unit whose honours are never public: a household is people."""


def places_of(actor: Actor, whos: Iterable[Who]) -> tuple[UnitNow, ...]:
    """Return the units at which the actor holds one of these roles."""
    roles = {who.name for who in whos if who.kind == "role"}
    return tuple({post.unit.id: post.unit for post in actor.posts if post.role in roles}.values())


def may_give(actor: Actor, honour: Honour, place: int) -> bool:
    """Whether the actor awards this honour to whoever is at a place."""
    return honour.by == "award" and _reach(places_of(actor, honour.awarders), place)


def may_take_back(actor: Actor, honour: Honour, place: int) -> bool:
    """Whether the actor withdraws this honour from whoever is at a place."""
    return _reach(places_of(actor, honour.withdrawn_by), place)


def _reach(units: Iterable[UnitNow], place: int) -> bool:
    return any(tree.reaches(one.id, place) for one in units)


def publish_of(charter: Charter, honour: Honour) -> Publish | None:
    """Return how the score an honour rests on is published."""
    return charter.scores[honour.from_].publish if honour.from_ else None


def is_public(charter: Charter, honour: Honour) -> bool:
    """Whether anybody sees who holds it: units, of a score whose board is public."""
    publish = publish_of(charter, honour)
    if publish is None or not honour.of_kind or honour.of_kind in PRIVATE:
        return False
    return publish.public or any(who.kind == "public" for who in publish.to)


def readers_of(charter: Charter, honour: Honour) -> frozenset[str]:
    """Return the roles that see who holds it below them: of units every role of the charter, of people its offices."""
    if honour.of_kind:
        return frozenset(charter.roles)
    publish = publish_of(charter, honour)
    named = {who.name for who in (*honour.awarders, *honour.withdrawn_by) if who.kind == "role"}
    if publish is not None:
        named |= {who.name for who in publish.to if who.kind == "role"} | {publish.by}
    return frozenset(named)


def visible(actor: Actor) -> Q:
    """Return the condition on Holding for what the actor may see; lists, counts and single holdings all pass it.

    Of units: whoever holds a role of the charter sees those its posts reach, and with the boards it may read all
    that came of them; anybody sees what rests on a public board. Of people: each their own, and the offices those
    below them. Which honour a person holds is not known to the database, so an office of one of a charter's honours
    of people sees the rows of all of them; :mod:`zhangfa.honours.reading` opens only what it may read.
    """
    if actor.kind == "system":
        return Q()
    found = Q(person=actor.person) if actor.person is not None else NOTHING
    reach = {post.unit.id: below([post.unit], "place") for post in actor.posts}
    for charter in charters.all_current().values():
        for honour in charter.honours.values():
            found |= Q(charter=charter.id) & _visible(actor, charter, honour, reach)
    return found


def _visible(actor: Actor, charter: Charter, honour: Honour, reach: Mapping[int, Q]) -> Q:
    reached = reduce(or_, (reach[one.id] for one in _held(actor, readers_of(charter, honour))), NOTHING)
    if honour.of_post:
        return Q(unit=None) & reached
    if is_public(charter, honour):
        return Q(honour=honour.id)
    return Q(honour=honour.id) & (reached | _of_boards(actor, charter, honour))


def _of_boards(actor: Actor, charter: Charter, honour: Honour) -> Q:
    """Return what came of boards the actor reads: with a post inside their area, or above it."""
    publish = publish_of(charter, honour)
    if publish is None or honour.of_kind in PRIVATE:
        return NOTHING
    roles = {who.name for who in publish.to if who.kind == "role"} | {publish.by}
    held = _held(actor, roles)
    above = {id_ for unit in held for id_ in (unit.id, *(one.id for one in tree.ancestors(unit.id)))}
    return Q(board__area__in=sorted(above)) if above else NOTHING


def _held(actor: Actor, roles: Iterable[str]) -> list[UnitNow]:
    wanted = set(roles)
    return list({post.unit.id: post.unit for post in actor.posts if post.role in wanted}.values())


def below(units: Iterable[UnitNow], column: str) -> Q:
    """A column (``""``: the unit itself) points at one of these units or below: by level columns where there are."""
    found, before = NOTHING, f"{column}__" if column else ""
    for unit in units:
        if unit.kind in LEVELS:
            found |= Q(**{f"{before}{unit.kind}": unit.id})
        else:
            found |= Q(**{f"{column or 'pk'}__in": (unit.id, *tree.descendants(unit.id))})
    return found


def may_read(actor: Actor, held: Holding, honour: Honour | None, charter: Charter) -> bool:
    """Whether the actor may read a person's holding whose honour is known: the person, and that honour's offices."""
    if held.person_id is None or actor.kind == "system":
        return True
    if actor.person is not None and actor.person == held.person_id:
        return True
    return honour is not None and _reach(_held(actor, readers_of(charter, honour)), held.place_id)
