"""How long what was made of records about people is kept: as long as the records, and no longer."""

from __future__ import annotations

import datetime as dt

from zhangfa.acts.deadlines import moment_after
from zhangfa.acts.naming import SHANGHAI
from zhangfa.acts.values.scalars import from_iso
from zhangfa.charter.model import Charter
from zhangfa.log.models import DataKey
from zhangfa.log.secrets import erase_record
from zhangfa.publishing.models import Board
from zhangfa.publishing.rights import rules_of

WHY = "考核所依据的记录保存期满"
"""The reason that stands in the log."""


def kept_until(charter: Charter, day: dt.date) -> dt.date | None:
    """Return the first day on which a result about people of this day is no longer kept; None where nothing ends.

    The longest of the times counts for which the charter's registers about people keep their records.
    """
    kept = [one.keep_for for one in charter.registers.values() if one.about == "person" and one.keep_for]
    if not kept:
        return None
    start = dt.datetime.combine(day, dt.time(), SHANGHAI)
    ends = [from_iso(moment_after(one, start)) for one in kept]
    return max(ends).astimezone(SHANGHAI).date() + dt.timedelta(days=1)


def erase_boards(*, at: dt.datetime) -> int:
    """Destroy the keys of boards of people whose time is over, each once; return how many."""
    today = at.astimezone(SHANGHAI).date()
    held = Board.objects.filter(of_people=True, pk__in=DataKey.objects.exclude(wrapped=b"").values("record"))
    over = [one.pk for one in held.order_by("until") if _is_over(one, today)]
    for board in over:
        erase_record(record=board, reason=WHY, by=None, at=at, key=f"keep:{board}")
    return len(over)


def _is_over(board: Board, today: dt.date) -> bool:
    end = kept_until(rules_of(board).charter, board.until)
    return end is not None and end <= today
