"""How often one address may do what: counted in the database, so that every process counts alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from zhangfa.doors.models import Counter
from zhangfa.settings import CONFIG

HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of one installation, from its settings."""

    per_address: int
    """Requests an hour from one address at one door before they are quarantined (``DOOR_PER_ADDRESS``)."""
    per_door: int
    """Requests an hour at one door from everywhere before they are quarantined (``DOOR_PER_DOOR``)."""
    code_tries: int
    """Wrong follow-up codes an hour from one address (``DOOR_CODE_TRIES``)."""
    work: int
    """Largest number of hashes the puzzle may take (``DOOR_WORK``)."""


LIMITS = Limits(CONFIG.door_per_address, CONFIG.door_per_door, CONFIG.door_code_tries, CONFIG.door_work)


def keyed(*parts: str) -> str:
    """Return a hash of ``parts`` under the installation's door key, in place of the parts themselves."""
    return hmac.new(CONFIG.secret("door"), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def address_of(request: HttpRequest) -> str:
    """Return whom to count: the address, or for IPv6 its /64, which one subscriber holds whole."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return ":".join(address.split(":")[:4]) if ":" in address else address


def count_one(*, key: str, at: dt.datetime, window: dt.timedelta = HOUR) -> int:
    """Count one more under ``key`` and return how many there are in the current window."""
    start = window_start(at, window)
    with transaction.atomic():
        row, made = Counter.objects.get_or_create(key=key, window=start, defaults={"count": 1})
        if not made:
            Counter.objects.filter(id=row.id).update(count=F("count") + 1)
            row.refresh_from_db(fields=["count"])
    return row.count


def count_so_far(*, key: str, at: dt.datetime, window: dt.timedelta = HOUR) -> int:
    """Return how many were counted under ``key`` in the current window."""
    counted = Counter.objects.filter(key=key, window=window_start(at, window)).values_list("count", flat=True)
    return counted.first() or 0


def window_start(at: dt.datetime, window: dt.timedelta) -> dt.datetime:
    """Return the beginning of the window a moment lies in."""
    seconds = int(window.total_seconds())
    return dt.datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, dt.UTC)


def forget_counts(*, at: dt.datetime) -> int:
    """Delete counters older than a day; return how many."""
    return Counter.objects.filter(window__lt=at - dt.timedelta(days=1)).delete()[0]
