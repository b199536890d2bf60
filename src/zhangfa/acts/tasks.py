"""Whose tasks are open: what the workbench shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from zhangfa.acts.actor import Actor
from zhangfa.acts.gate import reach_of
from zhangfa.acts.models import Task
from zhangfa.directory.tree import UnitNow


def tasks_of(actor: Actor, at: dt.datetime) -> QuerySet[Task]:
    """Return the actor's open tasks, the most urgent first, those without a date last.

    His own by name, and those of a role he holds at a unit his post reaches, unless he has already filled his part.
    """
    if actor.kind != "person":
        return Task.objects.none()
    own = Q(person=actor.person, done_at=None)
    for role in {post.role for post in actor.posts}:
        tops = [post.unit for post in actor.posts if post.role == role]
        reach = reach_of(tops)
        if reach is not None:  # each part names the condition and the columns of the index that answers it
            own |= Q(person=None, role=role, done_at=None) & _towns(tops) & reach
    done = Task.objects.filter(
        record=OuterRef("record"),
        step=OuterRef("step"),
        person=actor.person,
        state="done",
        opened_at=OuterRef("opened_at"),
    )
    return Task.objects.filter(own, ~Exists(done), state="open").order_by(F("due_at").asc(nulls_last=True), "opened_at")


def _towns(tops: Sequence[UnitNow]) -> Q:
    """Return the condition "in the towns of these units": it narrows nothing, and finds at once; none above a town."""
    towns = {top.town for top in tops}
    if None in towns:
        return Q()
    return Q(town__in=sorted(towns)) if len(towns) > 1 else Q(town=next(iter(towns)))
