"""What a browser sends that no field of a charter reads: numbers of rows, days, and the form's own key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhangfa.refusal import Refusal

LARGEST_ID = (1 << 63) - 1
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Days a page may ask for; a month further on either side can still be reckoned with."""
KEY = re.compile(r"[!-~]{1,58}")


def read_id(typed: str | None) -> int | None:
    """Return a number a database column holds; None for anything else, such as ``²`` or 5,000 digits."""
    if not typed or len(typed) > 19 or not typed.isascii() or not typed.isdigit():
        return None
    number = int(typed)
    return number if number <= LARGEST_ID else None


def read_day(typed: str | None) -> dt.date | None:
    """Return a day written as ``2026-11-22`` that a calendar can reckon with; None for anything else."""
    try:
        day = dt.date.fromisoformat(typed or "")
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def form_key(post: Mapping[str, str]) -> str:
    """Return the idempotency key of a posted form, apart from every key the engines make for themselves.

    Without the prefix a form could use up the key of a deadline or of a noted reading before its time.
    """
    key = post.get("key", "")
    if not KEY.fullmatch(key):
        raise Refusal("fields", _("这次提交不完整，没有办理。"), hint=_("请刷新页面，再提交一次。"))
    return f"form:{key}"
