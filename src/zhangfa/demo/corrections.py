"""Records that are put right after an objection was upheld, each through the write path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from zhangfa.demo.archive import ENTRY, another
from zhangfa.demo.case import Case, acting, holder
from zhangfa.demo.courtyards import ACTIVITY
from zhangfa.demo.progress import ACTIVITY as STUDY
from zhangfa.publishing.models import Standing
from zhangfa.scores.period import Period

INDICATORS = {
    "beautiful-courtyard.town-quarter": "activities", "progress-comparison.towns": "part",
    "progress-comparison.committees": "part", "cadre-archive.quarter": "credit",
}  # fmt: skip
"""Which indicator of a score the upheld objection is about."""
BEFORE_THE_END = dt.timedelta(days=3)


def correct(score: str, standing: Standing, period: Period, at: dt.datetime, key: str) -> bool:
    """Put a record right where the score has one that can be; tell whether it was done."""
    doing = CORRECTING.get(score)
    if doing is None:
        return False
    doing(standing, (period.end - BEFORE_THE_END).isoformat(), at, key)
    return True


def _add_activity(standing: Standing, day: str, at: dt.datetime, key: str) -> None:
    unit = standing.unit_id
    assert unit is not None
    case = Case(ACTIVITY, f"{key}-fix")
    case.take("record", holder("town-women", unit, at), at, unit, name="季末庭院观摩（补录）", held=day, people=46)
    case.take("verify", holder("county-women", unit, at), at, remark="凭签到表补录。")


def _add_study(standing: Standing, day: str, at: dt.datetime, key: str) -> None:
    unit = standing.unit_id
    assert unit is not None
    case = Case(STUDY, f"{key}-fix")
    case.take("record", holder("office", unit, at), at, unit, kind="visit", held=day, people=59, members=60)
    case.take("verify", holder("bureau", unit, at), at)


def _add_entry(standing: Standing, day: str, at: dt.datetime, key: str) -> None:
    person, unit = standing.person_id, standing.seat_id
    assert person is not None
    assert unit is not None
    case = Case(ENTRY, f"{key}-fix")
    case.take("report", holder("recorder", unit, at), at, unit, person, sign="positive", kind="task", happened=day,
              grade="notable", fact="季末专班任务按期结项，通报表扬（补录）。", evidence=[])  # fmt: skip
    case.take("verify", acting(another("org-office", unit, at, None), at), at, remark="凭结项文件补录。")
    case.take("accept", acting(person, at), at)


CORRECTING: dict[str, Callable[[Standing, str, dt.datetime, str], None]] = {
    "beautiful-courtyard.town-quarter": _add_activity,
    "progress-comparison.towns": _add_study,
    "progress-comparison.committees": _add_study,
    "cadre-archive.quarter": _add_entry,
}
