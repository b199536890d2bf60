"""What differs between two results of the same board: for whom, in which numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.charter.model import Text
from zhangfa.scores.engine import Result, Scoring
from zhangfa.scores.exact import plain
from zhangfa.scores.listing import STATUSES


@dataclass(frozen=True, slots=True)
class Number:
    """One indicator's value before and after."""

    title: Text
    before: str
    after: str
    facts_before: int
    facts_after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What became other for one unit or person."""

    code: str
    name: str
    place_before: str
    place_after: str
    status_before: Text | None
    status_after: Text | None
    total_before: str
    total_after: str
    gained: Decimal | None
    numbers: tuple[Number, ...]


def differences(before: Scoring, after: Scoring) -> list[Difference]:
    """Return who comes out otherwise: first those whose own numbers changed, then those who moved because of them."""
    found = [one for one in (_of(before, after, result) for result in after.results) if one is not None]
    return sorted(found, key=lambda one: not one.numbers)


def _of(before: Scoring, after: Scoring, result: Result) -> Difference | None:
    was = before.by_code.get(result.key.code)
    numbers = tuple(_numbers(before, after, result.key.code)) if was else ()
    if was is not None and not numbers and (was.rank, was.rounded, was.status) == (
        result.rank, result.rounded, result.status,
    ):  # fmt: skip
        return None
    gained = was.rank.place - result.rank.place if was and was.rank and result.rank else None
    return Difference(
        result.key.code, result.key.name, _place(was), _place(result), _status(was), _status(result), _total(was),
        _total(result), gained, numbers,
    )  # fmt: skip


def _numbers(before: Scoring, after: Scoring, code: str) -> Iterator[Number]:
    was, now = before.cells_of(code), after.cells_of(code)
    for one in after.score.indicators.values():
        old, new = was.get(one.id), now[one.id]
        if old is not None and (old.value, old.facts) != (new.value, new.facts):
            yield Number(one.title, _value(old.value), _value(new.value), old.facts, new.facts)


def _value(value: Decimal | None) -> str:
    return "" if value is None else plain(round(value, 4))


def _place(one: Result | None) -> str:
    return plain(one.rank.place) if one and one.rank else ""


def _status(one: Result | None) -> Text | None:
    return None if one is None or one.rank else STATUSES[one.status]


def _total(one: Result | None) -> str:
    return "" if one is None or one.rounded is None else f"{one.rounded:f}"
