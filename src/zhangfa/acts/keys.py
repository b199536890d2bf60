"""Whether a data key went without an event that says so: whoever deletes one makes a record unreadable for ever."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from zhangfa.log.problems import Problem

CHUNK = 1000
# An encrypted value stands in a payload as an object with the one key ``~``; typed text has its quotes escaped.
_LOST = """
SELECT DISTINCT e.record FROM log_event e
WHERE e.record IS NOT NULL AND e.payload LIKE %s
AND NOT EXISTS (SELECT 1 FROM log_datakey k WHERE k.record = e.record AND length(k.wrapped) > 0)
AND NOT EXISTS (
    SELECT 1 FROM log_event x WHERE x.record = e.record
    AND (x.kind = 'erase' OR (x.kind = 'verb' AND x.step = 'anonymise'))
)
ORDER BY e.record
"""


def lost_keys() -> Iterator[int]:
    """Yield the records whose values are encrypted under a key that is gone, though nothing erased it."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, ['%{"~":%'])
        while rows := cursor.fetchmany(CHUNK):
            yield from (int(row[0]) for row in rows)


def key_problems() -> Iterator[Problem]:
    """Yield the lost keys as problems of the log's verification."""
    for record in lost_keys():
        zh = f"记录 {record} 的数据密钥不见了，日志里却没有删除它的事件：加密的内容无法再读。"
        en = f"The data key of record {record} is gone, but no event erased it: what it encrypted cannot be read."
        yield Problem("V202", zh, en)
