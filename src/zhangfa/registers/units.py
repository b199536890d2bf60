"""The units a list can be narrowed to, one level at a time: the chosen one, what is above, what is below."""

from __future__ import annotations

from collections.abc import Iterable

from zhangfa.acts.actor import Actor
from zhangfa.directory import tree
from zhangfa.directory.models import Unit

MOST = 300


def unit_steps(actor: Actor, chosen: tree.UnitNow | None) -> list[tuple[int, str]]:
    """Return units to choose from, by id and name: below the chosen one, else where the actor has posts."""
    own = {post.unit.id: post.unit for post in actor.posts}
    reached = [post for post in own.values() if chosen and tree.reaches(post.id, chosen.id)]
    path = [*_between(reached, chosen), chosen] if chosen else []
    roots = [chosen.id] if chosen else list(own)
    below = Unit.objects.filter(parent__in=roots, until=None).exclude(kind="household").order_by("code")
    first = path if chosen else list(own.values())
    named = [(unit.id, unit.name) for unit in first if unit] + [(unit.id, f"　{unit.name}") for unit in below[:MOST]]
    return list(dict(named).items())


def known_to(actor: Actor) -> frozenset[int]:
    """Return the units every record of the actor's lists lies under: naming them in each row says nothing."""
    chains = [{post.unit.id, *(unit.id for unit in tree.ancestors(post.unit.id))} for post in actor.posts]
    return frozenset(set.intersection(*chains)) if chains else frozenset()


def _between(reached: Iterable[tree.UnitNow], chosen: tree.UnitNow) -> list[tree.UnitNow]:
    """Return the units from a post's down to the chosen one, the chosen one left out."""
    above = reversed(tree.ancestors(chosen.id))
    allowed = [unit for unit in above if any(post.id == unit.id or tree.reaches(post.id, unit.id) for post in reached)]
    return allowed
