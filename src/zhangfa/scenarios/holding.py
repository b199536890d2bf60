"""What a scenario says must be true of honours: who holds them, in which grade, until when, why, how they ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from zhangfa.honours.held import contents_of, opened
from zhangfa.honours.models import Holding
from zhangfa.scenarios.judging import differs, holding_of

if TYPE_CHECKING:
    from zhangfa.scenarios.running import Stage

Act = dict[str, Any]
DAY = dt.timedelta(days=1)


def _holders(stage: Stage, act: Act, wanted: dict[str, list[str]]) -> list[str]:
    """Compare who holds an honour now: all of them, and nobody else."""
    failures: list[str] = []
    for honour, names in wanted.items():
        running = opened(Holding.objects.filter(charter=stage.charter, ended=None), honour)
        found = sorted(_name(stage, one) for one in running)
        failures += differs(f"holders of {honour}", sorted(names), found)
    return failures


def _name(stage: Stage, held: Holding) -> str:
    return stage.world.name_of(held.person_id) if held.person_id else stage.world.unit_name(held.unit_id or 0)


def _grades(stage: Stage, act: Act, wanted: dict[str, dict[str, str]]) -> list[str]:
    return _of_holdings(stage, wanted, "grade", lambda held: held.grade)


def _ended(stage: Stage, act: Act, wanted: dict[str, dict[str, str]]) -> list[str]:
    return _of_holdings(stage, wanted, "ending", lambda held: held.how)


def _held_until(stage: Stage, act: Act, wanted: dict[str, dict[str, object]]) -> list[str]:
    return _of_holdings(stage, wanted, "last day", lambda held: held.until and held.until - DAY)


def _of_holdings(
    stage: Stage, wanted: dict[str, dict[str, Any]], what: str, read: Callable[[Holding], object]
) -> list[str]:
    failures = []
    for honour, names in wanted.items():
        for name, value in names.items():
            held = holding_of(stage, honour, name)
            failures += differs(f"{what} of {honour} of {name}", value, read(held) if held else None)
    return failures


def _because(stage: Stage, act: Act, wanted: dict[str, dict[str, str]]) -> list[str]:
    """See that the reason somebody came by an honour, or lost it, contains these words."""
    failures = []
    for honour, names in wanted.items():
        for name, words in names.items():
            held = holding_of(stage, honour, name)
            content = contents_of([held])[held.pk] if held else None
            reason = (content.ended_reason or content.reason).zh if content else ""
            failures += [] if words in reason else [f"reason of {honour} of {name}: “{words}” is not in “{reason}”"]
    return failures


HOLDING: dict[str, Callable[[Any, Act, Any], list[str]]] = {
    "holders": _holders,
    "grades": _grades,
    "ended": _ended,
    "held_until": _held_until,
    "because": _because,
}
"""Expectations of honours; each is given the whole act."""
