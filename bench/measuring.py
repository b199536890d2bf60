"""Measuring: rounds that interleave the thing and its baseline, medians, and figures with their bound."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure and, where there is one, the bound it must keep."""

    bench: str
    what: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the bound is kept; ``None`` where there is no bound."""
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )


def interleave(runs: Sequence[Callable[[], float]], rounds: int = ROUNDS) -> list[list[float]]:
    """Call each run once a round, in turn, for so many rounds; return the results by run."""
    results: list[list[float]] = [[] for _ in runs]
    for number in range(rounds):
        order = range(len(runs)) if number % 2 == 0 else reversed(range(len(runs)))
        for index in order:
            results[index].append(runs[index]())
    return results


def median_ratio(ours: Sequence[float], bare: Sequence[float]) -> float:
    """Return the median of the ratios of the same rounds."""
    return statistics.median(mine / theirs for mine, theirs in zip(ours, bare, strict=True))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which the share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(1, math.ceil(share * len(ordered) - 1e-9)) - 1]


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_megabytes() -> float:
    """Return the most memory this process ever held, in MB; 0 where the system does not tell."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def start_django() -> None:
    """Start Django as the product's own commands do."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhangfa.settings"
    import django

    django.setup()


def _in_child(work: Callable[[], object], results: object) -> None:
    start_django()
    results.put((seconds(work), peak_megabytes()))  # type: ignore[attr-defined]


def in_new_process(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of a work and the most memory of a process that does nothing else, in MB."""
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    child = context.Process(target=_in_child, args=(work, results))
    child.start()
    found: tuple[float, float] = results.get()
    child.join()
    return found


def report(*figures: Figure) -> None:
    """Hand figures to the runner, a JSON line each."""
    for figure in figures:
        print(json.dumps({"figure": asdict(figure)}, ensure_ascii=False), flush=True)


def is_smoke() -> bool:
    """Whether this is the short run that only shows that the benchmark works."""
    return "--smoke" in sys.argv
