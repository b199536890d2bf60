"""How long a piece of work waits for the database: running its statements and fetching their rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Clock:
    """Seconds spent in the database since it began to run."""

    seconds: float = 0.0


@contextmanager
def database_clock() -> Iterator[Clock]:
    """Time every statement and every fetch that goes through Django, until the block ends."""
    from django.db.backends.utils import CursorWrapper

    clock = Clock()

    def timed(work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*given, **named)
            finally:
                clock.seconds += time.perf_counter() - began

        return run

    def fetching(name: str) -> Callable[..., Any]:
        return timed(lambda cursor, *given: CursorWrapper.__getattr__(cursor, name)(*given))

    kept = CursorWrapper.execute
    CursorWrapper.execute = timed(kept)  # type: ignore[method-assign]
    fetches = ("fetchone", "fetchmany", "fetchall")
    for name in fetches:
        setattr(CursorWrapper, name, fetching(name))
    try:
        yield clock
    finally:
        CursorWrapper.execute = kept  # type: ignore[method-assign]
        for name in fetches:
            delattr(CursorWrapper, name)
