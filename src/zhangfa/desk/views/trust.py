"""Trust: the last sealed checkpoint, who read what of mine, what was exported."""

from __future__ import annotations

import json

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from zhangfa.acts.models import Record
from zhangfa.acts.reading import readings_of
from zhangfa.acts.words import names_of, title_of
from zhangfa.charter.engine import at_version
from zhangfa.desk.clerks import is_clerk
from zhangfa.log.checkpoint import last_checkpoint
from zhangfa.log.models import Event

MOST_LINES = 50
WAITING_CAP = 1000


@require_GET
def show_trust(request: HttpRequest) -> HttpResponse:
    """Show what lets anybody check that nothing was changed afterwards."""
    checkpoint = last_checkpoint()
    context = {
        "checkpoint": checkpoint,
        "sealed_at": parse_datetime(checkpoint.ts) if checkpoint else None,
        "waiting": Event.objects.filter(position=None)[: WAITING_CAP + 1].count(),
        "cap": WAITING_CAP,
        "readings": _readings(request.actor.person),
        "exports": _exports(request),
        "clerk": is_clerk(request.actor),
    }
    return render(request, "desk/trust.html", context)


def _readings(person: int) -> list[dict[str, object]]:
    """List who read sensitive values of records about the person or opened by them, in words."""
    found = readings_of(person, MOST_LINES)
    records = Record.objects.in_bulk({one.record for one in found})
    names = names_of({one.person for one in found if one.person})
    return [
        {
            "at": one.at,
            "reader": names.get(one.person, ""),
            "number": records[one.record].number,
            "label": records[one.record].label,
            "fields": _titles(records[one.record], one.fields),
        }
        for one in found
    ]


def _titles(record: Record, fields: tuple[str, ...]) -> list[str]:
    charter = at_version(record.charter, record.charter_version)
    known = charter.registers[record.register.rpartition(".")[2]].fields
    return [title_of(known[name].title) if name in known else name for name in fields]


def _exports(request: HttpRequest) -> list[dict[str, object]]:
    """List the latest exports: one's own; all of them for the clerk."""
    events = Event.objects.filter(kind="export").order_by(F("seq").desc())
    if not is_clerk(request.actor):
        events = events.filter(person=request.actor.person)
    rows = list(events[:MOST_LINES])
    names = names_of({row.person for row in rows if row.person})
    return [
        {"at": row.ts, "who": names.get(row.person, ""), "register": row.register, "facts": json.loads(row.payload)}
        for row in rows
    ]


@require_GET
def give_checkpoint(request: HttpRequest) -> HttpResponse:
    """Answer the newest checkpoint as JSON, to be kept elsewhere."""
    checkpoint = last_checkpoint()
    if checkpoint is None:
        raise Http404
    answer = JsonResponse(checkpoint.to_json())
    answer["Content-Disposition"] = f'attachment; filename="zhangfa-checkpoint-{checkpoint.size}.json"'
    return answer
