"""The county's mechanisms, each explained for a villager: who, what, when, its flow and its burden."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from zhangfa.charter.burden import Burden, burden, by_role
from zhangfa.charter.diff import compare
from zhangfa.charter.engine import all_current, versions
from zhangfa.charter.explain import explain
from zhangfa.charter.flow import draw_flow
from zhangfa.charter.model import Charter, Text
from zhangfa.charter.models import CharterVersion
from zhangfa.desk.clerks import is_clerk
from zhangfa.desk.navigation import charters_of
from zhangfa.desk.scenario_files import scenarios_of

GROUPS = {
    "party": lazy("党建"),
    "cadres": lazy("干部"),
    "industry": lazy("产业"),
    "livelihood": lazy("民生"),
    "service": lazy("服务"),
    "environment": lazy("环境"),
}


@dataclass(frozen=True, slots=True)
class Past:
    """One version: its number, its date, who put it in force when, and what it changed."""

    charter: Charter
    row: CharterVersion
    changes: tuple[Text, ...]
    coming: bool


@require_GET
def show_charters(request: HttpRequest) -> HttpResponse:
    """List the charters in force, and those to come."""
    standing = all_current()
    coming = _coming(set(standing))
    mine = {charter.id for charter in charters_of(request.actor)}
    context = {
        "charters": sorted(standing.values(), key=lambda charter: (charter.id not in mine, charter.title.zh)),
        "coming": coming,
        "mine": mine,
        "groups": GROUPS,
        "clerk": is_clerk(request.actor),
    }
    return render(request, "desk/charters.html", context)


def _coming(standing: set[str]) -> list[Charter]:
    """Return charters that are not in force on any day yet, though put on file."""
    names = CharterVersion.objects.exclude(charter__in=standing).values_list("charter", flat=True).distinct()
    return [versions(name)[-1] for name in sorted(names)]


@require_GET
def show_charter(request: HttpRequest, charter: str) -> HttpResponse:
    """Explain one charter; ``?version=`` shows an earlier or a coming one."""
    known = versions(charter)
    if not known:
        raise Http404
    shown = _asked(request, charter, known)
    language = get_language() or "zh-hans"
    rows = burden(shown)
    context = {
        "charter": shown,
        "newest": known[-1],
        "current": all_current().get(charter),
        "sections": explain(shown),
        # Drawn by our own code from escaped titles; see zhangfa.charter.flow.
        "flows": [(one, mark_safe(draw_flow(one, language, charter=shown))) for one in shown.registers.values()],
        "burden": by_role(rows),
        "steps": [(row, _title(shown, row)) for row in rows],
        "past": _past(charter, known),
        "lines": shown.text.rstrip("\n").split("\n"),
        "files": _files(charter, shown.version),
        "scenarios": scenarios_of(shown),
        "clerk": is_clerk(request.actor),
    }
    return render(request, "desk/charter.html", context)


def _asked(request: HttpRequest, charter: str, known: tuple[Charter, ...]) -> Charter:
    asked = request.GET.get("version", "")
    if asked:
        found = [one for one in known if str(one.version) == asked]
        if not found:
            raise Http404
        return found[0]
    return all_current().get(charter) or known[-1]


def _title(charter: Charter, row: Burden) -> Text:
    return charter.registers[row.register].steps[row.step].title


def _past(charter: str, known: tuple[Charter, ...]) -> list[Past]:
    """Return the versions, the newest first, each with its differences from the one before."""
    rows = {row.version: row for row in CharterVersion.objects.filter(charter=charter)}
    today = timezone.localdate()
    before: Charter | None = None
    found = []
    for one in known:
        changes = compare(before, one) if before else ()
        found.append(Past(one, rows[one.version], changes, one.in_force > today))
        before = one
    return found[::-1]


def _files(charter: str, version: int) -> dict[str, str]:
    row = CharterVersion.objects.filter(charter=charter, version=version).first()
    return json.loads(row.files) if row else {}
