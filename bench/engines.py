"""From which size on Spark pays: six indicators over one register, counted by DuckDB and by Spark on the same machine.

Not part of `zhangfa bench`, for it needs Spark (`make spark`): ``DATA=/tmp/b python -m bench.engines [SIZE …]``. The
log holds only the units; the facts are one snapshot of the mirror, written as the mirror writes it.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Any

from bench.measuring import Figure, interleave, is_smoke, median_ratio, report, seconds, start_django

SIZES = (200_000, 2_000_000, 20_000_000)
VILLAGES, TOWNS = 660, 13
INDICATORS = (
    ("many", "count(*)", "state = 'done'"), ("mean", "avg(mark)", ""), ("passed", "share(kind = 'pass')", ""),
    ("income", "sum(income)", "done"), ("middle", "median(mark)", "kind = 'pass'"),
    ("late", "max(days_between(happened, closed))", "closed is not null"),
)  # fmt: skip
FACTS = """
SELECT i AS id, i AS _place, CAST(NULL AS VARCHAR[]) AS _touched, 'N' || i AS number, 1::BIGINT AS version,
CASE hash(i) % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'checked' ELSE 'done' END AS state,
CASE WHEN hash(i) % 3 = 2 THEN TIMESTAMP '2026-01-01' + to_hours(CAST(hash(i, 5) % 9000 AS INTEGER)) END AS closed,
CAST({first} + hash(i, 1) % {villages} AS BIGINT) AS unit, CAST(NULL AS BIGINT) AS about_person,
CAST(NULL AS BIGINT) AS about_unit, CAST(NULL AS BIGINT) AS author,
TIMESTAMP '2026-01-01' + to_minutes(CAST(hash(i, 2) % 525600 AS INTEGER)) AS opened, 1::BIGINT AS "enter_count:count",
0::BIGINT AS "check_count:count", 'name ' || i % 1000 AS "name:text",
DATE '2026-01-01' + CAST(hash(i, 3) % 365 AS INTEGER) AS "happened:date",
CAST((hash(i, 4) % 22000)::DECIMAL(38, 3) / 1000 AS DECIMAL(38, 3)) AS "mark:decimal3",
CAST(hash(i, 6) % 1000000 AS BIGINT) AS "income:money", hash(i, 7) % 2 = 0 AS "done:bool",
CASE WHEN hash(i, 8) % 4 = 0 THEN 'fail' ELSE 'pass' END AS "kind:text"
FROM range({size}) t (i)
"""


def fill(units: list[int], size: int) -> None:
    """Write the snapshot of a register of so many records as the only thing the mirror holds."""
    from zhangfa.facts.mirror import connect, facts_folder
    from zhangfa.facts.store import File, Kept, Manifest, swap_manifest

    folder = facts_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path, connection = folder / f"measured.result.base.{size}.parquet", connect()
    made = FACTS.format(first=units[0], villages=len(units), size=size)
    connection.execute(f"COPY ({made}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
    names = tuple(name for name, *_ in connection.execute(f"DESCRIBE FROM '{path}'").fetchall())
    manifest = Manifest(tables={"measured.result": Kept(base=File(path.name, 0, 0, size, names))})
    swap_manifest(folder, manifest)


def make_county() -> tuple[Any, list[int]]:
    """Put the charter in force and make towns and villages."""
    from tests.facts.county import START, apply_measured

    from zhangfa.directory.imports import carry_out, plan_import

    lines = ["代码,名称,类型,上级代码,生效日期", "37,县,county,,2020-01-01"]
    lines += [f"37-{town},镇{town},town,37,2020-01-01" for town in range(TOWNS)]
    lines += [f"37-{at % TOWNS}-{at},村{at},village,37-{at % TOWNS},2020-01-01" for at in range(VILLAGES)]
    plan = plan_import("units", "\n".join(lines).encode(), "units.csv", at=START)
    carry_out(plan, by=None, at=START, key="units")
    from zhangfa.directory.models import Unit

    return apply_measured(), list(Unit.objects.filter(kind="village").order_by("id").values_list("id", flat=True))


def main() -> None:
    """Measure each size."""
    start_django()
    from django.core.management import call_command
    from tests.facts.county import YEAR, indicator, score_of

    from zhangfa.facts.aggregate import gather
    from zhangfa.facts.query import Facts
    from zhangfa.facts.spark.counter import SparkCounter
    from zhangfa.facts.spark.session import open_session

    call_command("migrate", verbosity=0)
    charter, units = make_county()
    score = score_of(*(indicator(charter, *one) for one in INDICATORS))

    def count(spark: Any) -> Any:
        with Facts(counter=SparkCounter(spark) if spark else None) as facts:
            return gather(facts, charter=charter, score=score, periods=[YEAR])[0].cells

    session: Any = None

    def begin() -> None:
        nonlocal session
        session = open_session(MASTER, {"spark.driver.memory": "4g"})
        session.sql("SELECT count(*) FROM range(10)").collect()

    report(Figure("engines", f"starting Spark, {MASTER}", seconds(begin), "s"))
    for size in [int(one) for one in sys.argv[1:] if one.isdigit()] or ([20_000] if is_smoke() else SIZES):
        fill(units, size)
        rounds = 3 if size < SIZES[-1] else 1
        if rounds > 1:
            assert count(None) == count(session)
        runs = [lambda: seconds(lambda: count(None)), lambda: seconds(lambda: count(session))]
        ducks, sparks = interleave(runs, rounds)
        report(
            Figure("engines", f"{size:,} records, DuckDB", statistics.median(ducks), "s"),
            Figure("engines", f"{size:,} records, Spark", statistics.median(sparks), "s"),
            Figure("engines", f"{size:,} records, Spark's time by DuckDB's", median_ratio(sparks, ducks), "×"),
        )
    session.stop()


MASTER = "local[2]"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if __name__ == "__main__":
    main()
