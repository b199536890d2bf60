"""Requests that came in a flood or without the puzzle: kept, never dropped, until somebody looks."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from zhangfa.acts.actor import PUBLIC, Actor
from zhangfa.acts.engine import Outcome, take_step
from zhangfa.attachments.engine import hold_files, release_files
from zhangfa.charter import engine as charters
from zhangfa.directory import tree
from zhangfa.doors.models import Quarantined
from zhangfa.settings import CONFIG

NONCE = 12


def keep_back(
    *,
    key: str,
    code_hash: str,
    charter: str,
    door: str,
    unit: int,
    data: Mapping[str, object],
    reason: str,
    at: dt.datetime,
) -> Quarantined:
    """Keep a request back; the same key again returns the one kept already."""
    row = Quarantined(
        key=key,
        code_hash=code_hash,
        charter=charter,
        door=door,
        unit=unit,
        reason=reason,
        at=at,
        sealed=_seal(key, data),
    )
    try:
        with transaction.atomic():
            row.save()
            hold_files(hashes=_hashes(data), reason=f"quarantine:{key}")
    except IntegrityError:
        return Quarantined.objects.get(key=key)
    return row


def _seal(key: str, data: Mapping[str, object]) -> bytes:
    nonce = os.urandom(NONCE)
    text = json.dumps(data, ensure_ascii=False).encode()
    return nonce + AESGCM(CONFIG.secret("quarantine")).encrypt(nonce, text, key.encode())


def open_kept(row: Quarantined) -> dict[str, object]:
    """Decrypt what a quarantined request says."""
    sealed = bytes(row.sealed)
    text = AESGCM(CONFIG.secret("quarantine")).decrypt(sealed[:NONCE], sealed[NONCE:], row.key.encode())
    opened: dict[str, object] = json.loads(text)
    return opened


def _hashes(data: Mapping[str, object]) -> Iterable[str]:
    for value in data.values():
        if isinstance(value, list):
            yield from (str(part["hash"]) for part in value if isinstance(part, dict) and "hash" in part)


def waiting_for(actor: Actor) -> QuerySet[Quarantined]:
    """List what waits at units below the actor's posts whose role takes part in its charter, oldest first."""
    waiting = Quarantined.objects.filter(decided_at=None)
    places = list(waiting.order_by().values_list("charter", "unit").distinct())
    reached: dict[str, list[int]] = {}
    for charter, unit in places:
        if may_decide(actor, charter, unit):
            reached.setdefault(charter, []).append(unit)
    parts = [Q(charter=charter, unit__in=units) for charter, units in reached.items()]
    return waiting.filter(reduce(or_, parts, Q(pk=None))).order_by("at")


def may_decide(actor: Actor, charter: str, unit: int) -> bool:
    """Tell whether one of the actor's posts is of a role of that charter and reaches that unit."""
    roles = charters.current(charter).roles
    return any(post.role in roles and tree.reaches(post.unit.id, unit) for post in actor.posts)


def release(*, row: Quarantined, by: Actor, at: dt.datetime) -> Outcome:
    """Hand a quarantined request in as the resident sent it, with the time it was sent."""
    door = charters.current(row.charter).doors[row.door]
    outcome = take_step(
        register=f"{row.charter}.{door.register}",
        step=door.submit,
        by=PUBLIC,
        at=row.at,
        key=row.key,
        unit=row.unit,
        data=open_kept(row),
    )
    _decide(row, by, at, outcome.record)
    return outcome


def mark_spam(*, row: Quarantined, by: Actor, at: dt.datetime) -> None:
    """Decide that a request is spam: its words are wiped, its code then says it was not taken up."""
    _decide(row, by, at, None)
    Quarantined.objects.filter(id=row.id).update(sealed=b"")


def _decide(row: Quarantined, by: Actor, at: dt.datetime, record: int | None) -> None:
    Quarantined.objects.filter(id=row.id, decided_at=None).update(decided_at=at, decided_by=by.person, record=record)
    release_files(reason=f"quarantine:{row.key}")
