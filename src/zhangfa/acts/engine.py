"""The one write path: rights → asked fields → guard → event → record, tasks, outbox, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.db import OperationalError
from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.holding import refuse_slot
from zhangfa.acts.naming import code_of
from zhangfa.acts.outcome import LONGEST_KEY, Outcome, earlier_outcome
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.steps import Asking, draft_step
from zhangfa.acts.writing import Clashed, Raced, write_acts

__all__ = ["Outcome", "take_step"]
ATTEMPTS = 8
Codes = Callable[[str], str]
NO_DATA: Mapping[str, object] = {}


@cache
def _code_secret() -> bytes:
    secret: bytes = settings.CONFIG.secret("codes")
    return secret


def installation_code(key: str) -> str:
    """Return the follow-up code of the act with this key under this installation's secret."""
    return code_of(_code_secret(), key)


def take_step(
    *,
    register: str,
    step: str,
    by: Actor,
    at: dt.datetime,
    key: str,
    record: int | None = None,
    version: int | None = None,
    unit: int | None = None,
    about: int | None = None,
    data: Mapping[str, object] = NO_DATA,
    code: str | None = None,
    codes: Codes = installation_code,
) -> Outcome:
    """Take one step of a charter: open a record (``record`` absent) or move one on. All or nothing.

    ``key`` is the caller's idempotency key (at most 64 signs): the same key again yields the earlier outcome.
    ``version`` is the record's version the actor looked at; a change since is refused, not overwritten.
    ``code`` is the follow-up code a resident shows; ``codes`` makes the one of a new public record.

    Raises:
        Refusal: with the sentence for the person; nothing was written.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"an idempotency key has 1 to {LONGEST_KEY} signs, not {len(key)}")
    actor = by.with_code(code) if code and by.kind == "public" else by
    asking = Asking(register=register, step=step, by=actor, at=at, key=key, record=record, version=version,
                    unit=unit, about=about, data=data, code=_new_code(actor, record, key, codes))  # fmt: skip
    return carry_out(asking)


def _new_code(actor: Actor, record: int | None, key: str, codes: Codes) -> str | None:
    return codes(key) if actor.kind == "public" and record is None else None


def carry_out(asking: Asking) -> Outcome:
    """Draft and write until it stands, it is refused, or it turns out to have been done before."""
    for attempt in range(ATTEMPTS):
        try:
            return _try(asking, attempt)
        except Refusal:
            # Only now is the key looked up: an act that goes through never pays for it.
            if earlier := _earlier(asking):
                return earlier
            raise
        except Clashed as clash:
            # The same key means the same id, too: whatever clashed, it may be this very act done before.
            if earlier := _earlier(asking):
                return earlier
            if clash.what == "slot":
                raise refuse_slot() from clash
        except Raced:
            pass  # somebody was quicker: look again, and decide on what stands now
        except OperationalError as error:
            if "deadlock" not in str(error):
                raise
    raise Refusal("busy", _("同时办理的人太多，这次没有办成。"), hint=_("您填写的内容都还在，请再提交一次。"))


def _earlier(asking: Asking) -> Outcome | None:
    earlier = earlier_outcome(
        asking.key, by=asking.by, register=asking.register, step=asking.step, record=asking.record
    )
    if earlier is None or asking.code is None:
        return earlier
    return Outcome(earlier.record, earlier.number, earlier.state, earlier.version, earlier.seq, True, asking.code)


def _try(asking: Asking, attempt: int) -> Outcome:
    drafts = draft_step(replace(asking, salt=attempt) if attempt else asking)
    seqs = write_acts([draft.to_writing() for draft in drafts])
    record = drafts[0].after.record
    version = drafts[0].before.record["version"] + 1
    return Outcome(record["id"], record["number"], record["state"], version, seqs[0], code=asking.code)
