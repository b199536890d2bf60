"""What is held now of an honour, people's holdings opened: for the engine, which may read everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from zhangfa.charter.honour_model import Honour
from zhangfa.charter.model import Text
from zhangfa.honours.changes import CONTENT, END
from zhangfa.honours.models import Holding
from zhangfa.log.secrets import Keyring, fetch_keys

GONE = Text("（已销毁）", "(destroyed)")
"""What is said where the key of a person's holding was destroyed."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a holding says: in the clear of units, sealed of people."""

    honour: str
    grade: str = ""
    period: str = ""
    reason: Text = field(default=GONE)
    ended_reason: Text | None = None


def current_of(charter: str, honour: Honour) -> list[Holding]:
    """Return the holdings of an honour that have not ended, the oldest first; a person's with its honour opened."""
    running = Holding.objects.filter(charter=charter, ended=None).select_related("board").order_by("id")
    if honour.of_kind:
        return list(running.filter(honour=honour.id))
    return opened(running.filter(unit=None), honour.id)


def opened(holdings: Iterable[Holding], honour: str = "") -> list[Holding]:
    """Return holdings whose sealed columns are filled in memory; of one honour if told. They must not be saved."""
    found = list(holdings)
    contents = contents_of(found)
    for one in found:
        content = contents[one.pk]
        one.honour, one.grade, one.period = content.honour, content.grade, content.period
    return [one for one in found if honour in ("", one.honour)]


def contents_of(holdings: Iterable[Holding]) -> Mapping[int, Content]:
    """Return what holdings say, by id; sealed ones are opened by one query for their keys."""
    found = list(holdings)
    keys = fetch_keys(one.pk for one in found if one.person_id is not None)
    return {one.pk: _sealed(one, keys) if one.person_id is not None else _clear(one) for one in found}


def _clear(held: Holding) -> Content:
    return Content(held.honour, held.grade, held.period, _said(held.reason), _ended(held, _said(held.ended_reason)))


def _sealed(held: Holding, keys: Keyring) -> Content:
    content = keys.decrypt(held.pk, CONTENT, orjson.loads(held.sealed))
    why = keys.decrypt(held.pk, END, orjson.loads(held.sealed_end)) if held.sealed_end else None
    if not isinstance(content, dict):
        return Content("", ended_reason=_ended(held, GONE))
    said = cast("dict[str, Any]", content)
    ended = Text(*why) if isinstance(why, list) else GONE
    return Content(said["honour"], said["grade"], said["period"], Text(*said["reason"]), _ended(held, ended))


def _said(stored: str) -> Text:
    found = orjson.loads(stored)
    return Text(*found) if found else GONE


def _ended(held: Holding, reason: Text) -> Text | None:
    return reason if held.ended is not None else None
