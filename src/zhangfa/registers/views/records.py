"""A record's page."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.acts.actor import Actor
from zhangfa.acts.models import Record
from zhangfa.acts.offers import Offer, steps_open_to
from zhangfa.acts.reading import Case, read_case
from zhangfa.directory import tree
from zhangfa.registers import records
from zhangfa.registers.display import shown_fields
from zhangfa.registers.marks import sheets_shown
from zhangfa.registers.signing import parties_of
from zhangfa.registers.silence import unstated
from zhangfa.registers.standing import tones_of
from zhangfa.registers.verbs import verbs_for


def case_or_404(request: HttpRequest, number: str, at: dt.datetime, *, log: bool = True) -> Case:
    """Return the record as the reader may see it; absent and denied are the same 404."""
    record = Record.objects.filter(number=number).values_list("id", flat=True).first()
    case = read_case(record=record, actor=request.actor, at=at, log=log) if record is not None else None
    if case is None:
        raise Http404
    return case


def offer_of(case: Case, step: str, actor: Actor, at: dt.datetime) -> Offer | None:
    """Return the offer of a step, where the actor may take it now."""
    return next((offer for offer in steps_open_to(case, actor, at) if offer.step.id == step), None)


@never_cache
@require_GET
def show_record(request: HttpRequest, number: str) -> HttpResponse:
    """Show a record with the steps its reader may take."""
    at = timezone.now()
    case = case_or_404(request, number, at)
    row, register = records.with_moments(case.row), case.register
    owed = records.owed_of(case)
    context = {
        "row": row, "register": register, "charter": case.charter, "state_title": records.standing_of(case),
        "tone": tones_of(register, register.states).get(row["state"], "plain"),
        "unit_path": tree.path_name(row["unit"]), "about": records.about_of(case),
        "shown": shown_fields(
            register.fields.values(), case.values, case.hidden, case.erased, unstated=unstated(case)
        ),
        "offers": sorted(steps_open_to(case, request.actor, at), key=lambda offer: offer.task is None),
        "tasks": [(task, verbs_for(task.row, case, request.actor)) for task in owed],
        "story": records.story_of(case), "links": records.links_of(case), "waiting": records.waiting_for(case, owed),
        "seen_by": records.seen_by_words(case), "sheets": sheets_shown(case), "parties": parties_of(case),
        "signing": {state for step in register.steps.values() if step.by.mode == "all" for state in step.from_},
    }  # fmt: skip
    return render(request, "registers/record.html", context)
