"""What is mirrored is what the log says, however it came there."""

from __future__ import annotations

from tests.facts.conftest import NOW
from tests.facts.county import YEAR, Writer, named, rows_of, villages

from zhangfa.facts.mirror import refresh
from zhangfa.facts.query import Facts


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
