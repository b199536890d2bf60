"""Read what a step asks: every field at once, each wrong one with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.lookup import check_exists
from zhangfa.acts.once import once_per_version
from zhangfa.acts.refusal import refuse_fields
from zhangfa.acts.rights import is_who
from zhangfa.acts.situation import Situation
from zhangfa.acts.tables import merge_table
from zhangfa.acts.terms import RecordTerms, follow
from zhangfa.acts.values import parse_value
from zhangfa.acts.values.term import from_term, to_term
from zhangfa.acts.words import say_missing
from zhangfa.charter.model import Charter, Field, Register, Step
from zhangfa.expression import EvaluationError, evaluate


@dataclass(slots=True)
class Asked:
    """What was entered: values for the record and for the step's own sheet, canonical and still in the clear."""

    data: dict[str, Any] = field(default_factory=dict)
    sheet: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def read_asked(
    step: Step, actor: Actor, situation: Situation, data: Mapping[str, object], *, signing: bool = False
) -> Asked:
    """Read every field the step asks; raise a Refusal naming all that are wrong.

    ``situation.payload`` is in the clear. A field another person fills keeps its stored value.
    """
    asked = Asked()
    known = {one.id for one in step.asks} | ({"about"} if step.asks_about else set())
    asked.problems |= {name: _("这一步不填写这一项。") for name in data if name not in known}
    for one in step.asks:
        _read_field(one, step, actor, situation, data, asked)
    if asked.problems:
        raise refuse_fields(asked.problems)
    return asked


def _read_field(
    one: Field, step: Step, actor: Actor, situation: Situation, data: Mapping[str, object], asked: Asked
) -> None:
    own = one.id in step.own
    stored = None if own else situation.payload.get(one.id)
    if one.filled_by and not any(is_who(who, actor, situation, step.id) for who in one.filled_by):
        return
    problems: dict[str, str] = {}
    if one.id not in data:
        value = stored if stored is not None else _default(one, situation)
    else:
        value, problems = parse_value(one, data[one.id])
    if not problems and one.type == "table" and (value is not None or one.rows):
        value, problems = merge_table(one, value or [], stored, actor, situation, step)
    if not problems and value is not None and one.id in data:
        problems = _check_cells(one, value, actor, situation)
    if not problems and one.required and value in (None, []):
        problems = {"": say_missing(one)}
    asked.problems |= {f"{one.id}.{path}".rstrip("."): sentence for path, sentence in problems.items()}
    if own:
        asked.sheet[one.id] = value
    elif value != stored:
        asked.data[one.id] = value


def _default(one: Field, situation: Situation) -> Any:
    if one.default is None:
        return None
    return from_term(one, evaluate(one.default, RecordTerms(situation)))


def _check_cells(one: Field, value: Any, actor: Actor, situation: Situation) -> dict[str, str]:
    """Check what a value points at, in a table cell by cell."""
    if one.type != "table":
        sentence = check_exists(one, value, actor, situation)
        return {"": sentence} if sentence else {}
    problems: dict[str, str] = {}
    pointing = [column for column in one.columns if column.type in ("person", "unit", "units", "ref", "files")]
    for place, row in enumerate(value):
        for column in pointing:
            if row.get(column.id) is not None:
                sentence = check_exists(column, row[column.id], actor, situation)
                name = row.get("id") if one.rows else place
                problems |= {f"{name}.{column.id}": sentence} if sentence else {}
    return problems


def derive(situation: Situation, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what follows from the values entered: facts carried over, then computed fields, in order of need.

    ``situation`` holds the record as it will stand; only what changes is returned.
    """
    changed: dict[str, Any] = {}
    for one in _carried(situation.charter, situation.register):
        if not situation.state or one.carry.partition(".")[0] in asked:
            _note(situation, one, from_term(one, follow(RecordTerms(situation), one.carry)), changed)
    for one in _computed(situation.charter, situation.register):
        assert one.compute is not None
        now = situation.having(payload={**situation.payload, **changed})
        try:
            _note(situation, one, from_term(one, evaluate(one.compute, RecordTerms(now))), changed)
        except EvaluationError as error:
            raise refuse_fields({one.id: str(error)}) from error
    return changed


def _note(situation: Situation, one: Field, value: Any, changed: dict[str, Any]) -> None:
    if value != situation.payload.get(one.id):
        changed[one.id] = value


@once_per_version
def _carried(charter: Charter, register: Register) -> tuple[Field, ...]:
    return tuple(one for one in register.fields.values() if one.carry)


@once_per_version
def _computed(charter: Charter, register: Register) -> tuple[Field, ...]:
    """Return the computed fields, each after those it reads."""
    computed = {one.id: one for one in register.fields.values() if one.compute is not None}
    order: list[Field] = []
    while computed:
        ready = [
            one for one in computed.values() if one.compute and not (one.compute.names & computed.keys() - {one.id})
        ]
        for one in ready or list(computed.values())[:1]:
            order.append(computed.pop(one.id))
    return tuple(order)


def sheet_terms(step: Step, sheet: Mapping[str, Any]) -> dict[str, object]:
    """Return a sheet's values as expressions read them."""
    return {one.id: to_term(one, sheet.get(one.id)) for one in step.asks if one.id in step.own}
