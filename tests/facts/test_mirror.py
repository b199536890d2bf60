"""What is mirrored is what the log says, however it came there."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import duckdb
import orjson
import pytest
from tests.facts.conftest import NOW
from tests.facts.county import KEY, MEASURED, YEAR, Writer, apply_measured, logged, named, rows_of, villages

from zhangfa.directory import engine as directory
from zhangfa.expression.arithmetic import to_scale
from zhangfa.facts import mirror
from zhangfa.facts.mirror import digest, rebuild, refresh
from zhangfa.facts.query import Facts
from zhangfa.facts.store import read_manifest
from zhangfa.facts.tables import table_of


def read(charter, names, as_of=None):
    with Facts(as_of=as_of) as facts:
        view, _ = facts.view(charter, "result", today=YEAR[1])
        columns = ", ".join(f'"{name}"' for name in names)
        sql = f"SELECT {columns} FROM {view} WHERE dated IS NOT NULL ORDER BY dated, opened, record"
        return facts.connection.execute(sql).fetchall()


NAMES = (
    "record", "state", "version", "author", "name", "count", "mark", "rate", "income", "done", "kind", "happened",
    "town", "enter_count", "check_count",
)  # fmt: skip


def expected(charter, units, upto=None):
    return [tuple(row.get(name) for name in NAMES) for row in rows_of(charter, named(units), upto)]


def test_facts_equal_the_fold_of_acts(charter, units, sealing):
    Writer(1, villages(units)).write(300)
    sealing()
    refresh(at=NOW)
    assert read(charter, NAMES) == expected(charter, units)


def test_mirror_made_bit_by_bit_equals_one_made_at_once(charter, units, sealing, folder):
    writer = Writer(2, villages(units))
    for size in (1, 40, 3, 200, 90, 7):
        writer.write(size)
        sealing()
        refresh(at=NOW)
    bit_by_bit, files = digest(), len(read_manifest(folder).tables[KEY].history)
    assert rebuild(at=NOW).rebuilt
    assert digest() == bit_by_bit
    assert files <= 4
    assert read(charter, NAMES) == expected(charter, units)


def test_mirror_read_in_many_portions_has_few_files(charter, units, sealing, folder, monkeypatch):
    Writer(2, villages(units)).write(700)
    sealing()
    refresh(at=NOW)
    whole = digest()
    monkeypatch.setattr(mirror, "BATCH", 30)
    rebuild(at=NOW)
    kept = read_manifest(folder).tables[KEY].history
    assert digest() == whole
    assert [(before.end == after.start) for before, after in pairwise(kept)] == [True] * (len(kept) - 1)
    assert len(kept) <= 4


def test_snapshot_folded_in_portions_is_the_snapshot_folded_at_once(charter, units, sealing, folder, monkeypatch):
    Writer(2, villages(units)).write(500)
    sealing()
    monkeypatch.setattr(mirror, "SNAPSHOT_AFTER", 50)
    refresh(at=NOW)
    whole, state = digest(), read(charter, NAMES)
    monkeypatch.setattr(mirror, "PORTION", 90)
    rebuild(at=NOW)
    kept = read_manifest(folder).tables[KEY]
    assert (digest(), read(charter, NAMES)) == (whole, state)
    ids = [row[0] for row in duckdb.connect().execute(f"SELECT id FROM '{folder / kept.base.name}'").fetchall()]
    assert ids == sorted(set(ids))
    assert not list(folder.glob("*.part-*"))


def test_refresh_without_news_changes_nothing(charter, units, sealing, folder):
    Writer(3, villages(units)).write(20)
    sealing()
    first = refresh(at=NOW)
    manifest, files = (folder / "manifest.json").read_bytes(), sorted(folder.glob("*.parquet"))
    second = refresh(at=NOW)
    assert (first.events, second.events, second.position) == (28, 0, first.position)
    assert ((folder / "manifest.json").read_bytes(), sorted(folder.glob("*.parquet"))) == (manifest, files)


def test_snapshot_and_changes_behind_it_fold_to_the_same(charter, units, sealing, folder, monkeypatch):
    monkeypatch.setattr(mirror, "SNAPSHOT_AFTER", 50)
    writer = Writer(4, villages(units))
    for size in (120, 30, 90, 20):
        writer.write(size)
        sealing()
        refresh(at=NOW)
    writer.write(15)
    kept = read_manifest(folder).tables[KEY]
    assert kept.base is not None
    assert kept.base.end < kept.history[-1].end
    assert read(charter, NAMES) == expected(charter, units)
    assert read(charter, NAMES, as_of=100) == expected(charter, units, 100)


def test_writer_that_dies_before_the_swap_leaves_the_mirror_as_it_was(charter, units, sealing, folder, monkeypatch):
    writer = Writer(5, villages(units))
    writer.write(60)
    sealing()
    refresh(at=NOW)
    stood, before = digest(), read(charter, NAMES)
    writer.write(60)
    sealing()
    with monkeypatch.context() as broken:
        broken.setattr(mirror, "swap_manifest", lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            refresh(at=NOW)
    assert digest() == stood
    assert before != read(charter, NAMES) == expected(charter, units)
    refresh(at=NOW)
    named_files = read_manifest(folder)
    on_disk = {path.name for path in folder.glob("*.parquet") if not path.name.startswith("place-")}
    assert on_disk == named_files.names | (set(named_files.leaving) & on_disk)
    assert read(charter, NAMES) == expected(charter, units)


def test_mirror_of_another_log_is_not_used_and_made_anew(charter, units, sealing, folder):
    Writer(6, villages(units)).write(30)
    sealing()
    refresh(at=NOW)
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace(read_manifest(folder).root, "0" * 64))
    assert read(charter, NAMES) == expected(charter, units)
    assert refresh(at=NOW).rebuilt
    assert read_manifest(folder).root != "0" * 64
    assert read(charter, NAMES) == expected(charter, units)


def test_sealed_values_are_nowhere_in_the_mirror(charter, units, sealing, folder):
    Writer(7, villages(units)).write(100)
    sealing()
    refresh(at=NOW)
    columns = [name for kept in read_manifest(folder).tables.values() for file in kept.files for name in file.columns]
    assert [name for name in columns if "secret" in name] == []
    rows = duckdb.execute(f"SELECT * FROM read_parquet('{folder}/*.parquet', union_by_name=true)").fetchall()
    assert rows
    assert "bm90IG1pcnJvcmVk" not in repr(rows)
    assert "secret" not in table_of(charter, "result").columns


def test_tasks_are_the_fold_of_what_acts_say_of_them(charter, units, sealing):
    Writer(8, villages(units)).write(250)
    sealing()
    refresh(at=NOW)
    expected_tasks = {}
    for event in logged():
        payload = orjson.loads(event.payload)
        for task in payload.get("tasks", ()):
            expected_tasks[task["id"]] = {"state": "open", "on_time": None, "done_at": None, **task}
        for task, columns in payload.get("task_sets", {}).items():
            expected_tasks[int(task)].update(columns)
    with Facts() as facts:
        view, _ = facts.view(charter, "task", today=NOW.date())
        rows = facts.connection.execute(f"SELECT fact, record, state, done IS NULL, unit, step FROM {view}").fetchall()
        late = facts.connection.execute(f"SELECT fact FROM {view} WHERE on_time IS FALSE").fetchall()
    assert sorted(rows) == sorted(
        (id_, id_ // 10, one["state"], one["done_at"] is None, one["unit"], "check")
        for id_, one in expected_tasks.items()
    )
    last = logged()[-1].ts
    assert {row[0] for row in late} == {
        id_ for id_, one in expected_tasks.items()
        if (one["state"] == "done" and one["on_time"] is False)
        or (one["state"] == "open" and one["due_at"] and one["due_at"] < last)
    }  # fmt: skip


def test_fact_stays_with_the_town_its_village_lay_in_on_its_date(charter, units, sealing):
    Writer(9, [units["v1"]]).write(60)
    sealing()
    before = Facts().position
    directory.move_unit(unit=units["v1"], parent=units["west"], on=dt.date(2026, 6, 1), by=None, at=NOW, key="moved")
    sealing()
    refresh(at=NOW)
    day, east, west = dt.date(2026, 6, 1), units["east"], units["west"]
    rows = read(charter, ("dated", "town"))
    assert {town for dated, town in rows if dated < day} == {east}
    assert {town for dated, town in rows if dated >= day} == {west}
    assert {town for _, town in read(charter, ("dated", "town"), as_of=before)} == {east}


def test_field_that_changed_its_type_is_read_as_declared_now(charter, units, sealing):
    Writer(10, villages(units)).write(40)
    text = MEASURED.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    newer = apply_measured(text.replace("type: decimal, places: 3", "type: decimal, places: 1"), "newer")
    Writer(11, villages(units), "v2").write(40, version=2)
    sealing()
    refresh(at=NOW)
    rows = rows_of(newer, named(units))
    assert {row["version"] for row in rows} == {1, 2}
    half_up = [None if row.get("mark") is None else to_scale(row["mark"], 1) for row in rows]
    assert [mark for (mark,) in read(newer, ("mark",))] == half_up
    assert read(charter, ("record",)) == read(newer, ("record",))


def test_units_and_posts_stand_as_of_the_last_day(charter, units, sealing):
    person = directory.create_person(code="p-1", name="王", by=None, at=NOW, key="person")
    directory.appoint(
        person=person.id, role="keeper", unit=units["v3"], since=dt.date(2026, 3, 1), by=None, at=NOW, key="post"
    )
    writer = Writer(12, villages(units))
    while len(writer.open) < 9:
        writer.write(1)
    directory.close_unit(unit=units["v4"], on=dt.date(2026, 5, 1), by=None, at=NOW, key="closed")
    with Facts() as facts:
        ask = {}
        for day in (dt.date(2026, 2, 1), dt.date(2026, 6, 1)):
            unit_view, _ = facts.view(charter, "unit", today=day)
            post_view, _ = facts.view(charter, "post", today=day)
            held = facts.connection.execute(f"SELECT person, role, unit, town FROM {post_view}").fetchall()
            found = facts.connection.execute(
                f"SELECT unit FROM {unit_view} WHERE kind = 'village' ORDER BY 1"
            ).fetchall()
            ask[day.month] = (held, [row[0] for row in found])
        written = facts.view(charter, "result", today=NOW.date())[0]
        assert facts.connection.execute(f"SELECT count(*), count(town) FROM {written}").fetchall() == [(9, 9)]
    assert ask[2] == ([], villages(units))
    assert ask[6] == ([(person.id, "keeper", units["v3"], units["west"])], villages(units)[:3])
