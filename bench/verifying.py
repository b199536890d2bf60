"""Verifying a long log: every leaf, node, root and signature anew, against reading the rows and one SHA-256 each."""

from __future__ import annotations

import datetime as dt
import hashlib
import statistics

from bench.county import NOW, make_county
from bench.log_filling import fill_log, take_acts
from bench.measuring import Figure, in_new_process, interleave, is_smoke, median_ratio, report, seconds, start_django

LONE = 2_000
"""Events sealed one by one, as in a quiet office: each with a signed checkpoint of its own."""


def read_and_hash() -> None:
    """Do the bare minimum: read every payload and hash it once."""
    from django.db import connection

    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT payload, leaf FROM log_event ORDER BY position")
        while rows := cursor.fetchmany(4096):
            for payload, _leaf in rows:
                hashlib.sha256(payload.encode()).digest()


def verify_alone() -> None:
    """Verify the log itself; other rooms' checks, such as the replay, are not part of it."""
    from zhangfa.log.verify import verify_log

    found = verify_log(others=False)
    assert found.sound, found.summary()


def measure_lone_checkpoints(templates: list) -> Figure:
    """Measure what a checkpoint per event adds."""
    from zhangfa.log.seal import seal

    count = 200 if is_smoke() else LONE
    fill_log(templates, start=0, count=count)
    seal(at=NOW, batch=1)
    took = min(seconds(verify_alone) for _ in range(3))
    note = "its signature, too, is checked"
    return Figure("verifying", "verify, an event sealed by itself", took / count * 1e6, "µs", note=note)


def measure_proofs(size: int) -> list[Figure]:
    """Measure inclusion proofs at places all over the log, and check each."""
    from zhangfa.log.checkpoint import last_checkpoint
    from zhangfa.log.merkle import is_included
    from zhangfa.log.models import Event
    from zhangfa.log.tree import prove_inclusion

    checkpoint = last_checkpoint()
    assert checkpoint is not None
    lengths, times = [], []
    for place in [size * part // 50 for part in range(50)] + [checkpoint.size - 1]:
        proof: list[bytes] = []
        times.append(seconds(lambda p=place, out=proof: out.extend(prove_inclusion(p, checkpoint.size))))
        leaf = bytes(Event.objects.values_list("leaf", flat=True).get(position=place))
        assert is_included(leaf, place, checkpoint.size, proof, checkpoint.root)
        lengths.append(len(proof))
    return [
        Figure("verifying", "longest inclusion proof", max(lengths), "hashes", note=f"{32 * max(lengths)} bytes"),
        Figure("verifying", "making an inclusion proof, median", statistics.median(times) * 1000, "ms"),
    ]


def main() -> None:
    """Fill, seal and verify the log."""
    start_django()
    from zhangfa.log.models import Event
    from zhangfa.log.seal import seal

    templates = take_acts(make_county())
    report(measure_lone_checkpoints(templates))
    wanted, rounds = (10_000, 1) if is_smoke() else (1_000_000, 3)
    fill_log(templates, start=LONE, count=wanted - Event.objects.count())
    at = NOW + dt.timedelta(days=30)
    waiting = Event.objects.filter(position=None).count()
    sealing = seconds(lambda: seal(at=at))
    size = Event.objects.count()
    peaks: list[float] = []

    def verify() -> float:
        took, peak = in_new_process(verify_alone)
        peaks.append(peak)
        return took

    ours, bare = interleave([verify, lambda: in_new_process(read_and_hash)[0]], rounds)
    took = statistics.median(ours)
    report(
        Figure("verifying", "sealing a long log", waiting / sealing, "events/s", note=f"{waiting:,} events"),
        Figure("verifying", f"verify of {size:,} events", took, "s", note=f"{size / took:,.0f} events/s"),
        Figure("verifying", "most memory while verifying", statistics.median(peaks), "MB", note="the whole process"),
        Figure("verifying", "speed against reading and hashing bare", median_ratio(bare, ours), "×"),
        *measure_proofs(size),
    )


if __name__ == "__main__":
    main()
