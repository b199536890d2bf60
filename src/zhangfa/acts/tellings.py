"""Whom an act tells, as rows of the outbox: ids and a message's name, never personal data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhangfa.acts.situation import Situation
from zhangfa.acts.takers import Taker, taker_of
from zhangfa.charter.model import Text, Who
from zhangfa.log.canonical import canonical


def tell(
    whom: Iterable[Who], situation: Situation, *, kind: str, key: str, step: str = "", text: Text | None = None
) -> list[dict[str, Any]]:
    """Return one row for every party with a workbench; residents follow by their code and get none."""
    takers = {taker: None for who in whom if (taker := taker_of(who, situation)) is not None and taker.is_definite}
    words: dict[str, Any] = {
        "register": situation.key,
        "step": step,
        "state": situation.state,
        "number": situation.record.get("number", ""),
    }
    if text is not None:
        words |= {"zh": text.zh, "en": text.en or text.zh}
    return [_telling(taker, kind, key, place, words) for place, taker in enumerate(takers)]


def _telling(taker: Taker, kind: str, key: str, place: int, words: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": f"{key}#{kind}{place}",
        "person": taker.person,
        "role": taker.role,
        "unit": taker.unit,
        "kind": kind,
        "text": canonical(words),
    }
