"""What a charter costs the people who fill it in: fields and minutes per role and month.

Minutes per field are a model, stated here so that it can be argued with: a choice or a date is one
look and one tap; a short text two sentences' typing on a phone; photos are taken, chosen and sent.
They are counted for what a step *asks*; computed and carried fields cost nothing, which is the point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from zhangfa.charter.model import Charter, Field, Step, Text
from zhangfa.charter.words import PARTIES, field_title

SECONDS: Mapping[str, int] = {
    "text": 30, "int": 10, "decimal": 12, "percent": 12, "money": 15, "date": 8, "datetime": 12, "time": 8, "bool": 4,
    "choice": 6, "choices": 10, "person": 12, "unit": 12, "units": 25, "ref": 15, "phone": 12, "id-number": 25,
    "credit-code": 25, "files": 40, "point": 15, "table": 0,
}  # fmt: skip
LONG_TEXT = 90
"""Seconds for a text of several lines."""
OPENING = 20
"""Seconds to find the record and open the form, once a step."""
SIGN_OFF = 600
"""Seconds to read a score's draft through before signing it. The figures themselves cost nobody a minute."""
PER_YEAR = {"month": 12, "quarter": 4, "half-year": 2, "year": 1}


@dataclass(frozen=True, slots=True)
class Burden:
    """The burden of one step on one party.

    ``minutes`` is per taking; ``monthly_minutes`` for ``monthly`` takings by all holders together.
    """

    role: str
    title: Text
    register: str
    step: str
    fields: int
    minutes: Decimal
    monthly: Decimal
    monthly_minutes: Decimal


def burden(charter: Charter, monthly: Mapping[str, int | Decimal] | None = None) -> tuple[Burden, ...]:
    """Return the burden of each step on each party that may take it.

    ``monthly`` says how often a step is taken in a month (``request.accept`` → 240); a step it does
    not name counts once, so that the figures are then minutes per case.
    """
    rows = []
    for register in charter.registers.values():
        for step in register.steps.values():
            often = Decimal((monthly or {}).get(f"{register.id}.{step.id}", 1))
            for who in step.by.who:
                if who.kind == "system":
                    continue
                asked = [field for field in step.asks if not field.filled_by or who in field.filled_by]
                minutes = _minutes(charter, register.id, step, asked, who_key(who.kind, who.name))
                heads = step.by.count if step.by.mode == "panel" else 1
                role, title = _party(charter, who.kind, who.name, register.id)
                count = sum(_count(field, who_key(who.kind, who.name)) for field in asked)
                total = _tenth(minutes * often * heads)
                rows.append(Burden(role, title, register.id, step.id, count, minutes, often * heads, total))
    return tuple(rows)


def score_burden(charter: Charter) -> tuple[Burden, ...]:
    """Return the burden of signing each score off (step ``publish`` of the score); all else is read from facts held.

    Marks that are given are steps of a register and counted there.
    """
    rows = []
    for score in charter.scores.values():
        if score.publish:
            role, minutes = charter.roles[score.publish.by], _tenth(Decimal(SIGN_OFF + OPENING) / 60)
            monthly = _tenth(Decimal(PER_YEAR.get(score.every, 1)) / 12)
            total = _tenth(minutes * PER_YEAR.get(score.every, 1) / 12)
            rows.append(Burden(role.id, role.title, score.id, "publish", 0, minutes, monthly, total))
    return tuple(rows)


def by_role(rows: tuple[Burden, ...]) -> tuple[tuple[Text, int, Decimal], ...]:
    """Sum the rows of each party: (title, fields, minutes a month), the heaviest first."""
    sums: dict[str, tuple[Text, int, Decimal]] = {}
    for row in rows:
        title, fields, minutes = sums.get(row.role, (row.title, 0, Decimal(0)))
        sums[row.role] = (title, fields + row.fields, minutes + row.monthly_minutes)
    return tuple(sorted(sums.values(), key=lambda one: (-one[2], one[0].zh)))


def who_key(kind: str, name: str) -> str:
    """Return the key under which a party is counted."""
    return name if kind in ("role", "field") else kind


def _party(charter: Charter, kind: str, name: str, register: str) -> tuple[str, Text]:
    if kind == "role":
        return name, charter.roles[name].title
    if kind == "field":
        return name, field_title(charter, charter.registers[register], name)
    return kind, Text(*PARTIES[kind])


def _minutes(charter: Charter, register: str, step: Step, asked: list[Field], party: str) -> Decimal:
    stated = charter.burden_minutes.get(f"{register}.{step.id}", 0)
    seconds = OPENING + sum(_seconds(field, party) for field in asked)
    return _tenth(Decimal(seconds) / 60 + stated)


def _seconds(field: Field, party: str) -> int:
    if field.type == "table":
        return max(1, len(field.rows)) * sum(_seconds(one, party) for one in _columns(field, party))
    if field.compute or field.carry:
        return 0
    return LONG_TEXT if field.long else SECONDS[field.type]


def _count(field: Field, party: str) -> int:
    return max(1, len(field.rows)) * len(_columns(field, party)) if field.type == "table" else 1


def _columns(field: Field, party: str) -> list[Field]:
    """Return the columns the party fills in, or all where the charter does not say who does."""
    return [
        one
        for one in field.columns
        if not one.compute and (not one.filled_by or any(who_key(who.kind, who.name) == party for who in one.filled_by))
    ]


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
