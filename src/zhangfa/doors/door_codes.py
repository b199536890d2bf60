"""The short codes on the sheets: one for each unit a door is for."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from zhangfa.doors.models import DoorCode

SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0 o 1 i l, which are misread on a weathered sheet."""
LENGTH = 8


def new_code() -> str:
    """Draw a code; it is an address, not a secret."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """Return what was meant by a typed code: small letters, no blanks or hyphens."""
    return typed.strip().lower().replace(" ", "").replace("-", "")


def codes_for(*, charter: str, door: str, units: Iterable[int], at: dt.datetime) -> dict[int, str]:
    """Return the code in force of each unit, making those that are missing."""
    wanted = list(dict.fromkeys(units))
    found = _in_force(charter, door, wanted)
    missing = [unit for unit in wanted if unit not in found]
    if not missing:
        return found
    rows = [DoorCode(code=new_code(), charter=charter, door=door, unit=unit, since=at) for unit in missing]
    try:
        with transaction.atomic():
            DoorCode.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:
        # Somebody else made some of them at the same moment, or two codes were drawn alike.
        return codes_for(charter=charter, door=door, units=wanted, at=at)
    return _in_force(charter, door, wanted)


def _in_force(charter: str, door: str, units: list[int]) -> dict[int, str]:
    rows = DoorCode.objects.filter(charter=charter, door=door, until=None)
    if len(units) <= 500:
        rows = rows.filter(unit__in=units)
    known = dict(rows.values_list("unit", "code"))
    return {unit: known[unit] for unit in units if unit in known}


def renew_code(*, charter: str, door: str, unit: int, at: dt.datetime) -> str:
    """Put a new code in force, for instance when sheets were tampered with; the old one says where to go."""
    with transaction.atomic():
        DoorCode.objects.filter(charter=charter, door=door, unit=unit, until=None).update(until=at)
        return DoorCode.objects.create(code=new_code(), charter=charter, door=door, unit=unit, since=at).code


def find_code(typed: str) -> DoorCode | None:
    """Return the door code somebody typed or scanned, in force or not."""
    return DoorCode.objects.filter(code=read_code(typed)).first()
