"""What stands against a step though the actor may take it: conditions, counts, four eyes, somebody quicker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from zhangfa.acts.actor import Actor
from zhangfa.acts.refusal import Refusal
from zhangfa.acts.situation import Situation
from zhangfa.acts.terms import RecordTerms
from zhangfa.acts.words import condition_titles, name_of, say_moment, state_title, step_title, title_of
from zhangfa.charter.model import Step, Text
from zhangfa.expression import EvaluationError, Expression, describe, evaluate
from zhangfa.expression.tree import Fold, Logic, Node

MOST_ROWS = 200
"""Rows of a table up to which a refusal says which of them fail."""
MOST_NAMED = 12
"""So many of them the sentence names; the form marks all."""


def check_version(situation: Situation, version: int | None) -> None:
    """Refuse when somebody changed the record after the actor looked at it; others' signatures do not count."""
    changed = situation.meta.get("changed", 0)
    if version is None or version >= changed:
        return
    raise Refusal("changed", say_last(situation), hint=_("您填写的内容都还在，请查看最新情况后再办。"))


def say_last(situation: Situation) -> str:
    """Say who did what when, last."""
    last = situation.meta.get("last", {})
    step = situation.register.steps.get(last.get("step", ""))
    values = {
        "who": name_of(last.get("person")),
        "when": say_moment(last["at"]) if "at" in last else "",
        "step": step_title(step) if step else last.get("step", ""),
        "state": state_title(situation.register, situation.state),
    }
    return _("%(who)s已于%(when)s办理了“%(step)s”，现在的状态是“%(state)s”。") % values


def check_state(step: Step, situation: Situation) -> None:
    """Refuse a step that is not possible in the record's state."""
    if situation.state in step.from_ or (not situation.state and not step.from_):
        return
    hint = _("请刷新后查看现在可以办理的步骤。")
    if situation.meta.get("steps", {}).get(step.id) or situation.meta.get("last"):
        raise Refusal(
            "not_now", _("现在不能办理“%(step)s”：") % {"step": step_title(step)} + say_last(situation), hint=hint
        )
    raise Refusal("not_now", _("现在不能办理“%(step)s”。") % {"step": step_title(step)}, hint=hint)


def check_claim(step: Step, actor: Actor, situation: Situation) -> None:
    """Refuse a step whose claimable task another person has taken."""
    if step.claim is None or actor.kind == "system":
        return
    for task in situation.owed(step.id):
        if task["person"] is not None and task["person"] != actor.person:
            sentence = _("“%(step)s”已由%(who)s领办。") % {"step": step_title(step), "who": name_of(task["person"])}
            raise Refusal("claimed", sentence, hint=_("如需由您办理，请他转办给您。"))


def check_count(step: Step, situation: Situation) -> None:
    """Refuse a step taken as often as the charter allows."""
    taken = situation.meta.get("steps", {}).get(step.id, 0)
    if step.at_most is not None and taken >= step.at_most:
        sentence = _("“%(step)s”最多办理 %(most)d 次，已经办理了 %(taken)d 次。")
        values = {"step": step_title(step), "most": step.at_most, "taken": taken}
        raise Refusal("too_often", sentence % values, hint=_("如有新的情况，请另行提出。"))


def check_four_eyes(step: Step, actor: Actor, situation: Situation) -> None:
    """Refuse a step to whoever took another one of its group."""
    took = situation.meta.get("took", {})
    for group in situation.register.unless_same_person:
        if step.id not in group or actor.person is None:
            continue
        for other in group:
            if other != step.id and actor.person in took.get(other, ()):
                values = {"other": step_title(situation.register.steps[other]), "step": step_title(step)}
                sentence = _("“%(other)s”是您办理的，“%(step)s”要由另一个人办理。") % values
                raise Refusal("same_person", sentence, hint=_("请交给其他有权办理的人。"))


def check_condition(step: Step, situation: Situation) -> None:
    """Refuse a step whose ``when`` does not hold, saying the condition in words; unknown counts as not held."""
    if step.when is None or evaluate(step.when, RecordTerms(situation)) is True:
        return
    words = describe(step.when, condition_titles(situation.charter, situation.register, step))
    condition = title_of(Text(words.zh, words.en))
    sentence = _("还不能办理“%(step)s”，须满足：%(condition)s。") % {"step": step_title(step), "condition": condition}
    failing = tuple(_failing_rows(step.when, situation))
    if failing:
        places = _("、").join(str(place) for place in sorted({place for _path, place in failing})[:MOST_NAMED])
        more = "…" if len(failing) > MOST_NAMED else ""
        sentence = _("%(sentence)s还差第 %(places)s 行。") % {"sentence": sentence, "places": f"{places}{more}"}
    rows = {path: _("这一行还不满足条件。") for path, _place in failing}
    raise Refusal("guard", sentence, hint=_("您填写的内容都还在，请补齐后再办。"), fields=rows)


def _failing_rows(condition: Expression, situation: Situation) -> Iterator[tuple[str, int]]:
    """Yield path and place (from 1) of the rows that keep an ``every`` of the condition from holding.

    Where every row fails the sentence has said it already.
    """
    for part in _parts(condition.tree):
        name = part.table.path[0] if isinstance(part, Fold) and part.function == "every" and part.table else ""
        rows, field = situation.payload.get(name), situation.register.fields.get(name)
        if field is None or field.type != "table" or not isinstance(rows, list) or len(rows) > MOST_ROWS:
            continue
        every = replace(condition, tree=part)
        alone = [situation.having(payload={**situation.payload, name: [row]}) for row in rows]
        failing = [place for place, one in enumerate(alone) if not _holds(every, one)]
        if len(failing) < len(rows):
            yield from ((f"{name}.{rows[place]['id'] if field.rows else place}", place + 1) for place in failing)


def _parts(node: Node) -> tuple[Node, ...]:
    """Return what must all hold for a condition to hold."""
    return node.parts if isinstance(node, Logic) and node.operator == "and" else (node,)


def _holds(condition: Expression, situation: Situation) -> bool:
    try:
        return evaluate(condition, RecordTerms(situation)) is True
    except EvaluationError:  # one line alone may divide by nothing
        return False
