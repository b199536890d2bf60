"""The lines of the navigation for one person: only what their posts open."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.tasks import tasks_of
from zhangfa.charter.engine import all_current
from zhangfa.charter.model import Charter
from zhangfa.desk.frame import BADGE_CAP, Group, Link, link
from zhangfa.desk.my_scores import knows_scores
from zhangfa.desk.unit_words import role_title


def charters_of(actor: Actor) -> list[Charter]:
    """Return the charters in force in which the person holds a role, in order of title."""
    roles = {post.role for post in actor.posts}
    mine = [charter for charter in all_current().values() if roles & charter.roles.keys()]
    return sorted(mine, key=lambda charter: charter.title.zh)


def groups_of(request: HttpRequest, actor: Actor) -> Iterator[Group]:
    """Yield the groups of the navigation: own work, the registers by charter, the county's pages."""
    open_tasks = tasks_of(actor, timezone.now())[: BADGE_CAP + 1].count()
    yield Group("", tuple(_own_links(request, actor, open_tasks)))
    for charter in charters_of(actor):
        lines = tuple(
            line
            for register in charter.registers.values()
            for line in link(
                request,
                _words(register.title),
                "register",
                register.icon or "clipboard-list",
                f"{charter.id}.{register.id}",
            )
        )
        if lines:
            yield Group(_words(charter.title), lines)
    yield Group(_("全县"), tuple(_county_links(request)))


def _own_links(request: HttpRequest, actor: Actor, open_tasks: int) -> Iterator[Link]:
    yield from link(request, _("工作台"), "workbench", "home", badge=open_tasks)
    if knows_scores(actor):
        yield from link(request, _("考核"), "scores", "chart-bar")


def _county_links(request: HttpRequest) -> Iterator[object]:
    for title, name, icon in (
        (_("日历"), "calendar", "calendar"),
        (_("章程"), "charters", "book"),
        (_("组织"), "directory", "sitemap"),
        (_("窗口"), "doors", "qrcode"),
        (_("可信"), "trust", "shield-check"),
    ):
        yield from link(request, title, name, icon)


def posts_in_words(actor: Actor) -> str:
    """Say the person's first post, and how many more there are."""
    if not actor.posts:
        return _("没有现任职务")
    first = actor.posts[0]
    words = f"{first.unit.name} · {role_title(first.role)}"
    more = len(actor.posts) - 1
    return words if not more else _("%(first)s 等 %(count)s 项") % {"first": words, "count": more + 1}


def _words(text: object) -> str:
    return text.in_language(translation.get_language() or "zh-hans")
