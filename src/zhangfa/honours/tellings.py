"""Who is told of an honour: of units those nearest to it, of people the person, to whom no word says which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from zhangfa.charter.model import Charter, Text
from zhangfa.directory import tree
from zhangfa.honours import says
from zhangfa.honours.changes import Changes, Payload
from zhangfa.honours.models import RENEWED
from zhangfa.log.canonical import canonical

KIND = "honour"


def tellings_of(charter: Charter, changes: Changes, payload: Payload, at: dt.datetime) -> list[dict[str, Any]]:
    """Return the rows of the outbox: one for each role and holding."""
    _read_ahead([*(one.place for one in changes.given), *(one.holding.place_id for one in changes.ended)])
    rows: list[dict[str, Any]] = []
    for given, said in zip(changes.given, payload["confer"], strict=True):
        text = says.told_given(charter, given)
        rows += _to(charter, said["id"], "c", given.unit, given.person, text)
    for ended in changes.ended:
        if ended.how != RENEWED:
            held, text = ended.holding, says.told_ended(charter, ended)
            rows += _to(charter, held.id, "e", held.unit_id, held.person_id, text)
    return rows


def _read_ahead(units: Iterable[int]) -> None:
    """Read the units and all above them, a query a level: thousands may be told at once."""
    layer = set(units)
    while layer:
        layer = {one.parent for one in tree.units(layer).values() if one.parent is not None}


def _to(
    charter: Charter, holding: int, what: str, unit: int | None, person: int | None, text: Text
) -> Iterator[dict[str, Any]]:  # fmt: skip
    words = canonical({"zh": text.zh, "en": text.en or text.zh, "holding": holding})
    if person is not None:
        yield _row(holding, what, 0, words, person=person)
    elif unit is not None:
        for place, role in enumerate(nearest_roles(charter, unit)):
            yield _row(holding, what, place, words, role=role, unit=unit)


def _row(
    holding: int, what: str, place: int, text: str, *, person: int | None = None, role: str = "",
    unit: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "key": f"{KIND}:{holding}#{what}{place}", "person": person, "role": role, "unit": unit, "record": None,
        "kind": KIND, "text": text,
    }  # fmt: skip


def nearest_roles(charter: Charter, unit: int) -> tuple[str, ...]:
    """Return the charter's roles at the unit, or else at the nearest unit above it where there are any."""
    for found in (tree.unit(unit), *tree.ancestors(unit)):
        roles = tuple(one.id for one in charter.roles.values() if found.kind in one.at)
        if roles:
            return roles
    return ()
