"""Facts nobody stated: what a step would have asked that the clock passed over."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhangfa.acts.reading import Case
from zhangfa.acts.words import step_title
from zhangfa.charter.model import Step


def unstated(case: Case) -> dict[str, str]:
    """Return by field id, in words, that a required fact was never stated because a step's time ran out.

    Silence is neither a yes nor a no: a record closed by the clock says so instead of showing nothing.
    """
    steps = case.register.steps
    return {
        field.id: _("未填写（%(step)s）") % {"step": step_title(steps[step.late.do])}
        for step in steps.values()
        if step.late and _passed_over(step, case)
        for field in step.asks
        if field.required and field.id not in step.own
    }


def _passed_over(step: Step, case: Case) -> bool:
    """Say whether the clock took the step that follows this one's deadline, and nobody ever took this one."""
    taken = case.row["meta"].get("steps", {})
    return bool(step.late and step.late.do and taken.get(step.late.do) and not taken.get(step.id))
