"""Twenty times the facts: the registers' files written again and again under other numbers of records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

TIMES = 20
PARTS = 4
"""Files of each table; what is left after merging in a mirror of that size."""

OTHERS = (
    'id + (n << 40) AS id, "minutes:int" + n AS "minutes:int", "amount:money" + 7 * n AS "amount:money", '
    'CAST("mark:decimal2" + CAST(n AS DECIMAL(38, 2)) / 100 AS DECIMAL(38, 2)) AS "mark:decimal2"'
)
"""What differs in the n-th copy: numbers that all repeat would be stored in no space, and read in no time."""


def multiply(folder: Path) -> None:
    """Write the registers' files twenty times, each time under other numbers of records; snapshots are folded anew."""
    from zhangfa.facts.mirror import connect, known_tables, read_file
    from zhangfa.facts.store import File, read_manifest, swap_manifest

    manifest, connection, tables = read_manifest(folder), connect(), known_tables()
    for name, kept in manifest.tables.items():
        if not name.startswith("scored."):
            continue
        source = " UNION ALL ".join(read_file(tables[name], folder, one) for one in kept.history)
        first, files = kept.history[0], []
        for part in range(PARTS):
            times = f"range({part * TIMES // PARTS}, {(part + 1) * TIMES // PARTS}) AS t(n)"
            shifted = f"SELECT * REPLACE ({OTHERS}) FROM ({source}), {times}"
            file = f"{name}.changes.{part}.{TIMES}.parquet"
            columns = ", ".join(f'"{one}"' for one in first.columns)
            sql = f"COPY (SELECT {columns} FROM ({shifted}) ORDER BY _place, id) TO '{folder / file}'"
            ((rows,),) = connection.execute(f"{sql} (FORMAT parquet, COMPRESSION zstd)").fetchall()
            files.append(File(file, 0, manifest.size, rows, first.columns))
        manifest = manifest.with_table(name, replace(kept, history=tuple(files), base=None))
    swap_manifest(folder, manifest)


def fold_all() -> None:
    """Fold the snapshots of all tables from their history."""
    from zhangfa.facts import mirror as facts
    from zhangfa.facts.store import read_manifest, swap_manifest

    facts.SNAPSHOT_AFTER = 0
    folder, tables = facts.facts_folder(), facts.known_tables()
    manifest, connection = read_manifest(folder), facts.connect()
    for name in manifest.tables:
        manifest = facts._fold_snapshot(connection, folder, tables[name], manifest)
    swap_manifest(folder, manifest)
