"""Find what a follow-up code opens; a wrong code and an absent one are the same."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from zhangfa.acts.engine import installation_code
from zhangfa.acts.models import Record
from zhangfa.acts.naming import hash_code
from zhangfa.doors.limits import LIMITS, count_one, count_so_far, keyed
from zhangfa.doors.models import Quarantined


@dataclass(frozen=True, slots=True)
class Found:
    """What lies behind a code: a record, or a request that waits to be looked at."""

    code: str
    record: int | None
    waiting: Quarantined | None


def code_for_key(key: str) -> str:
    """Return the follow-up code of the form with this idempotency key."""
    return installation_code(key)


def tidy_code(typed: str) -> str:
    """Return a typed code as printed: capitals in groups of four; full-width signs are read too."""
    plain = re.sub(r"[^0-9A-Z]", "", "".join(_narrow(sign) for sign in typed.upper()))
    return "-".join(plain[start : start + 4] for start in range(0, len(plain[:32]), 4))


def _narrow(sign: str) -> str:
    return chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign


def open_code(typed: str) -> Found | None:
    """Return what a code opens; both tables are asked whatever was typed, so that time tells nothing."""
    code = tidy_code(typed)
    digest = hash_code(code)
    record = Record.objects.filter(code_hash=digest).values_list("id", flat=True).first()
    waiting = Quarantined.objects.filter(code_hash=digest).first()
    if record is None and waiting is None:
        return None
    return Found(code, record, waiting if record is None else None)


def may_try(*, address: str, at: dt.datetime) -> bool:
    """Tell whether this address has tries left this hour."""
    return count_so_far(key=keyed("code", address), at=at) < LIMITS.code_tries


def note_wrong(*, address: str, at: dt.datetime) -> None:
    """Count a code that opened nothing."""
    count_one(key=keyed("code", address), at=at)
