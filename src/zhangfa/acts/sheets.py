"""Steps that several people take: signatures, a panel's marks, votes. Partial sheets stand in the record's meta."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.owed import sheets_of, signed_places, unsigned_extra
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.rights import is_who
from zhangfa.acts.situation import Situation
from zhangfa.acts.takers import panel_candidates
from zhangfa.acts.terms import RecordTerms
from zhangfa.acts.values.scalars import iso
from zhangfa.acts.values.term import to_term
from zhangfa.charter.model import Field, Step, Text
from zhangfa.expression import evaluate, evaluate_rows

VOTE = Field("vote", "bool", Text("赞成", "In favour"), required=True)
"""Asked of every voter where the charter's own sheet has no yes-or-no field."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Where a step stands with this person's sheet on it."""

    sheets: list[dict[str, Any]]
    done: bool


def as_taken(step: Step) -> Step:
    """Return the step with what it asks in fact: a vote without a yes-or-no field of its own asks for one."""
    if step.by.mode != "vote" or any(field.type == "bool" for field in step.asks if field.id in step.own):
        return step
    return replace(step, asks=(*step.asks, VOTE), own=step.own | {VOTE.id})


def place_of(step: Step, actor: Actor, situation: Situation) -> int:
    """Return as which party the actor fills a sheet now; refuse a second sheet and an outsider's."""
    if step.by.mode == "any":
        return 0
    if step.by.mode == "all":
        return _signing_place(step, actor, situation)
    if any(sheet["person"] == actor.person for sheet in sheets_of(step, situation)):
        raise Refusal("same_person", _("您已经填过了，不能重复填写。"), hint=_("请等待其他人填写。"))
    drawn = situation.meta.get("drawn", {}).get(step.id)
    if step.by.drawn and (drawn is None or actor.person not in drawn["people"]):
        raise Refusal("not_yours", _("这次评审没有抽到您。"), hint=_("抽签结果可以在记录上核验。"))
    if actor.person not in panel_candidates(step.by, situation):
        raise Refusal("not_yours", _("您不能参加这次评审。"), hint=_("请由其他人评审。"))
    return len(sheets_of(step, situation))


def _signing_place(step: Step, actor: Actor, situation: Situation) -> int:
    signed = signed_places(step, situation)
    for place, who in enumerate(step.by.who):
        if place not in signed and is_who(who, actor, situation, step.id):
            return place
    if actor.person in unsigned_extra(step, situation):
        return len(step.by.who) + len(signed)
    raise Refusal("same_person", _("您已经签过了。"), hint=_("请等待其他人签字。"))


def add_sheet(step: Step, actor: Actor, situation: Situation, place: int, values: Mapping[str, Any]) -> Signed:
    """Return the sheets with this one added, and whether the step is complete now."""
    if step.by.mode == "any":
        return Signed([], True)
    sheet = {"person": actor.person, "at": iso(situation.at), "place": place, "values": dict(values)}
    sheets = [*map(dict, sheets_of(step, situation)), sheet]
    after = situation.having(meta={**situation.meta, "sheets": {**situation.meta.get("sheets", {}), step.id: sheets}})
    return Signed(sheets, is_complete(step, after))


def is_complete(step: Step, situation: Situation) -> bool:
    """Whether everybody a step needs has filled a sheet."""
    sheets = sheets_of(step, situation)
    if step.by.mode == "all":
        parties = set(range(len(step.by.who)))
        return parties <= signed_places(step, situation) and not unsigned_extra(step, situation)
    if step.by.mode == "panel":
        return len({sheet["person"] for sheet in sheets}) >= step.by.count
    return set(panel_candidates(step.by, situation)) <= {sheet["person"] for sheet in sheets}


def outcome_state(step: Step, situation: Situation, sheets: list[dict[str, Any]]) -> str:
    """Return the state a complete step leads to."""
    if step.decide is not None:
        decided = _decide(step, situation, sheets)
        if decided not in step.to:
            raise Refusal("guard", _("按现有的填写得不出结果。"), hint=_("请检查填写的内容。"))
        return str(decided)
    if step.by.mode == "vote":
        return step.to[0] if _share_for(step, sheets) >= step.by.share else step.to[-1]
    return step.to[0]


def _decide(step: Step, situation: Situation, sheets: list[dict[str, Any]]) -> object:
    assert step.decide is not None
    if step.by.mode not in ("panel", "vote"):
        return evaluate(step.decide, RecordTerms(situation))
    own = {field.id: field for field in step.asks if field.id in step.own}
    rows = [{name: to_term(field, sheet["values"].get(name)) for name, field in own.items()} for sheet in sheets]
    return evaluate_rows(step.decide, rows, RecordTerms(situation))


def _share_for(step: Step, sheets: list[dict[str, Any]]) -> Fraction:
    """The share of those present, that is who voted, who are in favour."""
    voting = next((field.id for field in step.asks if field.id in step.own and field.type == "bool"), VOTE.id)
    in_favour = sum(1 for sheet in sheets if sheet["values"].get(voting) is True)
    return Fraction(in_favour, len(sheets)) if sheets else Fraction(0)
