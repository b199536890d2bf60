"""Give every event its gapless place and sign the root: the sealer, and the feed that reads behind it.

Order trap: sequence order is not commit order. With several writers on PostgreSQL an event with a lower `seq` may
become visible after one with a higher. So only what no open transaction can precede is sealed: rows whose transaction
is below the oldest one still running, and none behind a visible row that is not. Then no event comes before one that
its writer could see.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from zhangfa.log.checkpoint import last_checkpoint, publish_checkpoint, sign_checkpoint, store_checkpoint
from zhangfa.log.models import Node
from zhangfa.log.rows import LoggedEvent, select_events
from zhangfa.log.transaction import write_transaction
from zhangfa.log.tree import NODE_LEVEL, frontier_at

BATCH = 2_000
"""Events per sealing transaction; on SQLite writers wait about 30 ms for one."""
_LOCK = 0x7A68616E67666101

_WAITING_SQLITE = "SELECT seq, leaf FROM log_event WHERE position IS NULL ORDER BY seq LIMIT %s"
# Below the horizon every transaction of this database is over. The server's own pg_snapshot_xmin() would do, but it
# counts other databases too, whose long transactions would hold our seal back; an unfinished transaction that cannot be
# told to be another database's is taken for ours. Ready is what is below the horizon, what this very transaction wrote,
# and what carries a transaction number this server has not reached: rows restored from another server.
_WAITING_POSTGRESQL = """
    WITH moment AS MATERIALIZED (SELECT pg_current_snapshot() AS now),
    elsewhere AS MATERIALIZED (
        SELECT backend_xid FROM pg_stat_activity
        WHERE backend_xid IS NOT NULL
          AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())),
    horizon AS MATERIALIZED (
        SELECT coalesce(
                   (SELECT open FROM pg_snapshot_xip(now) AS open
                    WHERE open::xid NOT IN (SELECT backend_xid FROM elsewhere) ORDER BY open LIMIT 1),
                   pg_snapshot_xmax(now)) AS low,
               pg_snapshot_xmax(now) AS high
        FROM moment),
    waiting AS MATERIALIZED (
        SELECT seq, leaf, xid < low OR xid >= high OR xid IS NOT DISTINCT FROM pg_current_xact_id_if_assigned() AS ready
        FROM log_event, horizon WHERE position IS NULL ORDER BY seq LIMIT %s)
    SELECT seq, leaf FROM waiting
    WHERE seq < coalesce((SELECT min(seq) FROM waiting WHERE NOT ready), 9223372036854775807) ORDER BY seq"""


def seal(*, at: datetime, batch: int = BATCH) -> int:
    """Seal all that is ready, one signed checkpoint per batch; return how many events. Any process may call it."""
    total = 0
    while _anything_waits():
        sealed = _seal_batch(at, batch)
        total += sealed
        if sealed < batch:
            break
    if total and not connection.in_atomic_block and (checkpoint := last_checkpoint()):
        publish_checkpoint(checkpoint)
    return total


def _anything_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM log_event WHERE position IS NULL LIMIT 1")
        return cursor.fetchone() is not None


def _seal_batch(at: datetime, batch: int) -> int:
    with write_transaction():
        waiting = _take_waiting(batch)
        if not waiting:
            return 0
        last = last_checkpoint()
        start = last.size if last else 0
        _place([seq for seq, _leaf in waiting], start)
        root = _grow_tree(start, [bytes(leaf) for _seq, leaf in waiting])
        store_checkpoint(sign_checkpoint(size=start + len(waiting), root=root, at=at), at=at)
    return len(waiting)


def _take_waiting(batch: int) -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_WAITING_POSTGRESQL if connection.vendor == "postgresql" else _WAITING_SQLITE, [batch])
        return list(cursor.fetchall())


def _place(seqs: Sequence[int], start: int) -> None:
    places = range(start, start + len(seqs))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE log_event SET position = given.place "
                "FROM unnest(%s::bigint[], %s::bigint[]) AS given (seq, place) WHERE log_event.seq = given.seq",
                [list(seqs), list(places)],
            )
        else:
            pairs = list(zip(places, seqs, strict=True))
            cursor.executemany("UPDATE log_event SET position = %s WHERE seq = %s", pairs)


def _grow_tree(start: int, leaves: Sequence[bytes]) -> bytes:
    frontier = frontier_at(start)
    completed = [node for leaf in leaves for node in frontier.add(leaf) if node[0] >= NODE_LEVEL]
    Node.objects.bulk_create([Node(level=level, index=index, hash=node) for level, index, node in completed])
    return frontier.root()


def read_sealed(after: int, limit: int) -> list[LoggedEvent]:
    """Read up to `limit` sealed events behind position `after` (-1 for the start), in order, none missed or twice.

    Call again with the last position read; what is sealed later always stands behind it.
    """
    return select_events("WHERE position > %s ORDER BY position LIMIT %s", [after, limit])
