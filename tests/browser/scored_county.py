"""Two towns judged by the quarter that is over, for the browser tests: their marks, activities and a signed board."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

SINCE = dt.date(2020, 1, 1)
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = (
    ("women", "徐丽", "county-women", "370828"),
    ("women-two", "郭春梅", "county-women", "370828"),
    ("force", "孙立新", "task-force", "370828"),
    ("town-women", "马玉兰", "town-women", "370828003"),
    ("town-women-two", "吴红梅", "town-women", "370828109"),
)
MARKS = {"370828003": ("town-women", 88, 5), "370828109": ("town-women-two", 94, 8)}
"""Town → who reports there, its mark, its activities."""


def judge_towns(at: dt.datetime, units: dict[str, int], people: dict[str, int]) -> None:
    """Put the courtyards' charter in force, record a quarter, and sign the towns' board."""
    from django.utils import timezone

    from zhangfa.acts.actor import actor_of
    from zhangfa.charter.engine import apply_charter
    from zhangfa.publishing.engine import draft_board, sign_board
    from zhangfa.scores.period import period_of, previous

    today = timezone.localdate(at)
    quarter = previous(period_of(today, "quarter"))
    name = "beautiful-courtyard.yaml"
    text = (ROOT / "charters" / name).read_text("utf-8")
    apply_charter(text=text, name=name, by=None, at=at, key="charter:courtyards", in_force=quarter.start)
    for town, (reporter, mark, activities) in MARKS.items():
        _record(at, units[town], people, reporter, mark, activities, quarter.end)
    signer = actor_of(people["women"], today)
    board = draft_board(
        charter="beautiful-courtyard", score="town-quarter", period=quarter.id, area=units["370828"], by=signer, at=at,
        key="draft",
    )  # fmt: skip
    sign_board(board=board.pk, digest=board.digest, by=signer, at=at, key="sign")


def _record(
    at: dt.datetime, town: int, people: dict[str, int], reporter: str, mark: int, activities: int, day: dt.date
) -> None:
    from django.utils import timezone

    from zhangfa.acts.actor import actor_of
    from zhangfa.acts.engine import take_step

    def take(register: str, step: str, by: str, key: str, **rest: object) -> int:
        actor = actor_of(people[by], timezone.localdate(at))
        return take_step(
            register=f"beautiful-courtyard.{register}", step=step, by=actor, at=at, key=f"{key}:{town}", **rest
        ).record  # fmt: skip

    on_day = day.isoformat()
    data = {"on_day": on_day, "mark": mark, "finding": "台账有两处没有更新。"}
    take("supervision", "inspect", "force", "inspect", unit=town, data=data)
    for number in range(activities):
        held = {"name": f"清洁家园 {number + 1}", "held": on_day, "people": 40}
        made = take("activity", "record", reporter, f"activity-{number}", unit=town, data=held)
        take("activity", "verify", "women", f"verify-{number}", record=made, data={"remark": "属实"})
