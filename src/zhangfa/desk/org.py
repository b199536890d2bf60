"""The directory as its pages show it: the tree on a day, one unit, one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from zhangfa.acts.actor import Actor
from zhangfa.directory import tree
from zhangfa.directory.models import GroupMember, Post, UnitSpan

MOST_CHILDREN = 400


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree."""

    id: int
    name: str
    kind: str
    since: dt.date
    until: dt.date | None
    opens: bool
    """Whether units hang below it on that day."""


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post: who, which role, where, from when until when."""

    id: int
    person: int
    name: str
    role: str
    unit: int
    unit_name: str
    since: dt.date
    until: dt.date | None
    held: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """One membership of a group: which, which part of it, from when until when."""

    id: int
    group: str
    part: str
    since: dt.date
    until: dt.date | None
    held: bool


def nodes_below(unit: int | None, day: dt.date) -> list[Node]:
    """Return the units right below one on a day (or those without a parent), in order of code."""
    spans = tree.children_as_of(unit, day)[:MOST_CHILDREN] if unit is not None else tuple(_roots(day))
    with_children = _parents_among([span.unit for span in spans], day)
    return [Node(span.unit, span.name, span.kind, span.since, span.until, span.unit in with_children) for span in spans]


def _roots(day: dt.date) -> Iterator[tree.SpanThen]:
    rows = UnitSpan.objects.filter(_on(day), parent=None).order_by("unit__code")[:MOST_CHILDREN]
    for row in rows:
        yield tree.SpanThen(row.unit_id, row.kind, row.name, row.parent_id, row.since, row.until)


def _parents_among(ids: Iterable[int], day: dt.date) -> set[int]:
    rows = UnitSpan.objects.filter(_on(day), parent_id__in=list(ids))
    return {parent for parent in rows.values_list("parent_id", flat=True).distinct() if parent is not None}


def _on(day: dt.date) -> Q:
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


OPEN_KINDS = ("prefecture", "county")


def home_of(actor: Actor) -> tuple[int, ...]:
    """Return the units the tree stands open at for this person: city and county above the first post."""
    if not actor.posts:
        return ()
    unit = actor.posts[0].unit
    return tuple(one.id for one in (unit, *tree.ancestors(unit.id)) if one.kind in OPEN_KINDS)


def place_name(unit: tree.UnitNow) -> str:
    """Name a unit; a grid, lane or household with its village, since every village has a first grid."""
    below = unit.village is not None and unit.kind != "village"
    return tree.path_name(unit.id, top="village") if below else unit.name


def posts_at(unit: int, day: dt.date) -> list[PostLine]:
    """Return the posts at a unit: those held on the day first, then the past ones."""
    return _lines(Post.objects.filter(unit_id=unit), day)


def posts_of(person: int, day: dt.date) -> list[PostLine]:
    """Return a person's posts: those held on the day first, then the past ones."""
    return _lines(Post.objects.filter(person_id=person), day)


def _lines(posts: object, day: dt.date) -> list[PostLine]:
    rows = posts.select_related("person", "unit").order_by("role", "-since")
    lines = [_line(row, day) for row in rows]
    return sorted(lines, key=lambda line: not line.held)


def _line(row: Post, day: dt.date) -> PostLine:
    return PostLine(
        row.pk,
        row.person_id,
        row.person.name,
        row.role,
        row.unit_id,
        place_name(tree.unit(row.unit_id)),
        row.since,
        row.until,
        holds(row.since, row.until, day),
    )


def holds(since: dt.date, until: dt.date | None, day: dt.date) -> bool:
    """Tell whether something that lasts from a day until (not including) another holds on a day."""
    return since <= day and (until is None or until > day)


def groups_of(unit: int, day: dt.date) -> list[Membership]:
    """Return a unit's memberships of groups: those of the day first, then the past ones."""
    rows = GroupMember.objects.filter(unit_id=unit).order_by("group", "-since")
    lines = [
        Membership(row.pk, row.group, row.part, row.since, row.until, holds(row.since, row.until, day)) for row in rows
    ]
    return sorted(lines, key=lambda line: not line.held)


def spans_of(unit: int) -> list[UnitSpan]:
    """Return every name and place a unit has had, the latest first."""
    return list(UnitSpan.objects.filter(unit_id=unit).select_related("parent").order_by("-since"))
