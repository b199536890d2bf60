"""What a step does beside moving its record: open records elsewhere, set a property, tell somebody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhangfa.acts.composing import Draft
from zhangfa.acts.holding import property_name
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.tellings import tell
from zhangfa.acts.terms import RecordTerms
from zhangfa.acts.values.term import from_term
from zhangfa.charter.model import Effect, Step
from zhangfa.directory import tree
from zhangfa.expression import evaluate

if TYPE_CHECKING:
    from zhangfa.acts.steps import Asking


def draft_effects(draft: Draft, step: Step, asking: Asking) -> list[Asking]:
    """Add the step's effects to its draft; return what it asks to be opened."""
    opening = []
    for place, effect in enumerate(step.then):
        if effect.kind == "tell":
            told = tell(effect.who, draft.after, kind=f"then{place}.", key=asking.key, step=step.id, text=effect.text)
            draft.add({"outbox": told})
        elif effect.kind == "set":
            draft.add({"properties": [_property(draft, effect)]})
        else:
            opening.append(_opening(draft, effect, asking, place))
    return opening


def _property(draft: Draft, effect: Effect) -> list[Any]:
    assert effect.value is not None
    value = evaluate(effect.value, RecordTerms(draft.after))
    return [draft.after.record["unit"], property_name(effect.name), "" if value is None else str(value)[:80]]


def _opening(draft: Draft, effect: Effect, asking: Asking, place: int) -> Asking:
    charter = draft.after.charter
    register = charter.registers[effect.register]
    terms = RecordTerms(draft.after)
    values = {name: from_term(register.fields[name], evaluate(one, terms)) for name, one in effect.values.items()}
    return replace(
        asking,
        register=f"{charter.id}.{effect.register}",
        step=effect.step,
        key=f"{asking.key}>{place}",
        record=None,
        version=None,
        unit=_unit_for(draft, register.unit),
        about=draft.after.record["about_person"] or draft.after.record["about_unit"],
        data={name: value for name, value in values.items() if value is not None},
        code=None,
        origin=draft.after.record["id"],
        depth=asking.depth + 1,
        extra={},
    )


def _unit_for(draft: Draft, kinds: tuple[str, ...]) -> int:
    """Return the record's own unit, or the nearest above it, of a kind that may own the new record."""
    unit = draft.after.record["unit"]
    for found in (tree.unit(unit), *tree.ancestors(unit)):
        if found.kind in kinds:
            return found.id
    raise Refusal("guard", _("没有可以承接新记录的单位。"), hint=_("请检查章程中台账的单位类型。"))
