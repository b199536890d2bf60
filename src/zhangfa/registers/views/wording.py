"""Words the register's pages share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

DUE_WORDS: Mapping[str, Callable[[], str]] = {
    "late": lambda: _("已逾期"),
    "today": lambda: _("今天到期"),
    "week": lambda: _("七天内到期"),
    "none": lambda: _("没有期限"),
}
SORT_WORDS: Mapping[str, Callable[[], str]] = {
    "newest": lambda: _("最近更新在前"),
    "oldest": lambda: _("最久未动在前"),
    "due": lambda: _("期限近的在前"),
}


def capped(count: int, cap: int) -> str:
    """Write a count, above the cap as ``1,000+``."""
    return f"{cap:,}+" if count > cap else f"{count:,}"
