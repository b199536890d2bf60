"""The sections of scores, as the tabs of their first pages."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

Tab = tuple[str, str, bool]


def sections(here: str) -> list[Tab]:
    """Return the tabs: boards, one's own ranks, objections, titles, trying on a spreadsheet."""
    named = (
        (_("考核榜"), "scores"), (_("我的名次"), "my_scores"), (_("异议"), "objections"), (_("称号"), "honours"),
        (_("用表格试算"), "score_try"),
    )  # fmt: skip
    return [tab for title, name in named for tab in _tab(title, name, here)]


def _tab(title: str, name: str, here: str) -> list[Tab]:
    try:
        return [(title, reverse(name), name == here)]
    except NoReverseMatch:
        return []
