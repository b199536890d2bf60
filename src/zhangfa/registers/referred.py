"""Whether a record may be chosen by a ``ref`` field: its ``where`` read on the record."""

from __future__ import annotations

import json

from zhangfa.acts.models import Record
from zhangfa.acts.values import to_term
from zhangfa.charter.model import Register
from zhangfa.expression import Expression, evaluate


def fits(where: Expression | None, register: Register, row: Record) -> bool:
    """Say whether the record satisfies the condition; no condition is satisfied by all."""
    if where is None:
        return True
    stored = json.loads(row.payload)
    values = {name: to_term(field, stored.get(name)) for name, field in register.fields.items()}
    return evaluate(where, {**values, "state": row.state, "id": str(row.id)}) is True
