"""A county for the tests of publishing: its directory in the log, two charters in force, facts by the write path."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zhangfa.acts.actor import Actor, actor_of
from zhangfa.acts.engine import take_step
from zhangfa.charter import engine as charters
from zhangfa.directory import engine as directory
from zhangfa.directory import people
from zhangfa.publishing import engine, reading
from zhangfa.publishing.models import Board, Objection, Standing

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHARTERS = Path(__file__).parents[2] / "charters"
LONG_AGO = dt.date(2020, 1, 1)
UNITS = (
    ("jining", "prefecture", None), ("jinxiang", "county", "jining"), ("yushan", "town", "jinxiang"),
    ("huji", "town", "jinxiang"), ("mamiao", "town", "jinxiang"), ("east", "village", "yushan"),
    ("west", "village", "huji"), ("south", "village", "mamiao"), ("yutai", "county", "jining"),
    ("other", "town", "yutai"), ("far", "village", "other"),
    *((f"{village}-{n}", "household", village) for village in ("east", "west", "south", "far") for n in (1, 2)),
)  # fmt: skip
PEOPLE = {
    "chair": ["county-women jinxiang"], "deputy": ["county-women jinxiang"], "watch": ["task-force jinxiang"],
    "w-yushan": ["town-women yushan"], "w-huji": ["town-women huji"], "w-mamiao": ["town-women mamiao"],
    "w-other": ["town-women other"], "c-yutai": ["county-women yutai"], "v-east": ["village-women east"],
    "v-west": ["village-women west"], "v-south": ["village-women south"],
    "recorder": ["recorder yushan"], "recorder2": ["recorder huji"], "org": ["org-office jinxiang"],
    "org2": ["org-office jinxiang"], "org-yutai": ["org-office yutai"], "rater": ["reviewer jinxiang"],
    "li": ["cadre yushan"], "zhou": ["cadre yushan"], "wang": ["cadre huji"], "far-cadre": ["cadre other"],
    "stranger": [],
}  # fmt: skip
SCORE = {"charter": "beautiful-courtyard", "score": "town-quarter", "period": "2026-Q1"}
QUARTER = {"charter": "cadre-archive", "score": "quarter", "period": "2026-Q1"}


def moment(text: str) -> dt.datetime:
    """Read a moment of Shanghai's clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class County:
    """Names → ids, and a clock the test sets."""

    now: dt.datetime
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    keys: itertools.count[int] = field(default_factory=itertools.count)

    def at(self, text: str) -> County:
        """Set the clock."""
        self.now = moment(text)
        return self

    def actor(self, name: str) -> Actor:
        """Return a person with the posts of today."""
        return actor_of(self.people[name], self.now.astimezone(SHANGHAI).date())

    def key(self) -> str:
        """Return a key never used before."""
        return f"key-{next(self.keys)}"

    def take(self, register: str, step: str, by: str, *, unit: str = "", about: str = "", **rest: Any) -> Any:
        """Take a step of a register."""
        return take_step(
            register=register, step=step, by=self.actor(by), at=self.now, key=self.key(),
            unit=self.units[unit] if unit else None, about=self.people[about] if about else None, **rest,
        )  # fmt: skip

    def supervise(self, town: str, mark: int, day: str = "2026-02-10") -> Any:
        """Give a town a mark of daily work."""
        data = {"on_day": day, "mark": mark, "finding": "台账不全"}
        return self.take("beautiful-courtyard.supervision", "inspect", "watch", unit=town, data=data)

    def entry(self, about: str, recorder: str, unit: str, *, sign: str = "positive", grade: str = "major") -> None:
        """Put an entry about an official into the archive, verified and accepted."""
        data = {"sign": sign, "kind": "task", "happened": "2026-02-10", "grade": grade, "fact": "按期完成"}
        made = self.take("cadre-archive.entry", "report", recorder, unit=unit, about=about, data=data)
        self.take("cadre-archive.entry", "verify", "org", record=made.record, data={"remark": "属实"})
        self.take("cadre-archive.entry", "accept", about, record=made.record)

    def draft(self, by: str = "chair", area: str = "jinxiang", key: str = "", **named: str) -> Board:
        """Draft a board; the towns' of the first quarter unless told otherwise."""
        words = {**SCORE, **named}
        return engine.draft_board(**words, area=self.units[area], by=self.actor(by), at=self.now, key=key or self.key())

    def sign(self, board: Board, by: str = "chair", key: str = "") -> Board:
        """Sign a board as it stands."""
        return engine.sign_board(
            board=board.pk, digest=board.digest, by=self.actor(by), at=self.now, key=key or self.key()
        )

    def object(self, board: Board, whose: str, by: str, **rest: Any) -> Objection:
        """Object to a standing, of a unit or person by name."""
        words = {"text": "一次活动没有计入", "key": self.key(), **rest}
        standing = self.standing(board, whose).pk
        return engine.object_to(board=board.pk, standing=standing, by=self.actor(by), at=self.now, **words)

    def decide(self, objection: Objection, *, upheld: bool, by: str = "chair", key: str = "") -> Objection:
        """Decide on an objection."""
        return engine.decide_objection(
            objection=objection.pk, upheld=upheld, reason="经核对台账", by=self.actor(by), at=self.now,
            key=key or self.key(),
        )  # fmt: skip

    def revise(self, board: Board, by: str = "chair", key: str = "") -> Board:
        """Put a new edition in a board's place."""
        return engine.revise_board(board=board.pk, by=self.actor(by), at=self.now, key=key or self.key())

    def standing(self, board: Board, whose: str) -> Standing:
        """Return the standing of a unit or person by name."""
        column = {"person": self.people[whose]} if whose in self.people else {"unit": self.units[whose]}
        return Standing.objects.get(board=board, **column)

    def seen(self, board: Board, by: str) -> dict[str, tuple[Any, ...]]:
        """Return what somebody reads on a board, by name."""
        rows = reading.visible_standings(board, self.actor(by), at=self.now)
        return {one.name: (one.status, one.total, one.rank, one.of) for one in rows}


def build_county(now: str = "2026-02-10 09:00") -> County:
    """Create the county through the directory's engine and put the charters in force."""
    county = County(now=moment(now))
    start = moment("2025-12-01 09:00")
    for name in ("beautiful-courtyard", "cadre-archive"):
        text = (CHARTERS / f"{name}.yaml").read_text(encoding="utf-8")
        charters.apply_charter(
            text=text, name=f"{name}.yaml", by=None, at=start, key=f"apply-{name}", in_force=dt.date(2025, 12, 1)
        )
    for name, kind, parent in UNITS:
        made = directory.create_unit(
            code=f"u-{name}", kind=kind, name=name, parent=county.units[parent] if parent else None, since=LONG_AGO,
            by=None, at=start, key=f"unit-{name}",
        )  # fmt: skip
        county.units[name] = made.id
    for name, posts in PEOPLE.items():
        made = people.create_person(code=f"p-{name}", name=name, by=None, at=start, key=f"person-{name}")
        county.people[name] = made.pk
        for post in posts:
            role, unit = post.split()
            people.appoint(
                person=made.pk, role=role, unit=county.units[unit], since=LONG_AGO, until=None, by=None, at=start,
                key=f"post-{name}-{role}-{unit}",
            )  # fmt: skip
    return county


def fill_quarter(county: County) -> None:
    """Give the three towns marks of 80, 90 and 70 and an activity each, and two officials entries."""
    for town, mark in (("yushan", 80), ("huji", 90), ("mamiao", 70), ("other", 99)):
        if town == "other":
            continue
        county.supervise(town, mark)
        data = {"name": "家风讲堂", "held": "2026-02-10", "people": 30}
        made = county.take("beautiful-courtyard.activity", "record", f"w-{town}", unit=town, data=data)
        county.take("beautiful-courtyard.activity", "verify", "chair", record=made.record, data={"remark": "属实"})
    county.entry("li", "recorder", "yushan")
    county.entry("wang", "recorder2", "huji", sign="negative", grade="common")
