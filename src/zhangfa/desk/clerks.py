"""Who may change what the whole county stands on: charters, the directory, the calendar."""

from __future__ import annotations

from django.http import Http404

from zhangfa.acts.actor import Actor
from zhangfa.directory.posts import CLERK
from zhangfa.directory.tree import reaches


def is_clerk(actor: Actor) -> bool:
    """Say whether the person holds a clerk's post today."""
    return any(post.role == CLERK for post in actor.posts)


def demand_clerk(actor: Actor) -> None:
    """Answer 404 to whoever does not hold a clerk's post."""
    if not is_clerk(actor):
        raise Http404


def keeps(actor: Actor, unit: int) -> bool:
    """Say whether the person's clerk's post reaches this unit."""
    return any(post.role == CLERK and reaches(post.unit.id, unit) for post in actor.posts)
