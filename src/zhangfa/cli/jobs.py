"""What must happen without anybody asking: seal the log, keep deadlines, deliver notices, sweep up.

Needs no broker: each job is derived from the clock and the state, and each occurrence has a unique
key, so any number of processes may run the same jobs.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import close_old_connections

logger = logging.getLogger("zhangfa.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """A thing done over and over, ``every`` so many seconds."""

    name: str
    every: float
    do: Callable[[datetime], object]


def _seal(at: datetime) -> object:
    from zhangfa.log.seal import seal

    return seal(at=at)


def _mirror(at: datetime) -> object:
    """Mirror what was sealed, so that a score finds little left to read live."""
    from zhangfa.facts.mirror import refresh

    return refresh(at=at)


def _publish(at: datetime) -> object:
    from zhangfa.publishing.clock import tick

    return tick(at=at)


def _honour(at: datetime) -> object:
    """After publishing: a board that was locked confers, titles lapse, roll-ups are looked at again."""
    from zhangfa.honours.clock import tick

    return tick(at=at)


def _tick(at: datetime) -> object:
    from zhangfa.acts.clock import tick

    return tick(at=at)


def _deliver(at: datetime) -> object:
    from zhangfa.notices.engine import deliver

    return deliver(at=at)


def _sweep(at: datetime) -> object:
    from zhangfa.attachments.engine import sweep_unused
    from zhangfa.doors.limits import forget_counts
    from zhangfa.doors.work import forget_work

    return sweep_unused(at=at), forget_counts(at=at), forget_work(at=at)


def _index(at: datetime) -> object:
    from zhangfa.registers.search import catch_up

    return catch_up()


JOBS = (
    Job("seal", 1.0, _seal),
    Job("deliver", 1.0, _deliver),
    Job("tick", 15.0, _tick),
    Job("publish", 60.0, _publish),
    Job("honour", 60.0, _honour),
    Job("index", 5.0, _index),
    Job("sweep", 3600.0, _sweep),
)
LONG_JOBS = (Job("mirror", 10.0, _mirror),)
"""What may take minutes the first time; in a thread of their own they hold up nobody's notices."""


def run_due(due: dict[str, float], now: float, jobs: Sequence[Job] = JOBS) -> dict[str, float]:
    """Run every job whose time has come; return when each is due next. A failing job is logged and tried again."""
    later = dict(due)
    for job in jobs:
        if now < due.get(job.name, 0.0):
            continue
        try:
            job.do(datetime.now(UTC))
        except Exception:
            logger.exception("The job %s failed; it is tried again in %s s", job.name, job.every)
        later[job.name] = now + job.every
    return later


def _loop(jobs: Sequence[Job]) -> None:
    due: dict[str, float] = {}
    while True:
        close_old_connections()
        due = run_due(due, time.monotonic(), jobs)
        time.sleep(0.25)


def start_jobs() -> None:
    """Start the jobs in threads of this process; they end with the process."""
    for name, jobs in (("zhangfa-jobs", JOBS), ("zhangfa-mirror", LONG_JOBS)):
        threading.Thread(target=_loop, args=(jobs,), name=name, daemon=True).start()
