"""How long what people held is kept after it ended: as long as the charter keeps records about people."""

from __future__ import annotations

import datetime as dt

from zhangfa.charter import engine as charters
from zhangfa.charter.model import Charter
from zhangfa.honours.changes import day_of
from zhangfa.honours.models import Holding
from zhangfa.log.models import DataKey
from zhangfa.log.secrets import erase_record
from zhangfa.publishing.retention import kept_until

WHY = "称号所依据的记录保存期满"
"""The reason that stands in the log."""


def erase_holdings(charter: Charter, at: dt.datetime) -> int:
    """Destroy the keys of what people held under a charter and whose time is over; return how many."""
    held = Holding.objects.filter(charter=charter.id, person__isnull=False, ended__isnull=False)
    held = held.filter(pk__in=DataKey.objects.exclude(wrapped=b"").values("record")).order_by("ended")
    over = [one.pk for one in held.only("version", "ended") if _is_over(charter.id, one, day_of(at))]
    for holding in over:
        erase_record(record=holding, reason=WHY, by=None, at=at, key=f"keep:{holding}")
    return len(over)


def _is_over(charter: str, holding: Holding, today: dt.date) -> bool:
    assert holding.ended is not None
    end = kept_until(charters.at_version(charter, holding.version), holding.ended)
    return end is not None and end <= today
