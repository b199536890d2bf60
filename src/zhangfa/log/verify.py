"""Recompute the whole log and say in sentences what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from zhangfa.log import problems
from zhangfa.log.canonical import is_canonical
from zhangfa.log.checkpoint import SignedCheckpoint, signed, trusted_keys
from zhangfa.log.merkle import Frontier
from zhangfa.log.models import Checkpoint, Node
from zhangfa.log.problems import Problem
from zhangfa.log.rows import LoggedEvent, select_events
from zhangfa.log.sentence import Sentence
from zhangfa.log.tree import NODE_LEVEL

CHUNK = 4_096
"""Events held in memory at a time."""
MOST_PROBLEMS = 200
"""Problems told one by one; further ones are counted."""

Progress = Callable[[int, int], None]
"""Called with (events done, events in all)."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found; the log is sound when there are no problems."""

    events: int
    sealed: int
    checkpoints: int
    problems: tuple[Problem, ...]
    further: int
    """Problems beyond the `MOST_PROBLEMS` told."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def summary(self) -> Sentence:
        """Say in a sentence what was checked and what came of it."""
        checked_zh = f"已验证 {self.events} 条事件（{self.sealed} 条已封存）和 {self.checkpoints} 个检查点："
        checked_en = f"Verified {self.events} events ({self.sealed} sealed) and {self.checkpoints} checkpoints:"
        if self.sound:
            return Sentence(f"{checked_zh}完好。", f"{checked_en} sound.")
        count = len(self.problems) + self.further
        return Sentence(f"{checked_zh}发现 {count} 处问题。", f"{checked_en} {count} problems.")

    def to_json(self) -> dict[str, object]:
        """Return it for a machine."""
        return {
            "sound": self.sound,
            "events": self.events,
            "sealed": self.sealed,
            "checkpoints": self.checkpoints,
            "problems": [problem.to_json() for problem in self.problems],
            "further": self.further,
        }


Check = Callable[[], Iterable[Problem]]
_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Add a check of another room (replay, attachments …) to every verification; a name counts once."""
    _checks[name] = check


@dataclass(slots=True)
class _Verification:
    """The state of one run: the tree as far as it was read, and what was found."""

    sealed: int
    trusted: frozenset[bytes]
    frontier: Frontier = field(default_factory=Frontier)
    broken: bool = False
    """The tree cannot be compared from here on: an event is missing or a root did not match."""
    nodes: int = 0
    events: int = 0
    checkpoints: int = 0
    problems: list[Problem] = field(default_factory=list)
    further: int = 0

    def report(self, problem: Problem) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self.further += 1


def verify_log(
    *, progress: Progress | None = None, against: Iterable[SignedCheckpoint] = (), others: bool = True
) -> Report:
    """Recompute every leaf, node, root and signature of the log and run the registered checks of other rooms.

    `against`: checkpoints kept elsewhere, which the log must extend. Reads the log once, in chunks.
    """
    total, sealed = _measure()
    run = _Verification(sealed, trusted_keys())
    expected = _merge(_checkpoints(sealed), sorted(against, key=lambda checkpoint: checkpoint.size))
    awaited = next(expected, None)
    for events in _sealed_chunks(sealed):
        completed: list[tuple[int, int, bytes]] = []
        for event in events:
            awaited = _pass_checkpoints(run, awaited, expected)
            _check_sealed(run, event, completed)
        _check_nodes(run, completed)
        _tell(progress, run.events, total)
    while awaited is not None:
        _check_root(run, awaited)
        awaited = next(expected, None)
    _check_ends(run)
    for events in _waiting_chunks():
        for event in events:
            _check_event(run, event)
        _tell(progress, run.events, total)
    for check in _checks.values() if others else ():
        for problem in check():
            run.report(problem)
    return Report(run.events, sealed, run.checkpoints, tuple(run.problems), run.further)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress:
        progress(min(done, total), total)


def _measure() -> tuple[int, int]:
    # One statement, so that a sealer at work cannot come between.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM log_event), coalesce((SELECT max(size) FROM log_checkpoint), 0), "
            "coalesce((SELECT max(position) + 1 FROM log_event), 0)"
        )
        total, size, places = cursor.fetchone()
    return int(total), max(int(size), int(places))


def _sealed_chunks(sealed: int) -> Iterator[list[LoggedEvent]]:
    for start in range(0, sealed, CHUNK):
        end = min(start + CHUNK, sealed)
        yield select_events("WHERE position >= %s AND position < %s ORDER BY position", [start, end])


def _waiting_chunks() -> Iterator[list[LoggedEvent]]:
    last = -(2**63)
    while events := select_events("WHERE position IS NULL AND seq > %s ORDER BY seq LIMIT %s", [last, CHUNK]):
        yield events
        last = events[-1].seq


def _checkpoints(sealed: int) -> Iterator[SignedCheckpoint]:
    last = -1
    while rows := list(Checkpoint.objects.filter(size__gt=last, size__lte=sealed).order_by("size")[:CHUNK]):
        yield from map(signed, rows)
        last = rows[-1].size


def _merge(
    stored: Iterator[SignedCheckpoint], kept: Iterable[SignedCheckpoint]
) -> Iterator[tuple[SignedCheckpoint, bool]]:
    """Yield ``(checkpoint, kept elsewhere)`` by size."""
    waiting = list(kept)
    for checkpoint in stored:
        while waiting and waiting[0].size <= checkpoint.size:
            yield waiting.pop(0), True
        yield checkpoint, False
    yield from ((checkpoint, True) for checkpoint in waiting)


def _pass_checkpoints(
    run: _Verification,
    awaited: tuple[SignedCheckpoint, bool] | None,
    expected: Iterator[tuple[SignedCheckpoint, bool]],
) -> tuple[SignedCheckpoint, bool] | None:
    while awaited is not None and awaited[0].size <= run.frontier.size:
        _check_root(run, awaited)
        awaited = next(expected, None)
    return awaited


def _check_root(run: _Verification, awaited: tuple[SignedCheckpoint, bool]) -> None:
    checkpoint, kept = awaited
    run.checkpoints += 1
    _check_signature(run, checkpoint)
    if run.broken and not kept:
        return
    if checkpoint.size != run.frontier.size:
        run.report(problems.cut_short(checkpoint, run.frontier.size))
    elif checkpoint.root != run.frontier.root():
        run.report(problems.other_root(checkpoint))
        run.broken = True


def _check_signature(run: _Verification, checkpoint: SignedCheckpoint) -> None:
    if not checkpoint.is_signed():
        run.report(problems.unsigned(checkpoint))
    elif checkpoint.public_key not in run.trusted:
        run.report(problems.unknown_key(checkpoint))


def _check_event(run: _Verification, event: LoggedEvent) -> None:
    run.events += 1
    if not event.is_intact():
        run.report(problems.changed_event(event))
    elif not event.payload.startswith("{") or not is_canonical(event.payload):
        run.report(problems.uncanonical_payload(event))


def _check_sealed(run: _Verification, event: LoggedEvent, completed: list[tuple[int, int, bytes]]) -> None:
    _check_event(run, event)
    if event.position != run.frontier.size and not run.broken:
        run.broken = True
        run.report(problems.missing_event(run.frontier.size, event.position))
    if not run.broken:
        completed += [node for node in run.frontier.add(event.leaf) if node[0] >= NODE_LEVEL]


def _check_nodes(run: _Verification, completed: list[tuple[int, int, bytes]]) -> None:
    run.nodes += len(completed)
    for level in {level for level, _index, _node in completed}:
        of_level = {index: node for at, index, node in completed if at == level}
        rows = Node.objects.filter(level=level, index__gte=min(of_level), index__lte=max(of_level))
        stored = {index: bytes(node) for index, node in rows.values_list("index", "hash")}
        for index in (index for index, node in of_level.items() if stored.get(index) != node):
            run.report(problems.wrong_node(level, index))


def _check_ends(run: _Verification) -> None:
    if not run.broken:
        places = Node.objects.values_list("level", "index").iterator()
        extra = sum(1 for level, index in places if (index + 1) << level <= run.sealed) - run.nodes
        if extra > 0:
            run.report(problems.extra_nodes(extra))
    last = Checkpoint.objects.filter(size__lte=run.sealed).order_by("-size").values_list("size", flat=True).first() or 0
    if last < run.sealed:
        run.report(problems.no_checkpoint(last, run.sealed))
