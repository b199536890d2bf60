"""The directory: the tree on any day, search, a unit, a person."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhangfa.desk import org
from zhangfa.desk.accounts import account_of
from zhangfa.desk.clerks import is_clerk, keeps
from zhangfa.desk.glance import registers_at
from zhangfa.desk.posted import read_day
from zhangfa.desk.views.directory_edit import groups_for
from zhangfa.desk.views.people_edit import may_change
from zhangfa.directory import tree
from zhangfa.directory.beside import beside_of
from zhangfa.directory.models import Person
from zhangfa.directory.posts import search_people
from zhangfa.honours.reading import honours_of


def asked_day(request: HttpRequest) -> dt.date:
    """Return the day asked for by ``?on=``; today for none or for nonsense."""
    return read_day(request.GET.get("on")) or timezone.localdate()


def show_directory(request: HttpRequest) -> HttpResponse:
    """Show the tree of a day, or what a search found."""
    day, text = asked_day(request), request.GET.get("q", "").strip()
    context = {"day": day, "today": timezone.localdate(), "text": text, "clerk": is_clerk(request.actor)}
    if text:
        found = tree.search(text, limit=40)
        context |= {"units": [(one, tree.path_name(one.id)) for one in found], "people": search_people(text)}
        return render(request, "desk/directory_found.html", context)
    home = org.home_of(request.actor)
    levels = {None: org.nodes_below(None, day)} | {unit: org.nodes_below(unit, day) for unit in home}
    return render(
        request, "desk/directory.html", context | {"levels": levels, "home": home, "posts": request.actor.posts}
    )


def show_children(request: HttpRequest, unit: int) -> HttpResponse:
    """Answer the lines below one unit, for htmx."""
    day = asked_day(request)
    if tree.find_unit(unit) is None:
        raise Http404
    nodes = org.nodes_below(unit, day)
    return render(request, "desk/directory_nodes.html", {"nodes": nodes, "day": day, "today": timezone.localdate()})


def show_unit(request: HttpRequest, unit: int) -> HttpResponse:
    """Show one unit: what it is, what it was, who holds posts, what lies below."""
    found, day = tree.find_unit(unit), asked_day(request)
    if found is None:
        raise Http404
    context = {
        "unit": found,
        "then": tree.as_of(unit, day),
        "day": day,
        "today": timezone.localdate(),
        "above": tuple(reversed(tree.ancestors(unit))),
        "nodes": org.nodes_below(unit, day),
        "most": org.MOST_CHILDREN,
        "posts": org.posts_at(unit, day),
        "spans": org.spans_of(unit),
        "groups": org.groups_of(unit, day),
        "may_join": bool(groups_for(found.kind)),
        "beside": tuple(tree.units(beside_of(unit, day)).values()),
        "honours": honours_of(actor=request.actor, at=timezone.now(), unit=unit),
        "merged": tree.find_unit(found.merged_into) if found.merged_into else None,
        "registers": registers_at(request.actor, unit, timezone.now()),
        "clerk": keeps(request.actor, unit),
    }
    return render(request, "desk/unit.html", context)


def show_person(request: HttpRequest, person: int) -> HttpResponse:
    """Show one person with posts held and past."""
    found = Person.objects.filter(pk=person).first()
    if found is None:
        raise Http404
    context = {
        "person": found,
        "posts": org.posts_of(person, timezone.localdate()),
        "clerk": may_change(request, person),
        "account": account_of(person),
    }
    return render(request, "desk/person.html", context)
