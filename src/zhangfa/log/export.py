"""Write the log to a file that anybody can check without us (``tools/verify_log.py``).

A log file holds one canonical JSON object a line: first the header, then the sealed events in their order, each
checkpoint right behind the event it reaches. A proof file holds one event, a checkpoint and the path between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import orjson

from zhangfa.log.canonical import canonical_bytes
from zhangfa.log.checkpoint import SignedCheckpoint, last_checkpoint, public_key, signed
from zhangfa.log.leaf import SUITE
from zhangfa.log.models import Checkpoint
from zhangfa.log.rows import LoggedEvent, select_events
from zhangfa.log.seal import read_sealed
from zhangfa.log.tree import prove_consistency, prove_inclusion
from zhangfa.log.verify import CHUNK, Progress

LOG_FORMAT = "zhangfa-log-1"
PROOF_FORMAT = "zhangfa-proof-1"


def export_log(file: BinaryIO, *, progress: Progress | None = None) -> int:
    """Write all events up to the newest checkpoint; return how many. What waits for the sealer is left out."""
    last = last_checkpoint()
    size = last.size if last else 0
    _write(file, {"events": size, "log": LOG_FORMAT, "public_key": public_key().hex(), "suite": SUITE})
    checkpoints = _checkpoints(size)
    awaited = next(checkpoints, None)
    for start in range(0, size, CHUNK):
        for event in read_sealed(start - 1, min(CHUNK, size - start)):
            file.write(_line_of(event))
            if awaited and event.position is not None and awaited.size == event.position + 1:
                _write(file, {"checkpoint": awaited.to_json()})
                awaited = next(checkpoints, None)
        if progress:
            progress(min(start + CHUNK, size), size)
    return size


def _checkpoints(size: int) -> Iterator[SignedCheckpoint]:
    last = 0
    while rows := list(Checkpoint.objects.filter(size__gt=last, size__lte=size).order_by("size")[:CHUNK]):
        yield from map(signed, rows)
        last = rows[-1].size


def _write(file: BinaryIO, value: dict[str, object]) -> None:
    file.write(canonical_bytes(value) + b"\n")


def _line_of(event: LoggedEvent) -> bytes:
    line = {"entry": orjson.Fragment(event.entry()), "leaf": event.leaf.hex(), "position": event.position}
    return orjson.dumps(line) + b"\n"


def export_proof(file: BinaryIO, *, position: int, old: SignedCheckpoint | None = None) -> SignedCheckpoint:
    """Write one event with its way up to the newest checkpoint, and from an `old` checkpoint to the newest one.

    Raises LookupError when that position is not sealed or the old checkpoint lies ahead of the log.
    """
    last = last_checkpoint()
    events = select_events("WHERE position = %s", [position])
    if last is None or not events or position >= last.size:
        raise LookupError(f"no event is sealed at position {position}")
    proof: dict[str, object] = {
        "checkpoint": last.to_json(),
        "entry": orjson.Fragment(events[0].entry()),
        "inclusion": [node.hex() for node in prove_inclusion(position, last.size)],
        "log": PROOF_FORMAT,
        "position": position,
    }
    if old is not None:
        if not 0 < old.size <= last.size:
            raise LookupError(f"the old checkpoint of {old.size} events is ahead of the log of {last.size}")
        proof["consistency"] = [node.hex() for node in prove_consistency(old.size, last.size)]
        proof["old"] = old.to_json()
    file.write(orjson.dumps(proof, option=orjson.OPT_SORT_KEYS) + b"\n")
    return last
