"""What the kinds of unit and the roles are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "prefecture": _("市"),
    "county": _("县（市、区）"),
    "town": _("镇街"),
    "precinct": _("管区"),
    "village": _("村（社区）"),
    "grid": _("网格"),
    "lane": _("胡同"),
    "household": _("户"),
    "department": _("部门"),
    "branch": _("支部"),
    "team": _("队伍"),
    "cooperative": _("合作社"),
    "company": _("企业"),
    "school": _("学校"),
}
ICONS = {
    "prefecture": "building-bank",
    "county": "building-bank",
    "town": "building-community",
    "village": "home",
    "grid": "map-pin",
    "department": "building",
    "company": "building",
    "school": "school",
}


def kind_words(kind: str) -> str:
    """Return a kind's word in the reader's language; the id of a kind nobody named."""
    return str(KINDS.get(kind, kind))


def kind_icon(kind: str) -> str:
    """Return the icon of a kind of unit."""
    return ICONS.get(kind, "users")


def role_title(role: str) -> str:
    """Return a role's title from the charters in force; its id where none names it."""
    from zhangfa.charter.engine import all_current

    for charter in all_current().values():
        if role in charter.roles:
            return charter.roles[role].title.in_language(get_language() or "zh-hans")
    return str(_("章程管理员")) if role == "charter-clerk" else role


def group_title(key: str) -> str:
    """Return a group's title from the charters in force; its key where none names it."""
    from zhangfa.charter.engine import all_current

    charter, _, group = key.partition(".")
    found = all_current().get(charter)
    if found is None or group not in found.groups:
        return key
    return found.groups[group].title.in_language(get_language() or "zh-hans")
