"""What follows from a charter alone is worked out once for each of its versions: a text never changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

from zhangfa.charter.model import Charter, Register

Names = TypeVarTuple("Names")
Value = TypeVar("Value")


def once_per_version(
    work: Callable[[Charter, Register, *Names], Value],
) -> Callable[[Charter, Register, *Names], Value]:
    """Keep what a function of a charter, its register and plain names returns, by the charter's digest."""
    known: dict[tuple[object, ...], Value] = {}

    @wraps(work)
    def found(charter: Charter, register: Register, *names: *Names) -> Value:
        key = (charter.digest, register.id, *names)
        if key not in known:
            known[key] = work(charter, register, *names)
        return known[key]

    return found
