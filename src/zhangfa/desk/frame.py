"""What stands around every staff page: navigation, badge, language, the person signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

BADGE_CAP = 99


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the navigation."""

    title: str
    address: str
    icon: str
    here: bool
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading; the first group has none."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything the base template shows around a page's own content."""

    signed_in: bool
    person: str = ""
    posts: str = ""
    groups: tuple[Group, ...] = ()
    english: bool = False
    path: str = "/"


def frame_of(request: HttpRequest, bare: bool = False) -> Frame:
    """Return the frame of this request, made once; a bare one has no navigation and asks the database nothing."""
    if bare:
        return Frame(signed_in=False, english=is_english(), path=request.get_full_path())
    made = getattr(request, "_frame", None)
    if made is None:
        made = _make(request)
        request._frame = made  # type: ignore[attr-defined]
    return made


def is_english() -> bool:
    """Say whether the reader chose English."""
    return (get_language() or "").startswith("en")


def _make(request: HttpRequest) -> Frame:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame_of(request, bare=True)
    from zhangfa.desk.navigation import groups_of, posts_in_words

    return Frame(
        signed_in=True,
        person=user.person.name,
        posts=posts_in_words(request.actor),
        groups=tuple(groups_of(request, request.actor)),
        english=is_english(),
        path=request.get_full_path(),
    )


def link(request: HttpRequest, title: str, name: str, icon: str, *args: object, badge: int = 0) -> Iterator[Link]:
    """Yield the link to a named page; nothing where that room has no such page."""
    try:
        address = reverse(name, args=args or None)
    except NoReverseMatch:
        return
    here = request.path == address if address == "/" else request.path.startswith(address)
    words = f"{BADGE_CAP}+" if badge > BADGE_CAP else str(badge or "")
    yield Link(title, address, icon, here, words)


def today_in_words(day_name: str = "") -> str:
    """Say today's date and weekday: ``2026年11月22日 星期日``."""
    today = timezone.localdate()
    weekdays = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    date = _("%(year)s年%(month)s月%(day)s日") % {"year": today.year, "month": today.month, "day": today.day}
    return " ".join(part for part in (date, weekdays[today.weekday()], day_name) if part)
