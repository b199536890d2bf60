"""A small county made by the engines, events of every sort in its log, and the facts as plain Python reads them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from zhangfa.acts.fold import Happened, Row, fold
from zhangfa.calendar.engine import load_builtin_calendar
from zhangfa.charter import engine as charters
from zhangfa.charter.fact_columns import fact_columns
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.score_model import Indicator, Scale, Score
from zhangfa.directory import engine as directory
from zhangfa.expression import Scope, date_, evaluate, evaluate_rows, parse_expression
from zhangfa.expression.scope import CALENDAR, TODAY, decimal_, int_
from zhangfa.log.append import append_event
from zhangfa.log.rows import LoggedEvent, select_events
from zhangfa.log.transaction import write_transaction

MEASURED = Path(__file__).parent / "measured.yaml"
TOWNS = {"v1": "east", "v2": "east", "v3": "west", "v4": "west"}
START = dt.datetime(2026, 1, 5, 1, 0, tzinfo=dt.UTC)
BEIJING = dt.timezone(dt.timedelta(hours=8))
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
STATES = ("open", "checked", "done")
KEY = "measured.result"


def build_units() -> dict[str, int]:
    """Create a county of two towns and four villages through the directory's engine."""
    made: dict[str, int] = {}
    parents = {"county": None, "east": "county", "west": "county", **TOWNS}
    kinds = {"county": "county", "east": "town", "west": "town"}
    for name, parent in parents.items():
        made[name] = directory.create_unit(
            code=f"37-{name}", kind=kinds.get(name, "village"), name=f"{name}地",
            parent=made[parent] if parent else None, since=dt.date(2020, 1, 1), by=None, at=START, key=f"unit-{name}",
        ).id  # fmt: skip
    return made


def apply_measured(text: str | None = None, key: str = "measured") -> Charter:
    """Put the charter of the tests in force."""
    text = text or MEASURED.read_text(encoding="utf-8")
    return charters.apply_charter(
        text=text, name="measured.yaml", by=None, at=START, key=key, in_force=dt.date(2000, 1, 1)
    ).charter


class Writer:
    """Writes random acts straight to the log, as the engine words them."""

    def __init__(self, seed: int, units: Sequence[int], prefix: str = "w") -> None:
        self.random = random.Random(seed)
        self.units, self.prefix = list(units), prefix
        self.open: dict[int, dict[int, str]] = {}
        self.made = 0

    def write(self, events: int, *, version: int = 1) -> None:
        """Append so many events."""
        with write_transaction():
            for _ in range(events):
                self._append(version)

    def _append(self, version: int) -> None:
        self.made += 1
        pick = self.random
        opening = not self.open or pick.random() < 0.4
        record = 1000 + self.made if opening else pick.choice(list(self.open))
        payload = self._opening() if opening else self._change(record)
        if opening:
            self.open[record] = {record * 10: "open"}
            payload["tasks"] = [self._task(record * 10)]
        append_event(
            key=f"{self.prefix}-{self.made}", ts=START + dt.timedelta(minutes=37 * self.made), kind="step",
            charter="measured", version=version, register=KEY, record=record, step="enter", payload=payload,
        )  # fmt: skip

    def _opening(self) -> dict[str, Any]:
        record = {"state": "open", "unit": self.random.choice(self.units), "closed": False, "number": f"M-{self.made}",
                  "author": self.random.choice([None, 5, 6])}  # fmt: skip
        return {"by": {"kind": "public"}, "data": self._data(1.0), "record": record, "meta": {"steps": {"enter": 1}}}

    def _change(self, record: int) -> dict[str, Any]:
        state = self.random.choice(STATES)
        payload: dict[str, Any] = {
            "data": self._data(0.3), "record": {"state": state, "closed": state == "done"},
            "meta": {"steps": {"enter": 1, "check": self.random.randint(1, 4)}},
        }  # fmt: skip
        task = record * 10
        if self.random.random() < 0.5:
            done = self.random.random() < 0.6
            payload["task_sets"] = {
                str(task): {"state": "done", "done_at": "2026-02-03T04:05:06Z", "on_time": self.random.random() < 0.5}
                if done
                else {"state": "paused", "due_at": None}
            }
        return payload

    def _task(self, id_: int) -> dict[str, Any]:
        due = self.random.choice([None, "2026-01-20T15:59:59Z", "2026-11-20T15:59:59Z"])
        return {"id": id_, "step": "check", "role": "office", "unit": self.random.choice(self.units), "due_at": due}

    def _data(self, share: float) -> dict[str, Any]:
        pick = self.random
        makers = {
            "name": lambda: pick.choice(["甲", "it's", "", "路口井盖", 'a"b']),
            "happened": lambda: (dt.date(2026, 1, 1) + dt.timedelta(days=pick.randint(-40, 380))).isoformat(),
            "seen": lambda: f"2026-0{pick.randint(1, 9)}-28T{pick.randint(10, 23)}:59:59.5Z",
            "count": lambda: pick.choice([0, 1, 2, 3, 7, -5, 100, 10**15]),
            "mark": lambda: str(Decimal(pick.randint(-2000, 20000)).scaleb(-3)),
            "rate": lambda: pick.choice(["0.25", "0.3333", "1", "0"]),
            "income": lambda: pick.randint(-(10**6), 10**12),
            "done": lambda: pick.random() < 0.5,
            "kind": lambda: pick.choice(["pass", "fail"]),
            "tags": lambda: pick.sample(["a", "b", "c"], pick.randint(0, 3)),
            "helper": lambda: pick.choice(self.units),
            "secret": lambda: {"~": "bm90IG1pcnJvcmVk"},
        }
        return {
            name: None if pick.random() < 0.15 else make() for name, make in makers.items() if pick.random() < share
        }


def write_results(unit: int, numbers: Sequence[tuple[int, str]]) -> None:
    """Append a record of a unit for each pair of a count and a mark."""
    with write_transaction():
        for at, (count, mark) in enumerate(numbers):
            record = {"state": "open", "unit": unit, "closed": False, "number": f"N-{at}", "author": None}
            data = {"happened": f"2026-03-{at + 1:02}", "count": count, "mark": mark}
            append_event(
                key=f"n-{unit}-{at}", ts=START + dt.timedelta(minutes=at), kind="step", charter="measured", version=1,
                register=KEY, record=1 + at, step="enter",
                payload={"by": {"kind": "public"}, "data": data, "record": record, "meta": {"steps": {"enter": 1}}},
            )  # fmt: skip


def logged(upto: int | None = None) -> list[LoggedEvent]:
    """Return the acts in the log, sealed ones in their order and then the rest."""
    found = select_events("WHERE kind IN ('step', 'verb') ORDER BY seq", [])
    return [one for one in found if upto is None or (one.position is not None and one.position <= upto)]


def rows_of(charter: Charter, units: Mapping[int, Mapping[str, Any]], upto: int | None = None) -> list[dict[str, Any]]:
    """Return the facts of the register as the fold of acts and plain Python make them, in their order."""
    states: dict[int, Row] = {}
    closed: dict[int, str | None] = {}
    for event in logged(upto):
        assert event.record is not None
        payload = orjson.loads(event.payload)
        happened = Happened(event.record, event.ts, event.charter, event.version, event.register, payload)
        states[event.record] = fold(happened, states.get(event.record)).record
        if "closed" in payload.get("record", {}):
            closed[event.record] = event.ts if payload["record"]["closed"] else None
    rows = [_row(charter, one, closed.get(one["id"]), units) for one in states.values()]
    return sorted((row for row in rows if row["dated"]), key=lambda row: (row["dated"], row["opened"], row["record"]))


class UnitThen(dict[str, Any]):
    """A unit as a fact names it: one can count different ones."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self["id"])


def _row(charter: Charter, state: Row, closed: str | None, units: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    columns = fact_columns(charter, "result")
    payload = state["payload"]
    row = {name: _term(payload.get(name), kind.kind, name) for name, kind in columns.items() if name in payload}
    if row.get("helper") is not None:
        row["helper"] = UnitThen({"id": row["helper"], **units[row["helper"]]})
    return {
        **row, "record": state["id"], "state": state["state"], "version": state["charter_version"],
        "author": state["author"], "opened": dt.datetime.fromisoformat(state["opened_at"]),
        "closed": dt.datetime.fromisoformat(closed) if closed else None, "dated": row.get("happened"),
        "unit": {"id": state["unit"], **units[state["unit"]]}, "town": units[state["unit"]]["town"],
        "enter_count": state["meta"].get("steps", {}).get("enter", 0),
        "check_count": state["meta"].get("steps", {}).get("check", 0),
    }  # fmt: skip


def _term(value: Any, kind: str, name: str) -> Any:
    if value is None:
        return None
    if name == "income":
        return Decimal(value) / 100
    readers: dict[str, Any] = {"decimal": Decimal, "date": dt.date.fromisoformat, "datetime": dt.datetime.fromisoformat}
    return readers[kind](value) if kind in readers else value


SHARED = {"pass_mark": decimal_(1), "most": int_, "today": date_}


def indicator(
    charter: Charter, name: str, value: str, where: str = "", *, key: str = "", table: str = "result"
) -> Indicator:
    """Return an indicator with its expressions read as the checker reads them."""
    columns = fact_columns(charter, table)
    made, faults = parse_expression(value, Scope(columns, aggregates=True, shared=SHARED))
    assert faults == (), (value, faults)
    assert made is not None
    condition = None
    if where:
        condition, faults = parse_expression(where, Scope(columns, shared=SHARED), wants="bool")
        assert faults == (), (where, faults)
    return Indicator(name, Text(name), table, made, Scale("rank"), where=condition, key=key)


def score_of(*indicators: Indicator, of_kind: str = "village", of_post: str = "") -> Score:
    """Return a score of these indicators."""
    return Score("s", Text("s"), "year", {one.id: one for one in indicators}, of_kind=of_kind, of_post=of_post)


def in_python(
    charter: Charter, one: Indicator, rows: Sequence[Mapping[str, Any]], key: str, period: tuple[dt.date, dt.date]
) -> dict[int, tuple[object, int]]:
    """Return the cells of an indicator by the interpreter alone."""
    shared = {**{x.id: x.value for x in charter.settings.values()}, TODAY: period[1], CALENDAR: load_builtin_calendar()}
    kept: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        whose = row["unit"]["id"] if key == "village" else row.get(key)
        whose = whose["id"] if isinstance(whose, dict) else whose
        dated = period[0] <= row["dated"] <= period[1]
        if dated and whose is not None and (one.where is None or evaluate(one.where, {**shared, **row}) is True):
            kept.setdefault(whose, []).append(row)
    return {whose: (exactly(evaluate_rows(one.value, held, shared)), len(held)) for whose, held in kept.items()}


def villages(units: Mapping[str, int]) -> list[int]:
    """Return the ids of the four villages."""
    return [units[name] for name in ("v1", "v2", "v3", "v4")]


def named(units: Mapping[str, int]) -> dict[int, dict[str, Any]]:
    """Return what each village is called and lies in."""
    return {
        units[one]: {"kind": "village", "name": f"{one}地", "code": f"37-{one}", "town": units[town]}
        for one, town in TOWNS.items()
    }


def exactly(value: object) -> object:
    """Make True differ from 1, and 1.50 from 1.5."""
    return (type(value).__name__, str(value) if isinstance(value, Decimal) else value)
