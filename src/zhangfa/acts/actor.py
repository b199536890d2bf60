"""Who acts: a person with the posts held today, the public, or the clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from zhangfa.acts.naming import hash_code
from zhangfa.directory.posts import PostHeld, posts_held


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever takes a step or reads a record; rights come from ``posts`` and from nothing else."""

    kind: Literal["person", "public", "system"]
    person: int | None = None
    posts: tuple[PostHeld, ...] = ()
    code_hash: str | None = None
    """For the public: hash of the follow-up code shown (``naming.hash_code``)."""

    def with_code(self, code: str) -> Actor:
        """Return the resident who showed this follow-up code."""
        return Actor("public", code_hash=hash_code(code))


PUBLIC = Actor("public")
SYSTEM = Actor("system")


def actor_of(person: int, on: dt.date) -> Actor:
    """Return the person with the posts held on that day."""
    return Actor("person", person, posts_held(person, on))
