"""A million records in the shape the write path makes them: one real record a state, written again all over Jining."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bench.places import Chain

REGISTER = "residents-requests.request"
CHUNK = 5_000
YEARS = 2.8
"""Below the three years after which the charter has records blanked."""
SHARES = {
    "closed": 930, "refused": 25, "accepted": 15, "resolved": 10, "submitted": 8, "referred": 7, "declined": 4,
    "appealed": 1,
}  # fmt: skip
"""Of a thousand records, how many stand in each state."""
SPOTS = (
    "村委会门口",
    "小学东侧",
    "卫生室旁",
    "东西大街",
    "健身广场",
    "三号楼下",
    "超市对面",
    "河堤边",
    "公交站牌下",
    "菜市场里",
)
THINGS = (
    "路灯", "垃圾", "井盖", "下水道", "自来水", "路面", "电线", "噪音", "停车", "树枝",
    "油烟", "围墙", "指示牌", "监控", "护栏", "健身器材", "楼道", "公厕", "燃气", "电梯",
    "暖气", "狗", "坑塘", "秸秆", "宽带", "变压器", "消防栓", "充电桩", "快递柜", "雕塑",
)  # fmt: skip
"""From frequent to rare: the first is met in a quarter of all requests, the last in one of a thousand or so."""
TROUBLES = ("坏了好几天没人修", "夜里影响大家休息", "老人走路很不安全", "一下雨就积水", "打过电话没有回音")
CATEGORIES = {
    "safety": "安全隐患",
    "environment": "环境卫生",
    "facility": "公共设施",
    "property": "物业服务",
    "other": "其他",
}
Step = tuple[str, str, dict[str, object]]
"""Who takes which step with what."""
ACCEPT: Step = ("worker", "accept", {"category": "safety"})
RESOLVE: Step = ("worker", "resolve", {"solved": "solved", "result": "已经派人修好，夜里看过，都亮了。"})
DECLINE: Step = ("worker", "decline", {"decline_reason": "不属于本网格管理，请向镇街反映。"})
APPEAL: Step = ("public", "appeal", {"objection": "就在我们网格里，请再看一看。"})


@dataclass(frozen=True, slots=True)
class Staff:
    """Ids of the people who act and look."""

    worker: int
    office: int
    specialist: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A real record in one state, with what else its acts wrote."""

    row: dict[str, Any]
    tasks: tuple[dict[str, Any], ...]
    participants: tuple[tuple[Any, ...], ...]


def path_to(state: str, department: int) -> list[Step]:
    """Return the steps that bring a new request into a state."""
    refer: Step = ("worker", "refer", {"department": department})
    return {
        "submitted": [],
        "accepted": [ACCEPT],
        "referred": [ACCEPT, refer],
        "declined": [DECLINE],
        "appealed": [DECLINE, APPEAL],
        "refused": [DECLINE, APPEAL, ("office", "uphold", {"ruling": "维持原来的决定，已当面说明。"})],
        "resolved": [ACCEPT, RESOLVE],
        "closed": [ACCEPT, RESOLVE, ("public", "confirm", {"resident_verdict": "solved", "stars": 5})],
    }[state]


def act_out(state: str, grid: int, department: int, staff: Staff, *, at: dt.datetime, key: str) -> int:
    """Bring one request into a state by real acts; return its record's id."""
    from zhangfa.acts.actor import PUBLIC, actor_of
    from zhangfa.acts.engine import take_step

    data = {"category": "safety", "content": f"{SPOTS[0]}{THINGS[0]}{TROUBLES[0]}"}
    opened = take_step(register=REGISTER, step="submit", by=PUBLIC, at=at, key=f"{key}-0", unit=grid, data=data)
    for number, (who, step, entered) in enumerate(path_to(state, department), start=1):
        moment = at + dt.timedelta(hours=number)
        by = PUBLIC if who == "public" else actor_of(getattr(staff, who), moment.date())
        take_step(
            register=REGISTER, step=step, by=by, at=moment, key=f"{key}-{number}", record=opened.record, data=entered,
            code=opened.code if who == "public" else None,
        )  # fmt: skip
    return opened.record


def read_pattern(record: int) -> Pattern:
    """Read back what the acts on a record wrote."""
    from zhangfa.acts.models import Participant
    from zhangfa.acts.store import load

    found = load(record)
    assert found is not None
    joined = Participant.objects.filter(record=record).values_list("person", "role", "unit", "why")
    pattern = Pattern(dict(found[0]), tuple(dict(task) for task in found[1]), tuple(joined))
    payload = pattern.row["payload"]
    assert pattern.row["label"] == label_for(payload["category"], payload["content"]), "the charter's label has changed"
    return pattern


def label_for(category: str, content: str) -> str:
    """Write the label as the charter says: ``{category} · {content:20}``."""
    return f"{CATEGORIES[category]} · {content[:20]}"


@dataclass(frozen=True, slots=True)
class Made:
    """One generated record with its other rows."""

    row: dict[str, Any]
    tasks: list[dict[str, Any]]
    participants: tuple[tuple[Any, ...], ...]


class Maker:
    """Makes records from patterns, the same for the same seed, from the oldest to the newest."""

    def __init__(self, patterns: dict[str, Pattern], grids: Sequence[Chain], until: dt.datetime, count: int) -> None:
        self.patterns, self.grids, self.until = patterns, grids, until
        self.chance = random.Random(370800)
        self.moments = self._moments(count)

    def _moments(self, count: int) -> list[tuple[dt.datetime, str]]:
        """Draw when each was opened and where it stands: what is open is mostly young."""
        states = self.chance.choices(list(SHARES), weights=list(SHARES.values()), k=count)
        found = []
        for state in states:
            days = self._age(state)
            found.append((self.until - dt.timedelta(days=days), state))
        return sorted(found)

    def _age(self, state: str) -> float:
        """Draw an age in days. The clock closes what residents leave unanswered, so that such records are young."""
        if state in ("closed", "refused"):
            return self.chance.uniform(15, YEARS * 365)
        if state in ("resolved", "declined"):
            return self.chance.uniform(1, 6)
        return min(self.chance.expovariate(1 / 20), 900)

    def __iter__(self) -> Iterator[Made]:
        for number, (opened, state) in enumerate(self.moments):
            yield self._make(number, opened, state)

    def _make(self, number: int, opened: dt.datetime, state: str) -> Made:
        from zhangfa.acts.naming import EPOCH_MS

        pattern, grid, chance = self.patterns[state], self.chance.choice(self.grids), self.chance
        category = chance.choice(list(CATEGORIES))
        thing = THINGS[min(int(chance.expovariate(0.25)), len(THINGS) - 1)]
        content = f"{chance.choice(SPOTS)}{thing}{chance.choice(TROUBLES)}"
        shift = opened - dt.datetime.fromisoformat(pattern.row["opened_at"])
        moved = _mover(shift)
        id_ = (int(opened.timestamp() * 1000) - EPOCH_MS) << 22 | number
        row = {
            **pattern.row, **grid, "id": id_, "unit": grid["grid"], "number": f"RR-{opened:%y%m%d}-{number:06X}",
            "label": label_for(category, content), "opened_at": moved(pattern.row["opened_at"]),
            "updated_at": moved(pattern.row["updated_at"]), "due_at": moved(pattern.row["due_at"]), "code_hash": None,
            "payload": {**pattern.row["payload"], "category": category, "content": content},
        }  # fmt: skip
        tasks = [self._task(task, place, row, pattern, moved) for place, task in enumerate(pattern.tasks)]
        return Made(row, tasks, pattern.participants)

    def _task(
        self, task: dict[str, Any], place: int, row: dict[str, Any], pattern: Pattern, moved: Any
    ) -> dict[str, Any]:
        here = task["unit"] == pattern.row["unit"]
        levels = {level: row[level] for level in ("county", "town", "village", "grid", "unit")} if here else {}
        moments = {name: moved(task[name]) for name in ("opened_at", "due_at")}
        late = moments["due_at"] if moments["due_at"] and moments["due_at"] < self.until.isoformat() else None
        return {**task, **levels, **moments, "late_at": late, "id": row["id"] + place, "record": row["id"]}


def _mover(shift: dt.timedelta) -> Any:
    def moved(text: str | None) -> str | None:
        if text is None:
            return None
        return (dt.datetime.fromisoformat(text) + shift).astimezone(dt.UTC).isoformat(timespec="microseconds")[
            :26
        ] + "Z"

    return moved


def fill_records(maker: Maker) -> int:
    """Write all that the maker makes, with the search index; return how many records."""
    from zhangfa.acts.fold import RECORD_COLUMNS, TASK_COLUMNS, columns_of
    from zhangfa.acts.store import to_database
    from zhangfa.charter import engine as charters

    bodies = Bodies(charters.register(REGISTER, maker.until.date())[1])
    done, every = 0, iter(maker)
    with bulk_writing():
        while chunk := list(islice(every, CHUNK)):
            records = [to_database(columns_of(made.row)) for made in chunk]
            tasks = [to_database(task) for made in chunk for task in made.tasks]
            joined = [(made.row["id"], *one) for made in chunk for one in made.participants]
            write_rows("acts_record", RECORD_COLUMNS, [[row[name] for name in RECORD_COLUMNS] for row in records])
            write_rows("acts_task", TASK_COLUMNS, [[row[name] for name in TASK_COLUMNS] for row in tasks])
            write_rows("acts_participant", ("record", "person", "role", "unit", "why"), joined)
            write_bodies([(made.row, bodies.of(made.row)) for made in chunk])
            done += len(chunk)
    return done


class Bodies:
    """Words of records for the search index: those of places and of contents are each worked out once."""

    def __init__(self, register: Any) -> None:
        self.register = register
        self.checks = 200
        self.known: dict[tuple[str, ...], str] = {}

    def of(self, row: dict[str, Any]) -> str:
        """Return what ``registers.search.body_of`` would, put together from parts; the first ones are compared."""
        from zhangfa.registers.grams import words_of
        from zhangfa.registers.search import body_of

        nowhere = dict.fromkeys(("county", "town", "village", "grid", "unit"))
        text = self._part((row["label"], row["payload"]["content"], row["state"]), {**row, **nowhere, "number": ""})
        place = self._part((str(row["grid"]),), {**row, "label": "", "number": "", "payload": {}})
        body = " ".join((text, place, *words_of(row["number"])))
        if self.checks:
            self.checks -= 1
            assert set(body.split()) == set(body_of(row, self.register).split()), "search.body_of has changed"
        return body

    def _part(self, key: tuple[str, ...], row: dict[str, Any]) -> str:
        from zhangfa.registers.search import body_of

        if key not in self.known:
            self.known[key] = body_of(row, self.register)
        return self.known[key]


def write_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows by COPY on PostgreSQL, by one prepared insert on SQLite."""
    from django.db import connection

    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", rows)
            return
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def write_bodies(bodies: list[tuple[dict[str, Any], str]]) -> None:
    """Write rows of the search index as ``registers.search`` does."""
    from django.db import connection

    if connection.vendor == "sqlite":
        write_rows("registers_search", ("rowid", "body"), [(row["id"], body) for row, body in bodies])
        return
    rows = [
        (row["id"], row["county"], " ".join(f"'{word}'" for word in sorted(set(body.split())))) for row, body in bodies
    ]
    write_rows("registers_search", ("record", "county", "body"), rows)


@contextmanager
def bulk_writing() -> Iterator[None]:
    """Write without indexes and without waiting for the disk; then make the indexes as they were, and statistics."""
    from django.db import connection, transaction

    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
                "AND tbl_name IN ('acts_record', 'acts_task', 'acts_participant')"
            )
        else:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('acts_record', 'acts_task', "
                "'acts_participant', 'registers_search') AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            )
        indexes = cursor.fetchall()
        with transaction.atomic():
            for name, _sql in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
            yield
            for _name, sql in indexes:
                cursor.execute(sql)
        if sqlite:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")
