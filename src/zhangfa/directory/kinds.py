"""What the kinds of unit are called."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

_TITLES: dict[str, Callable[[], str]] = {
    "prefecture": lambda: _("设区市"),
    "county": lambda: _("县市区"),
    "town": lambda: _("镇街"),
    "precinct": lambda: _("管区"),
    "village": lambda: _("村居"),
    "grid": lambda: _("网格"),
    "lane": lambda: _("街巷"),
    "household": lambda: _("住户"),
    "department": lambda: _("部门"),
    "branch": lambda: _("党支部"),
    "team": lambda: _("队伍"),
    "cooperative": lambda: _("合作社"),
    "company": lambda: _("企业"),
    "school": lambda: _("学校"),
}


def kind_title(kind: str) -> str:
    """Name a kind of unit in the reader's language; an unknown kind is its own name."""
    title = _TITLES.get(kind)
    return title() if title else kind
