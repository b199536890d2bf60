"""The benchmark's score as one would write it by hand in DuckDB, for this one charter, over the mirror's own files.

It gives the same cells, totals and ranks; totals are reckoned in doubles, so that one in a thousand is off by one in
the last digit. ``scan`` reads every needed column of the whole history and does nothing with it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench.scored import REGISTERS, YEAR

DAYS = f"BETWEEN DATE '{YEAR}-01-01' AND DATE '{YEAR}-12-31'"
BEIJING = "CAST({} + INTERVAL 8 HOUR AS DATE)"
ON = '"done_on:date"'
SCORE = """
WITH place AS (FROM '{place}'),
villages AS (
    SELECT unit AS village, code, "at:town" AS town, m FROM place, range(1, 13) AS months(m)
    WHERE kind = 'village' AND until_day > DATE '{year}-12-31'),
towns AS (SELECT unit AS town, any_value(code) AS town_code FROM place WHERE kind = 'town' GROUP BY ALL),
cells AS (
    SELECT code, town, m, coalesce(visits, 0) AS visits, coalesce(n_visits, 0) AS n_visits,
        CAST(long / n_long AS DECIMAL(38, 10)) AS long, coalesce(n_long, 0) AS n_long,
        CAST(marks AS DECIMAL(38, 10)) AS marks, coalesce(n_marks, 0) AS n_marks,
        CAST(intime / n_closed AS DECIMAL(38, 10)) AS closed, coalesce(n_closed, 0) AS n_closed,
        met, coalesce(n_met, 0) AS n_met, CAST(income / 100 AS DECIMAL(18, 2)) AS income,
        coalesce(n_income, 0) AS n_income
    FROM villages LEFT JOIN {visit} USING (village, m) LEFT JOIN {check} USING (village, m)
    LEFT JOIN {case} USING (village, m) LEFT JOIN {meeting} USING (village, m) LEFT JOIN {sale} USING (village, m)),
peers AS (
    SELECT *, min(income) OVER w AS low, max(income) OVER w AS high FROM cells WINDOW w AS (PARTITION BY town, m)),
points AS (
    SELECT *, least(visits / 4, 1) * 100 AS p1, long * 100 AS p2,
        if(marks IS NULL, NULL, greatest(least((marks - 60) / 40, 1), 0) * 100) AS p3, closed * 100 AS p4,
        if(met IS NULL, NULL, least(met / 60, 1) * 100) AS p5,
        CASE WHEN income IS NULL THEN NULL WHEN high = low THEN 100 ELSE (income - low) / (high - low) * 100 END AS p6
    FROM peers),
totals AS (
    SELECT *, round(
        (20 * p1 + 10 * coalesce(p2, 0) + 25 * coalesce(p3, 0) + 20 * coalesce(p4, 0) + 10 * coalesce(p5, 0)
            + 15 * coalesce(p6, 0))
        / (20 + if(p2 IS NULL, 0, 10) + if(p3 IS NULL, 0, 25) + if(p4 IS NULL, 0, 20) + if(p5 IS NULL, 0, 10)
            + if(p6 IS NULL, 0, 15)), 2) AS total
    FROM points)
SELECT m, town_code, code, visits, n_visits, long, n_long, marks, n_marks, closed, n_closed, met, n_met, income,
    n_income, CAST(total AS DECIMAL(18, 2)), rank() OVER w AS rank, count(*) OVER (PARTITION BY town, m) AS ranked
FROM totals JOIN towns USING (town) WINDOW w AS (PARTITION BY town, m ORDER BY total DESC)
ORDER BY m, town_code, rank, code
"""
READS = {
    "visit": (
        "count(*) FILTER (\"kind:text\" = 'home') AS visits, nullif(visits, 0) AS n_visits, count(*) AS n_long, "
        'count(*) FILTER ("minutes:int" >= 30) AS long',
        ON, "",
    ),
    "check": ('avg("mark:decimal2") AS marks, count(*) AS n_marks', ON, ""),
    "case": (
        f"count(*) FILTER ({BEIJING.format('closed')} - day <= 10) AS intime, count(*) AS n_closed",
        BEIJING.format("opened"), "",
    ),
    "meeting": ('sum("minutes:int") AS met, count(*) AS n_met', ON, ""),
    "sale": ('sum("amount:money") AS income, count(*) AS n_income', ON, 'AND "amount:money" > 0'),
}  # fmt: skip
NEEDED = {
    "visit": (ON, '"kind:text"', '"minutes:int"'), "check": (ON, '"mark:decimal2"'), "case": ("opened", "closed"),
    "meeting": (ON, '"minutes:int"'), "sale": (ON, '"amount:money"'),
}  # fmt: skip


class ByHand:
    """A connection of its own, warm, over the files the manifest names."""

    def __init__(self, folder: Path) -> None:
        from zhangfa.facts.store import read_manifest

        self.tables = read_manifest(folder).tables
        self.folder = folder
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        places = [one for one in folder.glob("place-*.parquet") if one.name.count(".") == 1]
        parts = {one: self._read(one) for one in dict.fromkeys(REGISTERS)}
        self.sql = SCORE.format(place=max(places, key=lambda one: one.stat().st_mtime), year=YEAR, **parts)

    def _files(self, register: str, *, base: bool) -> str:
        kept = self.tables[f"scored.{register}"]
        if base:
            assert kept.base is not None
        files = [kept.base] if base and kept.base else kept.history
        return f"read_parquet([{', '.join(repr(str(self.folder / one.name)) for one in files)}])"

    def _read(self, register: str) -> str:
        columns, day, where = READS[register]
        return (
            f'(SELECT p."at:village" AS village, month(day) AS m, {columns} '
            f"FROM (SELECT *, {day} AS day FROM {self._files(register, base=True)}) f JOIN place p "
            f"ON p.unit = f.unit AND day >= p.from_day AND day < p.until_day WHERE day {DAYS} {where} GROUP BY ALL)"
        )

    def score(self) -> list[tuple[object, ...]]:
        """Return a row for each village and month: cells, total, rank, of how many."""
        return self.connection.execute(self.sql).fetchall()

    def scan(self) -> None:
        """Read the needed columns of every change: whose, when and what it touched, and the values."""
        for register, columns in NEEDED.items():
            read = ", ".join(f"max({one})" for one in ("id", "_place", "len(_touched)", "unit", *columns))
            self.connection.execute(f"SELECT {read} FROM {self._files(register, base=False)}").fetchall()
