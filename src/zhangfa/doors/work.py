"""A small puzzle the resident's browser solves before sending: cheap once, dear ten thousand times.

ALTCHA's first protocol: find the number whose SHA-256 with the salt is the challenge. The salt
carries the door and the expiry and is signed, so that nothing is stored until a solution is used.
"""

from __future__ import annotations

import datetime as dt
import json

import altcha
from django.db import IntegrityError, transaction

from zhangfa.doors.limits import LIMITS
from zhangfa.doors.models import SpentWork
from zhangfa.settings import CONFIG

LASTS = dt.timedelta(hours=2)
"""Long enough to write a complaint with one thumb, be rung up, and come back to it."""
_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError)


def set_puzzle(*, door: str, at: dt.datetime) -> str:
    """Return a new puzzle for a door's form, as JSON for the page."""
    options = altcha.ChallengeOptionsV1(
        hmac_key=CONFIG.secret("door"), max_number=LIMITS.work, expires=at + LASTS, params={"door": door}
    )
    return json.dumps(altcha.create_challenge_v1(options).to_dict(), separators=(",", ":"))


def take_solution(*, solution: str, door: str, key: str, at: dt.datetime) -> str:
    """Take a solution for the form of ``key``: return empty if it counts, else why not (``work`` or ``used``)."""
    try:
        payload = altcha.PayloadV1.from_base64(solution)
        right, _why = altcha.verify_solution_v1(payload, CONFIG.secret("door"), check_expires=False)
        _nonce, expires, params = payload.parse_salt()
    except _UNREADABLE:
        return "work"
    if not right or params.get("door") != [door]:
        return "work"
    if expires is None or expires < at.timestamp():
        return "used"
    return "" if _spend(payload.signature, key, dt.datetime.fromtimestamp(expires, dt.UTC)) else "used"


def _spend(signature: str, key: str, expires: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            SpentWork.objects.create(signature=signature, key=key, expires=expires)
    except IntegrityError:
        return SpentWork.objects.filter(signature=signature, key=key).exists()
    return True


def forget_work(*, at: dt.datetime) -> int:
    """Delete spent puzzles that have expired anyway; return how many."""
    return SpentWork.objects.filter(expires__lt=at).delete()[0]
