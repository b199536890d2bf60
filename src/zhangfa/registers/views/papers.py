"""Papers as PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhangfa.acts.offers import openings_for
from zhangfa.acts.words import name_of
from zhangfa.charter.engine import register as register_of
from zhangfa.registers.papers import record_pdf, step_form_pdf
from zhangfa.registers.views.records import case_or_404


@never_cache
@require_GET
def record_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Send a record's paper, as far as the reader may see the record."""
    at = timezone.now()
    case = case_or_404(request, number, at)
    return _pdf(record_pdf(case, printed_by=name_of(request.actor.person), at=at), number)


@require_GET
def paper_form(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Send the empty form of a step that opens a record."""
    at = timezone.now()
    openings = openings_for(request.actor, at)
    opening = next((each for register, each, _units in openings if (register, each.id) == (key, step)), None)
    if opening is None:
        raise Http404
    charter, register = register_of(key)
    return _pdf(step_form_pdf(charter, register, opening, key=key), f"{key}-{step}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
